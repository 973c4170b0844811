"""Ticket numbers such as Q261120-0007: written one way, read as people type them, and found by their tail."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.errors import DomainError
from domain.text import fold, fold_in_place

_DASHES = re.compile("[‐-―−－_~～]")
_NUMBER = re.compile(r"([a-z])(\d{2})(\d{2})(\d{2})-?(\d{4,6})")
_TAIL = re.compile(r"([a-z])?(?:(\d{2})?(\d{4})-)?(\d{1,6})")
_AT_HEAD = re.compile(
    r"(?:工单|编号|单号|诉求|尾号|号)?[\s:#]*((?:[a-z]\s?)?\d[\d-]*)(?:号|单)?(?=$|[\s,，。;；:、.])[\s,，。;；:、.]*"
)
_SHOWN = 5


class Kind(StrEnum):
    """What a number is for; the value is its letter."""

    REQUEST = "Q"
    REPORT = "R"
    DISPUTE = "D"
    WORK_ORDER = "W"


@dataclass(frozen=True, slots=True, order=True)
class TicketNumber:
    """A number: its kind, the local date it was given on, and its place within that day, from 1."""

    kind: Kind
    on: date
    serial: int

    def __str__(self) -> str:
        return f"{self.kind.value}{self.on:%y%m%d}-{self.serial:04d}"


def read_number(text: str) -> TicketNumber | None:
    """The whole number in a text that is nothing else, in any width or case, with or without its dash."""
    found = _NUMBER.fullmatch(_plain(text))
    if found is None or found[1].upper() not in list(Kind):
        return None
    try:
        on = date(2000 + int(found[2]), int(found[3]), int(found[4]))
    except ValueError:
        return None
    return TicketNumber(Kind(found[1].upper()), on, int(found[5])) if int(found[5]) else None


def take_number(text: str) -> tuple[str, str]:
    """The number or tail a text begins with, and the rest; an empty number when it begins with none.

    `7 3天 等图纸` is 7 and `3天 等图纸`; `3天` alone is no number.
    """
    text = text.strip()
    found = _AT_HEAD.match(_DASHES.sub("-", fold_in_place(text)))
    return (found[1].replace(" ", ""), text[found.end() :]) if found else ("", text)


def find_number(said: str, own: Iterable[TicketNumber]) -> TicketNumber:
    """The one of a person's `own` numbers they mean by a whole number or a tail: 7, 0007, 1120-7, 261120-7, Q7.

    Refuses what is none of their own, whether it exists or not, and a tail that several share, naming them.
    """
    matching = numbers_meant(said, own)
    if len(matching) == 1:
        return matching[0]
    if matching:
        newest = matching[: -_SHOWN - 1 : -1]
        more = f" 等 {len(matching)} 件" if len(matching) > _SHOWN else ""
        raise DomainError(
            f"“{said.strip()}”对得上几件：{'、'.join(map(str, newest))}{more}。请回全编号，或者带上日期，比如 {_dated(newest[0])}。"
        )
    raise DomainError(f"没找到“{said.strip()[:20]}”这件，请看看编号对不对。")


def numbers_meant(said: str, own: Iterable[TicketNumber]) -> list[TicketNumber]:
    """Those of `own` that a whole number or a tail fits, the oldest first; empty when none does."""
    mine = sorted(set(own))
    whole = read_number(said)
    return [number for number in mine if number == whole] or _with_tail(_plain(said), mine)


def _with_tail(plain: str, mine: list[TicketNumber]) -> list[TicketNumber]:
    found = _TAIL.fullmatch(plain)
    if found is None:
        return []
    letter, year, day, serial = found.groups()
    return [
        number
        for number in mine
        if number.serial == int(serial)
        and (letter is None or number.kind.value == letter.upper())
        and (day is None or f"{number.on:%m%d}" == day)
        and (year is None or f"{number.on:%y}" == year)
    ]


def _plain(text: str) -> str:
    return _DASHES.sub("-", fold(text)).replace(" ", "").lstrip("#").removesuffix("号")


def _dated(number: TicketNumber) -> str:
    return f"{number.on:%m%d}-{number.serial}"
