"""The service as tests use it: a real database of either kind, the simulated WeCom, a clock that tests move."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

import handlers  # noqa: F401 importing it registers every handler
import jobs  # noqa: F401 importing it registers every job
from app import create_app
from bot.runtime import build_runtime
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.worker import Worker
from migrations import migrate
from models.engine import open_database, reading, writing
from models.message import InboxMessage
from simulator import RunningSimulator, World
from tests.chat import Chat
from tests.databases import create_database, drop_database, postgres_server
from tests.factories import Cast, introduce, make_county
from tests.keys import DATA_KEYS
from tests.times import MovableClock


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A running PostgreSQL server with a database `linge_template` of the newest schema."""
    with postgres_server() as server:
        name = "linge_template"
        drop_database(server.url, name)
        engine = open_database(create_database(server.url, name))
        migrate(engine)
        engine.dispose()
        yield server.url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of the newest schema, of each kind in turn."""
    if request.param == "sqlite":
        path = tmp_path / "linge.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres")
    name = f"linge_{uuid4().hex[:12]}"
    yield create_database(server, name, template="linge_template")
    drop_database(server, name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> MovableClock:
    """Friday 20 November 2026, 15:07 in the county, until a test moves it."""
    return MovableClock()


@pytest.fixture
def simulator(clock: MovableClock) -> Iterator[RunningSimulator]:
    with RunningSimulator(clock=clock) as running:
        yield running


@pytest.fixture
def world(simulator: RunningSimulator) -> World:
    return simulator.world


@dataclass(frozen=True)
class Service:
    """The running parts of the service over one database."""

    app: Flask
    worker: Worker
    scheduler: Scheduler
    settings: Settings


@pytest.fixture
def service(
    engine: Engine, database_url: str, clock: MovableClock, simulator: RunningSimulator, tmp_path: Path
) -> Service:
    corp, application = simulator.world.corp, simulator.world.app
    settings = Settings.model_validate(
        {
            "database_url": database_url,
            "wecom_corp_id": corp.corp_id,
            "wecom_agent_id": application.agentid,
            "wecom_secret": application.secret,
            "wecom_token": application.token,
            "wecom_aes_key": application.aes_key,
            "wecom_api_url": simulator.url,
            "public_url": "https://linge.example.gov.cn",
            "secret_key": "a-secret-for-tests-only",
            "data_keys": DATA_KEYS,
            "media_dir": tmp_path / "media",
        }
    )
    runtime = build_runtime(settings, engine=engine, clock=clock)
    app = create_app(runtime)
    app.testing = True
    client = app.test_client()

    def deliver(query: dict[str, str], body: bytes) -> int:
        return client.post("/wecom/callback", query_string=query, data=body).status_code

    simulator.world.duplicates = True
    simulator.world.connect(deliver, inline=True)
    worker = Worker(engine, runtime.client, clock, media=runtime.media)
    return Service(app, worker, Scheduler(engine, runtime.client, clock), settings)


@pytest.fixture
def county(engine: Engine, world: World) -> Cast:
    with writing(engine) as session:
        cast = make_county(session)
    introduce(world, cast)
    return cast


@pytest.fixture
def chat(service: Service, county: Cast, world: World, engine: Engine) -> Iterator[Chat]:
    yield Chat(world, service.worker)
    with reading(engine) as session:
        failed = session.exec(select(InboxMessage).where(InboxMessage.attempts > 0)).all()
    assert not failed, "a handler raised an unexpected error, see the log"
