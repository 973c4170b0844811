"""Addresses for browsers: where one signs in (at WeCom, or at what stands in for its API), and our own in messages."""

from urllib.parse import urlencode

# Queued links are addresses of this host, which cannot exist, and get the service's own address when they leave.
HERE = "https://here.invalid"

OFFICIAL_API = "https://qyapi.weixin.qq.com"
OFFICIAL_INSIDE = "https://open.weixin.qq.com"
OFFICIAL_OUTSIDE = "https://login.work.weixin.qq.com"


def sign_in_inside(api_url: str, *, corp_id: str, agent_id: int, back_to: str, state: str) -> str:
    """The page that signs a member in within WeCom's own browser, silently, and returns to `back_to` with a code.

    `state` is at most 128 letters and digits; the code lives five minutes and works once (网页授权).
    """
    host = OFFICIAL_INSIDE if api_url == OFFICIAL_API else api_url
    query = {
        "appid": corp_id,
        "redirect_uri": back_to,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": state,
        "agentid": agent_id,
    }
    return f"{host}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"


def sign_in_outside(api_url: str, *, corp_id: str, agent_id: int, back_to: str, state: str) -> str:
    """The page that shows a code to scan to a browser outside WeCom, and returns to `back_to` with a code."""
    host = OFFICIAL_OUTSIDE if api_url == OFFICIAL_API else api_url
    query = {
        "login_type": "CorpApp",
        "appid": corp_id,
        "agentid": agent_id,
        "redirect_uri": back_to,
        "state": state,
        "lang": "zh",
    }
    return f"{host}/wwlogin/sso/login?{urlencode(query)}"
