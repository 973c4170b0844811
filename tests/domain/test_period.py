"""Periods: due dates, phases, weeks and reminder days."""

from datetime import date, timedelta

import pytest

from domain.calendar import Workdays
from domain.errors import DomainError
from domain.period import (
    DueDates,
    Period,
    Phase,
    current_period,
    days_left,
    phase,
    plan_period,
    refuse_overlap,
    reminder_days,
    week_number,
    weeks,
)

WORKDAYS = Workdays()
NONE_GIVEN = DueDates()


def day(text: str) -> date:
    return date.fromisoformat(text)


def quarter(code: str, starts_on: str, ends_on: str, given: DueDates = NONE_GIVEN) -> Period:
    return plan_period(code, day(starts_on), day(ends_on), given, WORKDAYS)


POLICE_Q4 = quarter("2026Q4", "2026-09-21", "2026-12-20")
POLICE_Q1 = quarter("2027Q1", "2026-12-21", "2027-03-20")


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "setting", "review", "publish"),
    [
        ("2026-09-21", "2026-12-20", "2026-10-01", "2026-12-24", "2026-12-25"),
        ("2026-07-01", "2026-09-30", "2026-07-11", "2026-10-10", "2026-10-13"),  # over the national day
        ("2026-11-01", "2026-11-30", "2026-11-11", "2026-12-06", "2026-12-07"),
        ("2026-11-16", "2026-11-20", "2026-11-20", "2026-11-26", "2026-11-27"),  # shorter than the setting days
    ],
)
def test_absent_dates_have_defaults(starts_on: str, ends_on: str, setting: str, review: str, publish: str) -> None:
    period = quarter("P", starts_on, ends_on)

    assert (period.setting_due_on, period.review_due_on, period.publish_on) == (day(setting), day(review), day(publish))


def test_given_dates_are_kept() -> None:
    given = DueDates(day("2026-10-15"), day("2026-12-28"), day("2027-01-08"))

    period = quarter("2026Q4", "2026-09-21", "2026-12-20", given)

    assert (period.setting_due_on, period.review_due_on, period.publish_on) == (
        day("2026-10-15"),
        day("2026-12-28"),
        day("2027-01-08"),
    )


def test_a_late_review_moves_the_publication_behind_it() -> None:
    period = quarter("2026Q3", "2026-07-01", "2026-09-30", DueDates(review_due_on=day("2026-10-16")))

    assert period.publish_on == day("2026-10-19")


def test_an_early_review_leaves_the_publication_where_it_was() -> None:
    period = quarter("2026Q3", "2026-07-01", "2026-09-30", DueDates(review_due_on=day("2026-10-03")))

    assert period.publish_on == day("2026-10-13")


def test_an_early_publication_draws_the_review_forward() -> None:
    period = quarter("2026Q3", "2026-07-01", "2026-09-30", DueDates(publish_on=day("2026-10-03")))

    assert period.review_due_on == day("2026-10-02")


def test_a_late_publication_leaves_ten_days_for_the_review() -> None:
    period = quarter("2026Q3", "2026-07-01", "2026-09-30", DueDates(publish_on=day("2026-11-03")))

    assert period.review_due_on == day("2026-10-10")


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "given", "says"),
    [
        ("2026-12-20", "2026-09-21", NONE_GIVEN, "结束（2026-09-21）早于开始（2026-12-20）"),
        ("2026-09-21", "2026-12-20", DueDates(setting_due_on=date(2026, 9, 1)), "制定截止（2026-09-01）早于开始"),
        ("2026-09-21", "2026-12-20", DueDates(setting_due_on=date(2026, 12, 21)), "结束（2026-12-20）早于制定截止"),
        ("2026-09-21", "2026-12-20", DueDates(review_due_on=date(2026, 12, 19)), "复盘截止（2026-12-19）早于结束"),
        ("2026-09-21", "2026-12-20", DueDates(publish_on=date(2026, 12, 20)), "公布日（2026-12-20）要晚于复盘截止"),
    ],
)
def test_dates_out_of_order_are_refused_by_name(starts_on: str, ends_on: str, given: DueDates, says: str) -> None:
    with pytest.raises(DomainError, match=says):
        quarter("2026Q4", starts_on, ends_on, given)


