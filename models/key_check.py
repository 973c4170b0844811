"""Binds a database to its keys, so that a process with a wrong or missing key ends instead of writing what nobody reads."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel, select

from domain.errors import DomainError
from models.platform import DataKey
from models.secrecy import KeyRing, keys_in_use

_KEYS = SQLModel.metadata.tables[DataKey.__tablename__]


class WrongKeys(DomainError):
    """Texts of this database are encrypted with a key that this process does not have."""


def bind_keys(connection: Connection) -> None:
    """Notes which key encrypts here; raises `WrongKeys` when one of those noted before is not ours.

    A process without keys, such as one that drafts a migration, passes.
    """
    keys = keys_in_use()
    if keys is not None and not _is_noted(connection, keys):
        connection.execute(_KEYS.insert().values(id=keys.first.id, fingerprint=keys.first.fingerprint))


def confirm_keys(engine: Engine) -> None:
    """Does the same at a process's start; what cannot be asked yet (no tables, database away) is left for later."""
    keys = keys_in_use()
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if keys is None or (file and not Path(file).exists()):
        return
    try:
        with engine.execution_options(reads_only=True).connect() as connection:
            is_noted = not inspect(connection).has_table(_KEYS.name) or _is_noted(connection, keys)
        if not is_noted:
            with engine.begin() as connection:
                bind_keys(connection)
    except OperationalError:
        return
    finally:
        # A server may fork after this, and connections do not survive a fork.
        engine.dispose()


def _is_noted(connection: Connection, keys: KeyRing) -> bool:
    """Whether the key that encrypts is noted already; raises `WrongKeys`."""
    noted = connection.execute(select(_KEYS.c.id, _KEYS.c.fingerprint)).all()
    for id_, fingerprint in noted:
        ours = keys.keys.get(id_)
        if ours is None or ours.fingerprint != fingerprint:
            raise WrongKeys(
                f"DATA_KEYS 不对：这个数据库里的内容是用密钥 {id_} 加密的，这里没有它。"
                "请把原来的密钥写进 DATA_KEYS，或把原来那台机器的 var/data_keys 拷过来。"
            )
    return keys.first.id in [id_ for id_, _ in noted]
