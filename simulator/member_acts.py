"""What a member does in the app's conversation."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.callback_xml import Value, document
from simulator.delivery import Delivery
from simulator.directory import Member
from simulator.post import Post

if TYPE_CHECKING:
    from simulator.world import World

Selections = Mapping[str, list[str]]
WAITS = {"scancode_waitmsg", "scancode_push"}


class MemberActs:
    """Sends the app what members say, press and open; every act returns its callback's Delivery.

    `misspelt_options` writes chosen options as OpitonIds/OpitonId, as old clients did.
    """

    def __init__(self, world: "World") -> None:
        self.misspelt_options = False
        self._world = world

    def say(self, userid: str, text: str) -> Delivery:
        """A member writes to the app."""
        return self._send(userid, "text", {"Content": text}, {"content": text})

    def send_media(self, userid: str, kind: str, content: bytes, filename: str = "") -> Delivery:
        """A member sends the app an image, a voice or a video (an app's conversation takes no file)."""
        if kind not in ("image", "voice", "video"):
            raise ValueError(f"a member cannot send {kind} to an app")
        medium = self._world.media.keep(kind, filename or f"{kind}.bin", content)
        extra: dict[str, Value] = {"MediaId": medium.media_id}
        if kind == "image":
            extra = {"PicUrl": f"{self._world.url}/sim/media/{medium.media_id}", **extra}
        elif kind == "voice":
            extra["Format"] = "amr"
        else:
            extra["ThumbMediaId"] = self._world.media.keep("image", "thumb.jpg", b"\xff\xd8thumb").media_id
        return self._send(userid, kind, extra, {"media_id": medium.media_id, "filename": medium.filename})

    def send_place(self, userid: str, latitude: float, longitude: float, label: str) -> Delivery:
        """A member sends the app a place."""
        place: dict[str, Value] = {"Location_X": f"{latitude:.6f}", "Location_Y": f"{longitude:.6f}", "Scale": "15"}
        shown = {"latitude": latitude, "longitude": longitude, "label": label}
        return self._send(userid, "location", {**place, "Label": label, "AppType": "wxwork"}, shown)

    def send_link(self, userid: str, title: str, description: str, url: str) -> Delivery:
        """A member sends the app a link."""
        fields: dict[str, Value] = {"Title": title, "Description": description, "Url": url, "PicUrl": ""}
        return self._send(userid, "link", fields, {"title": title, "description": description, "url": url})

    def enter_agent(self, userid: str) -> Delivery:
        """A member opens the app's conversation."""
        return self._event(userid, "enter_agent", {"EventKey": ""})

    def subscribe(self, userid: str, *, left: bool = False) -> Delivery:
        """A member enters (or has left) the app's visible range."""
        return self._event(userid, "unsubscribe" if left else "subscribe", {"EventKey": ""})

    def click_menu(self, userid: str, key: str, *, scanned: str = "") -> Delivery:
        """A member taps an entry of the app's menu by its key (or URL); `scanned` is what a scan entry reads."""
        button = self._menu_button(key)
        kind = str(button.get("type", "click"))
        fields: dict[str, Value] = {"EventKey": key}
        if kind in WAITS:
            fields["ScanCodeInfo"] = {"ScanType": "qrcode", "ScanResult": scanned}
        return self._event(userid, kind, fields)

    def report_position(self, userid: str, latitude: float, longitude: float) -> Delivery:
        """A member who agreed to it enters the conversation and is located."""
        fields: dict[str, Value] = {"Latitude": f"{latitude:.6f}", "Longitude": f"{longitude:.6f}", "Precision": "15.0"}
        return self._event(userid, "LOCATION", {**fields, "AppType": "wxwork"})

    def press(self, userid: str, post: Post | str, key: str, selections: Selections | None = None) -> Delivery:
        """A member presses a button, submit button or menu action of a card.

        `selections` maps question keys to option ids; what is not in it keeps the card's own choice. Refuses
        (ValueError) a card the member does not have, one that was replaced, and a key that is not on it.
        """
        member = self._member(userid)
        with self._world.lock:
            found = self._pressable(member, post)
            card = found.content
            in_menu = key in [a["key"] for a in (card.get("action_menu") or {}).get("action_list", ())]
            if not in_menu and key not in _card_keys(card):
                raise ValueError(f"no button {key!r} on this card")
            message = self._world.messages.accepted[found.msgid]
            fields: dict[str, Value] = {
                "EventKey": key,
                "TaskId": card.get("task_id") or message.content.get("task_id", ""),
                "CardType": card["card_type"],
                "ResponseCode": self._world.messages.new_response_code(message, self._world.clock.timestamp()),
            }
            chosen = {} if in_menu else _choices(card, selections or {})
            if chosen:
                fields["SelectedItems"] = {"SelectedItem": _selected_items(chosen, misspelt=self.misspelt_options)}
            found.pressed_key = key
            self._world.threads.touch(found)
        name = "template_card_menu_event" if in_menu else "template_card_event"
        return self._event(member.userid, name, fields, post=found)

    def _pressable(self, member: Member, post: Post | str) -> Post:
        found = self._world.threads.find(post) if isinstance(post, str) else post
        if found is None or found.person != member.userid or found.kind != "template_card" or found.recalled:
            raise ValueError("no such card in this member's conversation")
        if found.replaced:
            raise ValueError("the card's button was replaced")
        return found

    def _member(self, userid: str) -> Member:
        member = self._world.directory.find(userid)
        if member is None:
            raise ValueError(f"no member {userid!r}")
        return member

    def _menu_button(self, key: str) -> dict[str, Any]:
        for button in self._world.menus.get(self._world.app.agentid, {}).get("button", ()):
            for entry in (button, *(button.get("sub_button") or ())):
                if key in (entry.get("key"), entry.get("url"), entry.get("pagepath")):
                    return dict(entry)
        raise ValueError(f"no menu entry {key!r}")

    def _send(self, userid: str, kind: str, fields: Mapping[str, Value], shown: dict[str, Any]) -> Delivery:
        member = self._member(userid)
        with self._world.lock:
            post = self._world.threads.add(member.userid, "app", kind, shown)
            inner = {**self._header(member.userid, kind), **fields, "MsgId": self._world.new_msgid()}
        return self._push(member.userid, kind, inner, post)

    def _event(self, userid: str, event: str, fields: Mapping[str, Value], *, post: Post | None = None) -> Delivery:
        member = self._member(userid)
        self._world.threads.open(member.userid, "app")
        return self._push(
            member.userid, event, {**self._header(member.userid, "event"), "Event": event, **fields}, post
        )

    def _header(self, sender: str, kind: str) -> dict[str, Value]:
        now = int(self._world.clock.timestamp())
        return {
            "ToUserName": self._world.corp.corp_id,
            "FromUserName": sender,
            "CreateTime": now,
            "MsgType": kind,
        }

    def _push(self, key: str, name: str, inner: Mapping[str, Value], post: Post | None) -> Delivery:
        agentid = self._world.app.agentid
        delivery = Delivery(key, name, document({**inner, "AgentID": agentid}), agentid)
        delivery.post = post
        return self._world.pusher.push(delivery)


def _card_keys(card: dict[str, Any]) -> list[str]:
    keys = [button.get("key", "") for button in card.get("button_list") or () if button.get("type", 0) == 0]
    return [*keys, (card.get("submit_button") or {}).get("key", "")]


def _selected_items(chosen: Selections, *, misspelt: bool) -> list[Mapping[str, Value]]:
    option = "OpitonId" if misspelt else "OptionId"
    return [{"QuestionKey": question, f"{option}s": {option: options}} for question, options in chosen.items()]


def _choices(card: dict[str, Any], selections: Selections) -> dict[str, list[str]]:
    questions = [q for q in (card.get("button_selection"), *(card.get("select_list") or ())) if q]
    chosen = {q["question_key"]: [q.get("selected_id") or q["option_list"][0]["id"]] for q in questions}
    checkbox = card.get("checkbox")
    if checkbox:
        chosen[checkbox["question_key"]] = [o["id"] for o in checkbox["option_list"] if o.get("is_checked")]
        questions.append(checkbox)
    for question in questions:
        picked = selections.get(question["question_key"])
        if picked is None:
            continue
        if not set(picked) <= {option["id"] for option in question["option_list"]}:
            raise ValueError(f"no such option among {picked}")
        chosen[question["question_key"]] = list(picked)
    if unknown := set(selections) - set(chosen):
        raise ValueError(f"no such question: {unknown}")
    return {question: options for question, options in chosen.items() if options}
