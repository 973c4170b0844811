"""Brings the database to the newest schema; every change is one file in `versions`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from models.key_check import bind_keys

# Any number will do, as long as every machine asks for the same one.
LOCK = 7_263_510


def migrate(engine: Engine) -> None:
    """Brings the database to the newest schema; safe to run twice and by several machines at once.

    Binds it to the keys of this process as well: raises `WrongKeys` when it belongs to others.
    """
    with engine.begin() as connection:
        # SQLite has taken its write lock by now; on PostgreSQL machines queue here instead of colliding.
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        bind_keys(connection)


def is_newest(engine: Engine) -> bool:
    """Whether the database has the newest schema; raises SQLAlchemyError when it cannot be reached."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == ScriptDirectory.from_config(alembic_config()).get_current_head()


def alembic_config() -> Config:
    """Alembic's settings: where the changes are."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
