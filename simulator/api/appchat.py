"""Groups that an app makes and posts to."""

import re

from simulator import fields
from simulator.chats import Chat
from simulator.corp import App
from simulator.endpoint import Answer, Call, endpoint
from simulator.errors import ApiError
from simulator.message_rules import MessageRules

KINDS = ("text", "image", "voice", "video", "file", "textcard", "news", "mpnews", "markdown")
CHATID = re.compile(r"[0-9a-zA-Z]{1,32}")
FEWEST, MOST = 2, 2000


def _app(call: Call) -> App:
    if 1 not in call.app.visible_departments:
        raise ApiError(60011, "the app's visible range must be the root department")
    return call.app


def _users(call: Call, userids: list[str]) -> list[str]:
    members = [call.world.directory.find(userid) for userid in userids]
    if not all(members):
        raise ApiError(86216, "illegal member id")
    return [m.userid for m in members if m]


def _chat(call: Call, chatid: str) -> Chat:
    if not chatid:
        raise ApiError(86003)
    chat = call.world.chats.chats.get(chatid)
    if chat is None:
        raise ApiError(40050)
    if chat.agentid != _app(call).agentid:
        raise ApiError(86008, "not created by this app")
    return chat


def _name(call: Call) -> str:
    name = fields.text(call.body, "name", code=86004, required=False)
    if len(name) > 50:
        raise ApiError(86004, "name too long")
    return name


@endpoint("POST", "appchat/create")
def create(call: Call) -> Answer:
    """Make a group of 2 to 2000 members."""
    app = _app(call)
    users = _users(call, fields.texts(call.body, "userlist"))
    if not FEWEST <= len(set(users)) <= MOST:
        raise ApiError(86006, "invalid member count")
    owner = fields.text(call.body, "owner", required=False) or users[0]
    if owner not in users:
        raise ApiError(86207, "owner not in userlist")
    chatid = fields.text(call.body, "chatid", required=False)
    if chatid and not CHATID.fullmatch(chatid):
        raise ApiError(86001)
    if chatid in call.world.chats.chats:
        raise ApiError(86215)
    chatid = chatid or call.world.chats.new_chatid()
    call.world.chats.chats[chatid] = Chat(chatid, _name(call), owner, users, app.agentid)
    return {"chatid": chatid}


@endpoint("POST", "appchat/update")
def update(call: Call) -> None:
    """Change a group's name, owner and members."""
    chat = _chat(call, fields.text(call.body, "chatid", code=86003))
    added = _users(call, fields.texts(call.body, "add_user_list", required=False))
    removed = _users(call, fields.texts(call.body, "del_user_list", required=False))
    users = [u for u in dict.fromkeys([*chat.users, *added]) if u not in removed]
    owner = fields.text(call.body, "owner", required=False) or chat.owner
    if not FEWEST <= len(users) <= MOST:
        raise ApiError(86006, "invalid member count")
    if owner not in users:
        raise ApiError(86207, "owner not in userlist")
    chat.name, chat.owner, chat.users = _name(call) or chat.name, owner, users


@endpoint("GET", "appchat/get")
def get(call: Call) -> Answer:
    """A group and its members."""
    chat = _chat(call, call.query.get("chatid", ""))
    info = {"chatid": chat.chatid, "name": chat.name, "owner": chat.owner, "userlist": chat.users, "chat_type": 0}
    return {"chat_info": info}


@endpoint("POST", "appchat/send")
def send(call: Call) -> None:
    """Post to a group; there is no msgid and no recall, and no template card."""
    chat = _chat(call, fields.text(call.body, "chatid", code=86003))
    kind, content = MessageRules(call.world.media, call.world.messages.note).check(call.body, KINDS)
    call.world.chats.post(chat.chatid, chat.users, kind, content, sender=call.app.name)
