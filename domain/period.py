"""Assessment periods: their due dates, the phase a day falls in, and the days on which to remind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from domain.calendar import Workdays, monday_of, shift_week, week_of
from domain.errors import DomainError

SETTING_DAYS = 10
REVIEW_DAYS = 10
PUBLISH_WORKING_DAYS = 5
REMIND_WORKING_DAYS_BEFORE = (5, 2, 0)


class Phase(StrEnum):
    """Where a period stands."""

    UPCOMING = "upcoming"
    SETTING = "setting"
    RUNNING = "running"
    REVIEW = "review"
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        """The word people read."""
        return _LABELS[self]


_LABELS = {
    Phase.UPCOMING: "未开始",
    Phase.SETTING: "制定",
    Phase.RUNNING: "跟进",
    Phase.REVIEW: "复盘",
    Phase.PUBLISHED: "公布",
}


@dataclass(frozen=True, slots=True)
class Period:
    """A period and its dates; due days are included in the phase they end.

    Refuses dates out of order: start ≤ setting due ≤ end ≤ review due < publication.
    """

    code: str
    starts_on: date
    ends_on: date
    setting_due_on: date
    review_due_on: date
    publish_on: date

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise DomainError(f"周期 {self.code} 的结束（{self.ends_on}）早于开始（{self.starts_on}），请改日期。")
        steps = (
            ("开始", self.starts_on),
            ("制定截止", self.setting_due_on),
            ("结束", self.ends_on),
            ("复盘截止", self.review_due_on),
        )
        for (earlier_name, earlier), (later_name, later) in pairwise(steps):
            if later < earlier:
                raise DomainError(
                    f"周期 {self.code} 的{later_name}（{later}）早于{earlier_name}（{earlier}），请改日期。"
                )
        if self.publish_on <= self.review_due_on:
            raise DomainError(
                f"周期 {self.code} 的公布日（{self.publish_on}）要晚于复盘截止（{self.review_due_on}），请改日期。"
            )


@dataclass(frozen=True, slots=True)
class DueDates:
    """The dates an operator gave for a period; None where a default is to be used."""

    setting_due_on: date | None = None
    review_due_on: date | None = None
    publish_on: date | None = None


def plan_period(code: str, starts_on: date, ends_on: date, given: DueDates, workdays: Workdays) -> Period:
    """A period with every date filled in; refuses dates out of order.

    Setting is due 10 days after the start, at the latest on the last day. Publication is on the 5th working day
    after the end, or on the first working day after a later review due date. The review is due 10 days after the
    end, at the latest on the day before publication: what is published holds the reviews.
    """
    setting_due_on = given.setting_due_on or min(starts_on + timedelta(days=SETTING_DAYS), ends_on)
    publish_on = given.publish_on
    if publish_on is None:
        publish_on = workdays.add_working_days(ends_on, PUBLISH_WORKING_DAYS)
        if given.review_due_on:
            publish_on = max(publish_on, workdays.next_working_day(given.review_due_on))
    before_publication = max(ends_on, publish_on - timedelta(days=1))
    review_due_on = given.review_due_on or min(ends_on + timedelta(days=REVIEW_DAYS), before_publication)
    return Period(code, starts_on, ends_on, setting_due_on, review_due_on, publish_on)


def phase(period: Period, day: date) -> Phase:
    """The phase of the period on `day`."""
    if day < period.starts_on:
        return Phase.UPCOMING
    if day <= period.setting_due_on:
        return Phase.SETTING
    if day <= period.ends_on:
        return Phase.RUNNING
    if day < period.publish_on:
        return Phase.REVIEW
    return Phase.PUBLISHED


def days_left(period: Period, day: date) -> int:
    """Whole days after `day` until the period ends: 0 on its last day and afterwards."""
    return max(0, (period.ends_on - day).days)


def week_number(period: Period, day: date) -> int | None:
    """Which week of the period `day` is in, from 1; weeks start on Monday, so the first may be short. None outside."""
    if not period.starts_on <= day <= period.ends_on:
        return None
    return (monday_of(week_of(day)) - monday_of(week_of(period.starts_on))).days // 7 + 1


def weeks(period: Period) -> list[str]:
    """The labels of the ISO weeks the period touches, in order."""
    labels = [week_of(period.starts_on)]
    while labels[-1] < week_of(period.ends_on):
        labels.append(shift_week(labels[-1], 1))
    return labels


def current_period(periods: Iterable[Period], day: date) -> Period | None:
    """The period, of several that do not overlap, that `day` lies in; None in a gap."""
    return next((period for period in periods if period.starts_on <= day <= period.ends_on), None)


def refuse_overlap(periods: Iterable[Period]) -> None:
    """Refuses periods of one kind that share a day, naming the first pair and the days they share."""
    for earlier, later in pairwise(sorted(periods, key=lambda period: (period.starts_on, period.code))):
        if later.starts_on <= earlier.ends_on:
            shared = f"{later.starts_on} 到 {min(earlier.ends_on, later.ends_on)}"
            raise DomainError(f"周期 {earlier.code} 和 {later.code} 重叠了（{shared}），请改其中一个的开始或结束。")


def reminder_days(due_on: date, workdays: Workdays) -> tuple[date, ...]:
    """The days 5, 2 and 0 working days before `due_on`, in order; a due date on a day off counts from the one before."""
    last = workdays.previous_working_day(due_on + timedelta(days=1))
    return tuple(workdays.add_working_days(last, -n) for n in REMIND_WORKING_DAYS_BEFORE)
