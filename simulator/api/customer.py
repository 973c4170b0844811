"""客户联系: customers, their tags and remarks, contact codes and welcome messages."""

from typing import Any

from simulator import fields
from simulator.api.attachments import checked_content
from simulator.customers import Customer, Follow
from simulator.directory import Member
from simulator.endpoint import Answer, Call, endpoint
from simulator.errors import ApiError


def allowed_member(call: Call, userid: str) -> Member:
    """A member who may have customers and whom the app sees: 60111 unknown, 60011 unseen, 84061 not allowed."""
    member = call.world.directory.find(userid)
    if member is None:
        raise ApiError(60111)
    if not call.world.directory.sees(call.app, member):
        raise ApiError(60011)
    allowed = call.world.customers.allowed_members
    if allowed is not None and member.userid not in allowed:
        raise ApiError(84061)
    return member


def known_customer(call: Call, external_userid: str) -> Customer:
    """The customer with this id; 40096 for an unknown one."""
    customer = call.world.customers.find(external_userid)
    if customer is None:
        raise ApiError(40096)
    return customer


def _follow(call: Call, body: dict[str, Any]) -> Follow:
    member = allowed_member(call, fields.text(body, "userid", code=40003))
    customer = known_customer(call, fields.text(body, "external_userid", code=40096))
    if member.userid not in customer.follows:
        raise ApiError(84061)
    return customer.follows[member.userid]


@endpoint("GET", "externalcontact/get_follow_user_list")
def get_follow_user_list(call: Call) -> Answer:
    """The members who may have customers."""
    allowed = call.world.customers.allowed_members
    members = [m for m in call.world.directory.members if call.world.directory.sees(call.app, m)]
    return {"follow_user": [m.userid for m in members if allowed is None or m.userid in allowed]}


@endpoint("GET", "externalcontact/list")
def list_customers(call: Call) -> Answer:
    """A member's customers; 84061 for none."""
    member = allowed_member(call, fields.text(call.query, "userid", code=40003))
    found = [c.external_userid for c in call.world.customers.all() if member.userid in c.follows]
    if not found:
        raise ApiError(84061)
    return {"external_userid": found}


def _shown(customer: Customer) -> dict[str, Any]:
    return {
        "external_userid": customer.external_userid,
        "name": customer.name,
        "avatar": "",
        "type": 1,
        "gender": customer.gender,
        "unionid": customer.unionid,
    }


def _shown_follow(call: Call, follow: Follow) -> dict[str, Any]:
    tags = call.world.customer_tags
    return {
        "userid": follow.userid,
        "remark": follow.remark,
        "description": follow.description,
        "createtime": follow.created_at,
        "tags": [
            {"group_name": tags[t]["group_name"], "tag_name": tags[t]["name"], "tag_id": t, "type": 1}
            for t in follow.tags
        ],
        "remark_corp_name": follow.company,
        "remark_mobiles": follow.mobiles,
        "add_way": follow.add_way,
        "state": follow.state,
    }


@endpoint("GET", "externalcontact/get")
def get_customer(call: Call) -> Answer:
    """A customer and the members who follow them; 84061 when nobody does."""
    customer = known_customer(call, fields.text(call.query, "external_userid", code=40096))
    if not customer.follows:
        raise ApiError(84061)
    follows = [_shown_follow(call, f) for f in customer.follows.values()]
    page, cursor = fields.page_of(follows, call.query.get("cursor", ""), 500)
    return {"external_contact": _shown(customer), "follow_user": page, "next_cursor": cursor}


@endpoint("POST", "externalcontact/batch/get_by_user")
def get_by_user(call: Call) -> Answer:
    """The customers of up to a hundred members."""
    users = fields.texts(call.body, "userid_list", most=100)
    limit = fields.number(call.body, "limit", allowed=range(1, 101), default=50)
    wanted = {allowed_member(call, userid).userid for userid in users}
    rows = []
    for customer in call.world.customers.all():
        for follow in customer.follows.values():
            if follow.userid in wanted:
                info = {**_shown_follow(call, follow), "tag_id": follow.tags}
                del info["tags"]
                rows.append({"external_contact": _shown(customer), "follow_info": info})
    page, cursor = fields.page_of(rows, fields.text(call.body, "cursor", required=False), limit)
    return {"external_contact_list": page, "next_cursor": cursor}