@pytest.mark.parametrize(
    ("on", "expected", "label"),
    [
        ("2026-09-20", Phase.UPCOMING, "未开始"),
        ("2026-09-21", Phase.SETTING, "制定"),
        ("2026-10-01", Phase.SETTING, "制定"),
        ("2026-10-02", Phase.RUNNING, "跟进"),
        ("2026-12-20", Phase.RUNNING, "跟进"),
        ("2026-12-21", Phase.REVIEW, "复盘"),
        ("2026-12-24", Phase.REVIEW, "复盘"),
        ("2026-12-25", Phase.PUBLISHED, "公布"),
        ("2027-06-01", Phase.PUBLISHED, "公布"),
    ],
)
def test_the_phase_of_a_day(on: str, expected: Phase, label: str) -> None:
    assert phase(POLICE_Q4, day(on)) is expected
    assert expected.label == label


@pytest.mark.parametrize(("on", "left"), [("2026-11-20", 30), ("2026-12-19", 1), ("2026-12-20", 0), ("2027-01-01", 0)])
def test_days_left_do_not_go_below_nothing(on: str, left: int) -> None:
    assert days_left(POLICE_Q4, day(on)) == left


@pytest.mark.parametrize(
    ("period", "on", "number"),
    [
        (POLICE_Q4, "2026-09-20", None),
        (POLICE_Q4, "2026-09-21", 1),
        (POLICE_Q4, "2026-11-20", 9),
        (POLICE_Q4, "2026-12-20", 13),
        (POLICE_Q4, "2026-12-21", None),
        (POLICE_Q1, "2027-01-01", 2),
        (quarter("2026Q3", "2026-07-01", "2026-09-30"), "2026-07-05", 1),  # Wednesday to Sunday
        (quarter("2026Q3", "2026-07-01", "2026-09-30"), "2026-07-06", 2),
    ],
)
def test_the_number_of_a_week_within_its_period(period: Period, on: str, number: int | None) -> None:
    assert week_number(period, day(on)) == number


def test_a_period_lists_its_weeks_over_the_year_end() -> None:
    labels = weeks(POLICE_Q1)

    assert labels[0] == "2026-W52"
    assert labels[1:3] == ["2026-W53", "2027-W01"]
    assert labels[-1] == "2027-W11"
    assert len(labels) == week_number(POLICE_Q1, POLICE_Q1.ends_on)


@pytest.mark.parametrize(
    ("on", "code"),
    [("2026-12-20", "2026Q4"), ("2026-12-21", "2027Q1"), ("2027-03-20", "2027Q1"), ("2027-03-21", None)],
)
def test_the_current_period_of_the_police_changes_on_the_21st(on: str, code: str | None) -> None:
    current = current_period([POLICE_Q1, POLICE_Q4], day(on))

    assert (current.code if current else None) == code


def test_periods_that_follow_each_other_do_not_overlap() -> None:
    refuse_overlap([POLICE_Q1, POLICE_Q4])
    refuse_overlap([])


def test_periods_that_share_days_are_refused_with_those_days() -> None:
    calendar_quarter = quarter("2026-四季度", "2026-10-01", "2026-12-31")

    with pytest.raises(DomainError, match="周期 2026Q4 和 2026-四季度 重叠了（2026-10-01 到 2026-12-20）"):
        refuse_overlap([calendar_quarter, POLICE_Q4])


def test_one_shared_day_is_an_overlap() -> None:
    with pytest.raises(DomainError, match="2026-12-20 到 2026-12-20"):
        refuse_overlap([POLICE_Q4, quarter("2027Q1", "2026-12-20", "2027-03-20")])


def test_a_period_within_another_is_refused() -> None:
    with pytest.raises(DomainError, match="2026-11-01 到 2026-11-30"):
        refuse_overlap([POLICE_Q4, quarter("2026-11", "2026-11-01", "2026-11-30")])


@pytest.mark.parametrize(
    ("due_on", "days"),
    [
        ("2026-11-20", ["2026-11-13", "2026-11-18", "2026-11-20"]),
        ("2026-11-22", ["2026-11-13", "2026-11-18", "2026-11-20"]),  # a Sunday counts from Friday
        ("2026-10-09", ["2026-09-24", "2026-09-30", "2026-10-09"]),  # over the moon festival and the national day
        ("2026-02-26", ["2026-02-12", "2026-02-24", "2026-02-26"]),  # over Spring Festival
        ("2027-01-04", ["2026-12-28", "2026-12-31", "2027-01-04"]),  # over the end of the notices
    ],
)
def test_reminders_come_five_two_and_no_working_days_before(due_on: str, days: list[str]) -> None:
    assert list(reminder_days(day(due_on), WORKDAYS)) == [day(d) for d in days]


def test_the_first_reminder_is_a_week_before_in_an_ordinary_month() -> None:
    assert reminder_days(day("2026-11-19"), WORKDAYS)[0] == day("2026-11-19") - timedelta(days=7)
