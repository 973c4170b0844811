"""Runs that fail, die or wake late: tried again, taken over, never doubled."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.job_run import LEASE, WAITS
from bot.message import Notice
from bot.registry import CatchUp, Job, JobContext
from bot.schedule import every_day, every_minutes
from bot.wecom.client import WeComClient
from domain.errors import DomainError
from models.job import JobState
from tests.bot.clocks import effects, make_job, make_scheduler, note, runs
from tests.times import FRIDAY, MovableClock


def test_a_failed_run_undoes_its_effects_and_is_tried_again_a_few_times(engine: Engine, clock: MovableClock) -> None:
    def stumble(context: JobContext) -> list[Notice]:
        note(context)
        raise DomainError("通讯录是空的，先没有动。")

    job = Job("stumble", every_day("15:07"), CatchUp.NEWEST, "", None, True, stumble)
    scheduler = make_scheduler(engine, clock, job)
    attempts = [scheduler.tick()]
    for wait in (*WAITS, timedelta(hours=5)):
        clock.advance(seconds=wait.total_seconds() - 1)
        attempts.append(scheduler.tick())
        clock.advance(seconds=1)
        attempts.append(scheduler.tick())

    assert attempts == [1, 0, 1, 0, 1, 0, 1, 0, 0]
    assert effects(engine) == []
    (run,) = runs(engine)
    assert (run.state, run.attempts, run.lease_until) == (JobState.FAILED, 4, None)
    assert run.outcome == "通讯录是空的，先没有动。"


def test_a_fault_is_told_by_its_kind_and_place_without_its_data(engine: Engine, clock: MovableClock) -> None:
    def leak(_context: JobContext) -> list[Notice]:
        raise ValueError("corpsecret=abc")

    make_scheduler(engine, clock, Job("leak", every_day("15:07"), CatchUp.NEWEST, "", None, True, leak)).tick()

    (run,) = runs(engine)
    assert run.outcome.startswith("ValueError（test_job_run.py:")
    assert "abc" not in run.outcome


def test_a_retry_succeeds_and_leaves_one_effect(engine: Engine, clock: MovableClock) -> None:
    faults = iter([ConnectionError(), None])

    def gather(_client: WeComClient) -> str:
        fault = next(faults)
        if fault:
            raise fault
        return "gathered"

    def keep(context: JobContext) -> list[Notice]:
        context.outcome.append(context.gathered)
        return note(context)

    scheduler = make_scheduler(engine, clock, Job("keep", every_day("15:07"), CatchUp.NEWEST, "", gather, True, keep))
    scheduler.tick()
    clock.advance(minutes=1)
    scheduler.tick()

    assert effects(engine) == [FRIDAY]
    (run,) = runs(engine)
    assert (run.state, run.attempts, run.outcome) == (JobState.DONE, 2, "gathered")


def test_one_job_s_fault_does_not_stop_the_others(engine: Engine, clock: MovableClock) -> None:
    def stumble(_context: JobContext) -> list[Notice]:
        raise ValueError

    first = Job("first", every_day("15:07"), CatchUp.NEWEST, "", None, True, stumble)
    scheduler = make_scheduler(engine, clock, first, make_job(every_day("15:07"), CatchUp.NEWEST, at_first_start=True))

    scheduler.tick()

    assert effects(engine) == [FRIDAY]


def test_a_killed_clock_s_run_is_taken_over_once_its_lease_is_over(engine: Engine, clock: MovableClock) -> None:
    class Killed(BaseException):
        """Stands for a process that ends: nothing after it runs."""

    def die(_context: JobContext) -> list[Notice]:
        raise Killed

    dying = make_scheduler(engine, clock, Job("note", every_day("15:07"), CatchUp.NEWEST, "", None, True, die))
    other = make_scheduler(engine, clock, make_job(every_day("15:07"), CatchUp.NEWEST, at_first_start=True))
    with pytest.raises(Killed):
        dying.tick()

    clock.set(FRIDAY + LEASE - timedelta(seconds=1))
    early = other.tick()
    clock.set(FRIDAY + LEASE)
    late = other.tick()

    assert (early, late) == (0, 1)
    assert effects(engine) == [FRIDAY]


def test_a_job_that_kills_its_clock_each_time_is_given_up(engine: Engine, clock: MovableClock) -> None:
    class Killed(BaseException):
        """Stands for a process that ends."""

    def die(_context: JobContext) -> list[Notice]:
        raise Killed

    scheduler = make_scheduler(engine, clock, Job("die", every_day("15:07"), CatchUp.NEWEST, "", None, True, die))
    for _ in range(1 + len(WAITS)):
        with pytest.raises(Killed):
            scheduler.tick()
        clock.advance(seconds=LEASE.total_seconds())

    assert scheduler.tick() == 0
    (run,) = runs(engine)
    assert (run.state, run.lease_until, run.outcome) == (JobState.FAILED, None, "每次都中途断了，没有做完")


def test_a_clock_that_wakes_after_its_lease_writes_nothing(engine: Engine, clock: MovableClock) -> None:
    other = make_scheduler(engine, clock, make_job(every_day("15:07"), CatchUp.NEWEST))

    def sleep_through_the_lease(_client: WeComClient) -> None:
        clock.set(FRIDAY + LEASE)
        other.tick()

    job = Job("note", every_day("15:07"), CatchUp.NEWEST, "", sleep_through_the_lease, True, note)

    make_scheduler(engine, clock, job).tick()

    assert effects(engine) == [FRIDAY]
    (run,) = runs(engine)
    assert (run.state, run.attempts) == (JobState.DONE, 2)


def test_a_job_never_runs_twice_at_a_time(engine: Engine, clock: MovableClock) -> None:
    other = make_scheduler(engine, clock, make_job(every_minutes(1), CatchUp.NEWEST))
    seen: list[int | str] = []

    def take_two_minutes(_client: WeComClient) -> None:
        clock.advance(minutes=2)
        seen.extend((other.tick(), other.run_now("note")))

    slow = Job("note", every_minutes(1), CatchUp.SKIP, "", take_two_minutes, False, note)

    make_scheduler(engine, clock, slow).run_now("note")

    assert seen == [0, "note 正在别处运行，这次没有再跑。过几分钟再看。"]
    assert effects(engine) == [FRIDAY]
