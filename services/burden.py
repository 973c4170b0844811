"""What we cost people: who may still be reminded this week, and how much each unit was written to in a month."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from domain.burden import Kind, may_prompt
from domain.calendar import at, local_date, monday_of, week_of
from models.message import OutboxMessage, OutboxState
from models.person import Person
from models.unit import Unit
from models.voice import Question
from services.person import absent_on

# The purposes of messages nobody asked for, as the outbox keeps them, and how the monthly report calls them.
REMINDER = "reminder"
PURPOSES = {REMINDER: "提醒", "digest": "周报汇总和通报", "carried": "转达"}
_NEVER_ARRIVED = (OutboxState.EXPIRED, OutboxState.DEAD)
# A long message leaves in parts and is one message all the same.
_FIRST_PART = col(OutboxMessage.after_id).is_(None)


@dataclass(frozen=True, slots=True)
class UnitBurden:
    """What one unit was sent in a month; `sent` has the purposes' Chinese names."""

    unit: str
    people: int
    sent: dict[str, int]
    questions: int

    @property
    def total(self) -> int:
        """Messages and questions together."""
        return sum(self.sent.values()) + self.questions


def may_be_reminded(session: Session, people: Iterable[Person], now: datetime) -> list[Person]:
    """Those of the people whom a reminder may reach on the day of `now`: not on leave, and not reminded twice this week."""
    known = {person.id: person for person in people if person.id is not None}
    absent = absent_on(session, known, local_date(now))
    reminded = _reminded_in_week(session, now)

    def may(person_id: int) -> bool:
        # Off duty is no reason against: the outbox holds a reminder until duty begins.
        sent = reminded[person_id]
        return may_prompt(Kind.REPORTING, sent_this_week=sent, absent=person_id in absent, on_duty=True).allowed

    return [person for person_id, person in known.items() if may(person_id)]


def burden_of_month(session: Session, first_day: date) -> list[UnitBurden]:
    """What each unit with active people was sent unasked and asked in the month that starts on `first_day`, by code."""
    start, end = at(first_day, "00:00"), at((first_day + timedelta(days=31)).replace(day=1), "00:00")
    sent = session.exec(
        select(Person.unit_id, OutboxMessage.purpose, func.count())
        .join(OutboxMessage, col(OutboxMessage.person_id) == col(Person.id))
        .where(col(OutboxMessage.purpose).in_(PURPOSES), col(OutboxMessage.state).not_in(_NEVER_ARRIVED), _FIRST_PART)
        .where(col(OutboxMessage.created_at) >= start, col(OutboxMessage.created_at) < end)
        .group_by(col(Person.unit_id), col(OutboxMessage.purpose))
    ).all()
    asked = session.exec(
        select(Person.unit_id, func.count())
        .join(Question, col(Question.person_id) == col(Person.id))
        .where(col(Question.asked_at) >= start, col(Question.asked_at) < end)
        .group_by(col(Person.unit_id))
    ).all()
    counts: dict[tuple[int | None, str], int] = {(unit_id, purpose): count for unit_id, purpose, count in sent}
    questions = dict(asked)
    units = session.exec(
        select(Unit.id, Unit.name, func.count())
        .join(Person, col(Person.unit_id) == col(Unit.id))
        .where(col(Person.left_at).is_(None))
        .group_by(col(Unit.id), col(Unit.name), col(Unit.code))
        .order_by(col(Unit.code))
    )
    return [
        UnitBurden(
            unit,
            people,
            {name: counts[id_, purpose] for purpose, name in PURPOSES.items() if (id_, purpose) in counts},
            questions.get(id_ or 0, 0),
        )
        for id_, unit, people in units
    ]


def burden_text(first_day: date, units: list[UnitBurden], *, most: int = 8) -> str:
    """The monthly report: the total, then the units that were written to most, per person."""
    total, people = sum(unit.total for unit in units), sum(unit.people for unit in units)
    lines = [f"{first_day.month}月的打扰情况：{people} 人，主动发消息和提问共 {total} 次，{_per_head(total, people)}。"]
    ranked = sorted((unit for unit in units if unit.total), key=lambda unit: unit.total / unit.people, reverse=True)
    lines += [_line(unit) for unit in ranked[:most]]
    if len(ranked) > most:
        lines.append(f"其余 {len(ranked) - most} 个单位更少。")
    return "\n".join(lines)


def _reminded_in_week(session: Session, now: datetime) -> Counter[int | None]:
    """How many reminders each person was sent in the ISO week of `now`."""
    monday = at(monday_of(week_of(local_date(now))), "00:00")
    query = (
        select(OutboxMessage.person_id, func.count())
        .where(OutboxMessage.purpose == REMINDER, col(OutboxMessage.state).not_in(_NEVER_ARRIVED), _FIRST_PART)
        .where(col(OutboxMessage.created_at) >= monday, col(OutboxMessage.created_at) < monday + timedelta(days=7))
        .group_by(col(OutboxMessage.person_id))
    )
    return Counter(dict(session.exec(query).all()))


def _line(unit: UnitBurden) -> str:
    kinds = [f"{name} {count}" for name, count in unit.sent.items()]
    if unit.questions:
        kinds.append(f"提问 {unit.questions}")
    return f"{unit.unit} {unit.people} 人：{'、'.join(kinds)}，{_per_head(unit.total, unit.people)}"


def _per_head(total: int, people: int) -> str:
    return f"人均 {total / people:.1f} 次" if people else "人均 0 次"
