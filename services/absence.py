"""Days off as people say them in chat: noted, listed, and ended early."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from domain.absence import Absence as Days
from domain.absence import cut_short
from domain.errors import DomainError
from models.person import Absence, AbsenceSource, Person
from services import audit


def take_leave(session: Session, days: Days, *, by: Person, now: datetime) -> None:
    """Notes the days off; saying the same days twice changes nothing."""
    assert by.id is not None
    known = [(one.starts_on, one.ends_on) for one in _standing(session, by, days.starts_on)]
    if (days.starts_on, days.ends_on) in known:
        return
    absence = Absence(person_id=by.id, starts_on=days.starts_on, ends_on=days.ends_on, source=AbsenceSource.CHAT)
    session.add(absence)
    session.flush()
    span = {"starts_on": str(days.starts_on), "ends_on": str(days.ends_on)}
    audit.record(session, "absence.take", f"absence:{absence.id}", by=by.account, now=now, **span)


def end_leave(session: Session, today: date, *, by: Person, now: datetime) -> Days:
    """Ends the leave the person is on, or else cancels the next one they announced; gives the days it had.

    Leave that follows without a day between is one leave, though it was announced in two parts.

    The days already taken stay. Refuses when there is none to end.
    """
    standing = _standing(session, by, today)
    ended = [one for one in standing if one.starts_on <= today] or standing[:1]
    for one in standing[len(ended) :]:
        if one.starts_on <= max(each.ends_on for each in ended) + timedelta(days=1):
            ended.append(one)
    if not ended:
        raise DomainError("没有在请的假，不用销。要请假说“请假 3天”。")
    for absence in ended:
        left = cut_short(Days(absence.starts_on, absence.ends_on), today)
        if left is None:
            absence.cancelled_at = now
        else:
            absence.ends_on = left.ends_on
        audit.record(session, "absence.end", f"absence:{absence.id}", by=by.account, now=now, back_on=str(today))
    return Days(min(one.starts_on for one in ended), max(one.ends_on for one in ended))


def _standing(session: Session, person: Person, day: date) -> list[Absence]:
    """The person's leave that lasts to `day` or beyond, the earliest first."""
    query = (
        select(Absence)
        .where(
            Absence.person_id == person.id,
            col(Absence.ends_on) >= day,
            col(Absence.cancelled_at).is_(None),
        )
        .order_by(col(Absence.starts_on), col(Absence.id))
    )
    return list(session.exec(query))
