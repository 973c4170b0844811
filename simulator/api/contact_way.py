"""客户联系: codes that add a member."""

from typing import Any

from simulator import fields
from simulator.api.customer import allowed_member
from simulator.customer_groups import ContactWay
from simulator.endpoint import Answer, Call, endpoint
from simulator.errors import ApiError

MOST_USERS = 100


def _settings(call: Call, known: dict[str, Any]) -> dict[str, Any]:
    body = {**known, **{name: value for name, value in call.body.items() if name != "config_id"}}
    kind = fields.number(body, "type", allowed=range(1, 3))
    if fields.number(body, "scene") not in (1, 2):
        raise ApiError(41040, "invalid scene")
    if len(fields.text(body, "remark", required=False)) > 30 or len(fields.text(body, "state", required=False)) > 30:
        raise ApiError(40058, "remark or state too long")
    users = fields.texts(body, "user", most=MOST_USERS, code=41041, required=kind == 1)
    if kind == 1 and len(users) != 1:
        raise ApiError(41041)
    for userid in users:
        allowed_member(call, userid)
    return {"skip_verify": True, "state": "", **body, "user": users}


def _way(call: Call) -> ContactWay:
    way = call.world.groups.contact_ways.get(fields.text(call.body, "config_id", code=41044))
    if way is None:
        raise ApiError(41044, "invalid config_id")
    return way


@endpoint("POST", "externalcontact/add_contact_way")
def add_contact_way(call: Call) -> Answer:
    """A new contact code."""
    way = call.world.groups.add_contact_way(_settings(call, {}))
    answer: Answer = {"config_id": way.config_id}
    return {**answer, "qr_code": way.qr_code} if way.settings["scene"] == 2 else answer


@endpoint("POST", "externalcontact/get_contact_way")
def get_contact_way(call: Call) -> Answer:
    """A contact code's settings."""
    way = _way(call)
    return {"contact_way": {"config_id": way.config_id, **way.settings, "qr_code": way.qr_code}}


@endpoint("POST", "externalcontact/list_contact_way")
def list_contact_way(call: Call) -> Answer:
    """All contact codes of the app."""
    limit = fields.number(call.body, "limit", allowed=range(1, 1001), default=100)
    rows = [{"config_id": config_id} for config_id in call.world.groups.contact_ways]
    page, cursor = fields.page_of(rows, fields.text(call.body, "cursor", required=False), limit)
    return {"contact_way": page, "next_cursor": cursor}


@endpoint("POST", "externalcontact/update_contact_way")
def update_contact_way(call: Call) -> None:
    """Change a contact code; its picture stays valid."""
    way = _way(call)
    way.settings = _settings(call, way.settings)


@endpoint("POST", "externalcontact/del_contact_way")
def del_contact_way(call: Call) -> None:
    """Delete a contact code."""
    del call.world.groups.contact_ways[_way(call).config_id]
