"""Every job once per due time: over machines, downtime, deaths and retries."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from typing import cast

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from bot.job_run import LEASE, REGISTERED, WAITS
from bot.message import Notice, Purpose, Reply
from bot.registry import CatchUp, Job, JobContext
from bot.schedule import Schedule, every_day, every_minutes, every_week, every_working_day, last_working_day_of_week
from bot.scheduler import Scheduler
from bot.wecom.client import WeComClient
from domain.calendar import Workdays
from domain.errors import DomainError
from models.audit import AuditEntry
from models.engine import reading, writing
from models.job import JobRun, JobState
from models.message import OutboxMessage
from models.period import CalendarDay
from models.person import Person
from tests.factories import make_person, make_unit
from tests.times import FRIDAY, MovableClock, at

NOBODY = cast(WeComClient, None)  # no job here asks WeCom
WORKDAYS = Workdays()


def note(context: JobContext) -> list[Notice]:
    """Writes down for which due time it ran, in the transaction it was given."""
    entry = AuditEntry(at=context.now, actor="clock", action="ran", subject=context.due_at.isoformat())
    context.session.add(entry)
    return []


def make_job(schedule: Schedule, catch_up: CatchUp, name: str = "note", *, at_first_start: bool = False) -> Job:
    return Job(name, schedule, catch_up, "", None, at_first_start, note)


def make_scheduler(engine: Engine, clock: MovableClock, *jobs: Job) -> Scheduler:
    return Scheduler(engine, NOBODY, clock, {job.name: job for job in jobs})


def effects(engine: Engine) -> list[datetime]:
    """The due times the job ran for, in the order in which its effects were written."""
    with reading(engine) as session:
        return [
            datetime.fromisoformat(text)
            for text in session.exec(select(AuditEntry.subject).order_by(col(AuditEntry.id)))
        ]


def runs(engine: Engine) -> list[JobRun]:
    with reading(engine) as session:
        query = select(JobRun).where(col(JobRun.due_at) > REGISTERED).order_by(col(JobRun.due_at))
        found = list(session.exec(query))
        session.expunge_all()
        return found


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
    assert run.outcome.startswith("ValueError（test_scheduler.py:")
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


def test_an_operator_runs_a_job_as_if_due_then_and_only_once(engine: Engine, clock: MovableClock) -> None:
    scheduler = make_scheduler(engine, clock, make_job(last_working_day_of_week("15:07"), CatchUp.NEWEST))
    clock.set(at("2026-11-18 12:00"))

    first = scheduler.run_now("note", FRIDAY)
    second = scheduler.run_now("note", FRIDAY)

    assert first == "note（2026-11-20 15:07）跑完了：没有要做的"
    assert second == "note（2026-11-20 15:07）已经跑过，这次没有再跑。上次结果：没有要做的"
    clock.set(FRIDAY)
    assert scheduler.tick() == 0
    assert effects(engine) == [FRIDAY]


def test_an_operator_s_run_does_not_make_the_clock_forget_what_is_due(engine: Engine, clock: MovableClock) -> None:
    scheduler = make_scheduler(engine, clock, make_job(every_day("15:12"), CatchUp.EACH))
    scheduler.tick()

    clock.set(at("2026-11-22 08:00"))
    scheduler.run_now("note")
    scheduler.tick()

    assert effects(engine) == [at("2026-11-22 08:00"), at("2026-11-20 15:12"), at("2026-11-21 15:12")]


def test_an_operator_may_run_again_what_was_given_up(engine: Engine, clock: MovableClock) -> None:
    faults = iter([ValueError()])

    def recover(context: JobContext) -> list[Notice]:
        for fault in faults:
            raise fault
        return note(context)

    job = Job("note", every_day("15:07"), CatchUp.NEWEST, "", None, False, recover)
    scheduler = make_scheduler(engine, clock, job)

    first = scheduler.run_now("note", FRIDAY)
    second = scheduler.run_now("note", FRIDAY)

    assert first.startswith("note（2026-11-20 15:07）没跑成：ValueError")
    assert second == "note（2026-11-20 15:07）跑完了：没有要做的"


def test_an_unknown_job_is_refused_with_the_names_there_are(engine: Engine, clock: MovableClock) -> None:
    scheduler = make_scheduler(
        engine,
        clock,
        make_job(every_minutes(5), CatchUp.SKIP, "sweep"),
        make_job(every_minutes(1), CatchUp.SKIP, "seal"),
    )

    with pytest.raises(DomainError, match="没有叫“swep”的定时任务。现有：seal、sweep。"):
        scheduler.run_now("swep")


def notices_of(person: Person, *, expires_at: datetime) -> Job:
    def tell(_context: JobContext) -> list[Notice]:
        return [
            Notice(person, "checkin:2026-W47:1", Reply("本周还有 1 项没更新。"), Purpose.REMINDER, None, expires_at)
        ]

    return Job("tell", every_day("15:07"), CatchUp.NEWEST, "", None, True, tell)


@pytest.fixture
def person(engine: Engine) -> Person:
    with writing(engine) as session:
        return make_person(session, "lihua", "李花", make_unit(session, "CG", "城关所", "派出所"))


def test_notices_wait_for_duty_hours_unless_an_operator_asked(
    engine: Engine, clock: MovableClock, person: Person
) -> None:
    scheduler = make_scheduler(engine, clock, notices_of(person, expires_at=at("2026-11-23 10:00")))

    told = scheduler.run_now("tell", FRIDAY)

    assert told == "tell（2026-11-20 15:07）跑完了：1 条消息"
    with reading(engine) as session:
        assert session.exec(select(OutboxMessage.any_hour)).all() == [True]


def test_a_reminder_older_than_its_deadline_is_dropped_by_the_clock(
    engine: Engine, clock: MovableClock, person: Person
) -> None:
    clock.set(at("2026-11-23 10:01"))
    scheduler = make_scheduler(engine, clock, notices_of(person, expires_at=at("2026-11-23 10:00")))

    scheduler.tick()

    assert runs(engine)[0].outcome == "1 条已过时，没有发"
    with reading(engine) as session:
        assert session.exec(select(OutboxMessage)).all() == []


def test_a_past_run_an_operator_asks_for_still_says_what_it_would_have_said(
    engine: Engine, clock: MovableClock, person: Person
) -> None:
    clock.set(at("2026-11-25 10:00"))
    scheduler = make_scheduler(engine, clock, notices_of(person, expires_at=at("2026-11-23 10:00")))

    scheduler.run_now("tell", FRIDAY)

    with reading(engine) as session:
        assert session.exec(select(OutboxMessage.expires_at)).all() == [None]


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
