"""客户联系: customer groups and join codes."""

from typing import Any

from simulator import fields
from simulator.customer_groups import CustomerGroup, GroupMember, JoinWay
from simulator.endpoint import Answer, Call, endpoint
from simulator.errors import ApiError

MOST_GROUPS = 5


@endpoint("POST", "externalcontact/groupchat/list")
def groupchat_list(call: Call) -> Answer:
    """The groups of visible owners, or of the owners a filter names."""
    limit = fields.number(call.body, "limit", allowed=range(1, 1001))
    status = fields.number(call.body, "status_filter", allowed=range(4), default=0)
    named = fields.mapping(call.body, "owner_filter", required=False)
    owners = {userid.lower() for userid in fields.texts(named, "userid_list", most=100, required=False)}
    if not owners and len([m for m in call.world.directory.members if call.world.directory.sees(call.app, m)]) > 1000:
        raise ApiError(81017, "too many people in the visible range; use owner_filter")
    rows = [
        {"chat_id": g.chat_id, "status": g.status}
        for g in call.world.groups.groups.values()
        if (not owners or g.owner.lower() in owners) and status in (0, g.status) and _sees(call, g)
    ]
    page, cursor = fields.page_of(rows, fields.text(call.body, "cursor", required=False), limit)
    return {"group_chat_list": page, "next_cursor": cursor}


def _sees(call: Call, group: CustomerGroup) -> bool:
    owner = call.world.directory.find(group.owner)
    return owner is None or call.world.directory.sees(call.app, owner)


@endpoint("POST", "externalcontact/groupchat/get")
def groupchat_get(call: Call) -> Answer:
    """A group and its members; names only with need_name."""
    group = call.world.groups.find(fields.text(call.body, "chat_id"))
    if not _sees(call, group):
        raise ApiError(60011)
    names = fields.number(call.body, "need_name", allowed=range(2), default=0) == 1
    return {
        "group_chat": {
            "chat_id": group.chat_id,
            "name": group.name,
            "owner": group.owner,
            "create_time": group.created_at,
            "notice": group.notice,
            "member_list": [_shown(call, group, m, names=names) for m in group.members.values()],
            "admin_list": [{"userid": userid} for userid in group.admins],
            "member_version": f"v{group.version}",
        }
    }


def _shown(call: Call, group: CustomerGroup, member: GroupMember, *, names: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "userid": member.person,
        "type": 2 if member.external else 1,
        "join_time": member.joined_at,
        "join_scene": member.join_scene,
        "group_nickname": "",
    }
    if member.join_scene != 3:
        row["invitor"] = {"userid": group.owner}
    if member.state:
        row["state"] = member.state
    if names:
        found = call.world.customers.find(member.person) or call.world.directory.find(member.person)
        row["name"] = found.name if found else ""
    return row


def _settings(call: Call) -> tuple[list[str], dict[str, Any]]:
    body = call.body
    if fields.number(body, "scene") not in (1, 2):
        raise ApiError(41040, "invalid scene")
    chat_ids = fields.texts(body, "chat_id_list", most=MOST_GROUPS, code=41091)
    for chat_id in chat_ids:
        call.world.groups.find(chat_id)
    for name, most in (("remark", 30), ("state", 30), ("room_base_name", 40)):
        if len(fields.text(body, name, required=False)) > most:
            raise ApiError(40058, f"{name} too long")
    return chat_ids, {
        "scene": body["scene"],
        "remark": body.get("remark", ""),
        "auto_create_room": fields.number(body, "auto_create_room", allowed=range(2), default=1),
        "room_base_name": body.get("room_base_name", ""),
        "room_base_id": fields.number(body, "room_base_id", default=1),
        "state": body.get("state", ""),
        "mark_source": bool(body.get("mark_source", False)),
    }


def _way(call: Call) -> JoinWay:
    way = call.world.groups.join_ways.get(fields.text(call.body, "config_id", code=41044))
    if way is None:
        raise ApiError(41044, "invalid config_id")
    return way


@endpoint("POST", "externalcontact/groupchat/add_join_way")
def add_join_way(call: Call) -> Answer:
    """A new join code: only its config_id, the picture's address comes from get_join_way."""
    return {"config_id": call.world.groups.add_join_way(*_settings(call)).config_id}


@endpoint("POST", "externalcontact/groupchat/get_join_way")
def get_join_way(call: Call) -> Answer:
    """A join code, with the groups it leads to by now."""
    return {"join_way": _way(call).as_json()}


@endpoint("POST", "externalcontact/groupchat/update_join_way")
def update_join_way(call: Call) -> None:
    """Replace all settings of a join code; its picture stays valid."""
    way = _way(call)
    way.chat_ids, way.settings = _settings(call)


@endpoint("POST", "externalcontact/groupchat/del_join_way")
def del_join_way(call: Call) -> None:
    """Delete a join code."""
    del call.world.groups.join_ways[_way(call).config_id]


@endpoint("POST", "externalcontact/groupchat/transfer")
def transfer(call: Call) -> Answer:
    """Give the groups of owners who left to another member."""
    return _hand_over(call, owner_left=True)


@endpoint("POST", "externalcontact/groupchat/onjob_transfer")
def onjob_transfer(call: Call) -> Answer:
    """Give the groups of present owners to another member."""
    return _hand_over(call, owner_left=False)


def _hand_over(call: Call, *, owner_left: bool) -> Answer:
    chat_ids = fields.texts(call.body, "chat_id_list", most=100)
    heir = call.world.directory.find(fields.text(call.body, "new_owner"))
    if heir is None or heir.status != 1:
        raise ApiError(60111)
    failed = []
    for chat_id in chat_ids:
        group = call.world.groups.groups.get(chat_id)
        owner = call.world.directory.find(group.owner) if group else None
        if group is None:
            failed.append({"chat_id": chat_id, "errcode": 90501, "errmsg": "not a customer group"})
        elif (owner is None or owner.status == 5) != owner_left:
            failed.append({"chat_id": chat_id, "errcode": 90500, "errmsg": "the owner's state does not allow it"})
        else:
            group.owner = heir.userid
            call.world.groups.join(group, heir.userid, 1, external=False)
    return {"failed_chat_list": failed}


@endpoint("POST", "externalcontact/groupchat/statistic")
def statistic(call: Call) -> Answer:
    """Groups and members per owner; what is said in groups is not simulated and counts 0."""
    start = fields.number(call.body, "day_begin_time")
    end = fields.number(call.body, "day_end_time", default=start) + 86_400
    owners = fields.texts(fields.mapping(call.body, "owner_filter"), "userid_list", most=100)
    rows = []
    for owner in owners:
        groups = [g for g in call.world.groups.groups.values() if g.owner == owner]
        members = [m for g in groups for m in g.members.values()]
        data = {
            "new_chat_cnt": sum(1 for g in groups if start <= g.created_at < end),
            "chat_total": len(groups),
            "chat_has_msg": 0,
            "new_member_cnt": sum(1 for m in members if start <= m.joined_at < end),
            "member_total": len(members),
            "member_has_msg": 0,
            "msg_total": 0,
        }
        rows.append({"owner": owner, "data": data})
    return {"total": len(rows), "next_offset": len(rows), "items": rows}
