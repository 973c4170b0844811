"""Who is responsible for what: the people of a grid and above, who leads on a day, and in what capacity one acts."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from domain.calendar import local_date
from domain.process import Actor
from models.person import Person, Role
from models.routing import DutyLeader
from models.ticket import Ticket, TicketAssist
from services.person import absent_on, people_with_role
from services.ticket.deed import Doer
from services.ticket.roster import About, Assigned, Roster, read_chain, read_roster


def duty_leader(session: Session, *, now: datetime) -> Person | None:
    """The leader on duty today; where none is set or all are away, the performance office or an operator.

    When those are away too it is the leader on duty all the same, so that nothing is without an owner.
    """
    today = local_date(now)
    query = (
        select(Person)
        .join(DutyLeader, col(DutyLeader.person_id) == col(Person.id))
        .where(col(DutyLeader.starts_on) <= today, col(DutyLeader.ends_on) >= today, col(Person.left_at).is_(None))
        .order_by(col(DutyLeader.starts_on).desc(), col(DutyLeader.id).desc())
    )
    on_duty = list(session.exec(query))
    found = _present(session, on_duty, today)
    if found is None:
        others = people_with_role(session, Role.OFFICE) or people_with_role(session, Role.SYSTEM_ADMIN)
        found = _present(session, others, today)
        on_duty += others
    return found or (on_duty[0] if on_duty else None)


def responsible_for(
    session: Session, grid_id: int | None, category: str, *, now: datetime, without: Collection[int] = ()
) -> Assigned:
    """Who owns a case of this grid and category now, leaving out who is on leave and the people `without`.

    Refuses only when the county has nobody at all to give it to.
    """
    about = About(_ids([grid_id]), frozenset({category}))
    return read_roster(session, about, duty_leader(session, now=now), local_date(now)).assigned(
        grid_id, category, without
    )


def roster_for(session: Session, tickets: Collection[Ticket], *, now: datetime) -> Roster:
    """The roster of today for these cases, in as many statements however many they are."""
    about = About(
        _ids(one.grid_id for one in tickets),
        frozenset(one.category for one in tickets),
        frozenset(one.owner_id for one in tickets),
    )
    return read_roster(session, about, duty_leader(session, now=now), local_date(now))


def leader_to_tell(session: Session, ticket: Ticket, actor: Actor, *, now: datetime) -> Person | None:
    """Whom to tell as grid leader or leader on duty: not the owner, and in place of who is away whoever stands in."""
    about = About(_ids([ticket.grid_id]))
    return read_roster(session, about, duty_leader(session, now=now), local_date(now)).leader_of(ticket, actor)


def owner_to_tell(session: Session, ticket: Ticket, *, now: datetime) -> Person:
    """The owner, or while they are away whoever would get the ticket today."""
    owner = session.get_one(Person, ticket.owner_id)
    if owner.left_at is None and not absent_on(session, [ticket.owner_id], local_date(now)):
        return owner
    return responsible_for(session, ticket.grid_id, ticket.category, now=now, without=[ticket.owner_id]).owner


def capacities(session: Session, ticket: Ticket, by: Doer, *, now: datetime) -> frozenset[Actor]:
    """In what capacities somebody may act on a ticket; empty for a stranger and for the contact of another grid."""
    if by.is_customer:
        speaks_for = by.requester_id == ticket.requester_id or (
            ticket.requester_id is None and ticket.enterprise_id in by.enterprise_ids
        )
        if speaks_for:
            return frozenset({Actor.REQUESTER})
        # What a stranger said in an enterprise's name is not for its people before it is known to be theirs.
        is_theirs = ticket.enterprise_id in by.enterprise_ids and not ticket.is_unverified
        return frozenset({Actor.COLLEAGUE}) if is_theirs else frozenset()
    if by.person is None:
        return frozenset({Actor.SYSTEM})
    me, found = by.person, set()
    if me.id == ticket.owner_id:
        found.add(Actor.OWNER)
    if me.unit_id == ticket.lead_unit_id or session.get(TicketAssist, (ticket.id, me.unit_id)) is not None:
        found.add(Actor.ASSISTANT)
    if any(people.leader is not None and people.leader.id == me.id for people in read_chain(session, ticket.grid_id)):
        found.add(Actor.GRID_LEADER)
    top = duty_leader(session, now=now)
    if top is not None and top.id == me.id:
        found.add(Actor.DUTY_LEADER)
    return frozenset(found)


def _ids(ids: Iterable[int | None]) -> frozenset[int]:
    return frozenset(id_ for id_ in ids if id_ is not None)


def _present(session: Session, people: Sequence[Person], day: date) -> Person | None:
    """The first of them who does not have the day off."""
    away = absent_on(session, [person.id or 0 for person in people], day) if people else frozenset()
    return next((person for person in people if person.id not in away), None)
