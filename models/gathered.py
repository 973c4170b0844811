"""What the messages of one transaction share: rows that nobody reads before its end, and what is read once for all.

Only a session that gathers has it; in any other, rows are written and values read at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlalchemy import Insert
from sqlmodel import Session

_KEY = "gathered"
V = TypeVar("V")


@dataclass(slots=True)
class _Gathered:
    rows: list[tuple[Insert, dict[str, Any]]] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)


def gather(session: Session) -> None:
    """From now on the session gathers; whoever asks for it writes the rows before the commit, with `write_gathered`."""
    session.info[_KEY] = _Gathered()


def add_gathered(session: Session, statement: Insert, row: dict[str, Any]) -> None:
    """Adds a row that nothing in the transaction reads or refers to; every row of a statement has the same columns."""
    gathered = _of(session)
    if gathered is None:
        session.connection().execute(statement, row)
    else:
        gathered.rows.append((statement, row))


def known(session: Session, what: str, read: Callable[[], V]) -> V:
    """What `read` gives, read once in a session that gathers: for what the handling of messages never changes."""
    gathered = _of(session)
    if gathered is None:
        return read()
    if what not in gathered.known:
        gathered.known[what] = read()
    return cast(V, gathered.known[what])


def mark(session: Session) -> int:
    """Where the gathered rows stand, for `forget_after`."""
    gathered = _of(session)
    return 0 if gathered is None else len(gathered.rows)


def forget_after(session: Session, place: int) -> None:
    """Drops the rows gathered since then: what they belong to was undone."""
    gathered = _of(session)
    if gathered is not None:
        del gathered.rows[place:]


def write_gathered(session: Session) -> None:
    """Writes the gathered rows, those of each table in one statement."""
    gathered = _of(session)
    if gathered is None:
        return
    rows: dict[Insert, list[dict[str, Any]]] = {}
    for statement, row in gathered.rows:
        rows.setdefault(statement, []).append(row)
    for statement, together in rows.items():
        session.connection().execute(statement, together)
    gathered.rows.clear()


def _of(session: Session) -> _Gathered | None:
    return cast("_Gathered | None", session.info.get(_KEY))
