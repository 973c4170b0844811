"""Who signed in, and the tickets of the JS-SDK."""

from simulator import fields
from simulator.endpoint import Answer, Call, endpoint
from simulator.errors import ApiError
from simulator.oauth import Code

TICKET_SECONDS = 7200


@endpoint("GET", "auth/getuserinfo", counted=False)
def getuserinfo(call: Call) -> Answer:
    """The member or customer a sign-in code stands for."""
    code = _redeem(call)
    member = call.world.directory.find(code.person)
    if member is None:
        return {"openid": f"oSIM{code.person[2:]}", "external_userid": code.person}
    if code.private and call.world.directory.sees(call.app, member):
        return {"userid": member.userid, "user_ticket": call.world.oauth.new_ticket(member.userid), "expires_in": 1800}
    return {"userid": member.userid}


@endpoint("GET", "user/getuserinfo", counted=False)
def old_getuserinfo(call: Call) -> Answer:
    """The same under its old address and names."""
    code = _redeem(call)
    if call.world.directory.find(code.person):
        return {"UserId": code.person, "DeviceId": ""}
    return {"OpenId": f"oSIM{code.person[2:]}", "DeviceId": ""}


def _redeem(call: Call) -> Code:
    return call.world.oauth.redeem(fields.text(call.query, "code", code=40029), call.app.agentid)


@endpoint("POST", "auth/getuserdetail")
def getuserdetail(call: Call) -> Answer:
    """The private details a member consented to."""
    member = call.world.directory.find(call.world.oauth.person_of(fields.text(call.body, "user_ticket", code=84014)))
    if member is None:
        raise ApiError(60111)
    return {"userid": member.userid, "gender": "0", "mobile": member.mobile, "email": member.email}


@endpoint("GET", "get_jsapi_ticket")
def get_jsapi_ticket(call: Call) -> Answer:
    """The corp's ticket for page signatures."""
    return {"ticket": call.world.jsapi_ticket("corp"), "expires_in": TICKET_SECONDS}


@endpoint("GET", "ticket/get")
def ticket_get(call: Call) -> Answer:
    """The app's ticket for page signatures."""
    if call.query.get("type") != "agent_config":
        raise ApiError(40058, "invalid type")
    return {"ticket": call.world.jsapi_ticket(f"app{call.app.agentid}"), "expires_in": TICKET_SECONDS}
