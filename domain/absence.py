"""Reads what people say about being away (请假, 销假) into the days they are away."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from domain.errors import DomainError
from domain.numerals import CHINESE_DIGITS, read_number
from domain.text import fold

MAX_DAYS = 180
MAX_DAYS_AWAY = 365
# Leave as people take it; what is longer or said later is more often a slip.
USUAL_DAYS = 30
USUAL_DAYS_LATE = 7

_MAX_LENGTH = 200  # the search for a reason is quadratic
_ONE_DAY = timedelta(days=1)
_LEAVE = re.compile(r"(?:想|要|需要|打算)?[请休]?(?:病|事|年休|年|婚|产|陪产|育儿|探亲|丧|公)?假|年休|公休|调休")
_OPENING = re.compile(r"^[我想要从自请休]+")
_EDGES = " ,。;、:!"
_BREAK = re.compile(r"[\s,。;、:!]+")
_DAYS_IN_REASON = re.compile(
    r"^[\s,。;、:!]*[到至~—–-]|\d\s*(?:[-./年月日号天周]|$)|[今明后昨]天|周|星期|礼拜|[半一二两三四五六七八九十]个?[天日号月]|月底"
)
_TO = re.compile(r"[到至]|[-~—–]+")
_FROM_ON = re.compile(r"起|开始")
_PART_OF_DAY = re.compile(r"上午|下午|早上|晚上|全天|整天")
_LESS_THAN_A_DAY = re.compile(r"(?:负|-)\s*\d[\d.]*\s*(?:天|周|个)|0+(?:\.0*)?\s*(?:天|周|个)")
_DURATION = re.compile(r"(半|\d{1,12}(?:\.\d)?)(天|周|星期|礼拜|个星期|个礼拜|个月)(半?)")
_DAYS_OF_UNIT = {"天": 1, "周": 7, "星期": 7, "礼拜": 7, "个星期": 7, "个礼拜": 7, "个月": 30}
_WEEKS_AWAY = {"": 0, "本": 0, "这": 0, "这个": 0, "下": 1, "下个": 1, "下下": 2, "下下个": 2}
_SPAN = re.compile(r"(本|这个?|下下?个?)(?:周|星期|礼拜)")
_NEAR_DAYS = {"昨天": -1, "上午": 0, "下午": 0, "今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3}
_NUMERAL = re.compile(rf"(?<![周期拜])[{CHINESE_DIGITS}]+")
_WEEKDAYS = {name: day % 7 for day, name in enumerate("一二三四五六日123456")} | {"天": 6}
_BACK = re.compile(r"(?:我[要想]?)?(?:销假|取消请假|请假取消|不请假)了?")


@dataclass(frozen=True, slots=True)
class Absence:
    """Days away, both ends included."""

    starts_on: date
    ends_on: date

    def covers(self, day: date) -> bool:
        """Whether the person is away on `day`."""
        return self.starts_on <= day <= self.ends_on

    @property
    def days(self) -> int:
        """How many calendar days it lasts."""
        return (self.ends_on - self.starts_on).days + 1


def read_absence(text: str, today: date) -> Absence:
    """The days away that `text` names, said on the local date `today`; a reason after them is allowed and not kept.

    N天 counts calendar days from today on, whatever the hour; part of a day counts as a day, a month as 30 days.
    本周 is what is left of this week. A date without its year is the one nearest to today; a day without its month
    is this month's unless that is past. Refuses what it cannot read or could read in two ways, no days or fewer, an
    end before the start, more than 180 days, a start more than 365 days away.
    """
    said = _LEAVE.sub("", fold(text)[:_MAX_LENGTH], count=1).strip(_EDGES)
    if _LESS_THAN_A_DAY.match(_in_digits(said)):
        raise DomainError(f"请假最少半天，还没记。可以写：{_examples(today)}。")
    for head in _heads(said):
        absence = _read(_OPENING.sub("", head), today)
        if absence:
            return _checked(absence, today)
    raise DomainError(f"没看懂请的是哪几天，还没记。可以写：{_examples(today)}。")


def doubt_about(absence: Absence, today: date) -> str:
    """What to ask back before a leave is noted, said on `today`: it is long, or began long ago; else empty."""
    late = (today - absence.starts_on).days
    if late > USUAL_DAYS_LATE:
        return f"{_spoken(absence.starts_on, today)}已经过去 {late} 天了，先没记。是补记这次假吗？"
    if absence.days > USUAL_DAYS:
        span = f"{_spoken(absence.starts_on, today)}到{_spoken(absence.ends_on, today)}"
        return f"{span}一共 {absence.days} 天，先没记。是请这么久吗？"
    return ""


def is_return(text: str) -> bool:
    """Whether `text` ends a leave: 销假, 取消请假."""
    return _BACK.fullmatch(fold(text).replace(" ", "").strip(_EDGES)) is not None


def cut_short(absence: Absence, today: date) -> Absence | None:
    """What remains of a leave when the person is back on `today`: the days before; None when there are none."""
    ends_on = min(absence.ends_on, today - _ONE_DAY)
    return Absence(absence.starts_on, ends_on) if absence.starts_on <= ends_on else None


def _heads(said: str) -> list[str]:
    """All that was said, then ever shorter beginnings whose rest names no days and so is a reason; without spaces."""
    cuts = [match.start() for match in _BREAK.finditer(said)]
    reasons = [cut for cut in reversed(cuts) if not _DAYS_IN_REASON.search(said[cut:])]
    # A space between two digits stays: "2 4天" is not 24 days.
    return [re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", _in_digits(said[:end])) for end in [len(said), *reasons]]


def _in_digits(said: str) -> str:
    """Chinese numerals as digits, 三十 and 二〇二六 alike; weekdays (周三) and what is no number (三四天) stay."""

    def digits(match: re.Match[str]) -> str:
        number = read_number(match[0])
        return match[0] if number is None else f"{number:f}"

    return _NUMERAL.sub(digits, said)


def _read(said: str, today: date) -> Absence | None:
    span = _SPAN.fullmatch(said)
    if span:
        monday = _monday(today) + timedelta(weeks=_WEEKS_AWAY[span[1]])
        return Absence(max(today, monday), monday + 6 * _ONE_DAY)
    _refuse_two_meanings(said)
    days = _duration(said)
    if days:
        return _lasting(today, days)
    if said.startswith(("到", "至")):
        return _until(today, said[1:], today)
    first = _take_day(said, today, None)
    if first is None:
        return None
    starts_on, rest = first
    if not rest:
        return Absence(starts_on, starts_on)
    to = _TO.match(rest)
    if to:
        return _until(starts_on, rest[to.end() :], today)
    days = _duration(_FROM_ON.sub("", rest, count=1))
    return _lasting(starts_on, days) if days else None


def _refuse_two_meanings(said: str) -> None:
    if days := re.fullmatch(r"([1-9]|[12]\d|3[01])日?", said):
        count, date_form = f"{days[1]}天", f"{days[1]}号"
        raise DomainError(
            f"“{said}”可以是 {count}，也可以是 {date_form}，还没记。请回：请假 {count}，或者 请假 {date_form}。"
        )
    dashed = re.fullmatch(r"(\d{1,2})-(\d{1,2})[日号]?", said)
    if dashed and int(dashed[1]) <= 12:
        one, span = f"{dashed[1]}月{dashed[2]}日", f"{dashed[1]}号到{dashed[2]}号"
        raise DomainError(f"“{said}”可以是 {one}，也可以是 {span}，还没记。请回：请假 {one}，或者 请假 {span}。")


def _until(starts_on: date, said: str, today: date) -> Absence | None:
    last = _take_day(said, today, starts_on)
    return Absence(starts_on, last[0]) if last and not last[1] else None


def _duration(said: str) -> int:
    """Calendar days, a part of a day rounded up; 0 when `said` is no duration."""
    match = _DURATION.fullmatch(said)
    if match is None:
        return 0
    count, unit, half = match.groups()
    number = (0.5 if count == "半" else float(count)) + (0.5 if half else 0)
    return math.ceil(number * _DAYS_OF_UNIT[unit])


def _lasting(starts_on: date, days: int) -> Absence:
    if days > MAX_DAYS:
        raise _too_long(days)
    return Absence(starts_on, starts_on + (days - 1) * _ONE_DAY)


def _take_day(said: str, today: date, start: date | None) -> tuple[date, str] | None:
    """The day `said` begins with, and what follows it; `start` is the first day when the last one is read."""
    for pattern, reader in _READERS:
        match = pattern.match(said)
        if match is None:
            continue
        day = reader(match, today, start)
        if day is None:
            raise DomainError(f"没有 {match[0]} 这一天，还没记。可以写：{_examples(today)}。")
        rest = said[match.end() :]
        part = _PART_OF_DAY.match(rest)
        return day, rest[part.end() :] if part else rest
    return None


def _full_date(match: re.Match[str], today: date, start: date | None) -> date | None:
    return _date(int(match[1]), int(match[2]), int(match[3]))


def _month_day(match: re.Match[str], today: date, start: date | None) -> date | None:
    anchor = start or today
    month, day = int(match[1]), int(match[2])
    own = _date(anchor.year, month, day) if start else None
    return _closest([_date(anchor.year + i, month, day) for i in (-1, 0, 1)], own, anchor)


def _day_of_month(match: re.Match[str], today: date, start: date | None) -> date | None:
    anchor = start or today
    day = int(match[1])
    first = anchor.replace(day=1)
    months = [(first - _ONE_DAY).replace(day=1), first, (first + 31 * _ONE_DAY).replace(day=1)]
    before, own, after = (_date(month.year, month.month, day) for month in months)
    return own and _closest([before, own, after], own, anchor)


def _near_day(match: re.Match[str], today: date, start: date | None) -> date | None:
    return today + timedelta(days=_NEAR_DAYS[match[0]])


def _weekday(match: re.Match[str], today: date, start: date | None) -> date | None:
    weekday = _WEEKDAYS[match[2]]
    if match[1]:
        return _monday(today) + timedelta(weeks=_WEEKS_AWAY[match[1]], days=weekday)
    anchor = start or today
    return anchor + timedelta(days=(weekday - anchor.weekday()) % 7)


def _month_end(match: re.Match[str], today: date, start: date | None) -> date | None:
    return ((start or today).replace(day=1) + 31 * _ONE_DAY).replace(day=1) - _ONE_DAY


_Reader = Callable[[re.Match[str], date, date | None], date | None]
_READERS: list[tuple[re.Pattern[str], _Reader]] = [
    (re.compile(r"(20\d\d)[-./年](\d{1,2})[-./月](\d{1,2})[日号]?"), _full_date),
    (re.compile(r"(\d{1,2})[月./](\d{1,2})[日号]?"), _month_day),
    (re.compile(r"(0?[1-9]|1[0-2])-(\d{1,2})(?=[到至~—–]|$)"), _month_day),
    (re.compile(r"(\d{1,2})(?:[日号]|$|(?=[-~到至—–]\d{1,2}[日号]?$))"), _day_of_month),
    (re.compile("|".join(_NEAR_DAYS)), _near_day),
    (re.compile(r"(本|这个?|下下?个?)?(?:周|星期|礼拜)([一二三四五六日天1-6])"), _weekday),
    (re.compile(r"(?:本|这个)?月[底末]"), _month_end),
]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _closest(candidates: list[date | None], own: date | None, anchor: date) -> date | None:
    """`own` unless it lies before the anchor, else the possible date nearest to the anchor."""
    if own and own >= anchor:
        return own
    return min((day for day in candidates if day), key=lambda day: abs(day - anchor), default=None)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _checked(absence: Absence, today: date) -> Absence:
    starts, ends = _spoken(absence.starts_on, today), _spoken(absence.ends_on, today)
    if absence.ends_on < absence.starts_on:
        raise DomainError(f"结束（{ends}）早于开始（{starts}），还没记。跨月、跨年的请写全年月日。")
    if absence.days > MAX_DAYS:
        raise _too_long(absence.days)
    if (today - absence.starts_on).days > MAX_DAYS_AWAY:
        raise DomainError(f"{starts}过去一年多了，还没记。请假可以写：{_examples(today)}。")
    if (absence.starts_on - today).days > MAX_DAYS_AWAY:
        raise DomainError(f"{starts}还太远，只能记一年以内的假。到时候再说一声就行。")
    return absence


def _too_long(days: int) -> DomainError:
    return DomainError(f"这次一共 {days} 天，一次最长 {MAX_DAYS} 天，还没记。更长的可以分几次请。")


def _examples(today: date) -> str:
    first = today + _ONE_DAY
    return f"请假 3天，或者 请假 {_spoken(first, today)}到{_spoken(first + 2 * _ONE_DAY, today)}"


def _spoken(day: date, today: date) -> str:
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"
