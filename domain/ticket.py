"""The process of an enterprise's request (诉求), as data: its states, actions and who may do what."""

import re
from enum import StrEnum

from domain.errors import DomainError
from domain.process import Action, Actor, Need, Process, Rule, State

RATING_DAYS = 7
REOPEN_DAYS = 7


class TicketState(StrEnum):
    """Where a request stands."""

    UNACCEPTED = "unaccepted"
    IN_HAND = "in_hand"
    EXTENSION_ASKED = "extension_asked"
    PAUSED = "paused"
    ARBITRATION = "arbitration"
    TO_CONFIRM = "to_confirm"
    SOLVED = "solved"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class TicketAction(StrEnum):
    """What can be done to a request."""

    ACCEPT = "accept"
    TRANSFER = "transfer"
    RETURN = "return"
    CONTACT = "contact"
    FINISH = "finish"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    PAUSE = "pause"
    RESUME = "resume"
    ARBITRATE = "arbitrate"
    REASSIGN = "reassign"
    HAND_OVER = "hand_over"
    CONFIRM = "confirm"
    DENY = "deny"
    LAPSE = "lapse"
    RATE = "rate"
    URGE = "urge"
    ADD = "add"
    WITHDRAW = "withdraw"


class Proof(StrEnum):
    """How the enterprise was first contacted; the values are what people say."""

    CALL = "电话"
    VISIT = "上门"
    MESSAGE = "消息"


_PROOF_WORDS = {
    Proof.CALL: re.compile("电话|通话|来电"),
    Proof.VISIT: re.compile("上门|走访|现场|拜访|到厂|到企业|面谈"),
    Proof.MESSAGE: re.compile("消息|微信|短信|留言|聊天"),
}


class Rating(StrEnum):
    """How satisfied the enterprise is; the values are what people say."""

    SATISFIED = "满意"
    FAIR = "基本满意"
    DISSATISFIED = "不满意"


_S, _A = TicketState, TicketAction
_OWNER = frozenset({Actor.OWNER})
_WORKERS = frozenset({Actor.OWNER, Actor.ASSISTANT})
_LEADERS = frozenset({Actor.GRID_LEADER, Actor.DUTY_LEADER})
_REQUESTER = frozenset({Actor.REQUESTER})
# Whoever speaks for the same enterprise may follow and help, and leaves it to who asked to say whether it is solved.
_ENTERPRISE = frozenset({Actor.REQUESTER, Actor.COLLEAGUE})
_SYSTEM = frozenset({Actor.SYSTEM})
_WORKED_ON = (_S.IN_HAND, _S.EXTENSION_ASKED)
_BEGUN = (*_WORKED_ON, _S.PAUSED)
_UNFINISHED = (_S.UNACCEPTED, *_BEGUN, _S.ARBITRATION)

_STATES: dict[str, State] = {
    _S.UNACCEPTED: State("待接单", Actor.OWNER),
    _S.IN_HAND: State("办理中", Actor.OWNER),
    _S.EXTENSION_ASKED: State("待批延期", Actor.GRID_LEADER),
    _S.PAUSED: State("挂起", Actor.REQUESTER, is_paused=True),
    _S.ARBITRATION: State("仲裁中", Actor.GRID_LEADER),
    _S.TO_CONFIRM: State("待确认", Actor.REQUESTER),
    _S.SOLVED: State("已办结"),
    _S.LAPSED: State("默认办结"),
    _S.WITHDRAWN: State("已撤销"),
}

_ACTIONS: dict[str, Action] = {
    _A.ACCEPT: Action("接单", "这件我来办", "接单 7", is_button=True),
    _A.CONTACT: Action("首联", "记下第一次联系", "首联 7 电话 约好明天上门", (Need.PROOF, Need.TEXT), is_button=True),
    _A.FINISH: Action("办结", "说明办了什么，请企业确认", "办结 7 已通电", (Need.TEXT,), is_button=True),
    _A.TRANSFER: Action("转办", "转给更合适的人", "转办 7 归人社局办", (Need.REASON,), is_button=True),
    _A.RETURN: Action("退回", "不该我办，退回重派", "退回 7 不在本网格", (Need.REASON,), is_button=True),
    _A.ASK_EXTENSION: Action("延期", "请网格长多给几天", "延期 7 3天 等图纸", (Need.DAYS, Need.REASON), is_button=True),
    _A.GRANT_EXTENSION: Action("同意延期", "照申请的天数延", "同意延期 7", is_button=True),
    _A.REFUSE_EXTENSION: Action("不同意延期", "时限不变", "不同意延期 7 材料已齐", (Need.REASON,), is_button=True),
    _A.PAUSE: Action("挂起", "只在等企业的时候停表", "挂起 7 等企业补图纸", (Need.REASON,), is_button=True),
    _A.RESUME: Action("恢复", "接着办，时限接着走", "恢复 7", is_button=True),
    _A.ARBITRATE: Action(
        "仲裁", "当天定下由谁办", "仲裁 7 联三 场地在他网格", (Need.TARGET, Need.REASON), is_button=True
    ),
    _A.REASSIGN: Action("改派", "换一个人办", "改派 7 联三 原承办人出差", (Need.TARGET, Need.REASON)),
    _A.HAND_OVER: Action("交接", "承办人调动，连人带事交给接手的人", needs=(Need.TARGET, Need.REASON)),
    _A.CONFIRM: Action("已解决", "事情办好了", "已解决", is_button=True),
    _A.DENY: Action("没解决", "退回给原来的承办人继续办", "没解决 只来了5个", is_button=True),
    _A.LAPSE: Action("默认办结", "3 个工作日没有回音，先结，另外计数"),
    _A.RATE: Action("评价", "满意、基本满意或不满意", "评价 满意", (Need.RATING,)),
    _A.URGE: Action("催办", "提醒承办人", "催办 7"),
    _A.ADD: Action("补充", "加一句话、照片或材料", "补充 7 门口有照片", (Need.TEXT,)),
    _A.WITHDRAW: Action("撤销", "不用办了", "撤销 7"),
}

