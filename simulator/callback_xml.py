"""Writes the XML of callbacks."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Value: TypeAlias = "str | int | Mapping[str, Value] | Sequence[Mapping[str, Value]] | Sequence[str]"


def element(name: str, value: Value) -> str:
    """One element: text in CDATA, integers bare, a mapping as children, a sequence repeated."""
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    if isinstance(value, str):
        return f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(element(key, child) for key, child in value.items())}</{name}>"
    return "".join(element(name, child) for child in value)


def document(fields: Mapping[str, Value]) -> str:
    """A whole document with the root `xml`."""
    return element("xml", fields)
