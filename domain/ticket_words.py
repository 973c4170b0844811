"""Reads what is said beside a ticket's number: how contact was made, how many days, and the words."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from domain.numerals import read_number
from domain.process import Given, Need
from domain.text import fold_in_place
from domain.ticket import read_proof

WORKDAYS_OF_A_WEEK = 5

_NUMERAL = r"\d{1,4}|[一二两三四五六七八九十]{1,3}"
_UNIT = r"(?:个)?(?:工作日|天|日|周|星期)"
_DAYS_AT_HEAD = re.compile(rf"(?:再|多|延期?|给|要)*\s*({_NUMERAL})\s*({_UNIT}|(?=[\s,，:：。、]|$))")
_DAYS_AFTER = re.compile(rf"[\s,，:：。、]({_NUMERAL})\s*({_UNIT})$")
_SEPARATORS = " \n\t,，:：;；。、"
_AMOUNT = re.compile(r"(?:件|起|户|家|个|次|场|条|宗|人|%|％)(?=$|[\s,，。;；、])")
_TO = re.compile(r"(?:转给|交给|派给|转|给|由(?!于))\s*")
_NAME = re.compile(r"[一-鿿·]{2,4}")


def read_given(needs: Collection[Need], words: str, before: Given) -> Given:
    """What came with an action: `before` with what it lacks filled from the words; a target stays as it was.

    `3天 等图纸` gives days and reason, `电话 约好明天上门` proof and text. A week is five working days.
    """
    rest, given = words.strip(), before
    if Need.DAYS in needs and not given.has(Need.DAYS):
        days, rest = _take_days(rest)
        given = replace(given, days=days)
    if Need.PROOF in needs and not given.has(Need.PROOF):
        proof, rest = _take_proof(rest)
        given = replace(given, proof=proof)
    if not rest:
        return given
    return replace(given, reason=rest) if Need.REASON in needs else replace(given, text=rest)


def is_amount(words: str) -> bool:
    """Whether what follows a number makes it an amount, as in 办结 12 件, which reports progress."""
    return _AMOUNT.match(words.strip()) is not None


@dataclass(frozen=True, slots=True)
class Addressed:
    """The words that may name somebody, those behind them, and whether a word such as 转给 says that they do."""

    name: str
    rest: str
    is_said: bool


def take_name(words: str) -> Addressed:
    """The first word of a text as a name, without 转给 or 交给 before it."""
    words = words.strip()
    to = _TO.match(words)
    bare = words[to.end() :] if to else words
    name, rest = _first(bare)
    return Addressed(name.lstrip("@"), rest, to is not None)


def looks_like_name(word: str) -> bool:
    """Whether a word may be somebody's name: two to four characters."""
    return _NAME.fullmatch(word) is not None


def _take_days(words: str) -> tuple[int | None, str]:
    folded = fold_in_place(words)
    found = _DAYS_AT_HEAD.match(folded)
    rest = words[found.end() :] if found else words
    if found is None and (found := _DAYS_AFTER.search(folded)):
        rest = words[: found.start()]
    if found is None:
        return None, words
    number = read_number(found[1])
    if number is None:
        return None, words
    days = int(number) * (WORKDAYS_OF_A_WEEK if found[2].endswith(("周", "星期")) else 1)
    return days, rest.strip(_SEPARATORS)


def _take_proof(words: str) -> tuple[str, str]:
    """The proof and the words; a first word that is nothing but the proof is not repeated in them."""
    proof = read_proof(words)
    if proof is None:
        return "", words
    first, rest = _first(words)
    if read_proof(first) is not None and len(first) <= len("打了电话了"):
        return proof.value, rest
    return proof.value, words


def _first(words: str) -> tuple[str, str]:
    parts = re.split(rf"[{_SEPARATORS}]+", words, maxsplit=1)
    return parts[0], parts[1].strip(_SEPARATORS) if len(parts) > 1 else ""
