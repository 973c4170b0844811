"""Who has still what to report in a week, for one person and for whole units."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from domain.calendar import Workdays
from domain.okr import Confidence
from domain.report import Entry
from models.engine import writing
from models.okr import KeyResult, Objective, ObjectiveState
from models.period import Period
from models.person import Person
from services.okr import OwnPlan, Reporter, own_plan, reportable
from services.report import Said, keep, take_back
from services.still_open import open_key_results, open_key_results_in
from services.week import ReportWeek, week_of_report
from tests.factories import LIHUA, Cast, make_county, make_objective, make_person
from tests.times import FRIDAY, at

DAYS = Workdays()
WEEK_48 = at("2026-11-25 09:00")


@dataclass
class County:
    """A county in an open transaction."""

    session: Session
    cast: Cast

    def week(self, now: datetime = FRIDAY) -> ReportWeek:
        return week_of_report(now, DAYS)

    def plan(self, person: Person, now: datetime = FRIDAY) -> OwnPlan:
        assert person.id is not None
        return reportable(self.session, Reporter(person.id), self.week(now), now=now, days=DAYS)

    def report(self, person: Person, now: datetime = FRIDAY, **values: str) -> None:
        mine = {f"KR{one.number}": one for one in self.plan(person, now).key_results}
        entries = [(mine[name], Entry(mine[name].number, Decimal(value))) for name, value in values.items()]
        keep(self.session, Said("…", self.week(now)), entries, by=person, now=now)

    def open(self, person: Person, now: datetime = FRIDAY) -> list[int]:
        return [one.number for one in open_key_results(self.session, person, self.week(now))]


@pytest.fixture
def here(engine: Engine) -> Iterator[County]:
    with writing(engine) as session:
        yield County(session, make_county(session))


def test_before_anything_is_reported_everything_is_open(here: County) -> None:
    assert here.open(here.cast.lihua) == [1, 2, 3, 4, 5]


def test_what_was_reported_this_week_is_not_open(here: County) -> None:
    here.report(here.cast.lihua, KR1="35", KR4="80")
    assert here.open(here.cast.lihua) == [2, 3, 5]


def test_next_week_it_is_open_again_unless_it_is_complete(here: County) -> None:
    here.report(here.cast.lihua, KR1="35", KR3="1", KR4="90")
    assert here.open(here.cast.lihua, WEEK_48) == [1, 2, 5]


@pytest.mark.parametrize(("value", "is_open"), [("12", True), ("9", True), ("8", False), ("7", False)])
def test_a_falling_key_result_is_complete_at_or_below_its_target(here: County, value: str, is_open: bool) -> None:
    here.report(here.cast.zhangsan, KR2=value)
    assert (2 in here.open(here.cast.zhangsan, WEEK_48)) is is_open


def test_what_was_taken_back_is_open_again(here: County) -> None:
    here.report(here.cast.lihua, KR1="35")
    take_back(here.session, by=here.cast.lihua, now=FRIDAY, days=DAYS)
    assert 1 in here.open(here.cast.lihua)


@pytest.mark.parametrize("state", [ObjectiveState.PROPOSED, ObjectiveState.RETURNED])
def test_what_is_not_approved_is_not_open(here: County, state: ObjectiveState) -> None:
    for objective in here.session.exec(select(Objective)):
        objective.state = state
    here.session.flush()
    assert here.open(here.cast.lihua) == []


@pytest.mark.parametrize("now", [at("2026-09-29 09:00"), at("2027-01-05 09:00")])
def test_outside_the_period_nothing_is_open(here: County, now: datetime) -> None:
    assert here.open(here.cast.lihua, now) == []


def test_whole_units_are_told_apart_by_person(here: County) -> None:
    cast = here.cast
    here.report(cast.lihua, KR1="35", KR2="80", KR3="1", KR4="80", KR5="2")
    assert cast.station.id is not None
    found = open_key_results_in(here.session, [cast.station.id], here.week())
    assert {person: [one.number for one in rows] for person, rows in found.items()} == {cast.zhangsan.id: [1, 2]}


def test_other_units_and_leavers_are_left_out(here: County) -> None:
    cast = here.cast
    make_objective(here.session, cast.period, cast.nanqiao_officer, "别处", LIHUA)
    cast.lihua.left_at = FRIDAY
    here.session.flush()
    assert cast.station.id is not None
    assert set(open_key_results_in(here.session, [cast.station.id], here.week())) == {cast.zhangsan.id}


def test_a_whole_unit_costs_one_query_however_large_it_is(here: County, engine: Engine) -> None:
    cast = here.cast
    for number in range(20):
        person = make_person(here.session, f"p{number}", "某", cast.station)
        make_objective(here.session, cast.period, person, "目标", LIHUA)
    assert cast.station.id is not None
    with counting(engine) as seen:
        found = open_key_results_in(here.session, [cast.station.id], here.week())
    assert len(found) == 22
    assert len(seen.statements) == 1


def test_the_first_report_of_a_week_costs_five_statements(here: County, engine: Engine) -> None:
    with counting(engine) as seen:
        here.report(here.cast.lihua, KR1="35", KR2="80", KR5="2")
        here.session.flush()
    assert len(seen.statements) == 5


def test_a_week_that_two_periods_share_belongs_to_the_later_once_it_is_approved(here: County) -> None:
    cast, session = here.cast, here.session
    following = Period(code="2027Q1", name="2027年第一季度", starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 31))
    session.add(following)
    session.flush()
    now = at("2027-01-02 09:00")
    assert here.plan(cast.lihua, now).period_id == cast.period.id
    objective = make_objective(session, following, cast.lihua, "新目标", LIHUA)
    objective.state = ObjectiveState.PROPOSED
    session.flush()
    assert here.plan(cast.lihua, now).period_id == cast.period.id
    objective.state = ObjectiveState.APPROVED
    session.flush()
    assert here.plan(cast.lihua, now).period_id == following.id


def test_someone_without_objectives_has_no_plan(here: County) -> None:
    assert here.cast.clerk.id is not None
    assert own_plan(here.session, here.cast.clerk.id, here.week()) is None


def test_the_week_began_with_the_last_value_of_the_weeks_before(here: County) -> None:
    here.report(here.cast.lihua, at("2026-11-10 09:00"), KR1="10")
    here.report(here.cast.lihua, KR1="30")
    here.report(here.cast.lihua, KR1="35")
    first = here.plan(here.cast.lihua).key_results[0]
    assert (first.before, first.value, first.is_reported) == (Decimal(10), Decimal(35), True)


def test_the_latest_report_is_kept_on_the_key_result(here: County) -> None:
    one = here.plan(here.cast.lihua).key_results[0]
    said = Said("KR1 35 有风险", here.week())
    keep(here.session, said, [(one, Entry(1, Decimal(35), Confidence.AT_RISK, "下雨"))], by=here.cast.lihua, now=FRIDAY)
    here.session.expire_all()
    stored = here.session.get_one(KeyResult, one.id)
    assert (stored.current, stored.confidence, stored.note, stored.reported_week) == (
        Decimal(35),
        Confidence.AT_RISK,
        "下雨",
        "2026-W47",
    )


@dataclass
class counting:  # noqa: N801 reads as a verb where it is used
    """Gathers the statements that an engine runs meanwhile."""

    engine: Engine
    statements: list[str] = field(default_factory=list)

    def __enter__(self) -> "counting":
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.statements.append(statement)
