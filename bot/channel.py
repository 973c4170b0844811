"""The ways out: which call carries a queued message, at what pace, and what may be repeated."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.pace import GROUP, MEMBER, ROBOT, Limit
from bot.wecom.client import WeComClient


@dataclass(frozen=True, slots=True)
class Channel:
    """One way out. `limit` is the pace for each recipient; `send` takes the client, the recipient and the payload.

    `suppresses` says that WeCom ignores an identical repetition for four hours; `arrived_before` is the errcode
    that a repetition gets when the first try was carried out; `names` is how many recipients one call may name;
    `label` is what operators call it.
    """

    name: str
    api: str
    send: Callable[[WeComClient, str, str], dict[str, Any]]
    limit: Limit | None = None
    suppresses: bool = False
    arrived_before: int | None = None
    names: int = 1
    label: str = "这一类消息"

    @property
    def api_key(self) -> str:
        """The key of the pace of the call."""
        return f"api:{self.api}"

    def key_for(self, recipient: str) -> str:
        """The key of the pace of one recipient."""
        return f"{self.name}:{recipient}"


MESSAGE = Channel(
    "member",
    "message/send",
    lambda client, _to, payload: client.send_message(payload),
    limit=MEMBER,
    suppresses=True,
    arrived_before=42014,  # a card's task_id, used before
    names=1_000,
    label="发给个人的消息",
)
CARD = Channel(
    "card",
    "message/update_template_card",
    lambda client, _to, payload: client.update_card(payload),
    suppresses=True,  # its code works once, so that a repetition cannot do harm
    arrived_before=60140,
    label="卡片的更新",
)
GROUP_CHAT = Channel(
    "group",
    "appchat/send",
    lambda client, _to, payload: client.send_to_group(payload),
    limit=GROUP,
    label="发到群聊的消息",
)
GROUP_ROBOT = Channel(
    "robot",
    "webhook/send",
    lambda client, to, payload: client.send_to_robot(to, payload),
    limit=ROBOT,
    label="群机器人的消息",
)
KF = Channel(
    "kf",
    "kf/send_msg",
    lambda client, _to, payload: client.send_to_customer(payload),
    suppresses=True,  # by the msgid that is in the payload
    arrived_before=95033,
    label="客服消息",
)
KF_WELCOME = Channel(
    "kf_welcome",
    "kf/send_msg_on_event",
    lambda client, _to, payload: client.welcome_customer(payload),
    suppresses=True,  # its code works once
    arrived_before=41050,
    label="客服欢迎语",
)

CHANNELS = {channel.name: channel for channel in (MESSAGE, CARD, GROUP_CHAT, GROUP_ROBOT, KF, KF_WELCOME)}
