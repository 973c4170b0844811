"""What customers and servicers do in 微信客服."""

from typing import TYPE_CHECKING, Any

from simulator.callback_xml import Value, document
from simulator.delivery import Delivery
from simulator.kf import Account
from simulator.kf_session import ENDED, HUMAN, Session
from simulator.post import Post

if TYPE_CHECKING:
    from simulator.world import World

WELCOME_SECONDS = 20
SERVICER_SECONDS = 48 * 3600


class KfActs:
    """Every act is logged for sync_msg and answers the Delivery of the callback that says there is news."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def kf_enter(self, customer: str, open_kfid: str, *, scene: str = "", scene_param: str = "") -> Delivery:
        """A customer opens an account's conversation through a link; `.post` is None."""
        account, now = self._account(open_kfid), self._world.clock.timestamp()
        with self._world.lock:
            session = self._session(account, customer)
            event: dict[str, Any] = {"scene": scene, "scene_param": scene_param}
            if session.silent(now):
                kinds = ("text", "msgmenu")
                event["welcome_code"] = self._world.kf.new_code(account, customer, kinds, WELCOME_SECONDS, None)
            session.scene, session.scene_param, session.entered_at = scene, scene_param, now
            self._world.threads.open(customer, f"kf:{open_kfid}")
            self._world.kf.note_event(account, customer, "enter_session", **event)
        return self._world.pusher.push(self.kf_poke(account))

    def kf_say(self, customer: str, open_kfid: str, text: str, *, menu_id: str = "") -> Delivery:
        """A customer writes, or clicks an entry of a menu message (`menu_id`)."""
        return self._customer_sends(customer, open_kfid, "text", {"content": text, "menu_id": menu_id})

    def kf_send(self, customer: str, open_kfid: str, kind: str, content: dict[str, Any]) -> Delivery:
        """A customer sends any other kind: location, link, business_card, miniprogram, channels, …"""
        return self._customer_sends(customer, open_kfid, kind, content)

    def kf_send_media(self, customer: str, open_kfid: str, kind: str, content: bytes, filename: str = "") -> Delivery:
        """A customer sends an image, voice, video or file."""
        medium = self._world.media.keep(kind, filename or f"{kind}.bin", content)
        shown = {"filename": medium.filename}
        return self._customer_sends(customer, open_kfid, kind, {"media_id": medium.media_id}, shown)

    def kf_press(self, customer: str, post: Post | str, key: str) -> Delivery:
        """A customer clicks an entry of a menu message by its id or its text."""
        found = self._world.threads.find(post) if isinstance(post, str) else post
        if found is None or found.person != customer or found.kind != "msgmenu":
            raise ValueError("no such menu in this customer's conversation")
        clicks = [entry["click"] for entry in found.content.get("list", ()) if entry["type"] == "click"]
        for click in clicks:
            if key in (click.get("id"), click["content"]):
                found.pressed_key = key
                self._world.threads.touch(found)
                account = found.peer.partition(":")[2]
                return self.kf_say(customer, account, click["content"], menu_id=click.get("id", ""))
        raise ValueError(f"no entry {key!r} in this menu")

    def kf_recall(self, customer: str, open_kfid: str, msgid: str) -> Delivery:
        """A customer takes a message back."""
        account = self._account(open_kfid)
        for post in self._world.threads.posts(customer, f"kf:{open_kfid}"):
            if post.msgid == msgid:
                post.recalled = True
                self._world.threads.touch(post)
        self._world.kf.note_event(account, customer, "user_recall_msg", recall_msgid=msgid)
        return self._world.pusher.push(self.kf_poke(account))

    def kf_take(self, servicer: str, customer: str, open_kfid: str) -> Delivery:
        """A servicer takes a customer's session in the client."""
        account = self._account(open_kfid)
        with self._world.lock:
            session = self._session(account, customer)
            session.state, session.servicer = HUMAN, servicer
            code = self._world.kf.new_code(account, customer, ("text",), SERVICER_SECONDS, HUMAN)
            change = {"change_type": 1, "new_servicer_userid": servicer, "msg_code": code}
            self._world.kf.note_event(account, customer, "session_status_change", **change)
        return self._world.pusher.push(self.kf_poke(account))

    def kf_end(self, servicer: str, customer: str, open_kfid: str) -> Delivery:
        """A servicer ends a customer's session in the client."""
        account = self._account(open_kfid)
        with self._world.lock:
            session = self._session(account, customer)
            session.state, session.servicer = ENDED, ""
            code = self._world.kf.new_code(account, customer, ("text", "msgmenu"), WELCOME_SECONDS, ENDED)
            change = {"change_type": 3, "old_servicer_userid": servicer, "msg_code": code}
            self._world.kf.note_event(account, customer, "session_status_change", **change)
        return self._world.pusher.push(self.kf_poke(account))

    def kf_servicer_says(self, servicer: str, customer: str, open_kfid: str, text: str) -> Delivery:
        """A servicer writes to a customer in the client."""
        account = self._account(open_kfid)
        with self._world.lock:
            entry = self._entry(account, customer, "text", {"content": text})
            self._world.kf.note(account, {**entry, "origin": 5, "servicer_userid": servicer})
            member = self._world.directory.find(servicer)
            name = member.name if member else servicer
            self._world.threads.add(customer, f"kf:{open_kfid}", "text", {"content": text}, sender=name)
        return self._world.pusher.push(self.kf_poke(account))

    def kf_poke(self, account: Account) -> Delivery:
        """The callback that says an account has news."""
        inner: dict[str, Value] = {
            "ToUserName": self._world.corp.corp_id,
            "CreateTime": int(self._world.clock.timestamp()),
            "MsgType": "event",
            "Event": "kf_msg_or_event",
            "Token": self._world.kf.new_token(account),
            "OpenKfId": account.open_kfid,
        }
        return Delivery(f"kf:{account.open_kfid}", "kf_msg_or_event", document(inner), None)

    def _customer_sends(
        self, customer: str, open_kfid: str, kind: str, content: dict[str, Any], extra: dict[str, Any] | None = None
    ) -> Delivery:
        account = self._account(open_kfid)
        with self._world.lock:
            self._session(account, customer).customer_spoke(self._world.clock.timestamp())
            entry = self._world.kf.note(account, {**self._entry(account, customer, kind, content), "origin": 3})
            post = self._world.threads.add(customer, f"kf:{open_kfid}", kind, {**content, **(extra or {})})
            post.msgid = entry["msgid"]
        delivery = self.kf_poke(account)
        delivery.post = post
        return self._world.pusher.push(delivery)

    def _entry(self, account: Account, customer: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        return {"open_kfid": account.open_kfid, "external_userid": customer, "msgtype": kind, kind: content}

    def _account(self, open_kfid: str) -> Account:
        account = self._world.kf.accounts.get(open_kfid)
        if account is None:
            raise ValueError(f"no KF account {open_kfid!r}")
        return account

    def _session(self, account: Account, customer: str) -> Session:
        if self._world.customers.find(customer) is None:
            raise ValueError(f"no customer {customer!r}")
        return self._world.kf.session(account, customer)
