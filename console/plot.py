"""Draws a key result's history as points of an inline SVG; the server draws, so no chart library has to load."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from console.layout import day as day_in_words
from console.layout import written
from domain.calendar import monday_of
from services.history import KeyResultHistory, PersonHistory, Standing
from services.period import PeriodOnDay

WIDTH, HEIGHT = 320, 96
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 12, 20

SUNDAY = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Dot:
    """One check-in: where it stands, what it says, and whether it counts."""

    x: float
    y: float
    label: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing in the units of its view box: the line of what counts, its dots, target, today."""

    line: str
    area: str
    dots: tuple[Dot, ...]
    target_y: float
    target: str
    today_x: float | None
    first: str
    last: str
    label: str


def plots_of(history: PersonHistory) -> dict[int, Plot]:
    """A plot for each key result that was ever reported, by its id."""
    if history.period is None:
        return {}
    period, today = history.period, history.week.day
    return {
        one.now.id: draw(one, period, today) for each in history.objectives for one in each.key_results if one.check_ins
    }


def draw(history: KeyResultHistory, period: PeriodOnDay, today: date) -> Plot:
    """The history over the whole period, from the start value to the target or beyond."""
    one, check_ins = history.now, history.check_ins[::-1]
    counted = [check_in.value for check_in in check_ins if check_in.standing is Standing.COUNTS]
    values = [one.start, one.target, *counted]
    low, high = min(values), max(values)
    starts_on, length = period.plan.starts_on, max(1, (period.plan.ends_on - period.plan.starts_on).days)

    def x_of(day: date) -> float:
        share = min(1.0, max(0.0, (day - starts_on).days / length))
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y_of(value: Decimal) -> float:
        share = min(1.0, max(0.0, float((value - low) / (high - low))))  # what was taken back may lie far outside
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    dots = tuple(
        Dot(
            x_of(min(today, monday_of(check_in.week) + SUNDAY)),
            y_of(check_in.value),
            f"第{check_in.week_number}周 {check_in.value.normalize():f}{one.unit}",
            check_in.standing is Standing.COUNTS,
        )
        for check_in in check_ins
    )
    points = [(x_of(starts_on), y_of(one.start)), *((dot.x, dot.y) for dot in dots if dot.counts)]
    line = " ".join(f"{x},{y}" for x, y in points)
    ground = y_of(low)
    area = f"{points[0][0]},{ground} {line} {points[-1][0]},{ground}"
    label = f"{one.title}：{len(counted)} 周有进展，现在 {one.measure}"
    return Plot(
        line=line,
        area=area,
        dots=dots,
        target_y=y_of(one.target),
        target=written(one.target, one.unit),
        today_x=x_of(today) if starts_on <= today <= period.plan.ends_on else None,
        first=day_in_words(starts_on),
        last=day_in_words(period.plan.ends_on),
        label=label,
    )
