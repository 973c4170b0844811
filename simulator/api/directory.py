"""Reading departments, members and tags inside the app's visible range."""

from typing import Any

from simulator import fields
from simulator.directory import Department, Member, Tag
from simulator.endpoint import Answer, Call, endpoint
from simulator.errors import ApiError


def _sees(call: Call, department: int) -> bool:
    return call.caller is None or call.world.directory.sees_department(call.caller, department)


def _visible_member(call: Call, userid: str) -> Member:
    member = call.world.directory.find(userid)
    if member is None:
        raise ApiError(60111)
    if call.caller and not call.world.directory.sees(call.caller, member):
        raise ApiError(60011)
    return member


def _departments(call: Call) -> list[Department]:
    wanted = call.query.get("id", "")
    known = call.world.directory.departments
    if not wanted:
        return [d for d in known.values() if _sees(call, d.id)]
    return [known[number] for number in sorted(call.world.directory.subtree(_department_id(call, wanted)))]


def _department_id(call: Call, text: str) -> int:
    if not text.isdigit():
        raise ApiError(60123, "invalid department id")
    if int(text) not in call.world.directory.departments:
        raise ApiError(60003)
    if not _sees(call, int(text)):
        raise ApiError(60011)
    return int(text)


def _detail(department: Department) -> dict[str, Any]:
    return {
        "id": department.id,
        "name": department.name,
        "name_en": "",
        "department_leader": department.leaders,
        "parentid": department.parentid,
        "order": department.order,
    }


@endpoint("GET", "department/list")
def department_list(call: Call) -> Answer:
    """A department and all below it, or all visible ones."""
    return {"department": [_detail(d) for d in _departments(call)]}


@endpoint("GET", "department/simplelist")
def department_simplelist(call: Call) -> Answer:
    """The same, ids only."""
    found = [{"id": d.id, "parentid": d.parentid, "order": d.order} for d in _departments(call)]
    return {"department_id": found}


@endpoint("GET", "department/get")
def department_get(call: Call) -> Answer:
    """One department."""
    number = _department_id(call, fields.text(call.query, "id"))
    return {"department": _detail(call.world.directory.departments[number])}


def _shown(call: Call, member: Member) -> dict[str, Any]:
    visible = [d for d in member.departments if _sees(call, d)]
    return {
        "userid": member.userid,
        "name": member.name,
        "department": visible,
        "order": [0] * len(visible),
        "position": member.position,
        "is_leader_in_dept": [int(d in member.leads) for d in visible],
        "direct_leader": [],
        "main_department": member.departments[0] if member.departments else 0,
        "status": member.status,
        "alias": "",
        "telephone": "",
        "extattr": {"attrs": []},
    }


@endpoint("GET", "user/get")
def user_get(call: Call) -> Answer:
    """One member, without the fields a self-built app never gets."""
    return _shown(call, _visible_member(call, fields.text(call.query, "userid", code=40003)))


def _members(call: Call) -> list[Member]:
    number = _department_id(call, fields.text(call.query, "department_id", code=60123))
    found = [m for m in call.world.directory.members if number in m.departments]
    return [m for m in found if call.caller is None or call.world.directory.sees(call.caller, m)]


@endpoint("GET", "user/simplelist")
def user_simplelist(call: Call) -> Answer:
    """The members directly in a department: id, name and departments."""
    return {
        "userlist": [{"userid": m.userid, "name": m.name, "department": list(m.departments)} for m in _members(call)]
    }


@endpoint("GET", "user/list")
def user_list(call: Call) -> Answer:
    """The members directly in a department."""
    return {"userlist": [_shown(call, m) for m in _members(call)]}


