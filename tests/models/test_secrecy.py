"""What stands encrypted, that nothing is forgotten, and what a key that is wrong or a text that was altered comes to."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Engine, MetaData, String, Table, Text, insert, select, text
from sqlmodel import Session, SQLModel

import models  # noqa: F401 importing it fills the metadata
from models.engine import writing
from models.key_check import WrongKeys, bind_keys, confirm_keys
from models.secrecy import (
    BadKeys,
    EncryptedJson,
    EncryptedText,
    Unreadable,
    blind_index,
    blind_indexes,
    new_key,
    parse_keys,
    seal,
    unseal,
    use_keys,
)
from tests.keys import DATA_KEYS

WORDS = "李奶奶家没人，13800000000"
SM4 = f"sm4:{base64.b64encode(bytes(range(16))).decode()}"
ANOTHER = f"other:{base64.b64encode(bytes(range(32))).decode()}"
LONG = 200  # characters: shorter columns hold names, codes and addresses

# What may be long and yet stands in clear, and why.
CLEAR = {
    "access_token.token": "WeCom's, worth two hours; the newer one is told from the older in the database",
    "audit_entry.details": "ids, numbers and an operator's reason; the chain of hashes is verified over it as it stands",
    "change.new_value": "a figure, or the title of a key result",
    "change.old_value": "a figure, or the title of a key result",
    "enterprise.aliases": "names by which an enterprise is found",
    "estate.aliases": "names by which an estate is found",
    "inbox_message.error": "the kind of a fault, never its text",
    "indicator.applies_to": "units, categories, accounts and tracks",
    "indicator.parameters": "of a formula",
    "job_run.outcome": "counts",
    "key_result.title": "what is to be reached; searched, sorted and shown on every board",
    "objective.title": "what is to be reached; searched, sorted and shown on every board",
    "outbox_message.error": "WeCom's code with our sentence for it",
    "outbox_message.unreached": "accounts",
    "kf_link.url": "a link that is printed and handed out",
    "pause.reason": "our own sentence",
    "plan.applies_to": "a selection of units or people by class",
    "plan.ties": "a rule's name",
    "result_row.group_name": "a class, a track or a unit",
    "ticket_event.media": "numbers of rows in table media_file",
}


@pytest.fixture(autouse=True)
def keys_put_back() -> Iterator[None]:
    yield
    use_keys(parse_keys(DATA_KEYS))


def columns() -> list[Column[Any]]:
    return [column for table in SQLModel.metadata.sorted_tables for column in table.columns]


def is_free(column: Column[Any]) -> bool:
    kind = getattr(column.type, "impl_instance", column.type)
    return isinstance(kind, Text | JSON) or (isinstance(kind, String) and (kind.length or LONG) >= LONG)


def is_encrypted(column: Column[Any]) -> bool:
    return isinstance(column.type, EncryptedText | EncryptedJson)


def is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, EncryptedJson)


def name_of(column: Column[Any]) -> str:
    return str(column).replace(".", "_")


def test_every_column_with_room_for_words_is_encrypted_or_says_why_not() -> None:
    clear = {str(column) for column in columns() if is_free(column) and not is_encrypted(column)}

    assert clear == set(CLEAR), "make it `encrypted(...)`, or say here why it may stand in clear"


def test_what_encrypted_columns_store_tells_nothing_of_the_words(engine: Engine) -> None:
    own = [column for column in columns() if is_encrypted(column)]
    probe = Table("probe", MetaData(), *(Column(name_of(column), column.type) for column in own))
    told = {name_of(column): {"words": WORDS} if is_json(column) else WORDS for column in own}
    with engine.begin() as connection:
        probe.create(connection)
        connection.execute(insert(probe).values(told))
        stored = connection.execute(text("SELECT * FROM probe")).mappings().one()
        read = connection.execute(select(probe)).mappings().one()
        probe.drop(connection)

    assert dict(read) == told
    assert all(one.startswith("test:") and one.isascii() for one in stored.values())
    # Each is bound to the very column it stands in.
    assert all(WORDS in unseal(str(column), stored[name_of(column)]) for column in own)


@pytest.mark.parametrize("keys", [DATA_KEYS, SM4])
def test_both_ciphers_give_the_words_back_and_never_look_the_same_twice(keys: str) -> None:
    use_keys(parse_keys(keys))

    one, two = seal("report.text", WORDS), seal("report.text", WORDS)

    assert one != two
    assert [unseal("report.text", one), unseal("report.text", two)] == [WORDS, WORDS]


def test_nothing_stays_nothing_so_that_what_was_let_go_can_be_told() -> None:
    assert [seal("inbox_message.body", nothing) for nothing in ("", "{}")] == ["", "{}"]


@pytest.mark.parametrize("keys", [DATA_KEYS, SM4])
@pytest.mark.parametrize("place", [6, 20, -6])
def test_an_altered_text_is_refused_and_nothing_of_it_is_told(keys: str, place: int) -> None:
    use_keys(parse_keys(keys))
    stored = seal("report.text", WORDS)
    altered = stored[:place] + ("A" if stored[place] != "A" else "B") + stored[place + 1 :]

    with pytest.raises(Unreadable) as refusal:
        unseal("report.text", altered)

    told = f"{refusal.value!r} {refusal.value.__cause__!r}"
    assert "report.text" in told
    assert stored[8:] not in told
    assert "李" not in told


@pytest.mark.parametrize(
    "stored", ["李花", "kr1: 35", "test:", "test:AAAA", "test:é", "test:AAAA" * 9, ":", "other:AAAA"]
)
def test_what_was_never_encrypted_is_refused(stored: str) -> None:
    with pytest.raises(Unreadable):
        unseal("report.text", stored)


def test_a_text_moved_to_another_column_is_refused() -> None:
    with pytest.raises(Unreadable):
        unseal("feedback.text", seal("report.text", WORDS))


@pytest.mark.parametrize(
    "keys", ["", "k1", "k1:", "k1:AAAA", "k 1:" + "A" * 43 + "=", f"{DATA_KEYS},{DATA_KEYS}", f"{DATA_KEYS};{SM4}"]
)
def test_keys_that_are_not_written_as_they_should_be_are_refused_without_a_quote(keys: str) -> None:
    with pytest.raises(BadKeys) as refusal:
        parse_keys(keys)

    assert "AAAA" not in str(refusal.value)


def test_after_a_change_of_keys_old_texts_are_read_and_found_and_new_ones_use_the_new_key() -> None:
    old, index = seal("report.text", WORDS), blind_index("report.text", WORDS)
    use_keys(parse_keys(f"{SM4},{DATA_KEYS}"))

    assert unseal("report.text", old) == WORDS
    assert seal("report.text", WORDS).startswith("sm4:")
    assert list(blind_indexes("report.text", WORDS)) == [blind_index("report.text", WORDS), index]


def test_equal_words_share_a_blind_index_within_a_column_and_under_one_key() -> None:
    index = blind_index("report.text", WORDS)
    elsewhere = blind_index("feedback.text", WORDS)
    use_keys(parse_keys(new_key()))

    assert len(index) == 64
    assert len({index, elsewhere, blind_index("report.text", WORDS)}) == 3


@pytest.mark.parametrize("given", [SM4, f"test:{base64.b64encode(bytes(32)).decode()}", f"{SM4},{ANOTHER}"])
def test_a_database_refuses_a_process_that_lacks_its_key(engine: Engine, given: str) -> None:
    confirm_keys(engine)
    use_keys(parse_keys(given))

    with pytest.raises(WrongKeys, match="DATA_KEYS"):
        confirm_keys(engine)
    with pytest.raises(WrongKeys), engine.begin() as connection:
        bind_keys(connection)


def test_a_database_takes_a_second_key_and_from_then_on_needs_both(engine: Engine) -> None:
    use_keys(parse_keys(f"{SM4},{DATA_KEYS}"))
    confirm_keys(engine)
    confirm_keys(engine)
    use_keys(parse_keys(DATA_KEYS))

    with pytest.raises(WrongKeys, match="sm4"):
        confirm_keys(engine)


def test_words_in_a_statement_that_fails_are_not_in_the_error(engine: Engine) -> None:
    with pytest.raises(Exception) as failed, writing(engine) as session:  # noqa: PT011 whatever the database says
        _insert_a_report_of_nobody(session)

    assert "李" not in str(failed.value)


def _insert_a_report_of_nobody(session: Session) -> None:
    report = SQLModel.metadata.tables["report"]
    session.connection().execute(insert(report).values(person_id=None, text=WORDS))
