"""Bindings: who speaks for which enterprise, by its code, by its own link, or because its contact says so."""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import unquote

from sqlmodel import Session, col, func, select

from domain.errors import DomainError
from models.binding import Binding, BindingFailure, BindingHow
from models.customer import Customer
from models.enterprise import Enterprise
from models.grid import Grid
from models.person import Person
from services import audit
from services.ticket.adopt import adopt_tickets, doubt_tickets
from services.ticket.deed import Doer, Outcome
from services.ticket.responsible import duty_leader, responsible_for
from services.ticket.roster import read_chain

MOST_FAILURES = 5
FAILURES_COUNT_FOR = timedelta(hours=1)
REFUSED_LATELY = timedelta(days=1)
_UNKNOWN = "没找到这个绑定申请，可能已经处理过了。"
_OF_ENTERPRISE, _OF_GRID = re.compile(r"^(?:ent|enterprise)[_-]"), re.compile(r"^grid[_-]")


@dataclass(frozen=True, slots=True)
class Origin:
    """What the link names that a customer came by. Only a `is_proven` one could not have been made up by hand.

    The scene is part of the link's cipher text; its parameter is not (page 94665, kf/add_contact_way).
    """

    enterprise: Enterprise | None = None
    grid_id: int | None = None
    is_proven: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Who was decided about, for which enterprise, and the hand-overs of tickets that went to its contact.

    `was_bound` says that they spoke for it until now.
    """

    customer: Customer
    enterprise: Enterprise
    outcomes: tuple[Outcome, ...] = ()
    was_bound: bool = False


def enterprises_of(session: Session, customer: Customer) -> list[Enterprise]:
    """The enterprises a customer speaks for, the newest binding first."""
    query = (
        select(Enterprise)
        .join(Binding, col(Binding.enterprise_id) == col(Enterprise.id))
        .where(Binding.customer_id == customer.id, col(Binding.at).is_not(None), col(Binding.ended_at).is_(None))
        .order_by(col(Binding.id).desc())
    )
    return list(session.exec(query))


def claimed_by(session: Session, customer: Customer) -> Enterprise | None:
    """The enterprise a customer says they speak for while its contact has not answered: the newest one."""
    waiting = col(Binding.at).is_(None) & col(Binding.ended_at).is_(None)
    query = (
        select(Enterprise)
        .join(Binding, col(Binding.enterprise_id) == col(Enterprise.id))
        .where(Binding.customer_id == customer.id, waiting)
        .order_by(col(Binding.id).desc())
        .limit(1)
    )
    return session.exec(query).first()


def doer_of(session: Session, customer: Customer) -> Doer:
    """A customer as somebody who acts on tickets, with the enterprises they speak for now."""
    ids = frozenset(one.id for one in enterprises_of(session, customer) if one.id is not None)
    return Doer(requester_id=customer.id, requester_name=customer.name, enterprise_ids=ids)


def origin_of(session: Session, customer: Customer) -> Origin:
    """What the link of a customer's last coming in names: an enterprise or a grid by its code, or nothing."""
    # An enterprise and a grid may have the same code: a scene that says which of both it names is taken at its word.
    said = {customer.scene, _OF_ENTERPRISE.sub("", customer.scene)} - {""}
    enterprise = session.exec(select(Enterprise).where(col(Enterprise.code).in_(said))).first() if said else None
    if enterprise is not None:
        return Origin(enterprise, enterprise.grid_id, is_proven=True)
    param = set(re.findall(r"[^\s=&,;|:]+", unquote(customer.scene_param)))
    if param:
        enterprise = session.exec(select(Enterprise).where(col(Enterprise.code).in_(param))).first()
        if enterprise is not None:
            is_proven = any(_is_code(enterprise, word) for word in param - {enterprise.code})
            return Origin(enterprise, enterprise.grid_id, is_proven)
    words = said | param | {_OF_GRID.sub("", customer.scene)}
    grid = session.exec(select(Grid).where(col(Grid.code).in_(words))).first() if words else None
    return Origin(grid_id=grid.id if grid is not None else None)


def bind_by_code(
    session: Session, customer: Customer, enterprise: Enterprise, code: str, *, now: datetime
) -> list[Outcome] | None:
    """Binds when the code is the enterprise's, and says whose hands tickets went into; None when it is not, which is counted.

    Refuses to look at any code for an hour after five wrong ones.
    """
    if failures_left(session, customer, now=now) == 0:
        raise DomainError("绑定码试错了好几次，先歇一小时再试。也可以回“绑定 企业名”，请网格联系人帮您确认。")
    assert customer.id is not None
    if not _is_code(enterprise, code):
        session.add(BindingFailure(customer_id=customer.id, at=now))
        session.flush()
        audit.record(session, "binding.refuse", f"enterprise:{enterprise.id}", by=_account(customer), now=now)
        return None
    return bind(session, customer, enterprise, BindingHow.CODE, now=now) or []


def failures_left(session: Session, customer: Customer, *, now: datetime) -> int:
    """How many wrong codes a customer may still send within the hour."""
    query = select(func.count()).where(
        BindingFailure.customer_id == customer.id, col(BindingFailure.at) > now - FAILURES_COUNT_FOR
    )
    return max(0, MOST_FAILURES - session.exec(query).one())


def bind(
    session: Session, customer: Customer, enterprise: Enterprise, how: BindingHow, *, now: datetime
) -> list[Outcome] | None:
    """Binds a customer to an enterprise, and what they asked for it before; None when they were bound already.

    The hand-overs of tickets that went to the enterprise's contact come back.
    """
    binding = _current(session, customer, enterprise)
    if binding is not None and binding.at is not None:
        return None
    if binding is None:
        binding = _new(session, customer, enterprise, how, now)
    binding.how, binding.at = how, now
    session.flush()
    audit.record(session, "binding.bind", f"enterprise:{enterprise.id}", by=_account(customer), now=now, how=how.name)
    by = doer_of(session, customer)
    return adopt_tickets(session, enterprise, by=by, asker_id=binding.customer_id, now=now)


