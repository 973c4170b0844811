"""The parts every process is made of, built once from the settings."""

from dataclasses import dataclass

from sqlalchemy import Engine

from bot.clock import Clock, moved_clock, system_clock
from bot.data_keys import data_keys
from bot.media.folder import MediaFolder
from bot.settings import Settings
from bot.wecom.client import WeComClient
from models.engine import open_database
from models.secrecy import KeyRing, use_keys


@dataclass(frozen=True, slots=True)
class Runtime:
    """Settings, database, clock, the way to WeCom, the keys to what is encrypted, and where fetched files lie."""

    settings: Settings
    engine: Engine
    clock: Clock
    client: WeComClient
    keys: KeyRing
    media: MediaFolder


def build_runtime(settings: Settings, *, engine: Engine | None = None, clock: Clock | None = None) -> Runtime:
    """The runtime for these settings; a test may bring its own database and clock.

    From here on this process has its keys to what is encrypted; raises `BadSettings` when there are none.
    """
    keys = data_keys(settings)
    use_keys(keys)
    clock = clock or (moved_clock(settings.demo_clock) if settings.demo_clock else system_clock)
    engine = engine or open_database(settings.database_url)
    client = WeComClient(settings, engine, clock)
    return Runtime(settings, engine, clock, client, keys, MediaFolder(settings.media_dir))
