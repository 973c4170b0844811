"""Key results that go on into the next period: proposed anew, starting from where they stand."""

from datetime import datetime

from sqlmodel import Session, select

from domain.errors import DomainError
from domain.okr import MAX_KEY_RESULTS, BoundsError, KeyResultDraft
from models.okr import KeyResult, Objective, ObjectiveState, Review
from models.person import Person
from services import audit
from services.objective import add_key_result, add_objective, key_results_of, set_for
from services.period import PeriodOnDay, next_period, workdays
from services.review import Reviewed


def carry_over(
    session: Session, one: Reviewed, reviewed_period: PeriodOnDay, *, by: Person, now: datetime
) -> Objective:
    """The objective of the next period that the key result now belongs to, proposed, with start = current.

    Refuses one that is not reviewed, complete, or carried already, and when there is no next period.
    """
    review = session.exec(select(Review).where(Review.key_result_id == one.id).with_for_update()).first()
    if review is None:
        raise DomainError(f"先给 KR{one.number} 打个分，再结转。说“复盘”。")
    if review.carried_to_id is not None:
        raise DomainError(f"KR{one.number} 已经结转过了。")
    if one.is_complete:
        raise DomainError(f"KR{one.number} 已经做到目标，不用结转。")
    period = next_period(session, reviewed_period.plan.ends_on, workdays(session))
    if period is None:
        raise DomainError("下个周期还没建好，建好后再说“结转”。")
    old = session.get_one(KeyResult, one.id)
    objective = _objective_for(session, session.get_one(Objective, old.objective_id), period.id, by)
    objective.state, objective.proposed_at = ObjectiveState.PROPOSED, now
    objective.decided_at, objective.decided_by_id, objective.return_reason = None, None, ""
    new = add_key_result(session, objective, KeyResultDraft(old.title, old.current, old.target, old.unit, old.weight))
    review.goes_on, review.carried_to_id = True, new.id
    audit.record(
        session,
        "review.carry_over",
        f"key_result:{one.id}",
        by=by.account,
        now=now,
        objective=objective.id,
        key_result=new.id,
        start=str(new.start),
        target=str(new.target),
    )
    return objective


def _objective_for(session: Session, old: Objective, period_id: int, owner: Person) -> Objective:
    """The objective of the same title that is not approved yet, or a new one; refuses a sixth key result or objective."""
    open_ones = [one for one in set_for(session, owner, period_id) if one.state is not ObjectiveState.APPROVED]
    same = next((one for one in open_ones if one.title == old.title), None)
    if same is None:
        new = add_objective(session, owner, period_id, old.title)
        new.weight = old.weight
        return new
    if len(key_results_of(session, same)) >= MAX_KEY_RESULTS:
        raise BoundsError(f"下个周期的“{same.title}”已经有 {MAX_KEY_RESULTS} 条，放不下了。说“目标”改一改再结转。")
    return same
