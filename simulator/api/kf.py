"""微信客服: accounts, links, servicers, pulling messages, sessions and customers."""

from typing import Any
from urllib.parse import quote

from simulator import fields
from simulator.endpoint import Answer, Call, endpoint
from simulator.errors import ApiError
from simulator.kf import Account
from simulator.kf_session import ENDED, HUMAN, POOL, WINDOW_SECONDS

POOL_SECONDS = 48 * 3600
END_SECONDS = 20
SCENE_CHARACTERS = set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-")


def account_of(call: Call) -> Account:
    """The account a body names."""
    return call.world.kf.find(fields.text(call.body, "open_kfid", code=60251))


def _customer_of(call: Call) -> str:
    external_userid = fields.text(call.body, "external_userid", code=40096)
    if call.world.customers.find(external_userid) is None:
        raise ApiError(40096)
    return external_userid


@endpoint("POST", "kf/account/add")
def account_add(call: Call) -> Answer:
    """Make an account."""
    name = _account_name(call)
    call.world.media.usable(fields.text(call.body, "media_id", most=128, code=40007), "image")
    return {"open_kfid": call.world.kf.add(name).open_kfid}


def _account_name(call: Call) -> str:
    name = fields.text(call.body, "name", code=95006)
    if len(name) > 16:
        raise ApiError(95006, "account name too long")
    return name


@endpoint("POST", "kf/account/update")
def account_update(call: Call) -> None:
    """Rename an account."""
    account = account_of(call)
    if "name" in call.body:
        account.name = _account_name(call)


@endpoint("POST", "kf/account/del")
def account_del(call: Call) -> None:
    """Delete an account."""
    del call.world.kf.accounts[account_of(call).open_kfid]


@endpoint("POST", "kf/account/list")
def account_list(call: Call) -> Answer:
    """The accounts the app may use."""
    start = fields.number(call.body, "offset", allowed=range(1_000_000), default=0)
    limit = fields.number(call.body, "limit", allowed=range(1, 101), default=100)
    accounts = list(call.world.kf.accounts.values())[start : start + limit]
    return {
        "account_list": [
            {"open_kfid": a.open_kfid, "name": a.name, "avatar": a.avatar, "manage_privilege": True} for a in accounts
        ]
    }


@endpoint("POST", "kf/add_contact_way")
def add_contact_way(call: Call) -> Answer:
    """A link that opens the account's conversation."""
    account = account_of(call)
    scene = fields.text(call.body, "scene", most=32, required=False)
    if not set(scene) <= SCENE_CHARACTERS:
        raise ApiError(40058, "invalid scene")
    account.scenes.add(scene)
    url = f"https://work.weixin.qq.com/kf/{quote('kfc' + account.open_kfid[2:])}"
    return {"url": f"{url}?enc_scene=ENC{quote(scene)}" if scene else url}


@endpoint("POST", "kf/servicer/add")
def servicer_add(call: Call) -> Answer:
    """Let members or departments answer for the account."""
    account = account_of(call)

    def add_user(userid: str) -> int:
        member = call.world.directory.find(userid)
        if member is None or not call.world.directory.sees(call.app, member):
            return 60030
        account.servicers.setdefault(member.userid, 0)
        return 0

    def add_department(department: int) -> int:
        if department not in account.departments:
            account.departments.append(department)
        return 0 if department in call.world.directory.departments else 60003

    return _each_servicer(call, add_user, add_department)


@endpoint("POST", "kf/servicer/del")
def servicer_del(call: Call) -> Answer:
    """Let them answer no more."""
    account = account_of(call)

    def remove_user(userid: str) -> int:
        return 60253 if account.servicers.pop(userid, None) is None else 0

    def remove_department(department: int) -> int:
        known = department in account.departments
        account.departments = [d for d in account.departments if d != department]
        return 0 if known else 60253

    return _each_servicer(call, remove_user, remove_department)


def _each_servicer(call: Call, one_user: Any, one_department: Any) -> Answer:
    users = fields.texts(call.body, "userid_list", most=100, required=False)
    departments = fields.items(call.body, "department_id_list", most=20, required=False)
    if not (users or departments):
        raise ApiError(40063)
    results = [{"userid": u, "errcode": one_user(u)} for u in users]
    results += [{"department_id": d, "errcode": one_department(d)} for d in departments]
    return {"result_list": [{**r, "errmsg": "ok" if r["errcode"] == 0 else "failed"} for r in results]}


@endpoint("GET", "kf/servicer/list")
def servicer_list(call: Call) -> Answer:
    """Who answers for an account."""
    account = call.world.kf.find(call.query.get("open_kfid", ""))
    people: list[dict[str, Any]] = [{"userid": u, "status": s, "stop_type": 0} for u, s in account.servicers.items()]
    return {"servicer_list": people + [{"department_id": d} for d in account.departments]}


