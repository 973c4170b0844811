"""Text as people type it, made comparable without losing where it stood."""

import re
import unicodedata
from functools import lru_cache

_FULL_WIDTH_FIRST, _FULL_WIDTH_LAST, _FULL_WIDTH_OFFSET = 0xFF01, 0xFF5E, 0xFEE0
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
# C0 and C1 controls but tab and newline, lone surrogates, bidirectional overrides, byte order mark, zero-width space.
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    r"""The text as we store it: NFC, \n for line ends, no control characters or lone surrogates, trimmed."""
    return unicodedata.normalize("NFC", _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))).strip()


def fold_in_place(text: str) -> str:
    """Half-width and lower case, character for character: every offset means the same in both texts."""
    return "".join(map(_fold_character, text))


def fold(text: str) -> str:
    """What two spellings of the same words have in common: half-width, lower case, single spaces, trimmed."""
    return _SPACES.sub(" ", fold_in_place(text)).strip()


@lru_cache(maxsize=8_192)
def _fold_character(character: str) -> str:
    code = ord(character)
    if code < 0x80:
        return character.lower()
    if _FULL_WIDTH_FIRST <= code <= _FULL_WIDTH_LAST:
        return chr(code - _FULL_WIDTH_OFFSET).lower()
    if character.isspace() and character != "\n":
        return " "
    lower = character.lower()
    return lower if len(lower) == 1 else character
