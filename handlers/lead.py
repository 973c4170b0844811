"""本单位: how a unit's week stands, for its leader and for the performance office."""

from contextlib import suppress

from rapidfuzz import fuzz, process

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Link, Reply
from bot.registry import command
from domain.text import fold
from handlers.report import take_report
from models.person import Role
from models.unit import Unit
from services.digest import board_label, unit_digest
from services.period import workdays
from services.person import leaders_of
from services.sight import units_in_sight
from services.week import week_of_report

NEAR_ENOUGH = 50
ASK = Button("问一句", "问一句")
WAITING = Button("待确认", "待确认")


@command(
    "本单位",
    help="本单位这周报得怎么样",
    aliases=("本所", "本队"),
    takes="单位名，绩效管理员用",
    shown_to=frozenset({Role.UNIT_LEADER, Role.OFFICE}),
)
def lead(context: Context) -> Answer:
    """The week of one's own unit, or of a named one in sight."""
    if context.argument and not context.message.text.removesuffix(context.argument)[-1:].isspace():
        raise NotUnderstood
    if context.argument and Role.UNIT_LEADER in context.sender.roles:
        with suppress(NotUnderstood):
            return take_report(context, context.message.text)  # 本所 KR1 35
    session, person = context.session, context.sender.person
    units = units_in_sight(session, person, context.sender.roles)
    if not units:
        names = "、".join(one.name for one in leaders_of(session, person.unit_id))
        return f"本单位的汇总给单位负责人看{f'：{names}' if names else ''}。看自己的说“我的”。"
    if not context.argument:
        return _digest(context, next(unit for unit in units if unit.id == person.unit_id))
    found = _named(units, context.argument)
    if len(found) == 1:
        return _digest(context, found[0])
    if found:
        return Reply("是哪个单位？", tuple(Button(unit.name, f"本单位 {unit.code}") for unit in found))
    return f"没有找到“{context.argument}”。说单位的名称，比如“本单位 {units[0].name}”。"


def _digest(context: Context, unit: Unit) -> Reply:
    week = week_of_report(context.now, workdays(context.session))
    text = unit_digest(context.session, unit, week.label, context.now)
    link = Link(board_label(unit), "/unit" if unit.id == context.sender.person.unit_id else f"/unit/{unit.code}")
    may_ask = Role.UNIT_LEADER in context.sender.roles
    if text is None:
        return Reply(f"{unit.name}还没有同意过的目标，这周没有要报的。", (WAITING,), link, once=False)
    return Reply(text, (ASK, WAITING) if may_ask else (WAITING,), link, once=False)


def _named(units: list[Unit], words: str) -> list[Unit]:
    """The unit of this code or name, else those whose name holds the words, else the nearest."""
    said = fold(words)
    exact = [unit for unit in units if said in (fold(unit.code), fold(unit.name))]
    part = exact or [unit for unit in units if said in fold(unit.name)]
    if part:
        return part[:6]
    names = {unit.id: fold(unit.name) for unit in units}
    near = process.extract(said, names, scorer=fuzz.ratio, limit=2, score_cutoff=NEAR_ENOUGH)
    return [unit for unit in units if unit.id in {id_ for _, _, id_ in near}]
