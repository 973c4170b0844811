"""The calls we make to WeCom's server API: each gives the answer of errcode 0, or raises WeComError."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from email.message import Message
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from sqlalchemy import Engine

from bot.clock import Clock
from bot.settings import Settings
from bot.wecom.addresses import HERE
from bot.wecom.errors import Kind, WeComError
from bot.wecom.token import TokenStore

if TYPE_CHECKING:
    from bot.wecom.transport import Response, Transport

Answer = dict[str, Any]
Params = Mapping[str, Any]

LONGEST_DETAIL = 200
MEDIA_BYTES = 20 << 20


@dataclass(frozen=True, slots=True)
class Media:
    """A file that somebody sent: its name and type as WeCom gives them, both to be distrusted."""

    filename: str
    content_type: str
    content: bytes


class WeComClient:
    """Speaks for one app. It never repeats a call by itself, but for once with a new token when the old one is refused.

    Its errors hold neither secrets nor what was sent. Any number of threads may use it.
    """

    def __init__(self, settings: Settings, engine: Engine, clock: Clock, *, connections: int = 64) -> None:
        self._settings, self._connections = settings, connections
        self._opening = threading.Lock()
        self._opened: Transport | None = None
        self._tokens = TokenStore(engine, clock, f"{settings.wecom_corp_id}:{self.agent_id}", self._fetch_token)

    @property
    def agent_id(self) -> int:
        """The app's AgentId; 0 when none is set."""
        return self._settings.wecom_agent_id or 0

    def close(self) -> None:
        """Ends the kept-alive connections."""
        if self._opened:
            self._opened.close()

    def get(self, path: str, params: Params | None = None) -> Answer:
        """The answer to a GET of /cgi-bin/`path`."""
        return self._with_token(path, lambda token: self._transport.get(path, {**(params or {}), **token}))

    def post(self, path: str, body: Mapping[str, Any] | bytes, params: Params | None = None) -> Answer:
        """The answer to a POST of JSON to /cgi-bin/`path`; bytes are sent as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return self._with_token(path, lambda token: self._transport.post(path, {**(params or {}), **token}, content))

    def send_message(self, payload: str) -> Answer:
        """Sends a message as it was queued; the answer names who was not reached (message/send)."""
        return self.post("message/send", self._completed(payload))

    def update_card(self, payload: str) -> Answer:
        """Replaces the buttons of a sent card (message/update_template_card); its response code works once."""
        return self.post("message/update_template_card", self._completed(payload))

    def create_group(self, *, chat_id: str, name: str, owner: str, members: Sequence[str]) -> str:
        """Makes a group of 2 to 2000 members, its owner among them, and returns its chatid."""
        body = {"chatid": chat_id, "name": name, "owner": owner, "userlist": list(members)}
        return str(self.post("appchat/create", body)["chatid"])

    def send_to_group(self, payload: str) -> Answer:
        """Sends a message to a group this app made (appchat/send): no cards, no recall."""
        return self.post("appchat/send", self._with_links(payload).encode())

    def send_to_robot(self, key: str, payload: str) -> Answer:
        """Sends a message through a group robot, whose key is its only secret (webhook/send)."""
        return self._checked(
            "webhook/send", self._transport.post("webhook/send", {"key": key}, self._with_links(payload).encode()), key
        )

    def send_to_customer(self, payload: str) -> Answer:
        """Sends a message to a customer who wrote within 48 hours (kf/send_msg); its msgid works once."""
        return self.post("kf/send_msg", self._with_links(payload).encode())

    def welcome_customer(self, payload: str) -> Answer:
        """Sends the one message that a code of 20 seconds allows (kf/send_msg_on_event)."""
        return self.post("kf/send_msg_on_event", self._with_links(payload).encode())

    def customer_messages(self, open_kfid: str, *, cursor: str, token: str) -> Answer:
        """A page of what came to an account since `cursor`, at most 1000 (kf/sync_msg); rarely without a `token`."""
        body = {"open_kfid": open_kfid, "limit": 1000, **({"cursor": cursor} if cursor else {})}
        return self.post("kf/sync_msg", {**body, **({"token": token} if token else {})})

    def customer_group(self, chat_id: str) -> Answer:
        """A customer group with everybody in it, without names (externalcontact/groupchat/get)."""
        return dict(self.post("externalcontact/groupchat/get", {"chat_id": chat_id, "need_name": 0})["group_chat"])

    def add_join_way(self, chat_id: str, *, base_name: str, state: str) -> str:
        """Makes the code by which people join a group and returns its config_id; a full group is followed by a new one."""
        body = {"scene": 2, "chat_id_list": [chat_id], "auto_create_room": 1, "state": state, "remark": state}
        more = {"room_base_name": base_name[:40], "room_base_id": 2}
        return str(self.post("externalcontact/groupchat/add_join_way", {**body, **more})["config_id"])

    def join_picture(self, config_id: str) -> str:
        """The address of a join code's picture (externalcontact/groupchat/get_join_way)."""
        body = {"config_id": config_id}
        return str(self.post("externalcontact/groupchat/get_join_way", body)["join_way"]["qr_code"])

    def customer_link(self, open_kfid: str, scene: str) -> str:
        """A link that opens an account's conversation and brings the scene along (kf/add_contact_way)."""
        return str(self.post("kf/add_contact_way", {"open_kfid": open_kfid, "scene": scene})["url"])

    def upload_media(self, kind: str, filename: str, content: bytes) -> str:
        """Stores a file for three days and returns its media_id; `kind` is image, voice, video or file."""
        return str(
            self._with_token(
                "media/upload",
                lambda token: self._transport.upload("media/upload", {"type": kind, **token}, filename, content),
            )["media_id"]
        )

    def download_media(self, media_id: str, *, most: int = MEDIA_BYTES) -> Media:
        """A file that somebody sent; refuses more than `most` bytes, and never follows it to another host."""
        answers: list[Response] = []

        def fetch(token: Params) -> "Response":
            answers.append(self._transport.get("media/get", {"media_id": media_id, **token}, most=most))
            # A file has a name and no errcode: it passes as the empty success it is.
            return replace(answers[-1], content=b'{"errcode":0}') if answers[-1].disposition else answers[-1]

        self._with_token("media/get", fetch)
        found = answers[-1]
        return Media(_filename(found.disposition), found.content_type.partition(";")[0], found.content)

    def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Replaces the app's menu; clients show it when they open the app again."""
        self.post("menu/create", menu, {"agentid": self.agent_id})

    def get_menu(self) -> Answer:
        """The app's menu; errcode 46003 when there is none."""
        return self.get("menu/get", {"agentid": self.agent_id})

    def departments(self) -> list[Answer]:
        """The departments the app may see: id, name, parentid, order."""
        return list(self.get("department/list")["department"])

    def members(self) -> list[Answer]:
        """Everybody the app may see, once each: userid, name, department. One call per department."""
        found: dict[str, Answer] = {}
        for department in self.get("department/simplelist")["department_id"]:
            for member in self.get("user/simplelist", {"department_id": department["id"]})["userlist"]:
                found.setdefault(member["userid"], member)
        return list(found.values())

    def member(self, account: str) -> Answer:
        """One member as far as the app may know them (user/get); phone and picture never come this way."""
        return self.get("user/get", {"userid": account})

    def member_by_code(self, code: str) -> str | None:
        """The account of whoever signed in with this code (auth/getuserinfo); None for someone who is not a member."""
        return self.get("auth/getuserinfo", {"code": code}).get("userid")

    def check(self) -> None:
        """Asks WeCom for something that counts for nothing; raises what is wrong, if anything is."""
        self.get("get_api_domain_ip")

    @property
    def _transport(self) -> "Transport":
        with self._opening:
            if self._opened is None:
                # `requests` costs a fifth of a second, which commands that never call WeCom should not pay.
                from bot.wecom.transport import Transport  # noqa: PLC0415 see above

                self._opened = Transport(self._settings.wecom_api_url, connections=self._connections)
            return self._opened

    def _completed(self, payload: str) -> bytes:
        """The queued body with what is the same in all of them: our app and our address."""
        return f'{{"agentid":{self.agent_id},{self._with_links(payload)[1:]}'.encode()

    def _with_links(self, payload: str) -> str:
        return payload.replace(HERE, self._settings.address)

    def _with_token(self, path: str, call: Callable[[Params], "Response"]) -> Answer:
        token = self._tokens.current()
        try:
            return self._checked(path, call({"access_token": token}), token)
        except WeComError as error:
            if error.kind is not Kind.REFRESH:
                raise
        token = self._tokens.replace(token)
        return self._checked(path, call({"access_token": token}), token)

    def _fetch_token(self) -> tuple[str, int]:
        secret = self._settings.wecom_secret.get_secret_value() if self._settings.wecom_secret else ""
        params = {"corpid": self._settings.wecom_corp_id, "corpsecret": secret}
        answer = self._checked("gettoken", self._transport.get("gettoken", params), secret)
        return str(answer["access_token"]), int(answer["expires_in"])

    def _checked(self, path: str, response: "Response", secret: str) -> Answer:
        try:
            answer = json.loads(response.content)
            code = int(answer["errcode"])
        except (ValueError, TypeError, KeyError):
            # A proxy's or a portal's page, most likely.
            raise WeComError(path, kind=Kind.PAUSE, detail="no answer of WeCom's") from None
        if code == 0:
            return dict(answer)
        told = str(answer.get("errmsg", ""))
        # Before it is cut: half a secret would not be found.
        detail = told.replace(secret, "***") if secret else told
        raise WeComError(path, code=code, detail=detail[:LONGEST_DETAIL])


def _filename(disposition: str) -> str:
    """The name in a Content-Disposition, in either of its spellings; empty when there is none."""
    message = Message()
    message["Content-Disposition"] = disposition
    return unquote(message.get_filename() or "")
