"""Three years of Chinese holidays with random downtime and three clocks."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Engine

from bot.registry import CatchUp
from bot.schedule import every_day, every_working_day, last_working_day_of_week
from bot.scheduler import Scheduler
from models.job import JobState
from tests.bot.clocks import WORKDAYS, effects, make_job, make_scheduler, runs
from tests.times import MovableClock, at


def test_three_years_with_downtime_run_each_due_time_as_its_policy_says(engine: Engine, clock: MovableClock) -> None:
    """Three clocks tick together whenever they are up; the expectation walks the calendar day by day by itself."""
    dice = random.Random(20261120)
    clock.set(at("2024-01-01 12:00"))
    jobs = [
        make_job(last_working_day_of_week("15:07"), CatchUp.EACH, "each"),
        make_job(every_working_day("9:07"), CatchUp.NEWEST, "newest"),
        make_job(every_day("6:43"), CatchUp.SKIP, "skip"),
    ]
    machines = [make_scheduler(engine, clock, *jobs) for _ in range(3)]
    ups = [clock()]
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(Scheduler.tick, machines))
        while clock() < at("2026-12-31 23:00"):
            clock.advance(minutes=dice.choice([1, 7, 60, 600, 3000, 9000]) * (1 + dice.random()))
            ups.append(clock())
            list(threads.map(Scheduler.tick, machines))

    found = {name: [run for run in runs(engine) if run.job == name] for name in ("each", "newest", "skip")}
    days = [at("2024-01-01 00:00").date() + timedelta(days=n) for n in range((ups[-1] - ups[0]).days + 2)]
    worked = [day for day in days if WORKDAYS.is_working_day(day)]
    last_days = {day.isocalendar()[:2]: day for day in worked}.values()
    fridays = [at(f"{day} 15:07") for day in last_days]
    mornings = [at(f"{day} 09:07") for day in worked]
    dawns = [at(f"{day} 06:43") for day in days]

    assert [run.due_at for run in found["each"]] == [due for due in fridays if ups[0] < due <= ups[-1]]
    assert [run.due_at for run in found["newest"]] == newest_of(mornings, ups)
    assert [run.due_at for run in found["skip"]] == newest_of(dawns, ups)
    assert all(run.state is JobState.DONE and run.attempts == 1 for name in ("each", "newest") for run in found[name])
    late = {run.due_at for run in found["skip"] if run.state is JobState.SKIPPED}
    assert late == {
        due for due in newest_of(dawns, ups) if min(up for up in ups if up >= due) - due > timedelta(minutes=10)
    }
    counted = Counter(effects(engine))
    expected = Counter(run.due_at for run in runs(engine) if run.state is JobState.DONE)
    assert counted == expected


def newest_of(due: list[datetime], ups: list[datetime]) -> list[datetime]:
    """The last due time of each stretch without a clock."""
    stretches = ([time for time in due if start < time <= end] for start, end in pairwise(ups))
    return [stretch[-1] for stretch in stretches if stretch]
