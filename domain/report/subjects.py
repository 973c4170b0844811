"""What the words beside a figure are about: titles of ours, or a subject that is none of them."""

import re
from collections.abc import Mapping, Sequence

from domain.report.lexer import FIGURES, Kind, Token
from domain.report.names import Reference, find_titles, resembling, spelled
from domain.report.parts import Clause, accepts
from domain.report.prose import gives_reason, is_note, residue, role_of
from domain.report.shapes import Line

_VERBS = r"(?:[\s:是为了也还只才]|到|达到?|至|目前|现在|已经?|大概|约|提高|提升|上升|下降|增长|降|升)*$"
_RATE = re.compile(rf"(?P<word>[\u4e00-\u9fff]{{2}})(?:率|(?<![季年月进])度|比例|占比|比重){_VERBS}")
_OWN_RATE = re.compile(rf"(?:(?:完成|达成|达标|任务|目标|落实)(?:率|度|比例)|进度){_VERBS}")
_COUNT = re.compile(rf"(?<![指分系])(?:数|数量|总量){_VERBS}")
_WORD, _LONGEST_SUBJECT = 2, 12
_MEASURE = re.compile(r"[\u4e00-\u9fff]+[率度数量额]|[\u4e00-\u9fff]+(?:比例|占比|比重)")
_TITLE = re.compile(r"[\u4e00-\u9fff]{4,12}(?<![了着过的好大差多少慢难响])")
_SAID_TITLE = re.compile(
    r"\s*(?P<title>[\u4e00-\u9fff]{2,12}?)\s*(?:(?:已经?|共|累计|目前|现在)*(?:完成|办结|达到|达|到|为|是)?了?)[\s:]*(?=[0-9.零一二两三四五六七八九十百])"
)
_CHAT = re.compile(
    r"^(?:[我你您他她它咱]|大家|今|昨|明|后天|前天|上午|下午|晚上|早上|刚|接到?|收到|抓|请|等|谢|辛苦|你好|好的|没|不|还|再|又|就|要|想|因|由于|下|准备|计划|预计|争取|打算|食堂)"
    r"|[码号室房间楼栋层路岁]$|(?:主任|[所队科局]长|书记|这个?月|里有|会议改到?)$|天气|气温|血压|网速|工资|加班|快递|包裹|电话|尾号|验证|[早午晚]饭|餐|还有|剩|开会"
)
_UNCOUNTED = frozenset({"天", "日", "小时", "时", "分钟", "分", "钟头", "秒", "元", "块", "米", "公里"})
_TITLE_EDGES = " \t:、.)]】"
_SHARES = frozenset({Kind.NUMBER, Kind.PERCENT})


def rate_role(folded: str, start: int, token: Token, line: Line) -> str:
    """`rate` for 完成率70 of a count, `other` for a rate or a count that the key result does not measure, else empty."""
    if token.kind not in _SHARES or token.unit or token.sign:
        return ""
    if line.unit == "%":
        counts = _COUNT.search(folded, start, token.start) and not re.search("[数量]", line.title)
        names_other = re.search("[率度]", line.title) and foreign_rate(folded, start, token.start, (line,))
        return "other" if (token.kind is Kind.NUMBER and counts) or names_other else ""
    if foreign_rate(folded, start, token.start, (line,)):
        return "other"
    says_rate = _OWN_RATE.search(folded, start, token.start) or _RATE.search(folded, start, token.start)
    measures_rate = re.search("率|比例|占比|满意度", line.title)
    return "rate" if says_rate and not measures_rate and token.kind is Kind.NUMBER else ""


def foreign_rate(folded: str, start: int, end: int, lines: Sequence[Line]) -> bool:
    """Whether the words before `end` name a rate of something that is in none of the titles, as 覆盖率 or 满意度."""
    found = _RATE.search(folded, start, end)
    if found is None or _OWN_RATE.search(folded, start, end):
        return False
    return not any(found["word"] in line.title for line in lines)


