"""Reads fields of a request body and answers WeCom's codes for what is missing or of the wrong kind."""

from collections.abc import Mapping
from typing import Any, TypeVar

from simulator.errors import ApiError

Body = Mapping[str, Any]
Item = TypeVar("Item")


def text(body: Body, name: str, *, most: int = 0, code: int = 40063, required: bool = True) -> str:
    """A text of at most `most` bytes (0: any); `code` answers an empty one, 40058 a wrong or over-long one."""
    value = body.get(name)
    if value is None or value == "":
        if required:
            raise ApiError(code, f"missing {name}")
        return ""
    if not isinstance(value, str):
        raise ApiError(40058, f"{name} is not a string")
    if most and len(value.encode()) > most:
        raise ApiError(40058, f"{name} exceed max length {most}")
    return value


def number(body: Body, name: str, *, allowed: range | None = None, default: int | None = None) -> int:
    """A whole number; 40063 without one or a default, 40058 outside `allowed`."""
    value = body.get(name)
    if value is None:
        if default is None:
            raise ApiError(40063, f"missing {name}")
        return default
    if isinstance(value, bool) or not isinstance(value, int):
        raise ApiError(40058, f"{name} is not an integer")
    if allowed is not None and value not in allowed:
        raise ApiError(40058, f"{name} out of range")
    return value


def items(body: Body, name: str, *, most: int = 0, code: int = 40058, required: bool = True) -> list[Any]:
    """A list of at most `most` items (0: any, else `code`); 40063 when required and empty."""
    value = body.get(name)
    if value is None or value == []:
        if required:
            raise ApiError(40063, f"missing {name}")
        return []
    if not isinstance(value, list):
        raise ApiError(40058, f"{name} is not an array")
    if most and len(value) > most:
        raise ApiError(code, f"{name} exceed max size {most}")
    return value


def texts(body: Body, name: str, *, most: int = 0, code: int = 40058, required: bool = True) -> list[str]:
    """A list of texts, as `items`."""
    found = items(body, name, most=most, code=code, required=required)
    if not all(isinstance(item, str) for item in found):
        raise ApiError(40058, f"{name} is not an array of strings")
    return found


def mapping(body: Body, name: str, *, code: int = 40063, required: bool = True) -> dict[str, Any]:
    """An object; `code` answers a missing one."""
    value = body.get(name)
    if value is None:
        if required:
            raise ApiError(code, f"missing {name}")
        return {}
    if not isinstance(value, dict):
        raise ApiError(40058, f"{name} is not an object")
    return value


def page_of(found: list[Item], cursor: str, limit: int) -> tuple[list[Item], str]:
    """One page of a list and the cursor of the next, "" at the end; 40058 for a cursor nobody gave out."""
    start = 0
    if cursor:
        head, _, tail = cursor.partition("-")
        if head != "CUR" or not tail.isdigit():
            raise ApiError(40058, "invalid cursor")
        start = int(tail)
    end = start + limit
    return found[start:end], f"CUR-{end}" if end < len(found) else ""
