"""Objectives of people: proposed, mended and taken back by their owner, approved or returned by a leader."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, func, select, update

from domain.calendar import Workdays, local, local_date
from domain.errors import DomainError
from domain.objective_draft import ObjectiveDraft, check_figures, check_title, show_line
from domain.okr import (
    MAX_OBJECTIVES,
    BoundsError,
    KeyResultDraft,
    check_key_result_count,
)
from models.okr import KeyResult, Objective, ObjectiveState, Review
from models.period import Period
from models.person import Person
from services import audit
from services.period import PeriodOnDay, next_period, period_on
from services.team import decides, those_decided_by

NOT_FOUND = "没有找到这条待定的目标。"
_STAMP_CHARS = 4


class ChangedSince(DomainError):
    """The owner has altered the objective after the card was sent that the leader answers."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an owner submits; `objective_id` when it mends one that is proposed or returned."""

    draft: ObjectiveDraft
    period_id: int
    aligned_to_id: int | None = None
    objective_id: int | None = None


def period_to_set(session: Session, now: datetime, days: Workdays) -> PeriodOnDay:
    """The period for which objectives are set now: the current one, in a gap the next one; refuses when there is none."""
    today = local_date(now)
    found = period_on(session, today, days) or next_period(session, today, days)
    if found is None:
        raise DomainError("现在没有可以定目标的周期。绩效管理员设好周期后再说“目标”。")
    return found


def set_for(session: Session, person: Person, period_id: int) -> list[Objective]:
    """A person's objectives of a period in whatever state, in the order they were set."""
    query = (
        select(Objective)
        .where(Objective.person_id == person.id, Objective.period_id == period_id)
        .order_by(col(Objective.position))
    )
    return list(session.exec(query))


def unit_objectives(session: Session, unit_id: int, period_id: int) -> list[Objective]:
    """The approved objectives of a unit, to which its people may align theirs."""
    query = (
        select(Objective)
        .where(Objective.unit_id == unit_id, Objective.period_id == period_id)
        .where(Objective.state == ObjectiveState.APPROVED)
        .order_by(col(Objective.position))
    )
    return list(session.exec(query))


def key_results_of(session: Session, objective: Objective) -> list[KeyResult]:
    """An objective's key results in their order."""
    query = select(KeyResult).where(KeyResult.objective_id == objective.id).order_by(col(KeyResult.position))
    return list(session.exec(query))


def as_draft(one: KeyResult) -> KeyResultDraft:
    """A stored key result as its owner would type it."""
    return KeyResultDraft(one.title, one.start, one.target, one.unit, one.weight)


def draft_of(session: Session, objective: Objective) -> ObjectiveDraft:
    """A stored objective as a draft, to mend it."""
    return ObjectiveDraft(objective.title, tuple(as_draft(one) for one in key_results_of(session, objective)))


def stamp_of(session: Session, objective: Objective) -> str:
    """Four characters that change with the objective's content: a card carries them, so that an old one is known."""
    draft = draft_of(session, objective)
    lines = [draft.title, str(objective.aligned_to_id), *(show_line(one) for one in draft.key_results)]
    return sha256("\n".join(lines).encode()).hexdigest()[:_STAMP_CHARS]


def find_own(session: Session, objective_id: int, *, by: Person) -> Objective:
    """A person's own objective that is not approved yet; refuses any other as not found."""
    objective = _locked(session, objective_id)
    if objective is None or objective.person_id != by.id:
        raise DomainError("你没有这样一个目标。说“目标”看看有哪些。")
    if objective.state is ObjectiveState.APPROVED:
        raise DomainError(f"目标“{objective.title}”已经同意了，要改里面的关键结果说“改 KR1 目标 60 原因”。")
    return objective


def propose(session: Session, proposal: Proposal, *, by: Person, now: datetime) -> Objective:
    """Keeps an objective with its key results until a leader decides; numbers go on through the person's period.

    Refuses more than five objectives, one to five key results, and a period that is over.
    """
    draft = proposal.draft
    title = check_title(draft.title)
    check_key_result_count(len(draft.key_results))
    for one in draft.key_results:
        check_figures(one)
    period = session.get_one(Period, proposal.period_id)
    if period.ends_on < local_date(now):
        raise DomainError(f"{period.name}已经结束，不能再定目标。说“目标”重新开始。")
    if proposal.objective_id is None:
        objective = add_objective(session, by, proposal.period_id, title)
    else:
        objective = find_own(session, proposal.objective_id, by=by)
        if objective.period_id != proposal.period_id:
            raise DomainError("这个目标不在现在的周期里。说“目标”重新开始。")
    objective.title, objective.aligned_to_id = title, proposal.aligned_to_id
    objective.state, objective.proposed_at = ObjectiveState.PROPOSED, now
    objective.decided_at, objective.decided_by_id, objective.return_reason = None, None, ""
    _set_key_results(session, objective, draft.key_results)
    session.flush()
    audit.record(
        session,
        "objective.propose",
        f"objective:{objective.id}",
        by=by.account,
        now=now,
        **_figures(session, objective),
    )
    return objective


def approve(session: Session, objective_id: int, *, by: Person, now: datetime, stamp: str = "") -> Objective:
    """The leader agrees: its key results take reports. Refuses as `find_waiting` does."""
    objective = find_waiting(session, objective_id, by=by, stamp=stamp)
    objective.state, objective.decided_at, objective.decided_by_id = ObjectiveState.APPROVED, now, by.id
    audit.record(session, "objective.approve", f"objective:{objective.id}", by=by.account, now=now)
    return objective


