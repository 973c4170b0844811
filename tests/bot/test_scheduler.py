"""Every job once per due time, after downtime by its policy, and as the calendar says."""

import threading

import pytest
from sqlalchemy import Engine

from bot.message import Notice
from bot.registry import CatchUp, Job, JobContext
from bot.schedule import every_day, every_minutes, every_week, last_working_day_of_week
from models.engine import writing
from models.job import JobState
from models.period import CalendarDay
from tests.bot.clocks import effects, make_job, make_scheduler, runs
from tests.times import FRIDAY, MovableClock, at


def test_a_job_runs_once_per_due_time_and_is_given_that_time(engine: Engine, clock: MovableClock) -> None:
    scheduler = make_scheduler(engine, clock, make_job(last_working_day_of_week("15:07"), CatchUp.NEWEST))
    clock.set(at("2026-11-20 15:06"))
    scheduler.tick()

    done = []
    for minute in ("15:06", "15:07", "15:08", "23:59"):
        clock.set(at(f"2026-11-20 {minute}"))
        done.append(scheduler.tick())

    assert done == [0, 1, 0, 0]
    assert effects(engine) == [FRIDAY]


def test_a_new_installation_does_not_do_what_was_due_before_it(engine: Engine, clock: MovableClock) -> None:
    scheduler = make_scheduler(
        engine,
        clock,
        make_job(last_working_day_of_week("15:07"), CatchUp.NEWEST, "remind"),
        make_job(every_day("6:43"), CatchUp.EACH, "sync"),
    )

    assert scheduler.tick() == 0


def test_a_job_for_the_first_start_runs_its_newest_due_time_at_once(engine: Engine, clock: MovableClock) -> None:
    scheduler = make_scheduler(engine, clock, make_job(every_day("6:43"), CatchUp.EACH, at_first_start=True))

    done = [scheduler.tick(), scheduler.tick()]

    assert done == [1, 0]
    assert effects(engine) == [at("2026-11-20 06:43")]


@pytest.mark.parametrize(
    ("catch_up", "ran", "states"),
    [
        (CatchUp.EACH, ["11-20", "11-21", "11-22", "11-23"], [JobState.DONE] * 4),
        (CatchUp.NEWEST, ["11-23"], [JobState.DONE]),
        (CatchUp.SKIP, [], [JobState.SKIPPED]),
    ],
)
def test_after_downtime_a_job_follows_its_policy(
    engine: Engine, clock: MovableClock, catch_up: CatchUp, ran: list[str], states: list[JobState]
) -> None:
    scheduler = make_scheduler(engine, clock, make_job(every_day("15:12"), catch_up))
    clock.set(at("2026-11-20 15:11"))
    scheduler.tick()

    clock.set(at("2026-11-23 15:40"))
    scheduler.tick()

    assert effects(engine) == [at(f"2026-{day} 15:12") for day in ran]
    assert [run.state for run in runs(engine)] == states


def test_a_skipping_job_still_runs_when_it_is_a_little_late(engine: Engine, clock: MovableClock) -> None:
    scheduler = make_scheduler(engine, clock, make_job(every_day("15:12"), CatchUp.SKIP))
    scheduler.tick()

    clock.set(at("2026-11-20 15:21"))

    assert scheduler.tick() == 1


def test_a_local_holiday_moves_the_due_time(engine: Engine, clock: MovableClock) -> None:
    with writing(engine) as session:
        session.add(CalendarDay(day=FRIDAY.date(), is_working=False))
    scheduler = make_scheduler(engine, clock, make_job(last_working_day_of_week("15:07"), CatchUp.NEWEST))

    assert scheduler.upcoming(at("2026-11-18 12:00"))[0].next_at == at("2026-11-19 15:07")


def test_upcoming_lists_the_soonest_first_with_the_last_run(engine: Engine, clock: MovableClock) -> None:
    scheduler = make_scheduler(
        engine,
        clock,
        make_job(every_week("mon", "8:47"), CatchUp.NEWEST, "digest"),
        make_job(every_minutes(5), CatchUp.SKIP, "sweep", at_first_start=True),
    )
    scheduler.tick()

    listed = scheduler.upcoming(FRIDAY)

    assert [(each.job.name, each.next_at) for each in listed] == [
        ("sweep", at("2026-11-20 15:12")),
        ("digest", at("2026-11-23 08:47")),
    ]
    assert [each.last and each.last.due_at for each in listed] == [FRIDAY, None]


def test_the_ticking_clock_runs_what_is_due_and_stops_when_told(engine: Engine, clock: MovableClock) -> None:
    ran = threading.Event()

    def signal(_context: JobContext) -> list[Notice]:
        ran.set()
        return []

    job = Job("signal", every_day("15:07"), CatchUp.NEWEST, "", None, True, signal)
    stop = threading.Event()
    thread = threading.Thread(target=make_scheduler(engine, clock, job).run_forever, args=(stop,))
    thread.start()
    has_run = ran.wait(timeout=20)
    stop.set()
    thread.join(timeout=20)

    assert has_run
    assert not thread.is_alive()
