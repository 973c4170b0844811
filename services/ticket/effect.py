"""What each action changes on a ticket beside its state; an action without an entry changes the state alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from domain.errors import DomainError
from domain.process import Actor, Given, Process, Transition
from domain.report_case import SortAction
from domain.sla import CONFIRM, SAME_DAY
from domain.ticket import Rating, TicketAction, check_rating
from models.person import Person
from models.ticket import Clock, Ticket, TicketEvent
from services.ticket import clock
from services.ticket.deed import Doer
from services.ticket.kind import KINDS
from services.ticket.person import staff_named
from services.ticket.responsible import leader_to_tell, responsible_for

MOST_DAYS = 30
URGED_LATELY = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Step:
    """One move of one ticket, locked, in the open transaction."""

    session: Session
    ticket: Ticket
    given: Given
    moved: Transition
    by: Doer
    now: datetime

    @property
    def process(self) -> Process:
        """The process the ticket follows."""
        return KINDS[self.ticket.kind].process


def apply(step: Step) -> None:
    """Carries a move out: what the action does, then what the states it leads from and to ask for."""
    ticket, moved, now = step.ticket, step.moved, step.now
    before, after = step.process.states[moved.before], step.process.states[moved.after]
    ticket.state = moved.after
    if before.is_paused and not after.is_paused:
        # Before the act ends any clock: what was due moves by the pause.
        clock.resume(step.session, ticket, now=now)
    effect = _EFFECTS.get(moved.action)
    if effect is not None:
        effect(step)
    if after.is_paused and not before.is_paused:
        clock.pause(step.session, ticket, step.given.reason, now=now)
    if moved.is_closed:
        ticket.closed_at = now
        clock.end(step.session, ticket)
    step.session.flush()


def _accept(step: Step) -> None:
    step.ticket.accepted_at = step.ticket.accepted_at or step.now
    clock.end(step.session, step.ticket, [Clock.ACCEPT])


def _sort(step: Step) -> None:
    """The grid worker's word is the first answer to who reported; a big matter goes to whoever the county says."""
    ticket, sorted_as = step.ticket, SortAction(step.moved.action)
    ticket.category = sorted_as.sort.value
    ticket.first_contacted_at = ticket.first_contacted_at or step.now
    clock.end(step.session, ticket, [Clock.ACCEPT, Clock.CONTACT])
    if sorted_as is not SortAction.BIG:
        ticket.accepted_at = ticket.accepted_at or step.now
        return
    found = responsible_for(step.session, ticket.grid_id, ticket.category, now=step.now)
    ticket.lead_unit_id = found.lead_unit_id
    leader = leader_to_tell(step.session, ticket, Actor.GRID_LEADER, now=step.now)
    if found.owner.id == ticket.owner_id and leader is not None:
        # Where the county names nobody, whoever leads the grid brings it to the right office.
        give(step.session, ticket, leader, "负责人", now=step.now)
    else:
        give(step.session, ticket, found.owner, found.acting_as, now=step.now)
    accept = clock.begin(step.session, ticket, Clock.ACCEPT, KINDS[ticket.kind].accept, now=step.now)
    ticket.accept_due_at = accept.due_at


def _contact(step: Step) -> None:
    step.ticket.first_contacted_at = step.ticket.first_contacted_at or step.now
    clock.end(step.session, step.ticket, [Clock.CONTACT])


def _finish(step: Step) -> None:
    step.ticket.finished_at = step.now
    step.ticket.asked_days = None
    if step.ticket.first_contacted_at is None and step.ticket.requester_id is not None:
        # The result reaches the requester with this very act.
        step.ticket.first_contacted_at = step.now
    clock.end(step.session, step.ticket)
    clock.begin(step.session, step.ticket, Clock.CONFIRM, CONFIRM, now=step.now)


def _return(step: Step) -> None:
    step.ticket.returns += 1
    clock.end(step.session, step.ticket, [Clock.ACCEPT])
    if step.moved.is_change:
        clock.begin(step.session, step.ticket, Clock.ARBITRATE, SAME_DAY, now=step.now)
        return
    _give_to_next(step)


def _transfer(step: Step) -> None:
    step.ticket.asked_days = None
    if step.given.target.strip():
        _give_to_named(step, "转办")
    else:
        _give_to_next(step)


def _assign(step: Step) -> None:
    step.ticket.asked_days = None
    clock.end(step.session, step.ticket, [Clock.ARBITRATE])
    _give_to_named(step, step.process.actions[step.moved.action].word)


def _ask_extension(step: Step) -> None:
    if (step.given.days or 0) > MOST_DAYS:
        raise DomainError(f"一次最多延 {MOST_DAYS} 个工作日，还没提交。")
    step.ticket.asked_days = step.given.days


