"""`flask rekey`: encrypts everything again with the first key, so that an old key can be taken away."""

from typing import Any

from sqlalchemy import Column, Engine, Table, Text, bindparam, delete, select, type_coerce, update
from sqlmodel import SQLModel, col

from domain.errors import DomainError
from models.engine import writing
from models.platform import DataKey
from models.secrecy import NOTHING, EncryptedJson, EncryptedText, KeyRing, Unreadable

# Rows that one transaction changes: others wait for no longer than that takes.
BATCH = 500


class CannotRekey(DomainError):
    """Something cannot be read with the keys that are here."""


def rekey(engine: Engine, keys: KeyRing) -> int:
    """Encrypts every text of another key with the first key; returns how many it changed.

    Then forgets the other keys: from there on the database needs only the first. Raises `CannotRekey` at a text that
    cannot be read; what was changed before it stays changed.
    """
    changed = 0
    # Once more when something changed: a process that still encrypts with the old key may have written meanwhile.
    while more := sum(_rekey_column(engine, table, column, keys.first.id) for table, column in encrypted_columns()):
        changed += more
    with writing(engine) as session:
        session.connection().execute(delete(DataKey).where(col(DataKey.id) != keys.first.id))
    return changed


def encrypted_columns() -> list[tuple[Table, Column[Any]]]:
    """Every column that stands encrypted."""
    tables = SQLModel.metadata.sorted_tables
    kinds = EncryptedText | EncryptedJson
    return [(table, column) for table in tables for column in table.columns if isinstance(column.type, kinds)]


def _rekey_column(engine: Engine, table: Table, column: Column[Any], key_id: str) -> int:
    (own,) = table.primary_key.columns
    stored = type_coerce(column, Text)
    of_another_key = ~stored.startswith(f"{key_id}:", autoescape=True), stored.not_in(NOTHING)
    query = select(own.label("own"), column.label("text")).where(*of_another_key).order_by(own).limit(BATCH)
    change = update(table).where(own == bindparam("own")).values({column: bindparam("text", type_=column.type)})
    changed, last = 0, None
    while True:
        with writing(engine) as session:
            connection = session.connection()
            beyond = query if last is None else query.where(own > last)
            try:
                rows = connection.execute(beyond.with_for_update()).all()
            except Unreadable:
                raise CannotRekey(f"{column} 里有内容读不出来：密钥不全，或被改动过。请先看 flask doctor。") from None
            if not rows:
                return changed
            connection.execute(change, [{"own": row.own, "text": row.text} for row in rows])
        changed, last = changed + len(rows), rows[-1].own
