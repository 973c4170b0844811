"""Numbers as Chinese people write them, read exactly or not at all."""

import re
from decimal import Decimal

from domain.text import fold

CHINESE_DIGITS = "零〇一二两俩仨三四五六七八九十百千万亿廿卅"
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_PLAIN = re.compile(_ARABIC)
_SCALED = re.compile(rf"({_ARABIC})(百|千|万|亿)(?:(\d)(?:千)?)?")
_CHINESE = re.compile(rf"[{CHINESE_DIGITS}]+(?:点[{CHINESE_DIGITS}]+)?")
# 三四 is "three or four", not 34.
_EITHER_OR = re.compile(r"(?:一二|两三|二三|三四|四五|五六|六七|七八|八九|三五)")
_TENTHS = re.compile(rf"([{CHINESE_DIGITS}]|\d)成(?:([{CHINESE_DIGITS}]|\d)|(半))?")
_PERCENT = re.compile(r"(?:百分之)(.+)|(.+)%")
_FRACTION = re.compile(r"(.+)分之(.+)")
_SCALES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_LONGEST = 20  # beyond this nobody types a figure
_COLLOQUIAL = str.maketrans({"俩": "两", "仨": "三"})


def read_number(token: str) -> Decimal | None:
    """The value of 35, １,234, 三十五, 两百, 一万二, 1.2万, 3万5, 廿五, 半 or 一半; None for anything else."""
    text = fold(token)
    if len(text) > _LONGEST:
        return None
    if text in ("半", "一半"):
        return Decimal("0.5")
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if scaled := _SCALED.fullmatch(text):
        scale = _SCALES[scaled[2]]
        return Decimal(scaled[1].replace(",", "")) * scale + Decimal(scaled[3] or 0) * (scale // 10)
    if _CHINESE.fullmatch(text) and not _EITHER_OR.match(text):
        return _read_chinese(text)
    return None


def read_percent(token: str) -> Decimal | None:
    """Percent, 0 to 100 and beyond: 80%, 百分之八十, 八成, 八成五, 七成半; None for anything else."""
    text = fold(token)
    if tenths := _TENTHS.fullmatch(text):
        whole, tenth = read_number(tenths[1]), read_number(tenths[2] or "零")
        if whole is None or tenth is None:
            return None
        return whole * 10 + (Decimal(5) if tenths[3] else tenth)
    percent = _PERCENT.fullmatch(text)
    return read_number(percent[1] or percent[2]) if percent else None


def read_fraction(token: str) -> tuple[Decimal, Decimal] | None:
    """Numerator and denominator of 三分之二 (百分之 is a percentage, not a fraction); None for anything else."""
    fraction = _FRACTION.fullmatch(fold(token))
    if fraction is None or fraction[1] == "百":
        return None
    whole, part = read_number(fraction[1]), read_number(fraction[2])
    return (part, whole) if whole and part is not None else None


def _read_chinese(text: str) -> Decimal | None:
    # A fifth of a second to import, which every command and every process would pay at its start.
    import cn2an  # noqa: PLC0415 see above

    try:
        return Decimal(str(cn2an.cn2an(text.translate(_COLLOQUIAL), "smart")))
    except (ValueError, KeyError):  # cn2an looks up a unit that is not there for 廿零 or 一亿一
        return None
