"""绑定: a customer says which enterprise they speak for; its code proves it, else its contact is asked with one tap."""

import re
from datetime import datetime

from bot.context import Context, NotUnderstood
from bot.message import Answer, Audience, Button, Notice, Purpose, Reply
from bot.registry import command, step
from domain.calendar import Duty
from domain.name_match import Match
from domain.triage import triage
from domain.triage_words import OTHER
from handlers.own_ticket import is_apart
from handlers.raise_ticket import raise_ticket
from handlers.ticket_notice import notices_in_duty_hours
from models.enterprise import Enterprise
from models.person import Person
from services.binding import ask_contact, bind_by_code, failures_left, introduce
from services.period import workdays
from services.ticket.find import find_enterprise
from services.wording_ask import binding_asked

WHICH, NAME = "bind.which", "bind.name"
LONGEST_NAME = 40
NONE = Button("都不是", "取消")
HOW = "请回“绑定 企业名 绑定码”。没有绑定码也行，回“绑定 企业名”，我请网格联系人帮您确认。"
_NAME = re.compile(r"\d{7}|^我?[是叫姓]|^\w{2,5}$")
_CODE = re.compile(r"(?P<name>.*?)[\s,，、:：]*(?P<code>[A-Za-z0-9-]{4,64})\s*", re.DOTALL)


@command(
    "绑定",
    help="说明您是哪家企业的；没有绑定码就请联系人确认",
    takes="企业名 绑定码",
    example="绑定 固电电子 绑定码",
    audience=Audience.ENTERPRISE,
)
def bind_enterprise(context: Context) -> Answer:
    """Binds by the code, asks the contact without one, and asks back where the name could mean several."""
    name, code = _name_and_code(context)
    if not name:
        return HOW
    match = find_enterprise(context.session, name)
    if match.found is not None:
        return _go_on(context, int(match.found.key), code)
    if match.is_unknown and not is_apart(context):
        raise NotUnderstood
    if match.is_unknown:
        return f"没找到叫“{name[:30]}”的企业。请写营业执照上的名字，几个字也行。{HOW}"
    return _ask_which(context, match, code)


@step(WHICH)
def choose(context: Context) -> Answer:
    """Takes the one of several names that was meant."""
    code = str(context.question.data["code"])
    match = find_enterprise(context.session, context.message.text)
    if match.found is None:
        return raise_ticket(context) if match.is_unknown else _ask_which(context, match, code)
    context.question.end()
    return _go_on(context, int(match.found.key), code)


@step(NAME)
def take_name(context: Context) -> Answer:
    """Passes on to the contact who it is; a matter is a matter."""
    said, data = context.message.text, context.question.data
    context.question.end()
    if len(said) > LONGEST_NAME or _NAME.search(said) is None or triage(said).category != OTHER:
        return raise_ticket(context)
    guest = context.sender.guest
    introduce(context.session, guest, said, now=context.now)
    contact = context.session.get_one(Person, int(data["contact"]))
    words = Reply(f"想绑定{data['enterprise']}的人说：{said}")
    return [
        Reply(f"好的，转给{contact.name}了。"),
        Notice(contact, f"binding:{data['binding']}:name:{contact.id}", words, Purpose.CARRIED, at=_in_duty(context)),
    ]


def contact_card(name: str, enterprise: str, binding_id: int) -> Reply:
    """What the contact is asked, with one tap."""
    text = binding_asked(name, enterprise)
    return Reply(text, (Button("同意", f"同意绑定 {binding_id}"), Button("不是本企业", f"不是本企业 {binding_id}")))


def _name_and_code(context: Context) -> tuple[str, str]:
    """A name that is known as a whole has no code behind it: names end in letters and figures too."""
    said = context.argument
    parts = _CODE.fullmatch(said)
    if parts is None or not parts["name"] or find_enterprise(context.session, said).found is not None:
        return said, ""
    return parts["name"].strip(), parts["code"]


def _ask_which(context: Context, match: Match, code: str) -> Reply:
    context.question.ask(WHICH, {"code": code})
    names = tuple(Button(one.name, one.name) for one in match.candidates)
    more = f"还有 {match.more} 家像的，写全一点更准。" if match.more else ""
    return Reply(f"您说的是哪一家？{more}", (*names, NONE))


def _go_on(context: Context, enterprise_id: int, code: str) -> Answer:
    enterprise = context.session.get_one(Enterprise, enterprise_id)
    if code:
        return _by_code(context, enterprise, code)
    guest = context.sender.guest
    asked = ask_contact(context.session, guest, enterprise, now=context.now)
    if asked is None:
        return f"您已经绑定{enterprise.name}了，有什么事直接说一句就行。"
    binding, contact = asked
    card = contact_card(guest.name, enterprise.name, binding.id or 0)
    lead = f"已经请网格联系人 {contact.name} 确认您是{enterprise.name}的人，有结果马上告诉您。这会儿有事照样可以提。"
    if not guest.name:
        data = {"binding": binding.id, "contact": contact.id, "enterprise": enterprise.name}
        context.question.ask(NAME, data)
        lead += "怎么称呼您？留个姓名电话，他好确认。"
    return [
        Reply(lead),
        Notice(contact, f"binding:{binding.id}:{contact.id}", card, Purpose.CARRIED, at=_in_duty(context)),
    ]


def _by_code(context: Context, enterprise: Enterprise, code: str) -> Answer:
    guest = context.sender.guest
    outcomes = bind_by_code(context.session, guest, enterprise, code, now=context.now)
    if outcomes is not None:
        bound = Reply(f"绑定好了，您是{enterprise.name}的人。有什么事，直接说一句就行。")
        return [bound, *(notice for one in outcomes for notice in notices_in_duty_hours(context, one))]
    left = failures_left(context.session, guest, now=context.now)
    again = f"还可以试 {left} 次" if left else "先歇一小时再试"
    return f"绑定码不对，还没绑定，{again}。没有绑定码就回“绑定 {enterprise.name}”，请网格联系人确认。"


def _in_duty(context: Context) -> datetime | None:
    """The contact is not woken for it."""
    duty = Duty(workdays=workdays(context.session))
    return None if duty.is_on_duty(context.now) else duty.next_duty_instant(context.now)
