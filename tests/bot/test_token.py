import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.wecom.client import WeComClient
from bot.wecom.errors import Kind, WeComError
from bot.wecom.token import LEASE, TokenStore
from models.engine import reading, writing
from models.platform import AccessToken, Pause
from simulator import RunningSimulator, World
from tests.bot.conftest import settings_for
from tests.times import MovableClock


class Office:
    """Gives out numbered tokens and counts how often it was asked."""

    def __init__(self, seconds: int = 7200) -> None:
        self.asked = 0
        self.seconds = seconds
        self.error: WeComError | None = None

    def __call__(self) -> tuple[str, int]:
        self.asked += 1
        if self.error:
            raise self.error
        return f"token{self.asked}", self.seconds


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def open_store(engine: Engine, clock: MovableClock, office: Office) -> Callable[[], TokenStore]:
    """A new process's view of the shared token."""
    return lambda: TokenStore(engine, clock, "corp:1", office)


def test_twenty_threads_with_an_empty_cache_ask_once(client: WeComClient, world: World) -> None:
    world.faults.add("latency", path="gettoken", seconds=0.2)
    barrier = threading.Barrier(20)

    def ask(_: int) -> None:
        barrier.wait()
        client.departments()

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(ask, range(20)))
    assert world.log.calls["gettoken"] == 1


def test_twenty_threads_whose_token_was_ended_ask_once(client: WeComClient, world: World) -> None:
    client.departments()
    world.tokens.invalidate()
    barrier = threading.Barrier(20)

    def ask(_: int) -> None:
        barrier.wait()
        client.departments()

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(ask, range(20)))
    assert world.log.calls["gettoken"] == 2
    assert world.log.errcodes["department/list", 0] == 21


def test_processes_share_one_token(open_store: Callable[[], TokenStore], office: Office) -> None:
    assert [open_store().current() for _ in range(5)] == ["token1"] * 5
    assert office.asked == 1


def test_processes_that_start_together_ask_once(
    engine: Engine, clock: MovableClock, simulator: RunningSimulator
) -> None:
    clients = [WeComClient(settings_for(simulator), engine, clock) for _ in range(8)]
    barrier = threading.Barrier(8)

    def ask(client: WeComClient) -> None:
        barrier.wait()
        client.departments()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(ask, clients))
    assert simulator.world.log.calls["gettoken"] == 1
    for client in clients:
        client.close()


def test_a_token_another_process_fetched_is_taken_over(open_store: Callable[[], TokenStore], office: Office) -> None:
    first, second = open_store(), open_store()
    first.current()
    second.current()
    assert first.replace("token1") == "token2"
    assert second.replace("token1") == "token2"
    assert first.replace("token1") == "token2"
    assert office.asked == 2


def test_a_token_is_renewed_before_it_ends(
    open_store: Callable[[], TokenStore], office: Office, clock: MovableClock
) -> None:
    store = open_store()
    store.current()
    clock.advance(seconds=7200 - 301)
    assert store.current() == "token1"
    clock.advance(seconds=2)
    assert store.current() == "token2"


def test_a_token_that_wecom_keeps_to_its_end_is_asked_for_twice_a_minute_at_most(
    engine: Engine, clock: MovableClock, open_store: Callable[[], TokenStore]
) -> None:
    ends_at = clock() + timedelta(seconds=120)
    asked = []

    def fetch() -> tuple[str, int]:
        asked.append(clock())
        return "same", int((ends_at - clock()).total_seconds())

    stores = [TokenStore(engine, clock, "corp:1", fetch) for _ in range(3)]
    for _ in range(100):
        assert {store.current() for store in stores} == {"same"}
        clock.advance(seconds=1)
    assert len(asked) <= 4


def test_an_old_token_serves_while_no_new_one_can_be_had(
    open_store: Callable[[], TokenStore], office: Office, clock: MovableClock
) -> None:
    store = open_store()
    store.current()
    clock.advance(seconds=7200 - 200)
    office.error = WeComError("gettoken", kind=Kind.AWAY)
    assert store.current() == "token1"
    clock.advance(seconds=201)
    with pytest.raises(WeComError):
        store.current()
    office.error = None
    assert store.current() == f"token{office.asked}"


def test_the_lease_of_a_process_that_died_runs_out(
    engine: Engine, open_store: Callable[[], TokenStore], clock: MovableClock
) -> None:
    with writing(engine) as session:
        session.add(AccessToken(app="corp:1", refreshing_until=clock() + LEASE))
    clock.advance(seconds=LEASE.total_seconds())
    assert open_store().current() == "token1"


def test_who_waits_for_a_refresh_gets_its_result(
    engine: Engine, open_store: Callable[[], TokenStore], office: Office, clock: MovableClock
) -> None:
    with writing(engine) as session:
        session.add(AccessToken(app="corp:1", refreshing_until=clock() + LEASE))

    def finish() -> None:
        with writing(engine) as session:
            row = session.get_one(AccessToken, "corp:1")
            row.token, row.expires_at, row.refreshing_until = "theirs", clock() + timedelta(hours=2), None

    timer = threading.Timer(0.2, finish)
    timer.start()
    assert open_store().current() == "theirs"
    assert office.asked == 0
    timer.join()


@pytest.mark.parametrize("code", [40001, 40013, 60020, 45009])
def test_a_refused_secret_is_not_tried_again_for_a_minute(
    engine: Engine, open_store: Callable[[], TokenStore], office: Office, clock: MovableClock, code: int
) -> None:
    office.error = WeComError("gettoken", code=code)
    for _ in range(3):
        with pytest.raises(WeComError):
            open_store().current()
    assert office.asked == 1
    clock.advance(seconds=60)
    with pytest.raises(WeComError):
        open_store().current()
    clock.advance(seconds=119)
    with pytest.raises(WeComError):
        open_store().current()
    assert office.asked == 2
    clock.advance(seconds=1)
    office.error = None
    assert open_store().current() == "token3"
    with reading(engine) as session:
        assert session.get(Pause, "token:corp:1") is None


def test_an_unanswered_request_for_a_token_pauses_nothing(open_store: Callable[[], TokenStore], office: Office) -> None:
    store = open_store()
    office.error = WeComError("gettoken", kind=Kind.UNKNOWN)
    with pytest.raises(WeComError):
        store.current()
    office.error = None
    assert store.current() == "token2"


def test_a_rejected_token_given_again_pauses_instead_of_spinning(engine: Engine, clock: MovableClock) -> None:
    asked = []

    def fetch() -> tuple[str, int]:
        asked.append(1)
        return "same", 7200

    store = TokenStore(engine, clock, "corp:1", fetch)
    store.current()
    for _ in range(5):
        with pytest.raises(WeComError):
            store.replace("same")
    assert len(asked) == 2


def test_threads_that_waited_for_a_failed_refresh_share_its_error(engine: Engine, clock: MovableClock) -> None:
    asked = []

    def fetch() -> tuple[str, int]:
        asked.append(1)
        started.wait(5)
        raise WeComError("gettoken", kind=Kind.UNKNOWN)

    started = threading.Event()
    store = TokenStore(engine, clock, "corp:1", fetch)

    def ask(_: int) -> str:
        with pytest.raises(WeComError) as caught:
            store.current()
        return str(caught.value)

    with ThreadPoolExecutor(10) as threads:
        results = threads.map(ask, range(10))
        threading.Timer(0.5, started.set).start()
        assert len(set(results)) == 1
    assert len(asked) == 1
