"""Tokens and the envelope of errors."""

import json

import pytest

from simulator import World
from tests.simulator.conftest import Api, Time


def test_a_token_stays_the_same_while_it_is_valid_and_changes_after(api: Api, time: Time) -> None:
    first = api.new_token()
    time.pass_by(seconds=7000)
    second = api.new_token()
    time.pass_by(seconds=201)
    third = api.new_token()

    assert first["access_token"] == second["access_token"] != third["access_token"]
    assert (first["expires_in"], second["expires_in"]) == (7200, 200)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"corpid": "ww-other", "corpsecret": "simulated-secret"}, 40013),
        ({"corpid": "wwsimulated000001", "corpsecret": "wrong"}, 40001),
        ({"corpid": "wwsimulated000001"}, 41004),
        ({"corpsecret": "simulated-secret"}, 41002),
    ],
)
def test_wrong_credentials_get_no_token(api: Api, query: dict[str, str], code: int) -> None:
    answer = json.loads(api.client.get("/cgi-bin/gettoken", query_string=query).data)

    assert answer["errcode"] == code
    assert "access_token" not in answer


def test_many_wrong_secrets_block_the_caller_for_an_hour(api: Api, world: World, time: Time) -> None:
    query = {"corpid": world.corp.corp_id, "corpsecret": "wrong"}
    for _ in range(world.tokens.wrong_secret_limit):
        api.client.get("/cgi-bin/gettoken", query_string=query)

    assert api.new_token()["errcode"] == 45009
    time.pass_by(hours=1)
    assert api.new_token()["errcode"] == 0


def test_an_invalidated_token_answers_40014_and_an_expired_one_42001(api: Api, world: World) -> None:
    api.token = api.new_token()["access_token"]
    assert api.get("getcallbackip")["errcode"] == 0

    world.tokens.invalidate()
    assert api.get("getcallbackip")["errcode"] == 40014
    api.token = api.new_token()["access_token"]
    world.tokens.expire()
    assert api.get("getcallbackip")["errcode"] == 42001
    api.token = api.new_token()["access_token"]
    assert api.get("getcallbackip")["errcode"] == 0


def test_a_call_without_a_token_answers_41001_with_hint_and_address(api: Api) -> None:
    answer = json.loads(api.client.get("/cgi-bin/getcallbackip").data)

    assert answer["errcode"] == 41001
    assert "hint: [" in answer["errmsg"]
    assert "from ip: 127.0.0.1" in answer["errmsg"]


def test_wrong_methods_bad_json_and_unknown_paths_have_their_codes(api: Api) -> None:
    token = api.new_token()["access_token"]
    url = f"/cgi-bin/message/send?access_token={token}"

    assert json.loads(api.client.get(url).data)["errcode"] == 40063
    broken = json.loads(api.client.post(url, data="{").data)
    assert broken["errcode"] == 40058
    assert "Warning: wrong json format." in broken["errmsg"]
    assert json.loads(api.client.post(url, data="[1]").data)["errcode"] == 40058
    assert api.get("no/such/thing")["errcode"] == 40066


def test_an_api_called_too_often_in_a_minute_answers_45009_until_the_next(api: Api, world: World, time: Time) -> None:
    api.token = api.new_token()["access_token"]
    world.calls_per_minute = 2

    assert [api.get("getcallbackip")["errcode"] for _ in range(3)] == [0, 0, 45009]
    time.pass_by(minutes=1)
    assert api.get("getcallbackip")["errcode"] == 0


def test_the_contact_secret_reads_ids_and_sends_nothing(api: Api, world: World) -> None:
    query = {"corpid": world.corp.corp_id, "corpsecret": world.corp.contact_secret}
    api.token = json.loads(api.client.get("/cgi-bin/gettoken", query_string=query).data)["access_token"]

    ids = api.post("user/list_id", {"limit": 1})
    assert ids["dept_user"] == [{"userid": "lisi", "department": 2}]
    rest = api.post("user/list_id", {"cursor": ids["next_cursor"]})
    assert rest["dept_user"] == [{"userid": "WangWu", "department": 3}]
    assert rest["next_cursor"] == ""
    assert api.send()["errcode"] == 48002
    api.token = ""
    assert api.post("user/list_id", {})["errcode"] == 48002
