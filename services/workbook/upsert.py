"""Brings rows of one table up to date in bulk: new ones are inserted, changed ones updated, none deleted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, insert, select, update
from sqlmodel import Session, SQLModel

BATCH = 5_000

Values = Mapping[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A stored row that differs from the workbook's: its id, what was stored, and the fields that differ."""

    id: int
    stored: Mapping[Any, Any]
    new: Values

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that differ, in order."""
        return tuple(name for name, value in self.new.items() if self.stored[name] != value)


@dataclass
class Outcome:
    """The keys of what was new, changed, changed in what belongs to it, and unchanged."""

    new: set[Key] = field(default_factory=set)
    changed: dict[Key, Changed] = field(default_factory=dict)
    with_it: set[Key] = field(default_factory=set)
    unchanged: set[Key] = field(default_factory=set)

    def add(self, other: "Outcome") -> None:
        """Takes in what became of other rows of the same table."""
        self.new |= other.new
        self.changed |= other.changed
        self.unchanged |= other.unchanged

    def count_as_changed(self, key: Key) -> None:
        """A row that is as it was while something that belongs to it changed."""
        self.unchanged.remove(key)
        self.with_it.add(key)


class TableLoad:
    """One table in the open transaction; `where` limits the rows that are looked up.

    `key` names the columns that identify a row across loads; the table's own id is only used for updates.
    """

    def __init__(
        self, session: Session, model: type[SQLModel], key: Sequence[str], where: ColumnElement[bool] | None = None
    ) -> None:
        self._session = session
        self._table: Table = SQLModel.metadata.tables[str(model.__tablename__)]
        self._key = tuple(key)
        query = select(self._table) if where is None else select(self._table).where(where)
        rows = session.execute(query.execution_options(yield_per=BATCH)).mappings()
        self.stored: dict[Key, Mapping[Any, Any]] = {tuple(row[name] for name in self._key): row for row in rows}

    def bring_in(self, rows: Sequence[Values], *, only_new: Sequence[str] = (), stamp: Values | None = None) -> Outcome:
        """Writes `rows`, which hold the key and the fields; all name the same ones.

        Fields named in `only_new` are kept as they are on stored rows; `stamp` sets fields on new and changed rows
        without comparing them.
        """
        outcome = Outcome()
        inserts: list[dict[str, Any]] = []
        for row in rows:
            key = tuple(row[name] for name in self._key)
            stored = self.stored.get(key)
            if stored is None:
                outcome.new.add(key)
                inserts.append({**row, **(stamp or {})})
                continue
            compared = {name: value for name, value in row.items() if name not in only_new}
            if any(stored[name] != value for name, value in compared.items()):
                outcome.changed[key] = Changed(stored["id"], stored, compared)
            else:
                outcome.unchanged.add(key)
        insert_all(self._session, self._table, inserts)
        update_all(
            self._session, self._table, [(one.id, {**one.new, **(stamp or {})}) for one in outcome.changed.values()]
        )
        return outcome


def insert_all(session: Session, table: Table, rows: Sequence[Values]) -> None:
    """Inserts rows that all name the same columns."""
    for batch in _batches(rows):
        session.execute(insert(table), batch)


def update_all(session: Session, table: Table, rows: Sequence[tuple[int, Values]]) -> None:
    """Updates rows by id; all name the same columns."""
    if not rows:
        return
    fields: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0][1]}
    statement = update(table).where(table.c.id == bindparam("row_id")).values(fields)
    for batch in _batches(rows):
        session.execute(
            statement, [{"row_id": id_, **{f"new_{name}": value for name, value in new.items()}} for id_, new in batch]
        )


def ids_by(session: Session, model: type[SQLModel], column: str) -> dict[str, int]:
    """The id of every row of a table by its code."""
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    return {row[0]: row[1] for row in session.execute(select(table.c[column], table.c.id))}


def _batches(rows: Sequence[Any]) -> Iterator[list[Any]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch
