"""Finds an enterprise or estate by the name people type: short, aliased, misspelt or in pinyin; never guesses silently."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rapidfuzz import fuzz, process

from domain.pinyin import Reader
from domain.text import fold

MOST_CANDIDATES = 5

# Scores run from 0 to 100; candidates further than the margin below the best are not worth asking about.
_MARGIN = 12.0
_LEAST_ALIKE = 65.0
_LEAST_ALIKE_BY_SOUND = 82.0
_CONTAINED, _CONTAINED_BY_SOUND, _SAME_SOUND, _SAME_INITIALS = 84.0, 80.0, 96.0, 94.0
_CONTAINED_RANGE = 12.0
_CONVINCING = 90.0  # below it, what is spelt alike may be meant as well
_MOST_HITS = 200
_LONGEST = 60

_LEGAL_FORM = re.compile(r"(?:股份|责任)?有限(?:责任)?公司$|(?:集团)?(?:总|分)?公司$|集团$|小区$")
_NOISE = re.compile(r"[\s\W_]+")
_LATIN = re.compile(r"[a-z]+")
_ACCENT = re.compile(r"(?<=[zcs])h|(?<=n)g")  # zh, ch, sh, -ng: what many do not tell apart


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name; `key` says which one it is."""

    key: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """What a name may mean: `found` when it can mean only one; else the `candidates` to ask about, the best first.

    `more` counts those left out (of the first 200); with neither the name is unknown.
    """

    found: Named | None = None
    candidates: tuple[Named, ...] = ()
    more: int = 0

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is like it."""
        return self.found is None and not self.candidates


@dataclass(frozen=True, slots=True)
class _Spelling:
    place: str
    core: str
    form: str

    def may_mean(self, other: "_Spelling") -> bool:
        """Whether nothing said here contradicts the other: a place or legal form left out does not."""
        return other.place.startswith(self.place) and self.form in ("", other.form)


class _Haystack:
    """Many texts searched at once for one that contains a needle."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._joined = "\n".join(texts)
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=0))

    def containing(self, needle: str) -> Iterable[int]:
        """The positions of the texts that contain the needle, each once; the first 200 are enough to ask back."""
        at = self._joined.find(needle)
        for _ in range(_MOST_HITS):
            if at < 0:
                return
            position = bisect_right(self._starts, at) - 1
            yield position
            at = self._joined.find(needle, self._starts[position + 1])


