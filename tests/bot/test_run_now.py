"""An operator runs a job by hand, and what becomes of notices that are early or late."""

from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.message import Notice, Purpose, Reply
from bot.registry import CatchUp, Job, JobContext
from bot.schedule import every_day, every_minutes, last_working_day_of_week
from bot.scheduler import JobFailed
from domain.errors import DomainError
from models.engine import reading, writing
from models.message import OutboxMessage
from models.person import Person
from tests.bot.clocks import effects, make_job, make_scheduler, note, runs
from tests.factories import make_person, make_unit
from tests.times import FRIDAY, MovableClock, at


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

    with pytest.raises(JobFailed, match="note（2026-11-20 15:07）没跑成：ValueError"):
        scheduler.run_now("note", FRIDAY)
    second = scheduler.run_now("note", FRIDAY)

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
