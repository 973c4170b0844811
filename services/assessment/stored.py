"""Results that were drafted before: the newest version of a period, and the places of the period before it."""

from sqlalchemy import case
from sqlalchemy import select as columns_of
from sqlmodel import Session, col, select

from domain.assessed import PEOPLE, UNITS
from models.period import Period
from models.result import Result, ResultRow, ResultState


def newest_result(session: Session, period_id: int) -> Result | None:
    """The newest version of a period's result, or None."""
    query = select(Result).where(Result.period_id == period_id).order_by(col(Result.version).desc()).limit(1)
    return session.exec(query).first()


def last_drafted(session: Session) -> Result | None:
    """The version that was drafted last, of whatever period, or None."""
    return session.exec(select(Result).order_by(col(Result.drafted_at).desc(), col(Result.id).desc()).limit(1)).first()


def period_before(session: Session, period: Period, *, with_result: bool = False) -> Period | None:
    """The period that ended last before this one began, only of those with a result if so wanted; None without one.

    Of a year and a quarter that end on one day it is the one that lasts as long as this period, as nearly as can be.
    """
    ended = select(Period).where(col(Period.ends_on) < period.starts_on)
    if with_result:
        ended = ended.where(col(Period.id).in_(select(Result.period_id)))
    length = period.ends_on - period.starts_on
    return min(
        session.exec(ended.order_by(col(Period.code))),
        key=lambda one: (period.starts_on - one.ends_on, abs(one.ends_on - one.starts_on - length)),
        default=None,
    )


def result_before(session: Session, period: Period) -> Result | None:
    """The result to show movement against: of the period before, the version that was announced, else the newest."""
    before = period_before(session, period, with_result=True)
    if before is None:
        return None
    announced_first = case((col(Result.state) == ResultState.ANNOUNCED, 0), else_=1)
    query = select(Result).where(Result.period_id == before.id)
    return session.exec(query.order_by(announced_first, col(Result.version).desc()).limit(1)).first()


def places_of(session: Session, result_id: int) -> dict[str, dict[str, tuple[str, int]]]:
    """The group and place of everybody ranked in a result, by kind and code."""
    query = columns_of(col(ResultRow.subject), col(ResultRow.code), col(ResultRow.group_name), col(ResultRow.place))
    query = query.where(col(ResultRow.result_id) == result_id, col(ResultRow.place).is_not(None))
    places: dict[str, dict[str, tuple[str, int]]] = {UNITS: {}, PEOPLE: {}}
    for subject, code, group, place in session.execute(query):
        places[subject.value][code] = (group, place)
    return places