@endpoint("POST", "kf/sync_msg")
def sync_msg(call: Call) -> Answer:
    """What customers and servicers wrote and what happened, after a cursor."""
    account = account_of(call)
    limit = fields.number(call.body, "limit", allowed=range(1, 1001), default=1000)
    fields.number(call.body, "voice_format", allowed=range(2), default=0)
    cursor = fields.text(call.body, "cursor", most=64, required=False)
    token = fields.text(call.body, "token", most=128, required=False)
    return call.world.kf.pull(account, cursor, token, limit)


@endpoint("POST", "kf/service_state/get")
def service_state_get(call: Call) -> Answer:
    """Who has a customer's session."""
    session = call.world.kf.session(account_of(call), _customer_of(call))
    answer: Answer = {"service_state": session.state}
    return {**answer, "servicer_userid": session.servicer} if session.state == HUMAN else answer


@endpoint("POST", "kf/service_state/trans")
def service_state_trans(call: Call) -> Answer:
    """Hand a session over; answers the code of one message on it."""
    kf, account, customer = call.world.kf, account_of(call), _customer_of(call)
    state = fields.number(call.body, "service_state", allowed=range(5))
    servicer = ""
    if state == HUMAN:
        servicer = fields.text(call.body, "servicer_userid")
        if servicer not in account.servicers:
            raise ApiError(95014, "not a servicer")
        if account.servicers[servicer] != 0:
            raise ApiError(95019)
    session = kf.session(account, customer)
    session.change(state, servicer)
    if state == ENDED:
        return {"msg_code": kf.new_code(account, customer, ("text", "msgmenu"), END_SECONDS, ENDED)}
    if state in (POOL, HUMAN):
        return {"msg_code": kf.new_code(account, customer, ("text",), POOL_SECONDS, state)}
    return {}


@endpoint("POST", "kf/customer/batchget")
def customer_batchget(call: Call) -> Answer:
    """Names of customers active in the last 48 hours, and how they came."""
    wanted = fields.texts(call.body, "external_userid_list", most=100)
    context = fields.number(call.body, "need_enter_session_context", allowed=range(2), default=0)
    found, invalid = [], []
    for external_userid in wanted:
        customer = call.world.customers.find(external_userid)
        session = _latest_session(call, external_userid)
        if customer is None or session is None:
            invalid.append(external_userid)
            continue
        row: dict[str, Any] = {
            "external_userid": external_userid,
            "nickname": customer.name,
            "avatar": "",
            "gender": customer.gender,
        }
        if context:
            row["enter_session_context"] = {"scene": session.scene, "scene_param": session.scene_param}
        found.append(row)
    return {"customer_list": found, "invalid_external_userid": invalid}


def _latest_session(call: Call, external_userid: str) -> Any:
    now = call.world.clock.timestamp()
    for account in call.world.kf.accounts.values():
        session = account.sessions.get(external_userid)
        times = [at for at in (session.spoke_at, session.entered_at) if at] if session else []
        if times and now - max(times) <= WINDOW_SECONDS:
            return session
    return None


@endpoint("POST", "kf/customer/upgrade_service")
def upgrade_service(call: Call) -> None:
    """Offer a customer a member or a customer group that the console prepared."""
    account, customer = account_of(call), _customer_of(call)
    if fields.number(call.body, "type", allowed=range(1, 3)) == 1:
        offer = fields.mapping(call.body, "member")
        known, name = account.upgrade_members, fields.text(offer, "userid")
    else:
        offer = fields.mapping(call.body, "groupchat")
        known, name = account.upgrade_groups, fields.text(offer, "chat_id")
    if name not in known:
        raise ApiError(95021, "upgrade service not configured")
    shown = {"title": fields.text(offer, "wording", required=False), "url": f"sim:upgrade/{name}"}
    call.world.threads.add(customer, f"kf:{account.open_kfid}", "link", shown, sender=account.name)


@endpoint("GET", "kf/customer/get_upgrade_service_config")
def get_upgrade_service_config(call: Call) -> Answer:
    """Whom and which groups the console prepared."""
    accounts = call.world.kf.accounts.values()
    return {
        "member_range": {"userid_list": [u for a in accounts for u in a.upgrade_members], "department_id_list": []},
        "groupchat_range": {"chat_id_list": [g for a in accounts for g in a.upgrade_groups]},
    }


@endpoint("POST", "kf/customer/cancel_upgrade_service")
def cancel_upgrade_service(call: Call) -> None:
    """Take an offer back."""
    account_of(call)
    _customer_of(call)
