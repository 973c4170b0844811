"""Sending, changing and recalling app messages."""

from typing import Any

from simulator import fields
from simulator.card_rules import check_card, updatable
from simulator.corp import App
from simulator.directory import Member
from simulator.endpoint import Answer, Call, endpoint
from simulator.errors import ApiError
from simulator.message_rules import MessageRules
from simulator.messages import Message
from simulator.post import Post
from simulator.world import World

KINDS = (
    "text",
    "image",
    "voice",
    "video",
    "file",
    "textcard",
    "news",
    "mpnews",
    "markdown",
    "miniprogram_notice",
    "template_card",
)
LONGEST_CHECK = 4 * 3600


@endpoint("POST", "message/send", counted=False)
def send(call: Call) -> Answer:
    """Send a message; an identical body under duplicate check answers 0 without a msgid and sends nothing."""
    world, body = call.world, call.body
    app = call.app_named(body.get("agentid"))
    _check_options(body)
    kind, content = MessageRules(world.media, world.messages.note).check(body, KINDS)
    members, invalid = recipients(world, app, body)
    now = world.clock.timestamp()
    interval = fields.number(body, "duplicate_check_interval", allowed=range(1, LONGEST_CHECK + 1), default=1800)
    if body.get("enable_duplicate_check") and world.messages.is_duplicate(app, call.raw, now):
        return dict(invalid)
    if (
        kind == "template_card"
        and content.get("task_id")
        and world.messages.knows_task(app.agentid, content["task_id"])
    ):
        raise ApiError(42014, "duplicate task_id")
    if not world.messages.pace.within_day(app.agentid, len(members), now, world.corp.account_ceiling * 200):
        raise ApiError(45009)
    message = world.messages.send(app, kind, content, members, now)
    if body.get("enable_duplicate_check"):
        world.messages.remember(app, call.raw, now, interval)
    answer = {**invalid, "msgid": message.msgid}
    if kind == "template_card" and updatable(content):
        answer["response_code"] = world.messages.new_response_code(message, now)
    return answer


def _check_options(body: dict[str, Any]) -> None:
    fields.number(body, "safe", allowed=range(3 if body.get("msgtype") == "mpnews" else 2), default=0)
    fields.number(body, "enable_id_trans", allowed=range(2), default=0)
    fields.number(body, "enable_duplicate_check", allowed=range(2), default=0)


def recipients(world: World, app: App, body: dict[str, Any]) -> tuple[list[Member], dict[str, str]]:
    """The members a body names and the invalid ids of each kind; 82001 for nobody, 81013 when none is valid."""
    touser = fields.text(body, "touser", required=False)
    if touser == "@all":
        if body.get("msgtype") == "miniprogram_notice":
            raise ApiError(40058, "@all not supported")
        return [m for m in world.directory.members if world.directory.sees(app, m) and m.licensed], {}
    users = _split(touser, 1000, 40032)
    parties = _split(fields.text(body, "toparty", required=False), 100, 82002)
    tags = _split(fields.text(body, "totag", required=False), 100, 82003)
    if not (users or parties or tags):
        raise ApiError(82001)
    found: dict[str, Member] = {}
    lost: dict[str, list[str]] = {"invaliduser": [], "invalidparty": [], "invalidtag": [], "unlicenseduser": []}
    directory = world.directory
    for userid in users:
        member = directory.find(userid)
        if member is None or not directory.sees(app, member) or member.status != 1:
            lost["invaliduser"].append(userid.lower())
        else:
            found[member.userid] = member
    for party in parties:
        if not party.isdigit() or not directory.sees_department(app, int(party)):
            lost["invalidparty"].append(party)
            continue
        found.update((m.userid, m) for m in directory.inside(int(party)) if m.status == 1)
    for tag in tags:
        if not tag.isdigit() or int(tag) not in directory.tags:
            lost["invalidtag"].append(tag)
            continue
        named = directory.tagged(directory.tags[int(tag)])
        found.update((m.userid, m) for m in named if m.status == 1 and directory.sees(app, m))
    lost["unlicenseduser"] = [userid.lower() for userid, m in found.items() if not m.licensed]
    reached = [m for m in found.values() if m.licensed]
    if not found:
        raise ApiError(81013)
    return reached, {name: "|".join(ids) for name, ids in lost.items() if ids}


def _split(value: str, most: int, code: int) -> list[str]:
    found = [part for part in value.split("|") if part]
    if len(found) > most:
        raise ApiError(code)
    return found


@endpoint("POST", "message/update_template_card")
def update_template_card(call: Call) -> Answer:
    """Change the copies of a card that the named people have; spends the response code."""
    world, body, now = call.world, call.body, call.world.clock.timestamp()
    app = call.app_named(body.get("agentid"))
    code = fields.text(body, "response_code")
    message = world.messages.card_of(app, code, now)
    button, card = fields.mapping(body, "button", required=False), fields.mapping(body, "template_card", required=False)
    if bool(button) == bool(card):
        raise ApiError(40058, "either button or template_card")
    if button:
        fields.text(button, "replace_name")
        if "interaction" not in message.content["card_type"]:
            raise ApiError(42031, "this card has no button to replace")
    else:
        check_card(card, note=world.messages.note, updating=True)
    copies, invalid = _copies(world, app, message, body)
    world.messages.spend(code)
    for post in copies:
        if card:
            post.content = card
        post.replaced = button.get("replace_name") or card.get("replace_text")
        world.threads.touch(post)
    return {"invaliduser": invalid}


def _copies(world: World, app: App, message: Message, body: dict[str, Any]) -> tuple[list[Post], list[str]]:
    directory = world.directory
    users = fields.texts(body, "userids", most=1000, code=40032, required=False)
    parties = fields.items(body, "partyids", most=100, code=82002, required=False)
    tags = fields.items(body, "tagids", most=100, code=82003, required=False)
    if fields.number(body, "atall", allowed=range(2), default=0):
        return list(message.posts), []
    if not (users or parties or tags):
        raise ApiError(82001)
    members = [directory.find(userid) for userid in users]
    invalid = [u.lower() for u, m in zip(users, members, strict=True) if m is None or not directory.sees(app, m)]
    named = {m.userid for m in members if m}
    named |= {m.userid for party in parties for m in directory.inside(party)}
    named |= {m.userid for tag in tags if tag in directory.tags for m in directory.tagged(directory.tags[tag])}
    return [post for post in message.posts if post.person in named], invalid


@endpoint("POST", "message/recall")
def recall(call: Call) -> None:
    """Take a message back from everybody's WeCom."""
    call.world.messages.recall(call.app, fields.text(call.body, "msgid"), call.world.clock.timestamp())


@endpoint("POST", "message/get_statistics")
def get_statistics(call: Call) -> Answer:
    """How many person-messages each app sent today or yesterday."""
    back = fields.number(call.body, "time_type", allowed=range(2), default=0)
    day = int((call.world.clock.timestamp() + 8 * 3600) // 86400) - back
    return {
        "statistics": [
            {"agentid": app.agentid, "app_name": app.name, "count": call.world.messages.sent_on(app.agentid, day)}
            for app in call.world.apps.values()
        ]
    }