def send_back(session: Session, objective_id: int, reason: str, *, by: Person, now: datetime) -> Objective:
    """The leader returns it with a reason; the owner may mend it. Refuses as `find_waiting` does."""
    objective = find_waiting(session, objective_id, by=by)
    objective.state, objective.decided_at, objective.decided_by_id = ObjectiveState.RETURNED, now, by.id
    objective.return_reason = reason
    audit.record(session, "objective.return", f"objective:{objective.id}", by=by.account, now=now)
    return objective


def withdraw(session: Session, objective_id: int, *, by: Person, now: datetime) -> Objective:
    """The owner drops an objective that is not approved; refuses any other."""
    objective = find_own(session, objective_id, by=by)
    details = _figures(session, objective)
    for one in key_results_of(session, objective):
        _drop(session, one)
    session.flush()
    session.delete(objective)
    audit.record(session, "objective.withdraw", f"objective:{objective.id}", by=by.account, now=now, **details)
    return objective


def find_waiting(session: Session, objective_id: int, *, by: Person, stamp: str = "") -> Objective:
    """An objective about which `by` may decide now, locked until the transaction ends.

    Refuses as not found what somebody else decides; says who was faster; raises `ChangedSince` when the card that is
    answered shows an older version.
    """
    objective = _locked(session, objective_id)
    owner = session.get(Person, objective.person_id) if objective and objective.person_id else None
    if objective is None or owner is None or owner.left_at is not None or not decides(session, by, owner):
        raise DomainError(NOT_FOUND)
    if objective.state is not ObjectiveState.PROPOSED:
        raise DomainError(_decided(session, objective, by))
    if stamp and stamp != stamp_of(session, objective):
        raise ChangedSince(f"{owner.name}后来改过这个目标，先看新的再定。")
    return objective


def waiting_for(session: Session, leader: Person) -> list[Objective]:
    """Objectives that wait for this leader's decision, the oldest first."""
    rows = session.exec(
        select(Objective, Person)
        .join(Person, col(Person.id) == col(Objective.person_id))
        .where(Objective.state == ObjectiveState.PROPOSED, col(Person.left_at).is_(None))
        .order_by(col(Objective.proposed_at), col(Objective.id))
    ).all()
    owners = {owner.id: owner for _, owner in rows}
    decided = {owner.id for owner in those_decided_by(session, leader, owners.values())}
    return [objective for objective, owner in rows if owner.id in decided]


def add_objective(session: Session, owner: Person, period_id: int, title: str) -> Objective:
    """A new proposed objective after the owner's others; refuses a sixth."""
    existing = set_for(session, owner, period_id)
    if len(existing) >= MAX_OBJECTIVES:
        raise BoundsError(f"一个周期最多 {MAX_OBJECTIVES} 个目标，已经有 {len(existing)} 个了。")
    position = max((one.position for one in existing), default=0) + 1
    objective = Objective(
        period_id=period_id, person_id=owner.id, position=position, title=title, state=ObjectiveState.PROPOSED
    )
    session.add(objective)
    session.flush()
    return objective


def add_key_result(session: Session, objective: Objective, draft: KeyResultDraft) -> KeyResult:
    """A new key result at an objective's end, with the next number of its owner's period."""
    highest = (
        select(func.max(KeyResult.number))
        .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
        .where(Objective.person_id == objective.person_id, Objective.period_id == objective.period_id)
    )
    last = select(func.max(KeyResult.position)).where(KeyResult.objective_id == objective.id)
    assert objective.id is not None
    one = KeyResult(
        objective_id=objective.id,
        position=(session.exec(last).one() or 0) + 1,
        number=(session.exec(highest).one() or 0) + 1,
        title=draft.title,
        start=draft.start,
        target=draft.target,
        unit=draft.unit,
        weight=draft.weight,
        current=draft.start,
    )
    session.add(one)
    session.flush()
    return one


def _set_key_results(session: Session, objective: Objective, drafts: tuple[KeyResultDraft, ...]) -> None:
    """Gives the objective these key results; those it has keep their numbers, in order."""
    existing = key_results_of(session, objective)
    for one, draft in zip(existing, drafts, strict=False):
        one.title, one.start, one.target = draft.title, draft.start, draft.target
        one.unit, one.weight, one.current = draft.unit, draft.weight, draft.start
    for one in existing[len(drafts) :]:
        _drop(session, one)
    session.flush()
    for draft in drafts[len(existing) :]:
        add_key_result(session, objective, draft)


def _drop(session: Session, one: KeyResult) -> None:
    """Deletes a key result that never counted; a review that was carried to it may be carried again."""
    session.exec(update(Review).where(col(Review.carried_to_id) == one.id).values(carried_to_id=None, goes_on=False))
    session.delete(one)


def _locked(session: Session, objective_id: int) -> Objective | None:
    """The objective as it is now; nobody else alters it before this transaction ends."""
    query = select(Objective).where(Objective.id == objective_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def _decided(session: Session, objective: Objective, by: Person) -> str:
    """Who was faster, and how they decided."""
    leader = session.get(Person, objective.decided_by_id) if objective.decided_by_id else None
    word = "同意" if objective.state is ObjectiveState.APPROVED else "退回"
    when = f"{local(objective.decided_at):%H:%M}" if objective.decided_at else ""
    who = "你" if leader is not None and leader.id == by.id else leader.name if leader else "有人"
    return f"“{objective.title}”{who}已经在 {when} {word}了，没有再改。"


def _figures(session: Session, objective: Objective) -> dict[str, Any]:
    """What the audit log keeps: numbers only."""
    return {
        "period": objective.period_id,
        "aligned_to": objective.aligned_to_id,
        "key_results": {
            f"KR{one.number}": {"start": str(one.start), "target": str(one.target), "weight": str(one.weight)}
            for one in key_results_of(session, objective)
        },
    }
