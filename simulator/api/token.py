"""gettoken, and the addresses of the platform."""

from simulator import fields
from simulator.endpoint import Answer, Call, endpoint


@endpoint("GET", "gettoken", token=False)
def gettoken(call: Call) -> Answer:
    """Give the token of a secret; the same one while it is valid."""
    corp_id = fields.text(call.query, "corpid", code=41002)
    secret = fields.text(call.query, "corpsecret", code=41004)
    token, seconds = call.world.tokens.give(corp_id, secret)
    return {"access_token": token.text, "expires_in": seconds}


@endpoint("GET", "getcallbackip")
def getcallbackip(call: Call) -> Answer:
    """The addresses callbacks come from."""
    return {"ip_list": ["127.0.0.1"]}


@endpoint("GET", "get_api_domain_ip")
def get_api_domain_ip(call: Call) -> Answer:
    """The addresses of the API."""
    return {"ip_list": ["127.0.0.1"]}
