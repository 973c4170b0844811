"""Keeping reports and taking them back, on the tables."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from domain.calendar import Workdays
from domain.errors import DomainError
from domain.report import Entry
from models.audit import AuditEntry
from models.engine import writing
from models.okr import CheckIn, KeyResult, Report
from models.person import Person
from services.okr import Reporter, reportable
from services.report import Said, keep, take_back
from services.week import read_week, week_of_report
from tests.factories import Cast, make_county
from tests.times import FRIDAY, NEXT_MONDAY_AFTER_CLOSE, NEXT_MONDAY_BEFORE_CLOSE, at

DAYS = Workdays()


class Officer:
    """李花, who reports her first key result."""

    def __init__(self, session: Session, cast: Cast) -> None:
        self.session, self.person, self.colleague = session, cast.lihua, cast.zhangsan

    def report(self, value: int, now: datetime = FRIDAY, *, last: bool = False, report_id: int | None = None) -> int:
        week = week_of_report(now, DAYS, last=last)
        assert self.person.id is not None
        plan = reportable(self.session, Reporter(self.person.id), week, now=now, days=DAYS)
        entries = [(plan.key_results[0], Entry(1, Decimal(value)))]
        kept_id, kept = keep(self.session, Said(f"KR1 {value}", week, report_id), entries, by=self.person, now=now)
        assert [(one.number, one.value, one.is_reported) for one in kept] == [(1, Decimal(value), True)]
        return kept_id

    def take_back(self, now: datetime = FRIDAY, *, by: Person | None = None) -> str:
        return take_back(self.session, by=by or self.person, now=now, days=DAYS).week

    def current(self) -> tuple[int, str]:
        self.session.expire_all()
        one = self.session.exec(select(KeyResult).order_by(KeyResult.id).limit(1)).one()  # type: ignore[arg-type]  # an id column sorts
        return int(one.current), one.reported_week


@pytest.fixture
def officer(engine: Engine) -> Iterator[Officer]:
    with writing(engine) as session:
        yield Officer(session, make_county(session))


def test_words_that_go_on_with_a_report_join_it(officer: Officer) -> None:
    first = officer.report(35)
    assert officer.report(36, report_id=first) == first
    assert len(officer.session.exec(select(Report)).all()) == 1


def test_words_that_go_on_with_a_report_taken_back_begin_a_new_one(officer: Officer) -> None:
    first = officer.report(35)
    officer.take_back()
    assert officer.report(36, report_id=first) != first
    assert officer.current() == (36, "2026-W47")


def test_words_never_join_the_report_of_another_person(officer: Officer) -> None:
    first = officer.report(35)
    officer.session.exec(select(Report)).one().person_id = officer.colleague.id or 0
    officer.session.flush()
    assert officer.report(36, report_id=first) != first


def test_reports_are_taken_back_one_by_one_from_the_last(officer: Officer) -> None:
    officer.report(20, at("2026-11-10 09:00"))
    officer.report(30)
    officer.report(35)
    officer.take_back()
    assert officer.current() == (30, "2026-W47")
    officer.take_back()
    assert officer.current() == (20, "2026-W46")
    with pytest.raises(DomainError, match="第46周的进展已经截止"):
        officer.take_back()


def test_a_week_is_open_until_monday_at_ten(officer: Officer) -> None:
    officer.report(35)
    with pytest.raises(DomainError, match="已经截止"):
        officer.take_back(NEXT_MONDAY_AFTER_CLOSE)
    assert officer.take_back(NEXT_MONDAY_BEFORE_CLOSE) == "2026-W47"
    assert officer.current() == (0, "")


def test_a_late_report_joins_the_history_behind_a_newer_one(officer: Officer) -> None:
    officer.report(40, NEXT_MONDAY_AFTER_CLOSE)
    officer.report(35, NEXT_MONDAY_AFTER_CLOSE, last=True)
    assert officer.current() == (40, "2026-W48")
    assert officer.take_back(NEXT_MONDAY_AFTER_CLOSE) == "2026-W47"
    assert officer.current() == (40, "2026-W48")


def test_when_the_newer_report_is_taken_back_the_late_one_counts(officer: Officer) -> None:
    officer.report(35, NEXT_MONDAY_AFTER_CLOSE, last=True)
    officer.report(40, NEXT_MONDAY_AFTER_CLOSE)
    officer.take_back(NEXT_MONDAY_AFTER_CLOSE)
    assert officer.current() == (35, "2026-W47")


def test_nobody_takes_back_what_another_reported(officer: Officer) -> None:
    officer.report(35)
    with pytest.raises(DomainError, match="没有可以撤销的进展"):
        officer.take_back(by=officer.colleague)
    assert officer.current() == (35, "2026-W47")


def test_history_is_kept_and_every_act_is_written_down_without_words(officer: Officer) -> None:
    report_id = officer.report(35)
    officer.take_back()
    officer.session.flush()
    assert [one.undone_at is not None for one in officer.session.exec(select(CheckIn))] == [True]
    entries = officer.session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()  # type: ignore[arg-type]  # as above
    assert [(one.action, one.subject, one.actor) for one in entries] == [
        ("report.keep", f"report:{report_id}", "lihua"),
        ("report.undo", f"report:{report_id}", "lihua"),
    ]
    assert entries[0].details == {"week": "2026-W47", "values": {"KR1": "35"}}


@pytest.mark.parametrize(
    ("text", "week", "is_late", "words"),
    [
        ("KR1 35", "2026-W48", False, "KR1 35"),
        ("上周KR1 35", "2026-W47", True, "KR1 35"),
        ("上周：KR1 35\nKR2 4", "2026-W47", True, "KR1 35\nKR2 4"),
        ("补报上周 KR1 35", "2026-W47", True, "KR1 35"),
        ("上个星期走访35户", "2026-W47", True, "走访35户"),
        ("第47周 KR1 35", "2026-W47", True, "KR1 35"),
        ("第48周 KR1 35", "2026-W48", False, "KR1 35"),
        ("第3周 KR1 35", "2026-W48", False, "第3周 KR1 35"),
        ("周报（第47周），改好数字整条发回来：\nKR1 35/50 户", "2026-W47", True, "KR1 35/50 户"),
        ("周报KR1 35", "2026-W48", False, "KR1 35"),
        ("补报 KR1 35", "2026-W48", False, "KR1 35"),
        ("上周五走访到35户", "2026-W48", False, "上周五走访到35户"),
        ("上周一样", "2026-W48", False, "上周一样"),
        ("和上周一样", "2026-W48", False, "和上周一样"),
        ("上周开会，这周KR1 35", "2026-W48", False, "上周开会，这周KR1 35"),
        ("的 35", "2026-W48", False, "的 35"),
    ],
)
def test_the_head_of_a_report_may_name_its_week(text: str, week: str, is_late: bool, words: str) -> None:
    seen, rest = read_week(text, at("2026-11-24 09:00"), DAYS)
    assert (seen.label, seen.is_late, rest) == (week, is_late, words)


def test_before_the_close_last_week_is_not_late() -> None:
    seen, rest = read_week("上周 KR1 35", NEXT_MONDAY_BEFORE_CLOSE, DAYS)
    assert (seen.label, seen.is_late, rest) == ("2026-W47", False, "KR1 35")


@pytest.mark.parametrize(
    ("now", "closing"), [("2026-11-20 09:00", "周一 10:00"), ("2026-09-30 09:00", "10月8日 10:00")]
)
def test_the_close_is_told_by_weekday_or_by_date_after_a_holiday(now: str, closing: str) -> None:
    assert week_of_report(at(now), DAYS).closing == closing
