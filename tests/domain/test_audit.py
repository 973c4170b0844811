"""The hash chain of the audit log."""

import hashlib
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.audit import GENESIS, canonical, link, verify

RECORDS: list[dict[str, object]] = [
    {"by": "lihua", "did": "kr.report", "value": "35"},
    {"by": "lihua", "did": "kr.undo", "value": None},
    {"by": "zhang", "did": "person.read", "ids": ["a", "b"]},
]
PLAIN: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def chained(records: list[dict[str, object]]) -> list[tuple[dict[str, object], str]]:
    entries, previous = [], GENESIS
    for record in records:
        previous = link(previous, record)
        entries.append((record, previous))
    return entries


def test_the_spelling_does_not_depend_on_the_order_of_keys() -> None:
    assert canonical({"b": "二", "a": [1, True, None]}) == b'{"a":[1,true,null],"b":"\\u4e8c"}'


def test_a_link_is_sha_256_over_the_previous_hash_and_the_record() -> None:
    expected = hashlib.sha256(GENESIS.encode() + b'\n{"a":1}').hexdigest()

    assert link(GENESIS, {"a": 1}) == expected


@given(st.dictionaries(st.text(), PLAIN, max_size=5))
def test_a_record_that_was_in_the_database_keeps_its_hash(record: dict[str, object]) -> None:
    assert link(GENESIS, json.loads(json.dumps(record))) == link(GENESIS, record)


def test_a_tuple_is_a_list_once_it_is_stored() -> None:
    assert canonical({"pair": ("a", 1)}) == canonical({"pair": ["a", 1]})


@pytest.mark.parametrize(
    "record",
    [{"score": 92.5}, {"on": date(2026, 11, 20)}, {"rows": [{1: "one"}]}, {"pair": ("a", 0.1)}, {"tags": {"a"}}],
)
def test_what_a_database_may_give_back_changed_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="audit record"):
        canonical(record)


def test_an_untouched_chain_verifies() -> None:
    assert verify(chained(RECORDS)) is None
    assert verify([]) is None


def test_a_later_part_verifies_from_the_hash_before_it() -> None:
    entries = chained(RECORDS)

    assert verify(entries[1:], entries[0][1]) is None
    assert verify(entries[1:]) == 0


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_changed_record_is_found(index: int) -> None:
    entries = chained(RECORDS)
    entries[index] = ({**entries[index][0], "by": "somebody"}, entries[index][1])

    assert verify(entries) == index


def test_a_record_changed_with_its_hash_breaks_the_next_one() -> None:
    entries = chained(RECORDS)
    forged: dict[str, object] = {**RECORDS[0], "value": "50"}
    entries[0] = (forged, link(GENESIS, forged))

    assert verify(entries) == 1


def test_a_dropped_and_a_moved_record_are_found() -> None:
    first, second, third = chained(RECORDS)

    assert verify([first, third]) == 1
    assert verify([first, third, second]) == 1
