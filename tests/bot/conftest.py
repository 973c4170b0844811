"""What the tests of the runtime share: a client and an outbox over the simulated WeCom, an inbox over the callback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.inbox import Inbox
from bot.media.fetch import MediaFetcher
from bot.media.folder import MediaFolder
from bot.outbox import Outbox
from bot.settings import Settings
from bot.wecom.client import WeComClient
from models.engine import writing
from models.person import Person
from models.unit import Unit
from simulator import RunningSimulator
from tests.bot.callbacks import Wire, wire_to
from tests.bot.probe import Probe, make_two, probing
from tests.bot.sending import Desk
from tests.factories import make_person, make_unit
from tests.times import MovableClock


def settings_for(simulator: RunningSimulator, **other: object) -> Settings:
    world = simulator.world
    return Settings.model_validate(
        {
            "wecom_corp_id": world.corp.corp_id,
            "wecom_agent_id": world.app.agentid,
            "wecom_secret": world.app.secret,
            "wecom_api_url": simulator.url,
            "public_url": "https://linge.example.gov.cn",
            **other,
        }
    )


@pytest.fixture
def settings(simulator: RunningSimulator) -> Settings:
    """The settings of a service that talks to the simulator."""
    return settings_for(simulator)


@pytest.fixture
def client(settings: Settings, engine: Engine, clock: MovableClock) -> Iterator[WeComClient]:
    client = WeComClient(settings, engine, clock)
    yield client
    client.close()


@pytest.fixture
def station(engine: Engine) -> Unit:
    with writing(engine) as session:
        return make_unit(session, "CG", "城关所", "派出所")


@pytest.fixture
def lihua(engine: Engine, station: Unit, simulator: RunningSimulator) -> Person:
    simulator.world.directory.add_member("LiHua", "李花", departments=[1])
    with writing(engine) as session:
        return make_person(session, "LiHua", "李花", station)


@pytest.fixture
def zhangsan(engine: Engine, station: Unit, simulator: RunningSimulator) -> Person:
    simulator.world.directory.add_member("zhangsan", "张山", departments=[1])
    with writing(engine) as session:
        return make_person(session, "zhangsan", "张山", station)


@pytest.fixture
def outbox(engine: Engine, client: WeComClient, clock: MovableClock) -> Iterator[Outbox]:
    outbox = Outbox(engine, client, clock)
    yield outbox
    outbox.close()


@pytest.fixture
def desk(engine: Engine, outbox: Outbox, clock: MovableClock, simulator: RunningSimulator) -> Desk:
    return Desk(engine, outbox, clock, simulator.world)


@pytest.fixture
def probe() -> Iterator[Probe]:
    with probing() as probe:
        yield probe


@pytest.fixture
def wire(engine: Engine, clock: MovableClock, probe: Probe) -> Iterator[Wire]:
    make_two(engine)
    with wire_to(engine, clock) as wire:
        yield wire


@pytest.fixture
def inbox(engine: Engine, clock: MovableClock) -> Inbox:
    return Inbox(engine, clock)


@pytest.fixture
def folder(tmp_path: Path) -> MediaFolder:
    """The folder of the service."""
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def fetcher(engine: Engine, client: WeComClient, clock: MovableClock, folder: MediaFolder) -> MediaFetcher:
    """Another worker beside the one of the chat."""
    return MediaFetcher(engine, client, clock, folder)