TICKET = Process(
    name="企业诉求",
    first=_S.UNACCEPTED,
    states=_STATES,
    actions=_ACTIONS,
    rules=(
        Rule((_S.UNACCEPTED,), _A.ACCEPT, _S.IN_HAND, _OWNER),
        # The first return is routed again; at the second the grid leader decides, so that nothing goes in circles.
        Rule((_S.UNACCEPTED,), _A.RETURN, _S.UNACCEPTED, _OWNER, then=(2, _S.ARBITRATION)),
        Rule((_S.UNACCEPTED, *_WORKED_ON), _A.TRANSFER, _S.UNACCEPTED, _OWNER),
        Rule(_BEGUN, _A.CONTACT, None, _WORKERS),
        Rule(_BEGUN, _A.FINISH, _S.TO_CONFIRM, _OWNER),
        Rule((_S.IN_HAND,), _A.ASK_EXTENSION, _S.EXTENSION_ASKED, _OWNER),
        Rule((_S.EXTENSION_ASKED,), _A.GRANT_EXTENSION, _S.IN_HAND, _LEADERS),
        Rule((_S.EXTENSION_ASKED,), _A.REFUSE_EXTENSION, _S.IN_HAND, _LEADERS),
        Rule((_S.IN_HAND,), _A.PAUSE, _S.PAUSED, _OWNER),
        Rule((_S.PAUSED,), _A.RESUME, _S.IN_HAND, _OWNER | _SYSTEM),
        Rule((_S.ARBITRATION,), _A.ARBITRATE, _S.UNACCEPTED, _LEADERS),
        Rule((_S.UNACCEPTED, *_BEGUN), _A.REASSIGN, _S.UNACCEPTED, _LEADERS),
        Rule((*_UNFINISHED, _S.TO_CONFIRM), _A.HAND_OVER, None, _SYSTEM),
        Rule((*_BEGUN, _S.TO_CONFIRM, _S.LAPSED), _A.CONFIRM, _S.SOLVED, _REQUESTER),
        Rule((_S.TO_CONFIRM,), _A.DENY, _S.IN_HAND, _REQUESTER),
        Rule((_S.LAPSED, _S.SOLVED), _A.DENY, _S.IN_HAND, _REQUESTER, within_days=REOPEN_DAYS),
        Rule((_S.TO_CONFIRM,), _A.LAPSE, _S.LAPSED, _SYSTEM),
        Rule((_S.SOLVED, _S.LAPSED), _A.RATE, None, _REQUESTER, within_days=RATING_DAYS),
        Rule(_UNFINISHED, _A.URGE, None, _ENTERPRISE | _LEADERS),
        Rule((*_UNFINISHED, _S.TO_CONFIRM), _A.ADD, None, _ENTERPRISE | _WORKERS | _LEADERS),
        Rule((*_UNFINISHED, _S.TO_CONFIRM), _A.WITHDRAW, _S.WITHDRAWN, _REQUESTER),
    ),
)


def read_proof(text: str) -> Proof | None:
    """How contact was made, by the first word that tells: 打了电话, 到厂里看过, 微信上说了; None when none does."""
    found = [(match.start(), proof) for proof, words in _PROOF_WORDS.items() if (match := words.search(text))]
    return min(found)[1] if found else None


def check_rating(rating: str, reason: str) -> Rating:
    """The rating people gave; refuses other words, and 不满意 without a reason."""
    try:
        given = Rating(rating.strip())
    except ValueError:
        raise DomainError("请回：满意、基本满意，或者 不满意 加一句原因。") from None
    if given is Rating.DISSATISFIED and not reason.strip():
        raise DomainError("抱歉没让您满意。请再说一句哪里没办好，例如：不满意 电话一直没人接。")
    return given
