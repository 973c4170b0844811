"""What else people can let happen from the chat page, by name."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.reports import RESIDENT
from simulator.world import World

Values = dict[str, str]


@dataclass(frozen=True)
class Action:
    """Something that can happen: its label, its fields (name and label), and what runs it."""

    label: str
    fields: tuple[tuple[str, str], ...]
    run: Callable[[World, Values], str | None]


CUSTOMER = ("customer", "客户的 external_userid")
MEMBER = ("userid", "成员账号")
CHAT = ("chat_id", "客户群的 chat_id")
KF = ("open_kfid", "客服账号的 open_kfid")


def _confirm(world: World, values: Values) -> str:
    msgid = values.get("msgid") or next(reversed(world.mass.tasks), "")
    return f"发到了 {world.people.confirm_mass_message(world.person_id(values['userid']), msgid)} 处"


def _scan_join(world: World, values: Values) -> str:
    config_id = values.get("config_id") or next(reversed(world.groups.join_ways), "")
    return world.people.scan_join_code(values["customer"], config_id.rpartition("/")[2]) or "群都满了"


def _scan_contact(world: World, values: Values) -> None:
    config_id = values.get("config_id") or next(reversed(world.groups.contact_ways), "")
    world.people.scan_contact_code(values["customer"], config_id.rpartition("/")[2])


def _leave(world: World, values: Values) -> None:
    world.people.leave_group(values["customer"], values["chat_id"])


def _invite(world: World, values: Values) -> None:
    world.people.invite_to_group(values["chat_id"], values["customer"])


def _make_group(world: World, values: Values) -> str:
    return world.people.make_group(world.person_id(values["userid"]), values["name"])


def _add_contact(world: World, values: Values) -> None:
    world.people.add_contact(values["customer"], world.person_id(values["userid"]), state=values.get("state", ""))


def _new_customer(world: World, values: Values) -> str:
    return world.customers.add(values["name"]).external_userid


def _take(world: World, values: Values) -> None:
    world.people.kf_take(world.person_id(values["userid"]), values["customer"], values["open_kfid"])


def _end(world: World, values: Values) -> None:
    world.people.kf_end(world.person_id(values["userid"]), values["customer"], values["open_kfid"])


def _servicer_says(world: World, values: Values) -> None:
    userid = world.person_id(values["userid"])
    world.people.kf_servicer_says(userid, values["customer"], values["open_kfid"], values["text"])


def _file_report(world: World, values: Values) -> str:
    grid = next((g for g in world.reports.grids.values() if g.name == values.get("grid")), None)
    order = world.reports.file(RESIDENT, values["desc"], grid=grid or world.reports.grids["SIMGRID0"])
    return str(order.body["order_id"])


def _subscribe(world: World, values: Values) -> None:
    world.people.subscribe(values["userid"])


def _invalidate(world: World, values: Values) -> None:
    world.tokens.invalidate()


ACTIONS = {
    "confirm_mass_message": Action("成员确认群发", (MEMBER, ("msgid", "群发编号（空为最新一条）")), _confirm),
    "scan_join_code": Action("居民扫群码", (CUSTOMER, ("config_id", "群码（空为最新一个）")), _scan_join),
    "leave_group": Action("居民退群", (CUSTOMER, CHAT), _leave),
    "invite_to_group": Action("拉人进群", (CUSTOMER, CHAT), _invite),
    "make_group": Action("成员建客户群", (MEMBER, ("name", "群名")), _make_group),
    "add_contact": Action("客户加成员为好友", (CUSTOMER, MEMBER, ("state", "渠道 state")), _add_contact),
    "scan_contact_code": Action("客户扫联系我", (CUSTOMER, ("config_id", "联系我（空为最新一个）")), _scan_contact),
    "new_customer": Action("新来一位微信用户", (("name", "昵称"),), _new_customer),
    "kf_take": Action("人工接入客服会话", (MEMBER, CUSTOMER, KF), _take),
    "kf_servicer_says": Action("人工在客服里回话", (MEMBER, CUSTOMER, KF, ("text", "内容")), _servicer_says),
    "kf_end": Action("人工结束客服会话", (MEMBER, CUSTOMER, KF), _end),
    "file_report": Action("居民上报（政民沟通）", (("desc", "内容"), ("grid", "网格名称")), _file_report),
    "subscribe": Action("成员进入可见范围", (MEMBER,), _subscribe),
    "invalidate_token": Action("提前作废令牌", (), _invalidate),
}
