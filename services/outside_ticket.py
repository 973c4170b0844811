"""Tickets of outside systems: filed once per id of theirs, and where each stands, for the system that filed it alone."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from domain.calendar import local
from domain.errors import DomainError
from domain.text import fold
from domain.ticket import TicketAction
from domain.ticket_number import read_number
from domain.triage import triage
from domain.triage_words import CATEGORIES, OTHER
from models.enterprise import Enterprise
from models.outside import OutsideFiling, OutsideSystem
from models.routing import TicketCategory
from models.secrecy import blind_index, blind_indexes
from models.ticket import Ticket, TicketEvent, TicketSource
from services import audit
from services.ticket.deed import Doer, Telling
from services.ticket.filing import LONGEST_SUMMARY, Draft, file
from services.ticket.kind import process_of

DIGEST = "outside_filing.digest"
# How far a clock elsewhere may be ahead of ours.
SKEW = timedelta(minutes=5)
OLDEST = timedelta(days=366)


class FieldRefused(DomainError):
    """One field of what was sent cannot be taken; `field` is its name."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class AnotherUnderThisId(DomainError):
    """The id was used before for something else."""


@dataclass(frozen=True, slots=True)
class OutsideReport:
    """What an outside system sends. `enterprise` is a code or a full name, None where the county does not know it."""

    outside_id: str
    enterprise: str | None
    text: str
    contact_name: str = ""
    category: str | None = None
    urgent: bool | None = None
    reported_at: datetime | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a ticket of an outside system stands; `result` is what was last said to have been done."""

    ticket: Ticket
    outside_id: str
    label: str
    is_open: bool
    enterprise: Enterprise | None
    result: str


@dataclass(frozen=True, slots=True)
class Filed:
    """What came of a filing: where the ticket stands, whether it is new, and who is to be told."""

    standing: Standing
    is_new: bool
    tellings: tuple[Telling, ...] = ()


def file_report(session: Session, system_id: int, report: OutsideReport, *, now: datetime) -> Filed:
    """Files what an outside system reports; the same again gives the same ticket and files nothing.

    Raises `AnotherUnderThisId` when its id was used for something else, and `FieldRefused` for an enterprise or a
    category that is unknown and for a time that cannot be.
    """
    # Filings of one system come one after another, so that two of the same at once are one.
    locked = select(OutsideSystem).where(OutsideSystem.id == system_id).with_for_update()
    system = session.exec(locked.execution_options(populate_existing=True)).one()
    said = json.dumps(asdict(report), ensure_ascii=False, sort_keys=True, default=str)
    known = _filing(session, system_id, OutsideFiling.outside_id == report.outside_id)
    if known is not None:
        if known.digest not in blind_indexes(DIGEST, said):
            raise AnotherUnderThisId(
                f"编号 {report.outside_id} 之前报过另一件内容不同的诉求，没有改动。新的诉求请换一个编号。"
            )
        return Filed(_standing(session, known), is_new=False)
    draft = _draft(session, system, report, now)
    outcome = file(session, draft, by=Doer(system_code=system.code), now=now)
    assert outcome.ticket.id is not None
    filing = OutsideFiling(
        ticket_id=outcome.ticket.id,
        system_id=system_id,
        outside_id=report.outside_id,
        digest=blind_index(DIGEST, said),
    )
    session.add(filing)
    session.flush()
    return Filed(_standing(session, filing), is_new=True, tellings=outcome.tellings)


def standing_of_number(session: Session, system: OutsideSystem, said: str, *, now: datetime) -> Standing | None:
    """Where the ticket of this number stands; None unless this very system filed it. Noted in the audit log."""
    number = read_number(said)
    if number is None:
        return None
    ids = select(Ticket.id).where(Ticket.number == str(number)).scalar_subquery()
    return _looked_at(session, system, _filing(session, system.id, col(OutsideFiling.ticket_id) == ids), now)


def standing_of_outside_id(
    session: Session, system: OutsideSystem, outside_id: str, *, now: datetime
) -> Standing | None:
    """Where the ticket stands that this system filed under this id; None when it filed none. Noted in the audit log."""
    found = _filing(session, system.id, OutsideFiling.outside_id == outside_id)
    return _looked_at(session, system, found, now)


def _looked_at(session: Session, system: OutsideSystem, filing: OutsideFiling | None, now: datetime) -> Standing | None:
    if filing is None:
        return None
    audit.record(session, "outside.look", f"ticket:{filing.ticket_id}", by=f"outside:{system.code}", now=now)
    return _standing(session, filing)


def _filing(session: Session, system_id: int | None, which: object) -> OutsideFiling | None:
    query = select(OutsideFiling).where(OutsideFiling.system_id == system_id, which)  # type: ignore[arg-type]  # a condition on a column
    return session.exec(query).first()


def _standing(session: Session, filing: OutsideFiling) -> Standing:
    ticket = session.get_one(Ticket, filing.ticket_id)
    state = process_of(ticket.kind).states[ticket.state]
    finished = (
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == TicketAction.FINISH)
        .where(col(TicketEvent.is_internal).is_(False))
        .order_by(col(TicketEvent.id).desc())
    )
    last = session.exec(finished.limit(1)).first()
    enterprise = session.get(Enterprise, ticket.enterprise_id) if ticket.enterprise_id is not None else None
    return Standing(ticket, filing.outside_id, state.label, state.is_open, enterprise, last.words if last else "")


def _draft(session: Session, system: OutsideSystem, report: OutsideReport, now: datetime) -> Draft:
    guess = triage(report.text)
    category = _category(session, report.category) if report.category is not None else guess.category.name
    when = _moment(report.reported_at, now)
    parts = [report.text, report.place and f"地点：{report.place}", when and f"反映时间：{when}"]
    enterprise = _enterprise(session, report.enterprise) if report.enterprise is not None else None
    return Draft(
        (guess.summary or report.text)[:LONGEST_SUMMARY],
        words="\n".join(filter(None, parts)),
        category=category,
        is_urgent=guess.is_urgent if report.urgent is None else report.urgent,
        source=TicketSource.OUTSIDE,
        enterprise_id=enterprise.id if enterprise is not None else None,
        requester_name=report.contact_name or system.name,
        outside_key=f"{system.code}:{report.outside_id}",
    )


def _category(session: Session, said: str) -> str:
    known = list(session.exec(select(TicketCategory.name).order_by(col(TicketCategory.position))))
    names = known or [category.name for category in CATEGORIES]
    if said not in (*names, OTHER.name):
        raise FieldRefused("category", f"没有“{said[:20]}”这个类别，可以用：{'、'.join([*names, OTHER.name][:30])}。")
    return said


def _moment(reported_at: datetime | None, now: datetime) -> str:
    if reported_at is None:
        return ""
    if not now - OLDEST <= reported_at <= now + SKEW:
        raise FieldRefused("reported_at", "反映时间不能晚于现在，也不能早于一年前。")
    return f"{local(reported_at):%Y-%m-%d %H:%M}"


def _enterprise(session: Session, said: str) -> Enterprise:
    """By code, else by a full name or an alias: a program cannot be asked back, so nothing that is only alike counts."""
    by_code = session.exec(select(Enterprise).where(Enterprise.code == said)).first()
    if by_code is not None:
        return by_code
    wanted = fold(said)
    rows = session.exec(select(Enterprise.id, Enterprise.name, Enterprise.aliases)).all()
    found = {
        id_ for id_, name, aliases in rows if wanted in (fold(name), *map(fold, filter(None, aliases.split("、"))))
    }
    if len(found) == 1:
        return session.get_one(Enterprise, found.pop())
    if found:
        raise FieldRefused("enterprise", f"叫“{said[:40]}”的企业不止一家，请用企业编号。")
    raise FieldRefused(
        "enterprise", f"没有叫“{said[:40]}”的企业，请核对编号或全称；确实没有登记的填 null，由值班领导指派。"
    )
