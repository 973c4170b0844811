"""Proposes what one sentence of an enterprise is: category, urgency, a few words for it, or no request at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.numerals import read_number
from domain.text import fold, normalise
from domain.triage_words import (
    ABUSE,
    CATEGORIES,
    EMERGENCIES,
    FILLER,
    GREETING,
    NOT_NOW,
    NOT_URGENT,
    OTHER,
    PERSON,
    PROGRESS,
    PROGRESS_WITHOUT_MATTER,
    URGENT,
    Category,
)

SUMMARY_LENGTH = 20

_LONGEST = 2000
# What WeChat writes for a sticker of its own: [捂脸], [OK].
_STICKER = re.compile(r"\[[A-Za-z一-鿿]{1,6}\]")
_BREAKS = re.compile(r"[\s,，。.;；!！?？、~…:：]+")
_NUMERAL = r"\d+|[一二两三四五六七八九十百千]+"
_SOUGHT = re.compile(
    rf"(?:招|缺|差|少|要|需要|找|急需).{{0,6}}?({_NUMERAL})(?:多|来|几)?\s?(?:个|名|位|人)?的?\s?"
    r"(普工|技工|技术工|熟练工|操作工|焊工|车工|电工|钳工|叉车工|缝纫工|包装工|保安|司机|工人|员工|大学生|实习生|工程师|人手|人)"
)
_SOUGHT_BEFORE = re.compile(
    rf"(?:招|缺|差|少|需要|找)(?:一些|点)?(普工|技工|操作工|焊工|电工|叉车工|缝纫工|保安|司机|工人|员工|大学生|实习生|工程师)"
    rf"({_NUMERAL})(?:个|名|位|人)"
)
_SUM = re.compile(
    r"(?:贷|借|融资|缺|资金|周转|授信|额度).{0,8}?((?:\d+(?:\.\d+)?|[一二两三四五六七八九十百千]+)[多来]?(?:万|亿|百万|千万)+)"
)
_HEAD = re.compile(
    r"^(?:你好|您好|请问|请|麻烦|我们?|咱们?|本|公司|企业|厂里?|这边|这里|想要?|要|问|咨询|了解|反映|一下|下|能不能|可不可以|"
    r"能否|可否|是否|可以|帮忙|帮帮?|给|但是?|然后|就是|现在|目前|最近|因为|所以|那个|还|又|都|已经|有没有|有个|领导|同志|有空|的)+"
)
_TAIL = re.compile(r"(?:吗|呢|啊|吧|呀|么|嘛|哦|可以|行|好|谢谢|怎么办|能不能|帮忙|看看|一下|帮|了)+$")


class Nature(StrEnum):
    """What a message is."""

    REQUEST = "request"
    EMERGENCY = "emergency"
    PROGRESS = "progress"
    PERSON = "person"
    GREETING = "greeting"
    ABUSE = "abuse"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Triage:
    """What a message was understood to be; `others` are further categories that fit, `call` the emergency numbers."""

    nature: Nature
    category: Category = OTHER
    others: tuple[Category, ...] = ()
    is_urgent: bool = False
    summary: str = ""
    call: tuple[str, ...] = ()


def triage(text: str, categories: Sequence[Category] = CATEGORIES) -> Triage:
    """What an enterprise's message is, by words alone.

    An emergency comes before all; a rude message with a matter in it is a request; a question about progress is one
    even where it names the matter; so is the wish for a human; without any matter it is empty, and to be asked about.
    """
    said = normalise(_STICKER.sub(" ", text[:_LONGEST]))
    plain = fold(said)
    if call := emergency_numbers(plain):
        return _request(Nature.EMERGENCY, said, categories, call)
    bare = _BREAKS.sub("", plain)
    ranked = _ranked(plain, categories)
    if PROGRESS.search(bare) or (not ranked and PROGRESS_WITHOUT_MATTER.search(bare)):
        return Triage(Nature.PROGRESS, ranked[0] if ranked else OTHER)
    if PERSON.fullmatch(bare):
        return Triage(Nature.PERSON)
    if ABUSE.search(plain) and not ranked:
        return Triage(Nature.ABUSE)
    if GREETING.fullmatch(bare):
        return Triage(Nature.GREETING)
    if not ranked and len(re.sub(r"[^一-鿿]", "", FILLER.sub("", GREETING.sub("", bare)))) < 2:
        return Triage(Nature.EMPTY)
    return _request(Nature.REQUEST, said, categories, ())


def emergency_numbers(text: str) -> tuple[str, ...]:
    """The numbers to call at once (119, 110, 120) for what a text says is happening now; usually none."""
    clauses = [clause for clause in _BREAKS.split(fold(text)) if not NOT_NOW.search(clause)]
    return tuple(number for number, words in EMERGENCIES.items() if any(words.search(clause) for clause in clauses))


def is_urgent(text: str) -> bool:
    """Whether the words press: a stop of work, a date of today; 不急 says no."""
    plain = fold(text)
    return not NOT_URGENT.search(plain) and URGENT.search(plain) is not None


def summarise(text: str, category: Category = OTHER) -> str:
    """At most 20 characters that say what a message is about, such as 招普工 30 人."""
    plain = ABUSE.sub("", normalise(text))
    if category.name == "用工":
        if found := _SOUGHT.search(plain):
            return _people_sought(found[2], found[1])
        if found := _SOUGHT_BEFORE.search(plain):
            return _people_sought(found[1], found[2])
    if category.name == "融资" and (found := _SUM.search(plain)):
        return f"资金 {found[1]}元"
    clauses = [_trimmed(clause) for clause in _BREAKS.split(plain)]
    weights = [(_weight(fold(clause), category), min(len(clause), 8), -i) for i, clause in enumerate(clauses)]
    clause = clauses[-max(weights)[2]] or plain
    return clause if len(clause) <= SUMMARY_LENGTH else clause[: SUMMARY_LENGTH - 1] + "…"


def _request(nature: Nature, said: str, categories: Sequence[Category], call: tuple[str, ...]) -> Triage:
    ranked = _ranked(fold(said), categories)
    category = ranked[0] if ranked else OTHER
    pressing = bool(call) or is_urgent(said)
    return Triage(nature, category, tuple(ranked[1:3]), pressing, summarise(said, category), call)


def _ranked(plain: str, categories: Sequence[Category]) -> list[Category]:
    """The categories that any word speaks for, the best first; their order decides between equals."""
    weights = {category.name: _weight(plain, category) for category in categories}
    fitting = [category for category in categories if weights[category.name]]
    return sorted(fitting, key=lambda category: -weights[category.name])


def _weight(plain: str, category: Category) -> int:
    """The characters that keywords of the category cover, each counted once."""
    covered: set[int] = set()
    for word in category.words:
        start = plain.find(word)
        if start >= 0:
            covered.update(range(start, start + len(word)))
    return len(covered)


def _trimmed(clause: str) -> str:
    return _TAIL.sub("", _HEAD.sub("", clause)) or clause


def _people_sought(role: str, count: str) -> str:
    role = {"人": "工", "人手": "工", "工人": "工人"}.get(role, role)
    return f"招{role} {read_number(count) or count} 人"