def _grant_extension(step: Step) -> None:
    clock.extend(step.session, step.ticket, step.ticket.asked_days or 0, now=step.now)
    step.ticket.asked_days = None


def _refuse_extension(step: Step) -> None:
    step.ticket.asked_days = None


def _confirm(step: Step) -> None:
    ticket = step.ticket
    ticket.reached_at = step.now
    ticket.finished_at = ticket.finished_at or step.now
    if ticket.requester_id is not None and not ticket.rating_asks:
        # The answer to 已解决 asks for the rating.
        ticket.rating_asks, ticket.rating_asked_at = 1, step.now
    if ticket.closed_at is not None:
        ticket.closed_at = step.now


def _deny(step: Step) -> None:
    ticket = step.ticket
    ticket.reached_at = step.now
    ticket.reopens += 1
    ticket.finished_at = ticket.closed_at = ticket.rated_at = ticket.rating = None
    ticket.dissatisfaction, ticket.rating_asks, ticket.rating_asked_at = "", 0, None
    clock.end(step.session, ticket)
    clock.begin(step.session, ticket, Clock.CONTACT, KINDS[ticket.kind].contact, now=step.now)
    again = clock.begin(
        step.session, ticket, Clock.RESOLVE, clock.resolve_limit(step.session, ticket.category), now=step.now
    )
    ticket.resolve_due_at = again.due_at


def _rate(step: Step) -> None:
    ticket = step.ticket
    # Who no longer speaks for the enterprise has no say for it either.
    is_bound = ticket.enterprise_id is None or ticket.enterprise_id in step.by.enterprise_ids
    if ticket.is_unverified or not is_bound:
        raise DomainError("绑定企业以后才能评价。请回“绑定 企业名 绑定码”，或者请联系人帮您确认。")
    ticket.rating = check_rating(step.given.rating, step.given.reason)
    ticket.dissatisfaction = step.given.reason.strip() if ticket.rating is Rating.DISSATISFIED else ""
    ticket.rated_at = step.now
    ticket.reached_at = ticket.reached_at or step.now


def _urge(step: Step) -> None:
    urged = select(TicketEvent.at).where(
        TicketEvent.ticket_id == step.ticket.id, TicketEvent.action == TicketAction.URGE
    )
    last = step.session.exec(urged.order_by(col(TicketEvent.id).desc()).limit(1)).first()
    if last is not None and step.now - last < URGED_LATELY:
        raise DomainError("刚催过了，承办人会看到的。等一等再催。")


def _give_to_next(step: Step) -> None:
    """To whoever the routing names when its present owner is left out."""
    found = responsible_for(
        step.session, step.ticket.grid_id, step.ticket.category, now=step.now, without=[step.ticket.owner_id]
    )
    if found.owner.id == step.ticket.owner_id:
        raise DomainError("上面没有别人可以接了，请写明交给谁，或者请管理员设好值班领导。")
    give(step.session, step.ticket, found.owner, found.acting_as, now=step.now)


def _give_to_named(step: Step, acting_as: str) -> None:
    person = staff_named(step.session, step.given.target)
    if person.id == step.ticket.owner_id and step.moved.action != TicketAction.ARBITRATE:
        raise DomainError(f"这件本来就在{person.name}手里。请写另一个人的姓名或账号。")
    give(step.session, step.ticket, person, acting_as, now=step.now)


def give(session: Session, ticket: Ticket, person: Person, acting_as: str, *, now: datetime) -> None:
    """Makes a person the owner; where the ticket waits to be accepted, they get the full time for it."""
    assert person.id is not None
    ticket.owner_id, ticket.acting_as = person.id, acting_as
    kind = KINDS[ticket.kind]
    if ticket.state == kind.process.first:
        accept = clock.begin(session, ticket, Clock.ACCEPT, kind.accept, now=now)
        ticket.accept_due_at = accept.due_at


_EFFECTS: dict[str, Callable[[Step], None]] = {
    **dict.fromkeys(SortAction, _sort),
    TicketAction.ACCEPT: _accept,
    TicketAction.CONTACT: _contact,
    TicketAction.FINISH: _finish,
    TicketAction.TRANSFER: _transfer,
    TicketAction.HAND_OVER: _give_to_next,
    TicketAction.RETURN: _return,
    TicketAction.ASK_EXTENSION: _ask_extension,
    TicketAction.GRANT_EXTENSION: _grant_extension,
    TicketAction.REFUSE_EXTENSION: _refuse_extension,
    TicketAction.ARBITRATE: _assign,
    TicketAction.REASSIGN: _assign,
    TicketAction.CONFIRM: _confirm,
    TicketAction.DENY: _deny,
    TicketAction.RATE: _rate,
    TicketAction.URGE: _urge,
}
