"""The app's menu."""

from typing import Any

from simulator import fields
from simulator.endpoint import Answer, Call, endpoint
from simulator.errors import ApiError

NEEDS = {
    "click": "key",
    "view": "url",
    "scancode_push": "key",
    "scancode_waitmsg": "key",
    "pic_sysphoto": "key",
    "pic_photo_or_album": "key",
    "pic_weixin": "key",
    "location_select": "key",
    "view_miniprogram": "pagepath",
}


@endpoint("POST", "menu/create")
def create(call: Call) -> None:
    """Replace the menu; refuses one WeCom would not show."""
    app = call.app_named(call.query.get("agentid", ""))
    for button in fields.items(call.body, "button", most=3):
        fields.text(button, "name", most=16)
        if button.get("sub_button"):
            for entry in fields.items(button, "sub_button", most=5):
                fields.text(entry, "name", most=40)
                _check_action(entry)
        else:
            _check_action(button)
    call.world.menus[app.agentid] = {"button": call.body["button"]}


def _check_action(button: dict[str, Any]) -> None:
    kind = fields.text(button, "type")
    if kind not in NEEDS:
        raise ApiError(40058, "invalid button type")
    field = NEEDS[kind]
    fields.text(button, field, most=128 if field == "key" else 1024)


@endpoint("GET", "menu/get")
def get(call: Call) -> Answer:
    """The menu; 46003 when there is none."""
    app = call.app_named(call.query.get("agentid", ""))
    if app.agentid not in call.world.menus:
        raise ApiError(46003)
    return dict(call.world.menus[app.agentid])


@endpoint("GET", "menu/delete")
def delete(call: Call) -> None:
    """Take the menu away."""
    call.world.menus.pop(call.app_named(call.query.get("agentid", "")).agentid, None)
