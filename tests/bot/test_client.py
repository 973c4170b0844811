import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine

from bot.wecom.addresses import sign_in_inside, sign_in_outside
from bot.wecom.client import LONGEST_DETAIL, WeComClient
from bot.wecom.errors import KINDS, MEANINGS, Kind, WeComError, kind_of, unreached
from simulator import RunningSimulator, World
from tests.bot.conftest import settings_for
from tests.times import MovableClock

PICTURE = b"\xff\xd8\xff\xe0" + b"\x00" * 200


@contextmanager
def server_answering(status: int, headers: dict[str, str], content: bytes) -> Iterator[str]:
    """An address where something other than WeCom answers, the same to every call but the one for a token."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "gettoken" in self.path:
                self._answer(200, {}, json.dumps({"errcode": 0, "access_token": "t0k3n", "expires_in": 7200}).encode())
            else:
                self._answer(status, headers, content)

        def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name the library gave it
            """Keep quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("fault", "kind", "uncertain"),
    [
        ({"fault": "reset"}, Kind.UNKNOWN, True),
        ({"fault": "drop_after_accept"}, Kind.UNKNOWN, True),
        ({"fault": "http", "status": 502}, Kind.RETRY, True),
        ({"fault": "http", "status": 404}, Kind.PAUSE, True),
        ({"fault": "errcode", "errcode": -1}, Kind.RETRY, False),
        ({"fault": "errcode", "errcode": 45009}, Kind.WINDOW, False),
        ({"fault": "errcode", "errcode": 60020}, Kind.PAUSE, False),
        ({"fault": "errcode", "errcode": 40014}, Kind.PAUSE, False),
        ({"fault": "errcode", "errcode": 40058}, Kind.DATA, False),
        ({"fault": "errcode", "errcode": 987654}, Kind.DATA, False),
    ],
)
def test_a_failed_call_says_what_it_calls_for(
    client: WeComClient, world: World, fault: dict[str, Any], kind: Kind, uncertain: bool
) -> None:
    world.faults.add(path="department/list", **fault)
    with pytest.raises(WeComError) as caught:
        client.departments()
    assert (caught.value.kind, caught.value.uncertain) == (kind, uncertain)
    assert caught.value.permanent is (kind is Kind.DATA)


def test_a_refused_connection_reached_nobody(client: WeComClient, simulator: RunningSimulator) -> None:
    client.departments()
    simulator.refuse()
    client.close()
    with pytest.raises(WeComError) as caught:
        client.departments()
    simulator.listen()
    assert (caught.value.kind, caught.value.uncertain) == (Kind.AWAY, False)


@pytest.mark.parametrize("away", [True, False])
def test_no_error_shows_a_secret_or_a_token(
    engine: Engine, clock: MovableClock, simulator: RunningSimulator, away: bool
) -> None:
    client = WeComClient(settings_for(simulator, wecom_secret="s3cr3t-of-the-app"), engine, clock)
    if away:
        simulator.refuse()
    with pytest.raises(WeComError) as caught:
        client.departments()
    if away:
        simulator.listen()
    error: BaseException | None = caught.value
    while error is not None:
        assert "s3cr3t" not in f"{error!s} {error!r} {getattr(error, 'explanation', '')}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    client.close()


def test_a_token_on_the_edge_of_a_long_text_does_not_show_in_part(
    engine: Engine, clock: MovableClock, simulator: RunningSimulator
) -> None:
    told = "x" * (LONGEST_DETAIL - 3) + "t0k3n"
    content = json.dumps({"errcode": 40058, "errmsg": told}).encode()
    with server_answering(200, {}, content) as url:
        client = WeComClient(settings_for(simulator, wecom_api_url=url), engine, clock)
        with pytest.raises(WeComError) as caught:
            client.departments()
        client.close()

    assert caught.value.detail == "x" * (LONGEST_DETAIL - 3) + "***"


def test_a_failed_call_does_not_show_its_token(client: WeComClient, world: World) -> None:
    client.departments()
    token = next(iter(world.tokens._known))
    world.faults.add("reset", path="department/list")
    with pytest.raises(WeComError) as caught:
        client.departments()
    assert token not in f"{caught.value!s}{caught.value!r}"
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("status", "headers", "content", "kind"),
    [
        (200, {"Content-Type": "text/html"}, b"<html>sign in to the network</html>", Kind.PAUSE),
        (200, {}, b"[]", Kind.PAUSE),
        (200, {}, b'{"errcode": "x"}', Kind.PAUSE),
        (302, {"Location": "http://127.0.0.1:9/elsewhere"}, b"", Kind.PAUSE),
        (503, {}, b"", Kind.RETRY),
    ],
)
def test_what_is_not_wecoms_answer_is_no_answer(
    engine: Engine,
    clock: MovableClock,
    simulator: RunningSimulator,
    status: int,
    headers: dict[str, str],
    content: bytes,
    kind: Kind,
) -> None:
    with server_answering(status, headers, content) as url:
        client = WeComClient(settings_for(simulator, wecom_api_url=url), engine, clock)
        with pytest.raises(WeComError) as caught:
            client.departments()
        client.close()
    assert caught.value.kind is kind


