"""Changes of approved key results: wished by their owner with a reason, made when a leader agrees, kept either way."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from domain.calendar import local, local_date
from domain.change import Field, changed, shown
from domain.errors import DomainError
from models.okr import Change, ChangeState, KeyResult, Objective, ObjectiveState
from models.person import Person
from services import audit
from services.objective import as_draft
from services.period import period_on, workdays
from services.team import decides, those_decided_by

NOT_FOUND = "没有找到这条待定的改动。"
REPLACED = "本人另提了新的改动"


def own_key_results(session: Session, person: Person, now: datetime) -> list[KeyResult]:
    """The person's approved key results of the running period, KR1 first; they may be changed."""
    period = period_on(session, local_date(now), workdays(session))
    query = (
        select(KeyResult)
        .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
        .where(Objective.person_id == person.id, Objective.period_id == (period.id if period else None))
        .where(Objective.state == ObjectiveState.APPROVED)
        .order_by(col(KeyResult.number))
    )
    return list(session.exec(query))


def find_own_key_result(session: Session, number: int, *, by: Person, now: datetime) -> KeyResult:
    """The key result with this number; refuses one that the person does not have, or that is not approved."""
    own = own_key_results(session, by, now)
    found = next((one for one in own if one.number == number), None)
    if found is not None:
        return found
    if not own:
        raise DomainError("现在没有已经同意的关键结果，不用提改动。还没同意的，说“目标”直接改。")
    raise DomainError(f"没有 KR{number}，能改的有 {'、'.join(f'KR{one.number}' for one in own)}。")


def check_change(one: KeyResult, field: Field, value: str) -> str:
    """The new value as it will be kept; refuses what `domain.change.changed` refuses."""
    return shown(changed(as_draft(one), field, value), field)


def propose_change(session: Session, number: int, wish: tuple[Field, str, str], *, by: Person, now: datetime) -> Change:
    """Keeps a wish (field, value, reason) until a leader decides; it takes the place of an open one of the same field."""
    field, value, reason = wish
    one = find_own_key_result(session, number, by=by, now=now)
    new_value = check_change(one, field, value)
    same = select(Change).where(
        Change.key_result_id == one.id, Change.field == field.value, Change.state == ChangeState.PROPOSED
    )
    for older in session.exec(same.with_for_update()):
        older.state, older.return_reason, older.decided_by_id, older.decided_at = (
            ChangeState.RETURNED,
            REPLACED,
            by.id,
            now,
        )
        audit.record(session, "change.replace", f"change:{older.id}", by=by.account, now=now)
    assert one.id is not None
    change = Change(
        key_result_id=one.id,
        field=field.value,
        old_value=shown(as_draft(one), field),
        new_value=new_value,
        reason=reason,
        state=ChangeState.PROPOSED,
        proposed_by_id=by.id,
        proposed_at=now,
    )
    session.add(change)
    session.flush()
    audit.record(session, "change.propose", f"change:{change.id}", by=by.account, now=now, **_figures(change))
    return change


def approve_change(session: Session, change_id: int, *, by: Person, now: datetime) -> Change:
    """The leader agrees and the key result is altered; both values stay on the change.

    Refuses as `find_waiting_change` does, and when the change no longer fits the key result.
    """
    change = find_waiting_change(session, change_id, by=by)
    one = session.exec(
        select(KeyResult)
        .where(KeyResult.id == change.key_result_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    field = Field(change.field)
    before = as_draft(one)
    after = changed(before, field, change.new_value)
    change.old_value = shown(before, field)
    one.title, one.start, one.target, one.unit, one.weight = (
        after.title,
        after.start,
        after.target,
        after.unit,
        after.weight,
    )
    if one.reported_at is None and one.current == before.start:
        one.current = after.start  # nothing is reported: it still stands at its start
    change.state, change.decided_by_id, change.decided_at = ChangeState.APPROVED, by.id, now
    audit.record(session, "change.approve", f"change:{change.id}", by=by.account, now=now, **_figures(change))
    return change


def return_change(session: Session, change_id: int, reason: str, *, by: Person, now: datetime) -> Change:
    """The leader does not agree; the key result stays as it is. Refuses as `find_waiting_change` does."""
    change = find_waiting_change(session, change_id, by=by)
    change.state, change.decided_by_id, change.decided_at = ChangeState.RETURNED, by.id, now
    change.return_reason = reason
    audit.record(session, "change.return", f"change:{change.id}", by=by.account, now=now)
    return change


def find_waiting_change(session: Session, change_id: int, *, by: Person) -> Change:
    """A change about which `by` may decide now, locked until the transaction ends.

    Refuses as not found what somebody else decides, and says who was faster.
    """
    query = select(Change).where(Change.id == change_id).with_for_update().execution_options(populate_existing=True)
    change = session.exec(query).first()
    owner = owner_of(session, change) if change else None
    if change is None or owner is None or owner.left_at is not None or not decides(session, by, owner):
        raise DomainError(NOT_FOUND)
    if change.state is not ChangeState.PROPOSED:
        raise DomainError(_decided(session, change, owner, by))
    return change


def waiting_changes(session: Session, leader: Person) -> list[Change]:
    """Changes that wait for this leader's decision, the oldest first."""
    rows = session.exec(
        select(Change, Person)
        .join(Person, col(Person.id) == col(Change.proposed_by_id))
        .where(Change.state == ChangeState.PROPOSED, col(Person.left_at).is_(None))
        .order_by(col(Change.id))
    ).all()
    owners = {owner.id: owner for _, owner in rows}
    decided = {owner.id for owner in those_decided_by(session, leader, owners.values())}
    return [change for change, owner in rows if owner.id in decided]


def owner_of(session: Session, change: Change) -> Person | None:
    """Whose key result the change is about; None for a unit's."""
    return session.exec(
        select(Person)
        .join(Objective, col(Objective.person_id) == col(Person.id))
        .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id))
        .where(KeyResult.id == change.key_result_id)
    ).first()


def _decided(session: Session, change: Change, owner: Person, by: Person) -> str:
    if change.decided_by_id == owner.id:
        return f"{owner.name}后来另提了新的改动，这一条不用定了。"
    leader = session.get(Person, change.decided_by_id) if change.decided_by_id else None
    who = "你" if leader is not None and leader.id == by.id else leader.name if leader else "有人"
    word = "同意" if change.state is ChangeState.APPROVED else "退回"
    when = f"{local(change.decided_at):%H:%M}" if change.decided_at else ""
    return f"这条改动{who}已经在 {when} {word}了，没有再改。"


def _figures(change: Change) -> dict[str, Any]:
    """What the audit log keeps: figures, but no words."""
    details: dict[str, Any] = {"key_result": change.key_result_id, "field": change.field}
    if change.field not in (Field.TITLE, Field.UNIT):
        details |= {"old": change.old_value, "new": change.new_value}
    return details