def ask_contact(
    session: Session, customer: Customer, enterprise: Enterprise, *, now: datetime
) -> tuple[Binding, Person] | None:
    """Notes that a customer wants to speak for an enterprise; the contact is to be asked. None when it is so already.

    Refuses whom the contact has refused within a day.
    """
    binding = _current(session, customer, enterprise)
    if binding is not None and binding.at is not None:
        return None
    contact = contact_of(session, enterprise, now=now)
    if binding is None:
        if _was_refused(session, customer, enterprise, now=now):
            raise DomainError(
                f"联系人刚说过没有确认，请直接联系{contact.name}，或者回“绑定 {enterprise.name} 绑定码”。"
            )
        binding = _new(session, customer, enterprise, BindingHow.CONTACT, now)
        audit.record(session, "binding.ask", f"enterprise:{enterprise.id}", by=_account(customer), now=now)
    return binding, contact


def contact_of(session: Session, enterprise: Enterprise, *, now: datetime) -> Person:
    """Who answers for an enterprise today: the contact of its grid, or whoever stands in."""
    return responsible_for(session, enterprise.grid_id, "", now=now).owner


def binding_of(session: Session, customer: Customer, enterprise: Enterprise) -> int | None:
    """The binding of a customer and an enterprise that waits or holds."""
    binding = _current(session, customer, enterprise)
    return binding.id if binding is not None else None


def introduce(session: Session, customer: Customer, name: str, *, now: datetime) -> None:
    """Keeps what a customer calls themselves."""
    customer.name = name.strip()
    session.add(customer)
    audit.record(session, "customer.name", f"customer:{customer.id}", by=_account(customer), now=now)


def decide(session: Session, binding_id: int, *, is_so: bool, by: Person, now: datetime) -> Decision:
    """The contact's word about who speaks for an enterprise; saying that it is not so also ends a binding that holds.

    Only the people of the enterprise's grids and the leader on duty may say so; for others there is nothing to decide.
    Refuses what is decided already.
    """
    query = select(Binding).where(Binding.id == binding_id).with_for_update()
    binding = session.exec(query.execution_options(populate_existing=True)).first()
    if binding is None:
        raise DomainError(_UNKNOWN)
    enterprise = session.get_one(Enterprise, binding.enterprise_id)
    if not may_decide(session, enterprise, by, now=now):
        raise DomainError(_UNKNOWN)
    if binding.ended_at is not None or (is_so and binding.at is not None):
        word = "不是本企业" if binding.ended_at is not None else "已经绑定"
        who = session.get(Person, binding.by_id) if binding.by_id is not None else None
        raise DomainError(f"这件{who.name if who else '对方'}已经处理过了：{word}。")
    was_bound, binding.by_id = binding.at is not None, by.id
    outcomes: list[Outcome] = []
    if is_so:
        binding.at = now
        asker_id = binding.customer_id
        outcomes = adopt_tickets(session, enterprise, by=Doer(by), asker_id=asker_id, now=now)
    else:
        binding.ended_at = now
        doubt_tickets(session, binding.enterprise_id, asker_id=binding.customer_id)
    session.flush()
    action = "binding.agree" if is_so else "binding.end"
    details = {"customer": binding.customer_id}
    audit.record(session, action, f"enterprise:{enterprise.id}", by=by.account, now=now, **details)
    return Decision(session.get_one(Customer, binding.customer_id), enterprise, tuple(outcomes), was_bound)


def may_decide(session: Session, enterprise: Enterprise, by: Person, *, now: datetime) -> bool:
    """Whether somebody stands for one of an enterprise's grids, is asked in their place, or leads on duty."""
    chain = read_chain(session, enterprise.grid_id)
    here = [one for people in chain for one in (people.holder, people.deputy, people.leader)]
    asked = contact_of(session, enterprise, now=now)
    return by.id in {one.id for one in (*here, asked, duty_leader(session, now=now)) if one is not None}


def _is_code(enterprise: Enterprise, code: str) -> bool:
    """Whether it is the enterprise's code, however long that takes to tell; an enterprise without one has none."""
    kept, said = enterprise.binding_code.strip().lower(), code.strip().lower()
    return bool(kept) and hmac.compare_digest(kept.encode(), said.encode())


def _current(session: Session, customer: Customer, enterprise: Enterprise) -> Binding | None:
    query = select(Binding).where(
        Binding.customer_id == customer.id, Binding.enterprise_id == enterprise.id, col(Binding.ended_at).is_(None)
    )
    return session.exec(query.order_by(col(Binding.id).desc())).first()


def _was_refused(session: Session, customer: Customer, enterprise: Enterprise, *, now: datetime) -> bool:
    query = select(Binding.id).where(
        Binding.customer_id == customer.id,
        Binding.enterprise_id == enterprise.id,
        col(Binding.ended_at) > now - REFUSED_LATELY,
        col(Binding.by_id).is_not(None),
    )
    return session.exec(query).first() is not None


def _new(session: Session, customer: Customer, enterprise: Enterprise, how: BindingHow, now: datetime) -> Binding:
    assert customer.id is not None
    assert enterprise.id is not None
    binding = Binding(customer_id=customer.id, enterprise_id=enterprise.id, how=how, asked_at=now)
    session.add(binding)
    session.flush()
    return binding


def _account(customer: Customer) -> str:
    return f"customer:{customer.id}"