class NameIndex:
    """Names prepared for `find`; building one for 20 000 names takes about a second, so keep it while names stand."""

    def __init__(self, names: Iterable[Named], places: Collection[str] = ()) -> None:
        """`places` are names of provinces, cities and counties that people leave out in front of a name."""
        stems = {stem for place in places for stem in (fold(place), re.sub("[省市县区]$", "", fold(place)))}
        self._places = sorted(stems, key=len, reverse=True)
        owned = [(named, self._spell(text)) for named in names for text in (named.name, *named.aliases)]
        self._owners = [named for named, _ in owned]
        self._spellings = [spelling for _, spelling in owned]
        self._cores = [spelling.core for spelling in self._spellings]
        self._sound = Reader().syllables
        sounds = [self._sound(core) for core in self._cores]
        self._joined_sounds = [_joined(syllables) for syllables in sounds]
        self._by_core = _positions(self._cores)
        self._by_sound = _positions(self._joined_sounds)
        self._by_initials = _positions(["".join(syllable[0] for syllable in syllables) for syllables in sounds])
        self._texts = _Haystack(self._cores)
        self._syllables = _Haystack([_spaced(syllables) for syllables in sounds])
        self._letters = _Haystack(self._joined_sounds)

    def find(self, said: str) -> Match:
        """What `said` may mean. Only a whole name, alias or short name that fits one thing alone is taken as found."""
        spelling = self._spell(said[:_LONGEST])
        if not spelling.core:
            return Match()
        same = self._by_core.get(spelling.core, [])
        fitting = {self._owners[i].key: self._owners[i] for i in same if spelling.may_mean(self._spellings[i])}
        if len(fitting) == 1:
            return Match(found=next(iter(fitting.values())))
        if same:
            return self._ask(dict.fromkeys(same, 100.0))
        if len(spelling.core) < 2:
            return Match()
        scores = self._near(spelling.core)
        if max(scores.values(), default=0.0) < _CONVINCING:
            for position, score in self._alike(spelling.core).items():
                scores[position] = max(scores.get(position, 0.0), score)
        return self._ask(scores)

    def _near(self, core: str) -> dict[int, float]:
        """Names that sound the same, contain what was said, or are contained in it."""
        syllables = self._sound(core)
        scores: dict[int, float] = {}
        is_latin = _LATIN.fullmatch(core) is not None
        contained = (
            self._letters.containing(_joined(syllables)) if is_latin else self._syllables.containing(_spaced(syllables))
        )
        if not is_latin or len(core) > 3:
            _score(scores, contained, lambda i: _CONTAINED_BY_SOUND + _share(core, self._cores[i]))
        _score(scores, self._texts.containing(core), lambda i: _CONTAINED + _share(core, self._cores[i]))
        parts = {core[i:j] for i in range(len(core)) for j in range(i + 2, len(core) + 1)}
        inside = (i for part in parts for i in self._by_core.get(part, ()))
        _score(scores, inside, lambda i: _CONTAINED + _share(self._cores[i], core))
        _score(scores, self._by_sound.get(_joined(syllables), ()), lambda i: _SAME_SOUND)
        if is_latin:
            _score(scores, self._by_initials.get(core, ()), lambda i: _SAME_INITIALS)
        return scores

    def _alike(self, core: str) -> dict[int, float]:
        """Names spelt or sounding almost the same."""
        sound = _joined(self._sound(core))
        by_letter = process.extract(core, self._cores, scorer=fuzz.ratio, score_cutoff=_LEAST_ALIKE, limit=20)
        by_sound = process.extract(
            sound, self._joined_sounds, scorer=fuzz.ratio, score_cutoff=_LEAST_ALIKE_BY_SOUND, limit=20
        )
        scores: dict[int, float] = {}
        for _, score, position in [*by_letter, *by_sound]:
            scores[position] = max(scores.get(position, 0.0), score)
        return scores

    def _ask(self, scores: dict[int, float]) -> Match:
        best: dict[str, tuple[float, int, str]] = {}
        for position, score in scores.items():
            key = self._owners[position].key
            best[key] = min(best.get(key, (0.0, 0, "")), (-score, position, key))
        ranked = sorted(best.values())
        close = [position for score, position, _ in ranked if score <= ranked[0][0] + _MARGIN]
        candidates = tuple(self._owners[position] for position in close[:MOST_CANDIDATES])
        return Match(candidates=candidates, more=len(close) - len(candidates))

    def _spell(self, text: str) -> _Spelling:
        core = _NOISE.sub("", fold(text))
        place = next((place for place in self._places if core.startswith(place) and len(core) >= len(place) + 2), "")
        core = core.removeprefix(place)
        form = _LEGAL_FORM.search(core)
        if form is None or form.start() == 1:
            return _Spelling(place, core, "")
        return _Spelling(place, core[: form.start()], form[0].replace("责任", ""))


def _score(scores: dict[int, float], positions: Iterable[int], score: Callable[[int], float]) -> None:
    for position in positions:
        scores[position] = max(scores.get(position, 0.0), score(position))


def _share(part: str, whole: str) -> float:
    return _CONTAINED_RANGE * len(part) / max(len(whole), len(part))


def _positions(texts: Sequence[str]) -> dict[str, list[int]]:
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for position, text in enumerate(texts):
        if text:
            positions[text].append(position)
    return dict(positions)


def _joined(syllables: Sequence[str]) -> str:
    return _ACCENT.sub("", "".join(syllables))


def _spaced(syllables: Sequence[str]) -> str:
    return _ACCENT.sub("", f" {' '.join(syllables)} ")
