"""Reads Chinese names aloud in pinyin without tones, place names and surnames as people there say them."""

from collections.abc import Mapping, Sequence

from domain.place_names import READINGS

_LONGEST_PHRASE = 4


class Reader:
    """A reader with the dictionary in memory."""

    def __init__(self) -> None:
        # Half a second and 30 MB, which only those who look up names should pay.
        from pypinyin import lazy_pinyin  # noqa: PLC0415 - see above
        from pypinyin.constants import PHRASES_DICT  # noqa: PLC0415 - see above

        self._read_aloud = lazy_pinyin
        self._phrases: Mapping[str, object] = PHRASES_DICT
        # Names share their words: reading each once is ten times faster than reading each name.
        self._known: dict[str, tuple[str, ...]] = dict(READINGS)

    def syllables(self, text: str) -> Sequence[str]:
        """One syllable per character; a character that is not Chinese stands for itself."""
        syllables: list[str] = []
        start = 0
        while start < len(text):
            phrase = self._phrase_at(text, start)
            if phrase not in self._known:
                self._known[phrase] = tuple(self._read_aloud(phrase))
            syllables += self._known[phrase]
            start += len(phrase)
        return syllables

    def _phrase_at(self, text: str, start: int) -> str:
        for length in range(_LONGEST_PHRASE, 1, -1):
            phrase = text[start : start + length]
            if phrase in READINGS or phrase in self._phrases:
                return phrase
        return text[start]
