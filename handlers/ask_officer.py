"""问: a leader's question reaches an officer with the figures it is about, and can be answered with one press."""

import re

from sqlmodel import Session

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Notice, Purpose, Reply
from bot.registry import command, step
from domain.text import fold_in_place
from handlers.name_person import ask_nearest, ask_which
from models.person import Person, Role
from services.change import own_key_results
from services.key_result import LONGEST_NOTE, shorten
from services.person import find_person
from services.question import ask
from services.review import as_reviewed
from services.team import Named, find_named, people_led
from services.wording_objective import question_asked

WHOM, WHAT = "ask_officer.whom", "ask_officer.what"
CANCEL = Button("取消", "取消")
_MENTIONS = re.compile(r"k\s?r\s*(\d{1,2})")


@command(
    "问",
    help="问下属一句，回答转给你",
    aliases=("问一句", "问一下"),
    takes="谁、什么事",
    example="问 张三 KR2 为什么停了",
    allow=frozenset({Role.UNIT_LEADER}),
)
def ask_officer(context: Context) -> Answer:
    """Passes the question on, or asks for what it leaves out."""
    if not context.argument:
        context.question.ask(WHOM, {})
        return Reply("问谁、问什么？一句话，比如“张三 KR2 为什么停了”。", (CANCEL,))
    people = people_led(context.session, context.sender.person, context.sender.roles)
    named = find_named(people, context.argument)
    if not named.people:
        if not context.message.text.removesuffix(context.argument)[-1:].isspace():
            raise NotUnderstood
        return ask_nearest(people, context.argument, "问")
    return _pass_on(context, named)


@step(WHOM)
def take_whom(context: Context) -> Answer:
    """Takes name and question together."""
    people = people_led(context.session, context.sender.person, context.sender.roles)
    named = find_named(people, context.message.text)
    return _pass_on(context, named) if named.people else ask_nearest(people, context.message.text, "问")


@step(WHAT)
def take_what(context: Context) -> Answer:
    """Takes the question to the person named before, if the sender still leads them."""
    person = find_person(context.session, context.question.data["account"])
    led = people_led(context.session, context.sender.person, context.sender.roles)
    found = tuple(one for one in led if person is not None and one.id == person.id)
    context.question.end()
    return _pass_on(context, Named(found, context.message.text)) if found else "这个人已经不在你负责的单位里。"


def _pass_on(context: Context, named: Named) -> Answer:
    if len(named.people) > 1:
        return ask_which(context.session, named, "问")
    officer, text = named.people[0], named.rest
    if not text:
        context.question.ask(WHAT, {"account": officer.account})
        return Reply(f"想问{officer.name}什么？", (CANCEL,))
    context.question.end()
    question = ask(context.session, officer, text, by=context.sender.person, now=context.now)
    told = question_asked(context.sender.person.name, text, _standing(context.session, officer, text, context))
    return [
        Reply(f"问过去了，{officer.name}一回答就告诉你。"),
        Notice(
            officer, f"question:{question.id}", Reply(told, (Button("回答", f"回答 {question.id}"),)), Purpose.CARRIED
        ),
    ]


def _standing(session: Session, officer: Person, text: str, context: Context) -> str:
    """How the key results stand that a question names, with what was last said about them."""
    numbers = {int(digits) for digits in _MENTIONS.findall(fold_in_place(text))}
    lines = []
    for one in own_key_results(session, officer, context.now):
        if one.number in numbers:
            remark = "：".join(filter(None, (one.confidence, shorten(one.note, LONGEST_NOTE))))
            week = f"（第{int(one.reported_week[-2:])}周报的）" if one.reported_week else "（还没报过）"
            lines.append(f"{as_reviewed(one).summary()}{week}{remark}")
    return "\n".join(lines)
