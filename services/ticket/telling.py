"""Whom an act on a ticket concerns, and in which words they are told."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlmodel import Session

from domain.process import Actor, allowed, buttons
from domain.report_case import propose_sort
from domain.ticket import Rating, TicketAction
from domain.ticket_number import Kind
from models.customer import Customer
from models.enterprise import Enterprise
from models.person import Person
from models.ticket import Ticket, TicketEvent
from services import wording_ticket as wording
from services.ticket.deed import Doer, Telling
from services.ticket.kind import KINDS, process_of
from services.ticket.responsible import leader_to_tell, owner_to_tell
from services.wording_ticket import Facts, spoken

UNBOUND = "提问人"
# Acts that a leader hears of only in some cases.
_RETURN, _RATE = TicketAction.RETURN, TicketAction.RATE
_LEADERS = {Actor.GRID_LEADER, Actor.DUTY_LEADER}
_OF_LEADERS = (TicketAction.URGE, TicketAction.REASSIGN)


def facts_of(session: Session, ticket: Ticket, by: Doer, event: TicketEvent | None = None, *, now: datetime) -> Facts:
    """What sentences about a ticket, and about what was just done to it, may say."""
    enterprise = session.get(Enterprise, ticket.enterprise_id) if ticket.enterprise_id is not None else None
    asker = enterprise.name if enterprise is not None else ticket.requester_name or UNBOUND
    customer = asker if by.is_customer else ""
    return Facts(
        number=ticket.number,
        enterprise=asker,
        summary=ticket.summary,
        owner=session.get_one(Person, ticket.owner_id).name,
        acting_as=ticket.acting_as,
        doer=by.person.name if by.person is not None else customer,
        words=event.words if event is not None else "",
        proof=(event.rating or event.proof) if event is not None else "",
        days=(event.days or 0) if event is not None else 0,
        contact=spoken(ticket.contact_due_at, now),
        due=spoken(ticket.resolve_due_at, now),
    )


def tellings_of(session: Session, ticket: Ticket, event: TicketEvent, by: Doer, *, now: datetime) -> list[Telling]:
    """Who is to be told of what was just done, each person once and never whoever did it."""
    facts = facts_of(session, ticket, by, event, now=now)
    told: dict[int | None, Telling] = {}
    me = by.person.id if by.person is not None else None
    for role, text in _texts(facts, ticket, event, by):
        person = _addressee(session, ticket, role, now)
        reaches_doer = (role is Actor.REQUESTER and by.is_customer) or (person is not None and person.id == me)
        key = person.id if person is not None else None
        if reaches_doer or key in told or (role is not Actor.REQUESTER and person is None):
            continue
        told[key] = telling(ticket, role, person, text, f"ticket:{event.id}")
    before = session.get_one(Person, event.owner_before_id)
    if event.owner_after_id != before.id and before.id not in told and before.id != me and before.left_at is None:
        text = wording.taken_from(facts)
        told[before.id] = Telling(f"ticket:{event.id}:{before.id}", ticket.number, Actor.OWNER, text, before)
    return list(told.values())


def telling(ticket: Ticket, role: Actor, person: Person | None, text: str, key: str) -> Telling:
    """One telling with the buttons its addressee may press; `key` becomes unique by who is told."""
    whom = str(person.id) if person is not None else "requester"
    requester = ticket.requester_id if role is Actor.REQUESTER else None
    actions = offered(ticket, {role})
    pressed = buttons_for(ticket, {role})
    return Telling(f"{key}:{whom}", ticket.number, role, text, person, requester, actions, pressed)


def reachable(session: Session, tellings: Iterable[Telling]) -> list[tuple[Person | Customer, Telling]]:
    """The tellings with their addressees; left out are those to somebody whom no message reaches."""
    found: list[tuple[Person | Customer, Telling]] = []
    for one in tellings:
        to = one.person or (session.get(Customer, one.requester_id) if one.requester_id is not None else None)
        if to is not None:
            found.append((to, one))
    return found


def offered(ticket: Ticket, actors: AbstractSet[Actor]) -> tuple[str, ...]:
    """The actions that a card offers these capacities; a leader may also ask the owner to hurry, or name another one.

    What may be said but is not what comes next has no button: a first contact that was made, 已解决 while it is worked on.
    """
    process = process_of(ticket.kind)
    found = [one for one in buttons(process, ticket.state, actors) if not _is_out_of_turn(ticket, one)]
    if actors & _LEADERS and Actor.OWNER not in actors:
        possible = allowed(process, ticket.state, actors & _LEADERS)
        found += [action for action in _OF_LEADERS if action in possible]
    return tuple(found)


def _is_out_of_turn(ticket: Ticket, action: str) -> bool:
    if action == TicketAction.CONTACT:
        return ticket.first_contacted_at is not None
    return action == TicketAction.CONFIRM and process_of(ticket.kind).states[ticket.state].waits_for is Actor.OWNER


def buttons_for(ticket: Ticket, actors: AbstractSet[Actor]) -> tuple[tuple[str, str], ...]:
    """The buttons of a card with what pressing them says; staff can always look at the whole ticket."""
    process = process_of(ticket.kind)
    words = [process.actions[action].word for action in offered(ticket, actors)]
    pressed = [(word, f"{word} {ticket.number}") for word in words]
    if actors and not actors <= {Actor.REQUESTER}:
        pressed.append(("看详情", f"看 {ticket.number}"))
    return tuple(pressed)


def title_of(session: Session, ticket: Ticket) -> str:
    """Q261120-0007｜固电电子｜招普工 30 人."""
    enterprise = session.get(Enterprise, ticket.enterprise_id) if ticket.enterprise_id is not None else None
    asker = enterprise.name if enterprise is not None else ticket.requester_name or UNBOUND
    return f"{ticket.number}｜{asker}｜{ticket.summary}"


def answer(facts: Facts, ticket: Ticket, event: TicketEvent) -> str:
    """What whoever acted reads back."""
    if event.action == _RETURN and event.before != event.after:
        return wording.render(wording.TO_ARBITRATION, facts)
    template = wording.ANSWERED.get(event.action)
    if template is not None:
        return wording.render(template, facts)
    return f"{facts.title}\n现在是“{process_of(ticket.kind).states[ticket.state].label}”。"


def new_card(facts: Facts, ticket: Ticket, *, now: datetime) -> str:
    """The owner's card of a ticket just filed."""
    card = wording.new_ticket(
        facts,
        spoken(ticket.accept_due_at, now),
        word=KINDS[ticket.kind].word,
        is_urgent=ticket.is_urgent,
        is_unverified=ticket.is_unverified,
    )
    if ticket.kind is Kind.REPORT:
        return f"{card}\n{wording.sort_wanted(propose_sort(ticket.summary))}"
    return card


