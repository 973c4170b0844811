"""Alive, ready, and figures for Prometheus, for those who may read them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from bot.heartbeat import EVERY, LOOPS, SILENCE, beat
from models.engine import open_database, writing
from models.message import InboxMessage, InboxState
from models.platform import Pause
from tests.bot.callbacks import ON_SQLITE, Wire, text_message, wire_to
from tests.times import FRIDAY, MovableClock

METRICS_TOKEN = "7_mEtrics"


@pytest.fixture
def wire(engine: Engine, clock: MovableClock) -> Iterator[Wire]:
    with wire_to(engine, clock, metrics_token=METRICS_TOKEN) as wire:
        yield wire


@pytest.fixture
def blind(clock: MovableClock) -> Iterator[Wire]:
    """A service whose database is away."""
    away = open_database("postgresql+psycopg://linge@127.0.0.1:9/linge")
    with wire_to(away, clock) as wire:
        yield wire
    away.dispose()


def metrics(wire: Wire) -> dict[tuple[str, str], float]:
    answer = wire.client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, sample.labels.get("state", "")): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@ON_SQLITE
def test_a_process_that_answers_is_alive(wire: Wire) -> None:
    answer = wire.client.get("/healthz")
    assert (answer.status_code, answer.data) == (200, b"ok")


def test_a_process_without_a_database_is_alive_and_not_ready(blind: Wire) -> None:
    assert blind.client.get("/healthz").status_code == 200
    answer = blind.client.get("/readyz")
    assert (answer.status_code, answer.json) == (
        503,
        {"database": False, "worker": False, "sender": False, "reader": False, "fetcher": False, "clock": False},
    )


def test_metrics_without_a_database_are_unavailable(blind: Wire) -> None:
    answer = blind.client.get("/metrics")
    assert (answer.status_code, answer.data) == (503, b"")


def beat_all(engine: Engine, clock: MovableClock) -> None:
    for loop in LOOPS:
        beat(engine, loop, now=clock())


def test_it_is_ready_while_every_loop_shows_itself(wire: Wire, engine: Engine, clock: MovableClock) -> None:
    assert wire.client.get("/readyz").status_code == 503
    beat_all(engine, clock)
    answer = wire.client.get("/readyz")
    assert (answer.status_code, answer.json) == (
        200,
        {"database": True, "worker": True, "sender": True, "reader": True, "fetcher": True, "clock": True},
    )
    clock.set(FRIDAY + SILENCE - timedelta(seconds=1))
    assert wire.client.get("/readyz").status_code == 200
    clock.set(FRIDAY + SILENCE)
    assert wire.client.get("/readyz").status_code == 503
    beat_all(engine, clock)
    assert wire.client.get("/readyz").status_code == 200


@ON_SQLITE
@pytest.mark.parametrize("stuck", LOOPS)
def test_one_loop_that_is_stuck_is_seen(wire: Wire, engine: Engine, clock: MovableClock, stuck: str) -> None:
    beat_all(engine, clock)
    clock.advance(seconds=61)
    for loop in LOOPS:
        if loop != stuck:
            beat(engine, loop, now=clock())
    answer = wire.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"database": True, **dict.fromkeys(LOOPS, True), stuck: False}


@ON_SQLITE
def test_a_sign_from_before_the_clock_was_set_back_says_nothing(
    wire: Wire, engine: Engine, clock: MovableClock
) -> None:
    beat_all(engine, clock)
    clock.advance(hours=-3)
    assert wire.client.get("/readyz").status_code == 503
    beat_all(engine, clock)
    assert wire.client.get("/readyz").status_code == 200


def test_a_worker_shows_itself_often_enough() -> None:
    assert EVERY * 3 < SILENCE


def test_the_queues_are_counted_by_state(wire: Wire, engine: Engine, clock: MovableClock) -> None:
    assert metrics(wire)["linge_inbox_oldest_seconds", ""] == 0
    for number in range(4):
        wire.deliver(text_message(number=number))
    with writing(engine) as session:
        session.get_one(InboxMessage, 1).state = InboxState.DEAD
        session.get_one(InboxMessage, 2).state = InboxState.HANDLED
        session.add(Pause(key="sending", until=clock() + timedelta(minutes=1)))
    clock.advance(seconds=42)
    found = metrics(wire)
    assert found["linge_inbox_messages", "new"] == 2
    assert found["linge_inbox_messages", "dead"] == 1
    assert ("linge_inbox_messages", "handled") not in found  # they grow without end, and counting them would too
    assert found["linge_inbox_oldest_seconds", ""] == 42
    assert found["linge_sending_paused", ""] == 1
    clock.advance(minutes=2)
    assert metrics(wire)["linge_sending_paused", ""] == 0


@ON_SQLITE
def test_metrics_name_nobody(wire: Wire) -> None:
    wire.deliver(text_message("KR1 35，李花", sender="lihua"))
    shown = wire.client.get("/metrics").text
    assert "lihua" not in shown
    assert "李花" not in shown


@ON_SQLITE
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.7", {}, 404),
        ("", {}, 404),
        ("nonsense", {}, 404),
        ("10.0.0.7", {"Authorization": f"Bearer {METRICS_TOKEN}"}, 200),
        ("10.0.0.7", {"Authorization": "Bearer wrong"}, 404),
        ("10.0.0.7", {"Authorization": "Bearer "}, 404),
        ("10.0.0.7", {"Authorization": "Bearer é"}, 404),
        ("10.0.0.7", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.7"}, 404),
        ("127.0.0.1", {"X-Real-IP": "10.0.0.7"}, 404),
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}, 404),
        ("127.0.0.1", {"X-Forwarded-Host": "linge.example.gov.cn"}, 404),
        ("127.0.0.1", {"Via": "1.1 proxy"}, 404),
        ("127.0.0.1", {"Host": "linge.example.gov.cn"}, 404),
        ("127.0.0.1", {"Host": "[bad"}, 404),
        ("127.0.0.1", {"Host": "localhost:8000"}, 200),
        ("127.0.0.1", {"Host": "127.0.0.1:8000"}, 200),
        ("::1", {"Host": "[::1]:8000"}, 200),
        ("::1", {"Host": "[::1]"}, 200),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.7", "Authorization": f"Bearer {METRICS_TOKEN}"}, 200),
    ],
)
def test_metrics_are_for_this_machine_and_for_who_has_the_token(
    wire: Wire, address: str, headers: dict[str, str], status: int
) -> None:
    answer = wire.client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status


@ON_SQLITE
def test_without_a_token_set_none_is_taken(engine: Engine, clock: MovableClock) -> None:
    with wire_to(engine, clock) as wire:
        for given in ("Bearer ", "Bearer", ""):
            answer = wire.client.get(
                "/metrics", headers={"Authorization": given}, environ_base={"REMOTE_ADDR": "10.0.0.7"}
            )
            assert answer.status_code == 404