def names_other(folded: str, start: int, token: Token, line: Line) -> bool:
    """Whether the words between a number and its bare figure are the title of something else, as in KR1 破案率 12."""
    if token.kind not in _SHARES or token.unit or token.sign:
        return False
    words = folded[start : token.start].strip(_TITLE_EDGES)
    if gives_reason(words) or _OWN_RATE.search(words) or find_titles(words, (line,)) or spelled(words, (line,)):
        return False
    news = residue(words, 0, len(words))
    if resembling(words, (line,)) or len(news) < _WORD:
        return False
    is_title = news == words and folded[token.start - 1] in _TITLE_EDGES and _TITLE.fullmatch(words)
    return bool(is_title or _MEASURE.fullmatch(words))


def is_foreign(folded: str, token: Token, clause: Clause, lines: Sequence[Line]) -> bool:
    """Whether a later clause tells a value of something that is no key result of ours, as 满意度到了90."""
    if token.kind not in _SHARES or token.unit or token.sign:
        return False
    role = role_of(folded, clause.start, token.start)
    before, lead = folded[clause.start : token.start], residue(folded, clause.start, token.start)
    if role in ("part", "plan") or gives_reason(before) or len(residue(folded, token.end, clause.end)) >= _WORD:
        return False
    is_level = role == "level" and _WORD <= len(lead) <= _LONGEST_SUBJECT
    return is_level or foreign_rate(folded, clause.start, token.start, lines)


def looks_like_item(folded: str, token: Token, clause: Clause, name: str) -> bool:
    """Whether the line reads like a short name and a figure, as an item of a list does."""
    before, behind = folded[clause.start : token.start], folded[token.end : clause.end]
    is_short = token.kind in FIGURES and len(name) <= _LONGEST_SUBJECT
    return is_short and not gives_reason(before) and not is_note(behind)


def is_title_and_figure(folded: str, token: Token, lines: Sequence[Line]) -> bool:
    """Whether the whole text is a title and its figure, as 走访35户 or 破案率到了85; chat with a figure is not."""
    title, behind = _SAID_TITLE.match(folded), folded[token.end :].strip(" \t\n,;。.!~")
    if token.kind not in _SHARES or token.sign or title is None or behind not in ("", "了"):
        return False
    words, units = title["title"], {line.unit for line in lines}
    is_counted = token.unit not in _UNCOUNTED or token.unit in units
    is_news = bool(residue(words, 0, len(words)))
    return title.end() == token.start and is_counted and is_news and not _CHAT.search(words)


def named(pieces: Sequence[Reference]) -> frozenset[int]:
    """The key results all the pieces fit, else those any of them fits; a whole title outweighs pieces."""
    numbers = [piece.numbers for piece in pieces if piece.is_whole_title] or [piece.numbers for piece in pieces]
    if not numbers:
        return frozenset()
    return frozenset.intersection(*numbers) or frozenset().union(*numbers)


def following(items: Sequence[Token | Reference]) -> list[Reference]:
    """The pieces of titles up to the next figure: 办了两场 names its key result behind the figure."""
    names: list[Reference] = []
    for item in items:
        if isinstance(item, Token):
            break
        names.append(item)
    return names


def leads_to_figure(numbers: frozenset[int], rest: Sequence[Token | Reference], lines: Mapping[int, Line]) -> bool:
    """Whether a figure of these key results follows, or of the one that is named before it."""
    value = next((item for item in rest if isinstance(item, Token) and item.kind in FIGURES), None)
    between = named(following(rest))
    if value is None or between:
        return value is not None and (not numbers or bool(between & numbers))
    return any(accepts(lines[number], value) for number in numbers if number in lines)


def joined(folded: str, names: Sequence[Reference]) -> list[Reference]:
    """The key results of 走访和化解 one by one, where each is named for sure; else nothing."""
    groups: list[list[Reference]] = []
    for name in names:
        gap = folded[groups[-1][-1].end : name.start] if groups else ""
        if groups and not (gap in _ALONGSIDE and not named(groups[-1]) & name.numbers):
            groups[-1].append(name)
        else:
            groups.append([name])
    found = [Reference(group[0].start, group[-1].end, named(group)) for group in groups]
    return found if len(found) > 1 and all(len(each.numbers) == 1 for each in found) else []


_ALONGSIDE = frozenset({"和", "与", "及", "跟", "以及", "还有"})
