"""微信客服: sending messages to customers."""

import re
from typing import Any

from simulator import fields
from simulator.endpoint import Answer, Call, endpoint
from simulator.errors import ApiError
from simulator.kf import Account
from simulator.world import World

MSGID = re.compile(r"[0-9a-zA-Z_-]{1,32}")
MEDIA = ("image", "voice", "video", "file")
KINDS = (*MEDIA, "text", "link", "miniprogram", "msgmenu", "location", "ca_link", "business_card")
ENTRIES = {"click": (("id", 128), ("content", 128)), "view": (("url", 2048), ("content", 1024))}


@endpoint("POST", "kf/send_msg")
def send_msg(call: Call) -> Answer:
    """Answer a customer, at most five times within 48 hours of their last word."""
    world, body = call.world, call.body
    account = world.kf.find(fields.text(body, "open_kfid", code=60251))
    customer = fields.text(body, "touser", code=40003)
    if world.customers.find(customer) is None:
        raise ApiError(40096)
    kind, content = _payload(world, body, KINDS)
    msgid = _msgid(account, body)
    world.kf.session(account, customer).count_message(world.clock.timestamp())
    return _deliver(world, account, customer, (kind, content, msgid))


@endpoint("POST", "kf/send_msg_on_event")
def send_msg_on_event(call: Call) -> Answer:
    """Send the one message an event's code allows."""
    world, body = call.world, call.body
    account, code = world.kf.owner_of(fields.text(body, "code"))
    kind, content = _payload(world, body, code.kinds)
    session = world.kf.session(account, code.external_userid)
    if code.state is not None and session.state != code.state:
        raise ApiError(95018)
    msgid = _msgid(account, body)
    del account.codes[body["code"]]
    if code.state is None:
        session.welcomed_at = world.clock.timestamp()
    return _deliver(world, account, code.external_userid, (kind, content, msgid))


def _msgid(account: Account, body: dict[str, Any]) -> str:
    msgid = fields.text(body, "msgid", required=False)
    if msgid and not MSGID.fullmatch(msgid):
        raise ApiError(40058, "invalid msgid")
    if msgid in account.used_msgids:
        raise ApiError(95033)
    return msgid


def _deliver(world: World, account: Account, customer: str, sent: tuple[str, dict[str, Any], str]) -> Answer:
    kind, content, msgid = sent
    msgid = msgid or world.new_id("SIMKFMSG-")
    account.used_msgids.add(msgid)
    if account.fail_next:
        fail_type = account.fail_next.popleft()
        world.kf.note_event(account, customer, "msg_send_fail", fail_msgid=msgid, fail_type=fail_type)
        world.pusher.enqueue(world.people.kf_poke(account))
        return {"msgid": msgid}
    post = world.threads.add(customer, f"kf:{account.open_kfid}", kind, content, sender=account.name)
    post.msgid = msgid
    return {"msgid": msgid}


def _payload(world: World, body: dict[str, Any], kinds: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    kind = body.get("msgtype")
    if kind not in kinds:
        raise ApiError(40008)
    payload = fields.mapping(body, kind)
    if kind == "text":
        fields.text(payload, "content", most=2048, code=44004)
    elif kind in MEDIA:
        medium = world.media.usable(fields.text(payload, "media_id", code=40007), kind)
        return kind, {**payload, "filename": medium.filename}
    elif kind == "link":
        for name, most in (("title", 128), ("url", 2048)):
            fields.text(payload, name, most=most)
        fields.text(payload, "desc", most=512, required=False)
        world.media.usable(fields.text(payload, "thumb_media_id", code=40007), "image")
    elif kind == "miniprogram":
        for name in ("appid", "pagepath"):
            fields.text(payload, name)
        fields.text(payload, "title", most=64, required=False)
        world.media.usable(fields.text(payload, "thumb_media_id", code=40007), "image")
    elif kind == "msgmenu":
        _check_menu(payload)
    elif kind == "location":
        _check_place(payload)
    else:
        fields.text(payload, "link_url" if kind == "ca_link" else "userid")
    return kind, payload


def _check_place(payload: dict[str, Any]) -> None:
    for name in ("latitude", "longitude"):
        value = payload.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ApiError(40063, f"missing {name}")


def _check_menu(menu: dict[str, Any]) -> None:
    fields.text(menu, "head_content", most=1024, required=False)
    fields.text(menu, "tail_content", most=1024, required=False)
    entries = fields.items(menu, "list", most=50, code=95008, required=False)
    if not entries and not menu.get("head_content"):
        raise ApiError(40063, "empty msgmenu")
    if sum(1 for entry in entries if entry.get("type") != "text") > 10:
        raise ApiError(95008, "too many menu items")
    for entry in entries:
        kind = entry.get("type")
        if kind not in ("click", "view", "miniprogram", "text"):
            raise ApiError(95009, "invalid menu item type")
        inner = fields.mapping(entry, kind)
        if kind == "text":
            fields.text(inner, "content", most=256)
        elif kind == "miniprogram":
            for name in ("appid", "pagepath", "content"):
                fields.text(inner, name)
        else:
            for name, most in ENTRIES[kind]:
                fields.text(inner, name, most=most, required=(kind, name) != ("click", "id"))
