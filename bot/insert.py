"""Inserts that do not mind a row that is already there, for both databases."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

Rows = list[dict[str, Any]]


def insert_new(connection: Connection, table: type[SQLModel], rows: Rows, *, key: str) -> int:
    """Inserts the rows whose `key` is not there yet; returns how many those were."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).on_conflict_do_nothing(index_elements=[key])
    # Counted by what comes back: psycopg reports no row count for many rows at once.
    return len(connection.execute(statement.returning(statement.table.c[key]), rows).all())


def insert_or_update(connection: Connection, table: type[SQLModel], rows: Rows, *, key: str) -> None:
    """Inserts the rows, or gives those that are there the new values."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name != key}
    connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=changed), rows)
