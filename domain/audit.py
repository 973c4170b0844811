"""The hash chain of the audit log: a record changed, dropped or moved breaks every link after it."""

import hashlib
import json
from collections.abc import Iterable, Mapping

GENESIS = "0" * 64


def canonical(record: Mapping[str, object]) -> bytes:
    """The one spelling of a record: ASCII JSON, keys sorted, no spaces.

    Refuses what a JSON column may give back changed: floats, keys that are not text, dates. Write those as text.
    """
    _refuse_unstable(record)
    return json.dumps(record, sort_keys=True, separators=(",", ":")).encode("ascii")


def link(previous_hash: str, record: Mapping[str, object]) -> str:
    """The hash (SHA-256, hex) that ties `record` to the record before it; the first one follows GENESIS."""
    return hashlib.sha256(previous_hash.encode("ascii") + b"\n" + canonical(record)).hexdigest()


def verify(entries: Iterable[tuple[Mapping[str, object], str]], previous_hash: str = GENESIS) -> int | None:
    """The index of the first entry (record, stored hash) that does not follow from the one before, or None.

    A log cut off at its end still verifies: compare the last hash with the head anchored outside.
    """
    for index, (record, stored) in enumerate(entries):
        if link(previous_hash, record) != stored:
            return index
        previous_hash = stored
    return None


def _refuse_unstable(value: object) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"an audit record has text keys, not {type(key).__name__}")
            _refuse_unstable(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_unstable(inner)
    elif not (value is None or isinstance(value, str | int)):
        raise TypeError(f"an audit record holds text, whole numbers, lists and mappings, not {type(value).__name__}")
