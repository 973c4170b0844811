"""改 KR1: a change of an approved key result, asked for with a reason; both values are kept when a leader agrees."""

import re

from bot.context import Context
from bot.message import Answer, Button, Notice, Purpose, Reply
from bot.registry import command, step
from domain.change import Field, Wish, read_field, read_wish
from models.okr import Change, KeyResult
from models.person import Person
from services.change import (
    approve_change,
    check_change,
    find_own_key_result,
    owner_of,
    propose_change,
    return_change,
)
from services.review import as_reviewed
from services.team import deciders
from services.wording_objective import change_decided, change_line, change_proposed, key_result_line

FIELD, VALUE, REASON = "change_key_result.field", "change_key_result.value", "change_key_result.reason"
CANCEL = Button("取消", "取消")
REASONS = ("任务调整", "辖区变化", "当初定错了")


@command(
    "改kr",
    help="改已同意的关键结果，要负责人同意",
    aliases=("改 kr", "修改kr", "修改 kr", "变更kr", "变更 kr"),
    takes="几号、改什么、改成多少、原因",
    example="改 KR1 目标 60 辖区扩大",
)
def change_key_result(context: Context) -> Answer:
    """Takes the whole wish at once, or asks for what it leaves out."""
    return _go_on(context, read_wish(context.argument))


@step(FIELD)
def take_field(context: Context) -> Answer:
    """Takes what of the key result is to change, perhaps with value and reason."""
    return _go_on(context, read_field(context.message.text, context.question.data["number"]))


@step(VALUE)
def take_value(context: Context) -> Answer:
    """Takes the new value, perhaps with the reason."""
    data = context.question.data
    field = Field(data["field"])
    said = context.message.text
    repeated = read_field(said, data["number"])
    if repeated.field is field:
        return _go_on(context, repeated)
    if field in (Field.TITLE, Field.UNIT):
        return _go_on(context, Wish(data["number"], field, said))
    value, _, reason = re.sub(r"[,，;；。\s]+", " ", said).partition(" ")
    return _go_on(context, Wish(data["number"], field, value, reason))


@step(REASON)
def take_reason(context: Context) -> Answer:
    """Takes the reason and hands the wish to the leader."""
    data = context.question.data
    return _go_on(context, Wish(data["number"], Field(data["field"]), data["value"], context.message.text))


def agree(context: Context, change_id: int) -> Answer:
    """The leader's yes."""
    change = approve_change(context.session, change_id, by=context.sender.person, now=context.now)
    return _decided(context, change, "同意了")


def turn_down(context: Context, change_id: int, reason: str) -> Answer:
    """The leader's no."""
    change = return_change(context.session, change_id, reason, by=context.sender.person, now=context.now)
    return _decided(context, change, "没同意，原因转过去了")


def change_card(context: Context, change: Change) -> Reply:
    """What a leader sees of a change."""
    one = context.session.get_one(KeyResult, change.key_result_id)
    owner = context.session.get_one(Person, change.proposed_by_id)
    words = f"变更{change.id}"
    return Reply(
        change_proposed(owner.name, one, change), (Button("同意", f"同意 {words}"), Button("退回", f"退回 {words}"))
    )


def _go_on(context: Context, wish: Wish) -> Answer:
    """Asks for the first thing that is missing; when nothing is, proposes the change."""
    if wish.number is None:
        return "改哪一条？比如“改 KR1 目标 60 辖区扩大”。"
    one = find_own_key_result(context.session, wish.number, by=context.sender.person, now=context.now)
    data = {"number": wish.number, "field": wish.field, "value": wish.value}
    if wish.field is None:
        context.question.ask(FIELD, data)
        fields = (Field.TARGET, Field.START, Field.WEIGHT, Field.TITLE)
        buttons = tuple(Button(f"改{field.label}", field.label) for field in fields)
        return Reply(f"{key_result_line(one)}\n改什么？", (*buttons, CANCEL))
    if not wish.value:
        context.question.ask(VALUE, data)
        ask = "什么" if wish.field in (Field.TITLE, Field.UNIT) else "多少"
        return Reply(f"{key_result_line(one)}\n{wish.field.label}改成{ask}？", (CANCEL,))
    check_change(one, wish.field, wish.value)
    if not wish.reason:
        context.question.ask(REASON, data)
        return Reply(
            f"KR{one.number} {wish.field.label}改成 {wish.value}。为什么改？一句话。",
            tuple(Button(reason, reason) for reason in REASONS),
        )
    return _propose(context, wish.number, (wish.field, wish.value, wish.reason))


def _propose(context: Context, number: int, wish: tuple[Field, str, str]) -> list[Reply | Notice]:
    person = context.sender.person
    change = propose_change(context.session, number, wish, by=person, now=context.now)
    context.question.end()
    one = context.session.get_one(KeyResult, change.key_result_id)
    leaders = deciders(context.session, person)
    card = change_card(context, change)
    names = "、".join(leader.name for leader in leaders)
    told = f"等 {names} 同意，同意前还按原来的算。" if names else "还没有能同意的人，绩效管理员设好负责人后就能看到。"
    return [
        Reply(f"提上去了：{change_line(one, change)}（{change.reason}）。\n{told}"),
        *(Notice(leader, f"change:{change.id}:{leader.id}", card, Purpose.CARRIED) for leader in leaders),
    ]


def _decided(context: Context, change: Change, word: str) -> list[Reply | Notice]:
    """Tells the leader and the owner."""
    one = context.session.get_one(KeyResult, change.key_result_id)
    owner = owner_of(context.session, change)
    assert owner is not None
    text = change_decided(context.sender.person.name, one, change, as_reviewed(one).summary())
    return [
        Reply(f"{word}：{owner.name} {change_line(one, change)}。"),
        Notice(owner, f"change:{change.id}:decided", Reply(text), Purpose.CARRIED),
    ]
