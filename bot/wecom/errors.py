"""What WeCom's refusals mean: the kind decides what happens next, the sentence tells an operator what to do."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a failed call calls for."""

    RETRY = "retry"  # busy or in conflict: again after a while
    REFRESH = "refresh"  # the token is no longer good: once more with a new one
    WINDOW = "window"  # over a frequency limit: wait until its window is over
    PAUSE = "pause"  # secret, address or permission: everybody stops, a person must act
    AWAY = "away"  # no connection was made: nothing reached WeCom
    UNKNOWN = "unknown"  # the request went out and no answer came: perhaps it was carried out
    CLOSED = "closed"  # the customer must write before we may
    DATA = "data"  # this request will never be accepted


KINDS: dict[int, Kind] = {
    **dict.fromkeys((-1, 6000, 45033, 45035, 41063), Kind.RETRY),
    **dict.fromkeys((40014, 42001), Kind.REFRESH),
    45009: Kind.WINDOW,
    **dict.fromkeys((95001, 95002, 95013, 95018, 95031), Kind.CLOSED),
    **dict.fromkeys(
        (
            40001,
            40013,
            40056,
            41001,
            48001,
            48002,
            48004,
            48006,
            48010,
            50003,
            60020,
            301002,
            95011,
            95012,
            95017,
            95023,
        ),
        Kind.PAUSE,
    ),
}
# What is refused to one call of the API alone; every other code of these kinds concerns the secret, the app or the address.
OF_ONE_CALL = frozenset({45009, 48001, 48002, 48004, 48006, 95011, 95012, 95017, 95023})

# What happened and what to do, for whoever looks after the service.
MEANINGS: dict[int, str] = {
    -1: "企业微信系统繁忙，稍后会自动再试",
    6000: "几处同时在改同一份数据，稍后会自动再试",
    40001: "应用的 Secret 不对，请核对 WECOM_SECRET 后重启",
    40003: "账号不对，请核对通讯录里的账号",
    40008: "消息类型企业微信不认，请把这条记录发给维护人员",
    40013: "企业 ID 不对，请核对 WECOM_CORP_ID 后重启",
    40014: "访问凭证失效且换新后仍不被接受，请核对 WECOM_CORP_ID 和 WECOM_SECRET",
    40029: "登录码不对，请重新打开页面",
    40056: "应用 ID 不对，请核对 WECOM_AGENT_ID 后重启",
    40058: "参数不合要求，请把这条记录发给维护人员",
    40063: "缺少参数，请把这条记录发给维护人员",
    40201: "内容被企业微信判为垃圾信息，请换个说法重发",
    41001: "请求没有带访问凭证，请把这条记录发给维护人员",
    41063: "群发任务还在下发，稍后会自动再试",
    42001: "访问凭证过期且换新后仍不被接受，请核对服务器时间",
    42003: "登录码过期，请重新打开页面",
    42014: "卡片编号重复或不合要求，请把这条记录发给维护人员",
    42022: "登录码已经用过，请重新打开页面",
    44004: "消息内容为空，请把这条记录发给维护人员",
    45002: "消息太长，请把这条记录发给维护人员",
    45009: "调用次数超过企业微信的上限，过了限制时间会自动继续",
    45033: "同时调用太多，稍后会自动再试",
    45035: "几处同时在操作，稍后会自动再试",
    46003: "应用还没有菜单，请先创建菜单",
    48001: "应用没有这个接口的权限，请在管理后台给应用授权",
    48002: "这个 Secret 不能调用此接口，请核对 WECOM_SECRET 属于哪个应用",
    48004: "应用的授权失效，请在管理后台重新授权",
    48006: "应用长期未用，接口权限被收回，请在管理后台重新开启",
    48010: "服务器的 TLS 版本太旧，请升级",
    50001: "登录后回跳的域名没有登记，请在应用里设置可信域名",
    50003: "应用被停用，请在管理后台启用",
    60011: "应用看不到这个人或部门，请在管理后台调整可见范围",
    60020: "服务器的 IP 不在企业可信 IP 里，请在应用的“企业可信IP”中加上",
    60030: "收件人不在应用的可见范围，请在管理后台调整可见范围",
    60111: "账号不存在，请核对通讯录里的账号",
    60140: "卡片的更新凭证用过或过期了，卡片保持原样",
    81013: "收件人都不在应用的可见范围或已离职，请核对可见范围和账号",
    82001: "没有收件人，请把这条记录发给维护人员",
    86001: "群聊ID不对，请核对单位的群聊ID",
    86003: "群聊不存在，请核对单位的群聊ID",
    86008: "群不是本应用建的，请由本应用建群",
    93000: "群机器人的地址失效或机器人已被移除，请重新添加",
    41050: "欢迎语的凭证用过或过了 20 秒，没有发出",
    40096: "客户的编号不对，请把这条记录发给维护人员",
    60251: "客服账号的编号缺失，请把这条记录发给维护人员",
    95000: "客服账号的编号不对，请核对人员名单里的客服账号表",
    95001: "客户上次说话后已发满 5 条，等对方开口",
    95002: "客户超过 48 小时没说话，等对方开口",
    95004: "客服账号不存在或已删除，请核对客服账号表",
    95007: "拉取消息的凭证失效，会自动换一种方式再拉",
    95011: "微信客服的接入方式变了，请在管理后台核对",
    95012: "微信客服的接入方式变了，请在管理后台核对",
    95013: "会话已结束，等对方开口",
    95017: "微信客服的接口没有授权给本应用，请在管理后台“微信客服 → API”里打开",
    95018: "会话正由人工接待，等对方再开口",
    95023: "微信客服的接口授权给了别的应用，请在管理后台核对",
    95031: "客户 48 小时内没有说过话，等对方开口",
    95033: "这条客服消息的编号用过了，请把这条记录发给维护人员",
    301002: "访问凭证和应用 ID 不是同一个应用的，请核对 WECOM_AGENT_ID 和 WECOM_SECRET",
}
OF_KIND: dict[Kind, str] = {
    Kind.RETRY: "企业微信暂时出错，稍后会自动再试",
    Kind.PAUSE: "回答的不是企业微信，请核对 WECOM_API_URL 和出网代理",
    Kind.AWAY: "连不上企业微信，请检查服务器的网络和 DNS",
    Kind.UNKNOWN: "请求发出后没有等到回答，不知道对方收到没有",
    Kind.DATA: "企业微信不接受这条请求，请把这条记录发给维护人员",
}
UNREACHED_FIELDS = ("invaliduser", "invalidparty", "invalidtag", "unlicenseduser")


