"""Signing in: a page to choose a person, a code for one use, and what it stands for."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from simulator import World
from tests.simulator.conftest import Api, Time

BACK = "https://linge.example.gov.cn/login/back?next=%2Fme"
QUERY = {
    "appid": "wwsimulated000001",
    "agentid": "1000002",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "snsapi_base",
    "state": "xyz",
}
PAGES = ("/connect/oauth2/authorize", "/wwlogin/sso/login")


def sign_in(page: FlaskClient, who: str, path: str = PAGES[0], **changes: str) -> str:
    answer = page.get(path, query_string={**QUERY, **changes, "as": who})
    assert answer.status_code == 302
    query = parse_qs(urlsplit(answer.location).query)
    assert (query["state"], query["next"]) == (["xyz"], ["/me"])
    return query["code"][0]


@pytest.mark.parametrize("path", PAGES)
def test_a_member_signs_in_once_with_a_code(api: Api, page: FlaskClient, path: str) -> None:
    code = sign_in(page, "LISI", path)

    assert api.get("auth/getuserinfo", code=code)["userid"] == "lisi"
    assert api.get("auth/getuserinfo", code=code)["errcode"] == 42022
    assert api.get("auth/getuserinfo", code="made-up")["errcode"] == 40029
    assert api.get("auth/getuserinfo")["errcode"] == 40029


def test_a_code_ends_after_five_minutes(api: Api, page: FlaskClient, time: Time) -> None:
    code = sign_in(page, "lisi")
    time.pass_by(minutes=5)

    assert api.get("auth/getuserinfo", code=code)["errcode"] == 42003


def test_a_customer_signs_in_as_an_outsider(api: Api, page: FlaskClient, world: World) -> None:
    external_userid = world.customers.add("固电电子").external_userid

    answer = api.get("auth/getuserinfo", code=sign_in(page, external_userid))
    assert answer["external_userid"] == external_userid
    assert "userid" not in answer


def test_private_details_need_consent_and_a_ticket(api: Api, page: FlaskClient, time: Time) -> None:
    assert "user_ticket" not in api.get("auth/getuserinfo", code=sign_in(page, "WangWu"))
    consented = api.get("auth/getuserinfo", code=sign_in(page, "WangWu", scope="snsapi_privateinfo"))

    ticket = {"user_ticket": consented["user_ticket"]}
    assert api.post("auth/getuserdetail", ticket)["mobile"] == "13800000000"
    assert api.post("auth/getuserdetail", {"user_ticket": "made-up"})["errcode"] == 84014
    time.pass_by(minutes=30)
    assert api.post("auth/getuserdetail", ticket)["errcode"] == 84015


def test_the_old_address_answers_in_its_old_words(api: Api, page: FlaskClient) -> None:
    assert api.get("user/getuserinfo", code=sign_in(page, "lisi"))["UserId"] == "lisi"


@pytest.mark.parametrize("path", PAGES)
def test_without_a_person_the_page_offers_everybody(page: FlaskClient, world: World, path: str) -> None:
    world.directory.add_member("evil", "<script>")
    world.customers.add("固电电子")

    html = page.get(path, query_string=QUERY).get_data(as_text=True)

    for name in ("李四", "王五", "固电电子", "&lt;script&gt;"):
        assert name in html
    assert "<script>" not in html
    assert "as=lisi" in html


@pytest.mark.parametrize(
    "changes",
    [
        {"appid": "ww-other"},
        {"agentid": "1000009"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "https://evil.example"},
        {"response_type": "token"},
        {"scope": "everything"},
        {"as": "ghost"},
    ],
)
def test_a_wrong_request_is_not_sent_back(page: FlaskClient, world: World, changes: dict[str, str]) -> None:
    world.app.trusted_domains = {"linge.example.gov.cn"}

    assert page.get(PAGES[0], query_string={**QUERY, "as": "lisi", **changes}).status_code == 200


def test_tickets_for_page_signatures_stay_the_same_and_differ_by_owner(api: Api) -> None:
    corp, app = api.get("get_jsapi_ticket")["ticket"], api.get("ticket/get", type="agent_config")["ticket"]

    assert corp == api.get("get_jsapi_ticket")["ticket"] != app
    assert api.get("ticket/get", type="else")["errcode"] == 40058
