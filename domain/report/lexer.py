"""Finds the figures and states in a report, and what only looks like a figure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from domain.numerals import CHINESE_DIGITS, read_fraction, read_number, read_percent
from domain.report import words
from domain.report.shapes import Line

_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_SCALED = rf"(?:[0-9]+点[0-9](?![0-9分])|{_ARABIC})(?: ?个?亿(?:[0-9.]+[百千]?万|[0-9](?![0-9]))?| ?万(?:[0-9]千?)?|[百千]|w(?![a-z]))?"
_CHINESE = rf"[{CHINESE_DIGITS}]+(?:点[{CHINESE_DIGITS}]+)?"
_ANY = rf"(?:{_SCALED}|{_CHINESE})"
_FREE = r"(?<![0-9a-z.])"
_STOP = r"(?=$|[\s,;。!?:、)(]|左右|上下|了(?:$|[\s,;。!]))"
# 覆盖率八十办结率…: spoken without a pause, where nothing but a figure can stand.
_RATED = (
    rf"(?:(?<=[率度][{CHINESE_DIGITS}]{{2}})|(?<=[率度][{CHINESE_DIGITS}]{{3}}))(?![{CHINESE_DIGITS}多几余来点成%])"
)
_DASH = r"\-\u2212\u2010-\u2013"
_LARGE = re.compile(r"(?P<whole>[^亿万]+)(?P<scale>[亿万])(?P<rest>[^亿]+)?")
_SCALES = {"万": 10_000, "亿": 100_000_000}
_TENTHS = 10  # 一亿二 is 1.2亿
_HOTLINES = "(?:110|119|120|122|96110|12345|96871|12389|12328|12123)"
_HOTLINE = (
    rf"{_HOTLINES}(?=报警|接警|警情|热线|电话|平台|联动|指令|专线|举报|宣传|工单|出警|来电|投诉)"
    rf"|(?<=[打拨]){_HOTLINES}|(?<=\(){_HOTLINES}(?=\))"
)
_CLOCK = r"(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::[0-5][0-9])?"
_NOT_BEFORE = {
    "时": "间",
    "日": "常",
    "路": "上",
    "天": "气",
    "年": "底",
    "组": "织",
    "周": "边",
    "里": "面",
    "人": "民",
    "分": "[别析局管之钟所组类批布片歧流级区]",
    "层": "面",
}


class Kind(StrEnum):
    """What a token says."""

    NUMBER = "number"
    PERCENT = "percent"
    PAIR = "pair"
    FRACTION = "fraction"
    HALF = "half"
    VAGUE = "vague"
    UNCHANGED = "unchanged"
    NOT_DONE = "not_done"
    NOT_STARTED = "not_started"
    NOT_MOVED = "not_moved"
    NOT_YET = "not_yet"
    DONE = "done"


# States that can be told of several key results at once.
SHARED = frozenset({Kind.DONE, Kind.UNCHANGED, Kind.NOT_STARTED, Kind.NOT_MOVED, Kind.NOT_DONE})
FIGURES = frozenset({Kind.NUMBER, Kind.PERCENT, Kind.PAIR, Kind.FRACTION, Kind.HALF, Kind.VAGUE})


@dataclass(frozen=True, slots=True)
class Token:
    """A figure or state at [start, end) of the text; `second` is the 50 of 35/50, `sign` the one typed before it."""

    kind: Kind
    start: int
    end: int
    value: Decimal = Decimal(0)
    second: Decimal = Decimal(0)
    unit: str = ""
    is_scaled: bool = False
    sign: str = ""


def scan(folded: str, lines: Sequence[Line]) -> tuple[list[Token], list[tuple[int, int]]]:
    """The tokens of the text in order, and the spans that look like figures but are dates, places, numbers of phones."""
    tokens: list[Token] = []
    masks: list[tuple[int, int]] = []
    for found in _scanner(frozenset(line.unit for line in lines)).finditer(folded):
        kind = found.lastgroup or ""
        token = None if kind == "mask" else _read(kind, found)
        if token is None:
            masks.append(found.span())
        else:
            tokens.append(token)
    return tokens, masks


def split_unit(unit: str) -> tuple[int, str]:
    """Scale and bare unit: 万元 is (10000, 元), 户 is (1, 户)."""
    scale = {"万": 10_000, "亿": 100_000_000}.get(unit[:1], 1)
    return (scale, unit[1:]) if scale > 1 else (1, unit)


def _read(kind: str, found: re.Match[str]) -> Token | None:
    start, end = found.span()
    if kind == "pair":
        first, second = read_number(found["first"]), read_number(found["second"])
        unit = "%" if "%" in found[0] else found["pair_unit"] or found["first_unit"] or ""
        if first is None or second is None:
            return None
        return Token(Kind.PAIR, start, end, first, second, unit, is_scaled=found["first"][-1] in "万亿")
    if kind == "percent":
        percent = Decimal(100) if found["hundred"] else read_percent(re.sub(r"个?(?:百分)?点$", "%", found["rate"]))
        return None if percent is None else Token(Kind.PERCENT, start, end, percent, sign=found["percent_sign"] or "")
    if kind == "fraction":
        parts = read_fraction(found[0])
        return None if parts is None else Token(Kind.FRACTION, start, end, *parts)
    if kind == "vague":
        return Token(Kind.VAGUE, start, end, read_number(found["about"] or found["over"] or "") or Decimal(-1))
    if kind in ("number", "chinese"):
        return _read_number(found, found["digits"] or found["numeral"])
    return Token(Kind(kind), start, end)


def _read_number(found: re.Match[str], digits: str) -> Token | None:
    value = _read_digits(re.sub(r"[\s个]", "", digits).replace("w", "万"))
    if value is None:
        return None
    unit = found["unit"] or found["apart"] or found["numeral_unit"] or ""
    sign = (found["sign"] or "").strip()
    is_scaled = digits[-1] in "万亿w" or "亿" in digits
    return Token(Kind.NUMBER, *found.span(), value, unit=unit, is_scaled=is_scaled, sign=sign)


def _read_digits(digits: str) -> Decimal | None:
    """The value of 1.2亿, 1亿2000万, 一点二亿, 一亿二 and of all that are numbers by themselves."""
    digits = re.sub(r"(?<=[0-9])点", ".", digits)
    value = read_number(digits)
    if value is not None or not (large := _LARGE.fullmatch(digits)):
        return value
    whole, rest = read_number(large["whole"]), _read_digits(large["rest"] or "0")
    if whole is None or rest is None:
        return None
    return whole * _SCALES[large["scale"]] + rest * (_SCALES[large["scale"]] // 10 if rest < _TENTHS else 1)


@lru_cache(maxsize=256)
def _scanner(units: frozenset[str]) -> re.Pattern[str]:
    """One pattern for all tokens, with the units of these key results among the units."""
    bare = {split_unit(unit)[1].lower() for unit in units} | {unit.lower() for unit in units}
    known = {unit for unit in bare | set(words.COUNTERS) if unit and unit != "%"}
    ordered = sorted(known, key=len, reverse=True)
    unit = "|".join(f"{re.escape(u)}(?!{_NOT_BEFORE[u]})" if u in _NOT_BEFORE else re.escape(u) for u in ordered)
    kin = set().union(bare, *(family for family in words.UNIT_FAMILIES if family & bare))
    uncounted = "|".join(
        f"{suffix}(?!{_NOT_BEFORE[suffix]})" if suffix in _NOT_BEFORE else suffix
        for suffix in words.NOT_COUNTED
        if suffix not in kin
    )
    letters = "|".join(map(re.escape, sorted((u for u in known if u.isascii()), key=len, reverse=True))) or "%"
    alternatives = (
        ("mask", _mask(uncounted, letters)),
        ("unchanged", words.UNCHANGED),
        ("vague", _vague(unit)),
        ("pair", _pair(unit)),
        ("percent", _percent()),
        ("fraction", rf"{_FREE}{_ANY}分之{_ANY}"),
        ("half", "一半|半数"),
        (
            "number",
            rf"(?P<sign>[+{_DASH}] ?|负)?{_FREE}(?P<digits>{_SCALED})(?:(?P<unit>{unit})| (?P<apart>{unit})(?=$|[^\u4e00-\u9fff]|[了左已]))?",
        ),
        (
            "chinese",
            rf"(?P<numeral>{_CHINESE})(?:(?P<numeral_unit>{unit})|(?:(?<=..)|(?<=[\s:了到至达为是有])){_STOP}|{_RATED})",
        ),
        ("not_done", words.NOT_DONE),
        ("not_started", words.NOT_STARTED),
        ("not_moved", words.NOT_MOVED),
        ("not_yet", words.NOT_YET),
        ("done", words.DONE),
    )
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in alternatives))


def _mask(uncounted: str, letters: str) -> str:
    return "|".join(
        (
            r"https?://\S+",
            r"(?<![0-9])(?:1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{7,8}|[0-9]{13,}x?)(?![0-9])",
            r"(?<![0-9])[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}",
            rf"(?<![0-9]){_CLOCK}(?:[{_DASH}~至到]{_CLOCK})?(?![0-9%])",
            r"(?<![0-9.])(?:1[0-2]|0?[1-9])[./](?:3[01]|[12]?[0-9])[-—~至到]+(?:1[0-2]|0?[1-9])[./](?:3[01]|[12]?[0-9])(?![0-9%])",
            r"(?<=[日号])[-—~至到]+(?:[0-9]{1,2}月)?[0-9]{1,2}[日号]",
            rf"{_FREE}[0-9]+(?:[{_DASH}~到至]|—+)[0-9]+(?:{uncounted})",
            r"截[至止到] ?[01]?[0-9][./-][0-3]?[0-9](?![0-9%])|20[0-9]{2}(?=年[底末初])",
            rf"(?:[0-9]{{1,2}}|{_CHINESE})月(?:底|初|中|份)?(?:(?:[0-9]{{1,2}}|{_CHINESE})[日号])?",
            rf"[0-9]{{1,2}}点[0-5][0-9]分?|[{CHINESE_DIGITS}]+点[二三四五]?十[{CHINESE_DIGITS}]?分?",
            rf"(?:上午|下午|晚上|早上|凌晨|中午|晚)(?:[0-9]{{1,2}}|{_CHINESE})点(?:半|[0-9]{{1,2}}分?)?",
            rf"第 ?(?:[0-9]+|[{CHINESE_DIGITS}]+)(?:季度|星期|[^\s\d,;。])?",
            r"(?<![0-9])[0-9]{1,2}[·•・‧][0-9]{1,2}(?![0-9])",
            _HOTLINE,
            rf"(?<![a-z])[a-z]+-?[0-9]+[a-z0-9]*|{_FREE}[0-9]+(?!(?:{letters}|w)(?![a-z]))[a-z]+[0-9a-z]*",
            rf"{_FREE}(?:[0-9]+|[{CHINESE_DIGITS}半]+)(?:{uncounted})",
            rf"(?<!是)(?:不是|而非) ?{_ANY}(?![0-9])",
            words.IDIOMS,
            words.HARD_TO_FINISH,
            r"(?:能|能够|可以)(?:按时|按期|如期)?完成(?![0-9])",
        )
    )


def _vague(unit: str) -> str:
    number = rf"{_ARABIC}[百千万亿]?|{_CHINESE}"
    return (
        rf"{_FREE}(?:从|由)?(?:{number})(?:{unit}|%)? ?[{_DASH}~] ?(?P<about>{number})(?:{unit}|%)?"
        rf"|{_FREE}(?P<over>{_ARABIC}[百千万]?|{_CHINESE})(?: ?[多余几来](?:万|千)?(?:{unit}|(?=$|[\s,;。!]))|%多|(?:{unit})?\+(?![0-9]))"
        rf"|(?:几十|十几|好几|若干|数十|上百|近百|几百|几千|[{CHINESE_DIGITS}]+几|几)(?:{unit})"
        rf"|(?:近|接近|不到|不足|不满|不够|没有?到?|没有?达到?|未到|未达到?|差一?点儿?到?|超过|超|逾|至少|最多|将近|快到?|不止|不[少多低高]于|[多少高低大小]于|(?<![-=])[><≥≤]=?|{words.NOT_FINISHED}) ?(?:{number})(?! ?/|[0-9.]) ?(?:{unit}|%)?"
        rf"|{_FREE}(?:{number}) ?(?:{unit}|%)?(?:以上|以内|以下|不到|出头)"
        rf"|(?:一二|两三|三五|三四|四五|五六|六七|七八|八九)[十百千万]?(?:{unit})|[十百](?:一二|两三|三五|三四|四五|五六|六七|七八|八九)(?:{unit})"
    )


def _pair(unit: str) -> str:
    number = rf"(?:{_ARABIC}[百千万亿]?|{_CHINESE})"
    return (
        rf"{_FREE}(?P<first>{number})(?: ?(?P<first_unit>{unit}|%))? ?/ ?"
        rf"(?P<second>{number})(?: ?(?P<pair_unit>{unit}|%))?(?! ?/)"
    )


def _percent() -> str:
    tenths = rf"(?:{_ARABIC}|(?<![{CHINESE_DIGITS}])[一二两三四五六七八九十])成(?:[一二三四五六七八九半]|(?![立功员为果效绩本人型都交长就品年]))"
    return (
        rf"(?P<percent_sign>[+{_DASH}] ?|负)?(?:(?P<hundred>百分之?百)|(?P<rate>{_FREE}(?:{_ARABIC}|{_CHINESE}) ?(?:%|个?百分点|个点)"
        rf"|百分之 ?(?:{_ARABIC}|{_CHINESE})|{_FREE}{tenths}))"
    )