def _texts(facts: Facts, ticket: Ticket, event: TicketEvent, by: Doer) -> list[tuple[Actor, str]]:
    """The sentences of an act by role, the most concerned first."""
    texts: list[tuple[Actor, str]] = []
    is_new_owner = event.owner_after_id != event.owner_before_id
    if is_new_owner:
        texts.append((Actor.OWNER, wording.handed_to(facts, spoken(ticket.accept_due_at, event.at))))
        texts.append((Actor.REQUESTER, wording.owner_changed(facts)))
    for (action, role), template in wording.TOLD.items():
        if action == event.action and _concerns(role, event, by):
            texts.append((role, wording.render(template, facts)))
    return texts


def _concerns(role: Actor, event: TicketEvent, by: Doer) -> bool:
    if role is Actor.REQUESTER and event.is_internal:
        return False
    if role is Actor.GRID_LEADER and event.action == _RETURN:
        return event.before != event.after
    if role is Actor.GRID_LEADER and event.action == _RATE:
        return event.rating is Rating.DISSATISFIED
    if role is Actor.REQUESTER and event.action == TicketAction.RESUME:
        return by.person is not None
    return True


def _addressee(session: Session, ticket: Ticket, role: Actor, now: datetime) -> Person | None:
    if role is Actor.REQUESTER:
        return None
    if role is Actor.OWNER:
        return owner_to_tell(session, ticket, now=now)
    return leader_to_tell(session, ticket, role, now=now)
