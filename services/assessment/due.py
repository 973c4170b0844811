"""Which periods the clock closes, and which it announces."""

from datetime import date, timedelta

from sqlmodel import Session, col, select

from domain.calendar import Workdays
from models.period import Period
from models.plan import Plan
from models.result import Result, ResultState
from services.assessment.stored import newest_result
from services.period import period_seen

# Later it is no news any more, and somebody decides: `flask announce`.
WORTH_ANNOUNCING = timedelta(days=10)
LONGEST_WAIT = timedelta(days=60)


def periods_to_close(session: Session, day: date) -> list[Period]:
    """The periods with a plan that ended on the day before."""
    planned = col(Period.id).in_(select(Plan.period_id))
    return list(session.exec(select(Period).where(Period.ends_on == day - timedelta(days=1), planned)))


def periods_to_announce(session: Session, day: date, days: Workdays) -> list[Period]:
    """The periods whose day has come, with a draft that nobody holds; not those of which a version was announced."""
    announced = select(Result.period_id).where(Result.state == ResultState.ANNOUNCED)
    query = select(Period).where(
        col(Period.id).in_(select(Result.period_id)),
        col(Period.id).not_in(announced),
        col(Period.ends_on) < day,
        col(Period.ends_on) > day - LONGEST_WAIT,
    )
    return [one for one in session.exec(query.order_by(col(Period.code))) if _is_due(session, one, day, days)]


def _is_due(session: Session, period: Period, day: date, days: Workdays) -> bool:
    newest = newest_result(session, period.id or 0)
    publish_on = period_seen(session, period.id or 0, day, days).plan.publish_on
    return (
        newest is not None and newest.state is ResultState.DRAFT and timedelta() <= day - publish_on <= WORTH_ANNOUNCING
    )