@endpoint("POST", "externalcontact/remark")
def remark(call: Call) -> None:
    """What a member notes about a customer."""
    follow = _follow(call, call.body)
    for name, attribute, most in (("remark", "remark", 20), ("description", "description", 150)):
        if name in call.body:
            value = fields.text(call.body, name, required=False)
            if len(value) > most:
                raise ApiError(40058, f"{name} too long")
            setattr(follow, attribute, value)
    follow.company = fields.text(call.body, "remark_company", required=False) or follow.company
    follow.mobiles = fields.texts(call.body, "remark_mobiles", required=False) or follow.mobiles


@endpoint("POST", "externalcontact/add_corp_tag")
def add_corp_tag(call: Call) -> Answer:
    """New tags in a group."""
    world = call.world
    group_id = fields.text(call.body, "group_id", required=False)
    name = fields.text(call.body, "group_name", required=not group_id)
    group_id = group_id or next((t["group_id"] for t in world.customer_tags.values() if t["group_name"] == name), "")
    group_id = group_id or world.new_id("etGROUP")
    for tag in fields.items(call.body, "tag"):
        tag_id = world.new_id("etTAG")
        world.customer_tags[tag_id] = {"name": fields.text(tag, "name"), "group_id": group_id, "group_name": name}
    return {"tag_group": _tag_groups(call, {group_id})[0]}


@endpoint("POST", "externalcontact/get_corp_tag_list")
def get_corp_tag_list(call: Call) -> Answer:
    """All tags by group."""
    wanted = set(fields.texts(call.body, "group_id", required=False))
    return {"tag_group": _tag_groups(call, wanted)}


def _tag_groups(call: Call, wanted: set[str]) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for tag_id, tag in call.world.customer_tags.items():
        if wanted and tag["group_id"] not in wanted:
            continue
        group = groups.setdefault(
            tag["group_id"], {"group_id": tag["group_id"], "group_name": tag["group_name"], "tag": []}
        )
        group["tag"].append({"id": tag_id, "name": tag["name"]})
    return list(groups.values())


@endpoint("POST", "externalcontact/edit_corp_tag")
def edit_corp_tag(call: Call) -> None:
    """Rename a tag."""
    tag = call.world.customer_tags.get(fields.text(call.body, "id"))
    if tag is None:
        raise ApiError(40068)
    tag["name"] = fields.text(call.body, "name")


@endpoint("POST", "externalcontact/del_corp_tag")
def del_corp_tag(call: Call) -> None:
    """Delete tags, also from every customer."""
    tag_ids = set(fields.texts(call.body, "tag_id", required=False))
    group_ids = set(fields.texts(call.body, "group_id", required=False))
    tag_ids |= {t for t, tag in call.world.customer_tags.items() if tag["group_id"] in group_ids}
    for tag_id in tag_ids:
        if call.world.customer_tags.pop(tag_id, None) is None:
            raise ApiError(40068)
    for customer in call.world.customers.all():
        for follow in customer.follows.values():
            follow.tags = [t for t in follow.tags if t not in tag_ids]


@endpoint("POST", "externalcontact/mark_tag")
def mark_tag(call: Call) -> None:
    """Put tags on a member's customer and take others off."""
    follow = _follow(call, call.body)
    add = fields.texts(call.body, "add_tag", required=False)
    remove = fields.texts(call.body, "remove_tag", required=False)
    if not (add or remove):
        raise ApiError(40063)
    if set(add) - set(call.world.customer_tags):
        raise ApiError(40068)
    follow.tags = [t for t in follow.tags if t not in remove] + [t for t in add if t not in follow.tags]


@endpoint("POST", "externalcontact/send_welcome_msg")
def send_welcome_msg(call: Call) -> None:
    """Greet a new contact within 20 seconds, once."""
    code = fields.text(call.body, "welcome_code", code=41049)
    content = checked_content(call.world, call.body)
    customer, userid = call.world.welcomes.redeem(code)
    member = call.world.directory.find(userid)
    sender, peer = member.name if member else userid, f"member:{userid}"
    if content["text"]:
        call.world.threads.add(customer, peer, "text", content["text"], sender=sender)
    for attachment in content["attachments"]:
        kind = attachment["msgtype"]
        call.world.threads.add(customer, peer, kind, attachment[kind], sender=sender)
