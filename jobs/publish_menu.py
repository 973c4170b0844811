"""Keeps the app's menu in WeCom as it is written here: an entry says its own key."""

from typing import Any

from bot.message import Notice
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_day
from bot.wecom.client import WeComClient
from bot.wecom.errors import WeComError

# Names of at most 16 bytes at the top (5 characters) and 40 below; three at the top, five below each.
MENU: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("周报", ()),
    ("我的", ("我的", "目标", "复盘", "请假")),
    ("更多", ("我的工单", "本单位", "意见反馈", "帮助")),
)
NO_MENU = 46003


def menu_body() -> dict[str, Any]:
    """The menu as WeCom takes it."""
    return {"button": [_entry(name, below) for name, below in MENU]}


def publish(client: WeComClient) -> bool:
    """Replaces the menu when it differs; says whether it did."""
    wanted = menu_body()
    try:
        present = client.get_menu().get("button", [])
    except WeComError as error:
        if error.code != NO_MENU:
            raise
        present = []
    if _outline(present) == _outline(wanted["button"]):
        return False
    client.create_menu(wanted)
    return True


@job(
    "publish_menu",
    schedule=every_day("6:52"),
    catch_up=CatchUp.NEWEST,
    help="应用菜单和这里写的不一样时，重新发布",
    gather=publish,
    at_first_start=True,
)
def publish_menu(context: JobContext) -> list[Notice]:
    """The menu was published before; only what came of it is kept."""
    context.outcome.append("菜单已更新" if context.gathered else "菜单没有变化")
    return []


def _entry(name: str, below: tuple[str, ...]) -> dict[str, Any]:
    if below:
        return {"name": name, "sub_button": [_entry(word, ()) for word in below]}
    return {"type": "click", "name": name, "key": name}


def _outline(buttons: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What matters in a comparison: WeCom adds empty fields of its own."""
    return [(button.get("name"), button.get("key", ""), _outline(button.get("sub_button") or [])) for button in buttons]
