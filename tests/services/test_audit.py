"""The audit log: entries join a chain of hashes in order, and any change of what was sealed is found."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from models.audit import AuditEntry
from models.engine import reading, writing
from services.audit import first_broken, record, seal
from tests.times import FRIDAY


@pytest.fixture
def sealed(engine: Engine) -> Engine:
    """A log of five entries in the chain."""
    with writing(engine) as session:
        for number in range(1, 6):
            note(session, number)
        session.flush()
        seal(session)
    return engine


def note(session: Session, number: int) -> None:
    when = FRIDAY + timedelta(minutes=number)
    record(session, "report.keep", f"kr:{number}", by="lihua", now=when, value=number)


def broken(engine: Engine) -> int | None:
    with reading(engine) as session:
        return first_broken(session)


def test_entries_are_linked_oldest_first_and_only_once(engine: Engine) -> None:
    with writing(engine) as session:
        for number in range(1, 8):
            note(session, number)
        session.flush()
        linked = []
        while (count := seal(session, limit=3)) > 0:
            session.flush()
            linked.append(count)

    with reading(engine) as session:
        entries = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()  # type: ignore[arg-type]  # a column
        assert linked == [3, 3, 1]
        assert [entry.position for entry in entries] == list(range(1, 8))
        assert len({entry.hash for entry in entries}) == 7
    assert broken(engine) is None


def test_an_empty_log_verifies_and_has_nothing_to_seal(engine: Engine) -> None:
    with writing(engine) as session:
        assert seal(session) == 0
    assert broken(engine) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2026-11-20 07:00:00.000000"),
        ("actor", "zhangshan"),
        ("action", "report.undo"),
        ("subject", "kr:9"),
        ("details", '{"value": 99}'),
        ("hash", "0" * 64),
        ("position", 30),
    ],
)
def test_a_changed_entry_is_named(sealed: Engine, column: str, value: Any) -> None:
    with writing(sealed) as session:
        session.execute(text(f"UPDATE audit_entry SET {column} = :value WHERE position = 3"), {"value": value})

    found = broken(sealed)

    # An entry that was moved leaves a gap: the next one no longer follows.
    assert found == (4 if column == "position" else 3)


@pytest.mark.parametrize(("gone", "named"), [(1, 2), (3, 4)])
def test_a_removed_entry_is_missed_by_the_next(sealed: Engine, gone: int, named: int) -> None:
    with writing(sealed) as session:
        session.execute(text("DELETE FROM audit_entry WHERE position = :gone"), {"gone": gone})

    assert broken(sealed) == named


def test_the_chain_goes_on_where_it_ended(sealed: Engine) -> None:
    with writing(sealed) as session:
        note(session, 6)
        session.flush()

        assert seal(session) == 1

    assert broken(sealed) is None
    with reading(sealed) as session:
        assert session.exec(select(AuditEntry.position).where(AuditEntry.subject == "kr:6")).one() == 6


def test_what_could_never_be_sealed_is_refused_at_once(engine: Engine) -> None:
    with writing(engine) as session, pytest.raises(TypeError, match="float"):
        record(session, "report.keep", "kr:1", by="lihua", now=FRIDAY, value=0.5)
    with writing(engine) as session:
        assert seal(session) == 0
