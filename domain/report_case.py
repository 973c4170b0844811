"""The process of what a resident reports (上报), as data, and how a report is sorted by its words (三事分流)."""

import re
from enum import StrEnum

from domain.process import Action, Actor, Need, Process, Rule, State
from domain.text import fold
from domain.ticket import RATING_DAYS, REOPEN_DAYS, TICKET, TicketAction, TicketState

ASSIGNED = "assigned"
# Until the grid worker has sorted it.
UNSORTED = "上报"


class Sort(StrEnum):
    """Whose matter a report is; the values are what people say: the government's, the village's, the neighbours'."""

    BIG = "大事"
    SMALL = "小事"
    PRIVATE = "私事"


class SortAction(StrEnum):
    """What the grid worker makes of a report."""

    BIG = "sort_big"
    SMALL = "sort_small"
    PRIVATE = "sort_private"

    @property
    def sort(self) -> Sort:
        """The sort that this action decides for."""
        return Sort[self.name]


_S, _A = TicketState, TicketAction
_OWNER = frozenset({Actor.OWNER})
_LEADERS = frozenset({Actor.GRID_LEADER, Actor.DUTY_LEADER})
_REQUESTER = frozenset({Actor.REQUESTER})
_SYSTEM = frozenset({Actor.SYSTEM})
_BEGUN = (ASSIGNED, _S.IN_HAND)
_UNFINISHED = (_S.UNACCEPTED, *_BEGUN, _S.ARBITRATION)

_STATES: dict[str, State] = {
    _S.UNACCEPTED: State("待受理", Actor.OWNER),
    ASSIGNED: State("已派", Actor.OWNER),
    _S.IN_HAND: State("办理中", Actor.OWNER),
    _S.ARBITRATION: State("仲裁中", Actor.GRID_LEADER),
    _S.TO_CONFIRM: State("已办待确认", Actor.REQUESTER),
    _S.SOLVED: State("已办结"),
    _S.LAPSED: State("默认办结"),
    _S.WITHDRAWN: State("已撤销"),
}

_LIKE_REQUESTS = (
    _A.ACCEPT,
    _A.TRANSFER,
    _A.RETURN,
    _A.ARBITRATE,
    _A.REASSIGN,
    _A.HAND_OVER,
    _A.CONFIRM,
    _A.DENY,
    _A.LAPSE,
    _A.RATE,
    _A.URGE,
    _A.ADD,
    _A.WITHDRAW,
)

_ACTIONS: dict[str, Action] = {
    SortAction.BIG: Action("大事", "要政府部门办的，派给负责的人", "大事 7", is_button=True),
    SortAction.SMALL: Action("小事", "村社自己能办的，我来办", "小事 7", is_button=True),
    SortAction.PRIVATE: Action("私事", "邻里之间的，我帮着商量", "私事 7", is_button=True),
    _A.FINISH: Action("办结", "说明办了什么，请报的人确认", "办结 7 已换好", (Need.TEXT,), is_button=True),
    **{code: TICKET.actions[code] for code in _LIKE_REQUESTS},
}

REPORT = Process(
    name="居民上报",
    first=_S.UNACCEPTED,
    states=_STATES,
    actions=_ACTIONS,
    rules=(
        Rule((_S.UNACCEPTED, _S.IN_HAND), SortAction.BIG, ASSIGNED, _OWNER),
        Rule((_S.UNACCEPTED,), SortAction.SMALL, _S.IN_HAND, _OWNER),
        Rule((_S.UNACCEPTED,), SortAction.PRIVATE, _S.IN_HAND, _OWNER),
        Rule((ASSIGNED,), _A.ACCEPT, _S.IN_HAND, _OWNER),
        Rule((_S.UNACCEPTED, ASSIGNED), _A.RETURN, _S.UNACCEPTED, _OWNER, then=(2, _S.ARBITRATION)),
        Rule((_S.UNACCEPTED, *_BEGUN), _A.TRANSFER, _S.UNACCEPTED, _OWNER),
        Rule(_BEGUN, _A.FINISH, _S.TO_CONFIRM, _OWNER),
        Rule((_S.ARBITRATION,), _A.ARBITRATE, _S.UNACCEPTED, _LEADERS),
        Rule((_S.UNACCEPTED, *_BEGUN), _A.REASSIGN, _S.UNACCEPTED, _LEADERS),
        Rule((*_UNFINISHED, _S.TO_CONFIRM), _A.HAND_OVER, None, _SYSTEM),
        Rule((*_BEGUN, _S.TO_CONFIRM, _S.LAPSED), _A.CONFIRM, _S.SOLVED, _REQUESTER),
        Rule((_S.TO_CONFIRM,), _A.DENY, _S.IN_HAND, _REQUESTER),
        Rule((_S.LAPSED, _S.SOLVED), _A.DENY, _S.IN_HAND, _REQUESTER, within_days=REOPEN_DAYS),
        Rule((_S.TO_CONFIRM,), _A.LAPSE, _S.LAPSED, _SYSTEM),
        Rule((_S.SOLVED, _S.LAPSED), _A.RATE, None, _REQUESTER, within_days=RATING_DAYS),
        Rule(_UNFINISHED, _A.URGE, None, _REQUESTER | _LEADERS),
        Rule((*_UNFINISHED, _S.TO_CONFIRM), _A.ADD, None, _REQUESTER | _OWNER | _LEADERS),
        Rule((*_UNFINISHED, _S.TO_CONFIRM), _A.WITHDRAW, _S.WITHDRAWN, _REQUESTER),
    ),
)