class WeComError(Exception):
    """A call that WeCom did not carry out; `code` is the errcode, or None when there was no proper answer.

    `uncertain` says that it may have been carried out all the same. The text names the call and never holds a
    secret, a token or what was sent.
    """

    def __init__(self, call: str, *, code: int | None = None, kind: Kind | None = None, detail: str = "") -> None:
        self.call = call
        self.code = code
        self.kind = kind or kind_of(code)
        self.detail = detail
        super().__init__(f"{call}: {code if code is not None else self.kind} {detail}".rstrip())

    @property
    def permanent(self) -> bool:
        """Whether the same request will never be accepted."""
        return self.kind is Kind.DATA

    @property
    def of_one_call(self) -> bool:
        """Whether WeCom refuses this call of the API for the time being, and others may go on."""
        return self.code in OF_ONE_CALL and self.call != "gettoken"

    @property
    def uncertain(self) -> bool:
        """Whether WeCom may have carried the request out although no answer says so."""
        return self.code is None and self.kind is not Kind.AWAY and self.call != "gettoken"

    @property
    def explanation(self) -> str:
        """What happened and what to do, in Chinese, for an operator."""
        meaning = OF_KIND.get(self.kind, OF_KIND[Kind.DATA])
        if self.code is not None:
            meaning = f"{MEANINGS.get(self.code, meaning)}（{self.code}）"
        return meaning


def kind_of(code: int | None) -> Kind:
    """What an errcode calls for; a code we do not know is taken as a refusal for good, visible at once."""
    return Kind.UNKNOWN if code is None else KINDS.get(code, Kind.DATA)


def unreached(answer: Mapping[str, Any]) -> list[str]:
    """Who was not reached by a message that was accepted (errcode 0): WeCom names them in the answer only.

    message/send joins them with `|`, update_template_card lists them; absent fields mean nobody.
    """
    names: list[str] = []
    for field in UNREACHED_FIELDS:
        value = answer.get(field) or []
        names += [name for name in (value.split("|") if isinstance(value, str) else value) if name]
    return names
