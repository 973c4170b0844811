"""加群 小区名: the code of the group of a resident's estate; what may mean several, or is only alike, is asked back."""

from bot.context import Context
from bot.message import Answer, Audience, Button, Link, Notice, Purpose, Reply
from bot.registry import command, step
from domain.calendar import local_date
from domain.name_match import Match
from domain.text import fold
from services import wording_resident as wording
from services.group import door_of, find_estate

WHICH = "join_group.which"
YES, NO = "是", "不是"
_YES = {YES, "是的", "对", "对的", "嗯", "好", "好的", "没错"}
_NO = {NO, "不", "不对", "都不是", "不是的", "没有"}
LONGEST_SAID = 20


@command(
    "加群",
    help="进您小区的居民群",
    aliases=("进群", "入群", "群码"),
    audience=Audience.RESIDENT,
    example="加群 虹桥佳苑",
    takes="小区名",
)
def join_group(context: Context) -> Answer:
    """The code at once where the name can mean one estate alone."""
    if not context.argument:
        context.question.ask(WHICH, {"ids": []})
        return wording.JOIN_WHAT
    return _find(context, context.argument)


@step(WHICH)
def take_estate(context: Context) -> Answer:
    """是, 不是, one of those offered, or another name."""
    said, ids = fold(context.message.text), [int(one) for one in context.question.data["ids"]]
    if said in _YES and len(ids) == 1:
        return _show(context, ids[0])
    if said in _NO:
        context.question.ask(WHICH, {"ids": []})
        return wording.estate_again()
    return _find(context, context.message.text)


def _find(context: Context, said: str) -> Answer:
    match = find_estate(context.session, said)
    if match.found is not None:
        return _show(context, int(match.found.key))
    if match.is_unknown:
        context.question.ask(WHICH, {"ids": []})
        return wording.estate_unknown(said[:LONGEST_SAID])
    return _ask(context, match)


def _ask(context: Context, match: Match) -> Reply:
    context.question.ask(WHICH, {"ids": [one.key for one in match.candidates]})
    names = [one.name for one in match.candidates]
    if len(names) == 1:
        return Reply(wording.which_estate(names, 0), (Button(YES, YES), Button(NO, NO)))
    buttons = (*(Button(name, f"加群 {name}") for name in names), Button("都不是", NO))
    return Reply(wording.which_estate(names, match.more), buttons)


def _show(context: Context, estate_id: int) -> Answer:
    """The code; without one the holder is told, once a day."""
    context.question.end()
    door = door_of(context.session, estate_id, now=context.now)
    if door is None:
        return wording.JOIN_WHAT
    names = (door.estate.name, door.grid.name, door.holder.name)
    if door.qr_code:
        return Reply(wording.join_code(*names), link=Link("打开群码", door.qr_code))
    key = f"join-code:{door.estate.id}:{door.holder.id}:{local_date(context.now)}"
    words = Reply(wording.code_wanted(door.estate.name, door.grid.name))
    return [Reply(wording.join_later(*names)), Notice(door.holder, key, words, Purpose.DIGEST)]