def test_a_file_that_is_too_large_is_refused_while_it_arrives(
    engine: Engine, clock: MovableClock, simulator: RunningSimulator
) -> None:
    headers = {"Content-Type": "image/jpeg", "Content-Disposition": 'attachment; filename="a.jpg"'}
    with server_answering(200, headers, b"x" * 300_000) as url:
        client = WeComClient(settings_for(simulator, wecom_api_url=url), engine, clock)
        with pytest.raises(WeComError) as caught:
            client.download_media("m1", most=100_000)
        client.close()
    assert caught.value.permanent


def test_a_file_goes_up_and_comes_down_again(client: WeComClient) -> None:
    media_id = client.upload_media("image", "现场 照片.jpg", PICTURE)
    media = client.download_media(media_id)
    assert (media.filename, media.content) == ("现场 照片.jpg", PICTURE)
    assert media.content_type.startswith("image/")


def test_a_file_that_is_gone_is_an_error(client: WeComClient) -> None:
    with pytest.raises(WeComError) as caught:
        client.download_media("unknown")
    assert caught.value.code == 40007


def test_a_file_goes_up_whole_after_its_token_was_refused(client: WeComClient, world: World) -> None:
    client.departments()
    world.tokens.invalidate()
    media_id = client.upload_media("image", "a.jpg", PICTURE)
    assert client.download_media(media_id).content == PICTURE


def test_everybody_visible_is_listed_once(client: WeComClient, world: World) -> None:
    world.directory.add_department("城关所", id=2)
    world.directory.add_department("社区警务队", id=3, parentid=2)
    world.directory.add_member("LiHua", "李花", departments=[2, 3])
    world.directory.add_member("zhangsan", "张山", departments=[3])
    names = {member["userid"]: member["name"] for member in client.members()}
    assert names == {"LiHua": "李花", "zhangsan": "张山"}
    assert client.member("lihua")["name"] == "李花"


def test_a_menu_is_kept(client: WeComClient) -> None:
    with pytest.raises(WeComError) as caught:
        client.get_menu()
    assert caught.value.code == 46003
    client.create_menu({"button": [{"type": "click", "name": "周报", "key": "周报"}]})
    assert client.get_menu()["button"][0]["name"] == "周报"


def test_a_sign_in_code_names_the_member_once(client: WeComClient, world: World) -> None:
    world.directory.add_member("LiHua", "李花", departments=[1])
    code = world.oauth.new_code("LiHua", world.app.agentid, private=False)
    assert client.member_by_code(code) == "LiHua"
    with pytest.raises(WeComError):
        client.member_by_code(code)


def test_signing_in_leads_to_wecom_or_to_what_stands_in_for_it() -> None:
    place = {"corp_id": "ww1", "agent_id": 7, "back_to": "https://l.example.gov.cn/login?next=/a", "state": "s1"}
    inside = sign_in_inside("https://qyapi.weixin.qq.com", **place)  # type: ignore[arg-type]  # one dict of mixed values
    assert inside.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?")
    assert inside.endswith("#wechat_redirect")
    outside = sign_in_outside("https://qyapi.weixin.qq.com", **place)  # type: ignore[arg-type]  # as above
    assert outside.startswith("https://login.work.weixin.qq.com/wwlogin/sso/login?")
    for address in (inside, outside):
        query = parse_qs(urlsplit(address).query)
        assert query["redirect_uri"] == ["https://l.example.gov.cn/login?next=/a"]
        assert (query["appid"], query["agentid"], query["state"]) == (["ww1"], ["7"], ["s1"])
    assert sign_in_inside("http://127.0.0.1:9000", **place).startswith(  # type: ignore[arg-type]  # as above
        "http://127.0.0.1:9000/connect/oauth2/authorize?"
    )
    assert sign_in_outside("http://127.0.0.1:9000", **place).startswith(  # type: ignore[arg-type]  # as above
        "http://127.0.0.1:9000/wwlogin/sso/login?"
    )


def test_every_code_with_a_rule_has_a_sentence() -> None:
    assert set(KINDS) <= set(MEANINGS)
    for code in (*MEANINGS, 987654):
        explanation = WeComError("message/send", code=code).explanation
        assert explanation.endswith(f"（{code}）")
        assert "，" in explanation
    for kind in Kind:
        assert WeComError("message/send", kind=kind).explanation


def test_an_unknown_code_is_a_refusal_for_good() -> None:
    assert kind_of(123456) is Kind.DATA


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ({"errcode": 0}, []),
        ({"invaliduser": ""}, []),
        ({"invaliduser": "a|b", "invalidparty": "3", "unlicenseduser": "c"}, ["a", "b", "3", "c"]),
        ({"invaliduser": ["a", "b"]}, ["a", "b"]),
        ({"invaliduser": None}, []),
    ],
)
def test_who_was_not_reached_stands_in_the_answer(answer: dict[str, Any], names: list[str]) -> None:
    assert unreached(answer) == names