_DANGER = re.compile(
    "电线.{0,6}(?:掉|断|垂|裸|露|冒)|(?:掉|断|裸露)的?.{0,3}电线|漏电|火花|煤气味|燃气味|闻到.{0,4}(?:煤气|燃气|天然气)|"
    "井盖.{0,4}(?:没|丢|不见|破|坏|翘)|没有?井盖|高空|外墙.{0,4}(?:掉|脱)|墙皮?.{0,3}(?:要倒|快倒|倒了)|要塌|快塌|塌陷|"
    "玻璃.{0,4}(?:掉|要掉)|广告牌.{0,4}(?:掉|要掉|松)|电梯.{0,4}(?:坠|失控|困)|落水|掉下来"
)
_PRIVATE = re.compile(
    "邻居|隔壁|楼上|楼下住?户|对门|吵架|噪音|太吵|装修声|广场舞|狗叫|养狗|遛狗|晾衣|滴水|占.{0,3}车位|抢车位|"
    "鞋柜|堆.{0,4}(?:门口|楼道)|(?:门口|楼道).{0,4}堆|油烟|空调外机"
)
_BIG = re.compile(
    "违建|违章|乱搭|污水|废气|偷排|污染|诈骗|被骗|小偷|被偷|偷东西|赌|斗殴|食品|过期|红绿灯|信号灯|道路|路面|马路|"
    "停水|停电|停气|断水|断电|消防|危房|裂缝|施工|工地|拆迁|医保|社保|欠薪|公交"
)
_NUMBERED = re.compile(r"(\d+)\s*(幢|栋|号楼|号|单元|楼)")
_TELLING = re.compile(r"[一-鿿0-9]")
_EMPTY_WORDS = re.compile("[的了啊呀吧呢吗在有个我们您请这那里边上下来去被就还都很]")
_ALIKE = 0.65


def is_danger(words: str) -> bool:
    """Whether people should keep away from what is reported."""
    return _DANGER.search(fold(words)) is not None


def propose_sort(words: str) -> Sort:
    """What a report looks like by its words alone; the grid worker decides."""
    plain = fold(words)
    if is_danger(plain):
        return Sort.BIG
    if _PRIVATE.search(plain):
        return Sort.PRIVATE
    return Sort.BIG if _BIG.search(plain) else Sort.SMALL


def is_same_matter(words: str, others: str) -> bool:
    """Whether two reports of one grid may be of one thing: most characters shared, and no two different numbers of a house."""
    ours, theirs = _numbers(words), _numbers(others)
    if any(ours[unit].isdisjoint(theirs[unit]) for unit in ours.keys() & theirs.keys()):
        return False
    mine, yours = _core(words), _core(others)
    return bool(mine and yours) and len(mine & yours) / min(len(mine), len(yours)) >= _ALIKE


def _numbers(words: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for number, unit in _NUMBERED.findall(fold(words)):
        found.setdefault("幢" if unit in "幢栋号楼" else unit, set()).add(number)
    return found


def _core(words: str) -> set[str]:
    return set(_TELLING.findall(_EMPTY_WORDS.sub("", fold(words))))