@endpoint("POST", "user/list_id")
def user_list_id(call: Call) -> Answer:
    """All members' ids with each of their departments; only with the 通讯录同步 secret (48002)."""
    if call.caller is not None:
        raise ApiError(48002)
    limit = fields.number(call.body, "limit", allowed=range(1, 10_001), default=10_000)
    rows = [{"userid": m.userid, "department": d} for m in call.world.directory.members for d in m.departments]
    page, cursor = fields.page_of(rows, fields.text(call.body, "cursor", required=False), limit)
    return {"dept_user": page, "next_cursor": cursor}


@endpoint("POST", "user/getuserid")
def user_getuserid(call: Call) -> Answer:
    """The member with a mobile number."""
    return _find(call, "mobile")


@endpoint("POST", "user/get_userid_by_email")
def user_get_userid_by_email(call: Call) -> Answer:
    """The member with an e-mail address."""
    return _find(call, "email")


def _find(call: Call, field: str) -> Answer:
    wanted = fields.text(call.body, field)
    for member in call.world.directory.members:
        if getattr(member, field) == wanted:
            return {"userid": _visible_member(call, member.userid).userid}
    raise ApiError(46004, "user not found")


def _tag(call: Call, number: object) -> Tag:
    tag = call.world.directory.tags.get(int(str(number))) if str(number).isdigit() else None
    if tag is None:
        raise ApiError(40068)
    return tag


@endpoint("GET", "tag/list")
def tag_list(call: Call) -> Answer:
    """All tags."""
    return {"taglist": [{"tagid": t.id, "tagname": t.name} for t in call.world.directory.tags.values()]}


@endpoint("GET", "tag/get")
def tag_get(call: Call) -> Answer:
    """The visible members and departments of a tag."""
    tag = _tag(call, call.query.get("tagid", ""))
    named = [m for m in map(call.world.directory.find, tag.users) if m]
    shown = [m for m in named if call.caller is None or call.world.directory.sees(call.caller, m)]
    return {
        "tagname": tag.name,
        "userlist": [{"userid": m.userid, "name": m.name} for m in shown],
        "partylist": list(tag.parties),
    }


@endpoint("POST", "tag/create")
def tag_create(call: Call) -> Answer:
    """Make a tag only this app may change."""
    name = fields.text(call.body, "tagname", most=32 * 4)
    number = fields.number(call.body, "tagid", allowed=range(1, 2**31), default=0) if "tagid" in call.body else None
    if any(t.name == name or t.id == number for t in call.world.directory.tags.values()):
        raise ApiError(40071, "tag exists")
    return {"tagid": call.world.directory.add_tag(name, id=number, agentid=call.app.agentid).id}


@endpoint("POST", "tag/addtagusers")
def tag_addtagusers(call: Call) -> Answer:
    """Put members and departments under a tag."""
    tag, users, parties, lost = _tag_change(call)
    tag.users += [userid for userid in users if userid not in tag.users]
    tag.parties += [party for party in parties if party not in tag.parties]
    return lost


@endpoint("POST", "tag/deltagusers")
def tag_deltagusers(call: Call) -> Answer:
    """Take members and departments from a tag."""
    tag, users, parties, lost = _tag_change(call)
    tag.users = [userid for userid in tag.users if userid not in users]
    tag.parties = [party for party in tag.parties if party not in parties]
    return lost


def _tag_change(call: Call) -> tuple[Tag, list[str], list[int], Answer]:
    tag = _tag(call, call.body.get("tagid"))
    if tag.agentid != call.app.agentid:
        raise ApiError(81011)
    users = fields.texts(call.body, "userlist", most=1000, code=81014, required=False)
    parties = fields.items(call.body, "partylist", most=100, code=81014, required=False)
    known = {u: m.userid for u in users if (m := call.world.directory.find(u))}
    lost: Answer = {}
    if len(known) < len(set(users)):
        lost["invalidlist"] = "|".join(u for u in users if u not in known)
    if unknown := [p for p in parties if p not in call.world.directory.departments]:
        lost["invalidparty"] = unknown
    return tag, list(known.values()), [p for p in parties if p not in unknown], lost
