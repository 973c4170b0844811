"""我的信息, 删除我的信息: a resident sees what is kept about them, and has it removed after a confirmation."""

from bot.context import Context
from bot.message import Answer, Audience, Button, Reply
from bot.registry import command, step
from domain.calendar import local_date
from domain.text import fold
from services import wording_resident as wording
from services.resident_rights import forget, kept_about

CONFIRM = "own_data.confirm"
_YES = {"确定删除", "确定", "是", "是的", "删", "删除"}


@command("我的信息", help="看记了您的什么", audience=Audience.RESIDENT)
def show_own_data(context: Context) -> Answer:
    """In five lines."""
    found = kept_about(context.session, context.sender.guest, now=context.now)
    since = f"{local_date(found.since):%Y年%-m月%-d日}"
    return wording.kept(since, found.name, found.groups, (found.open_cases, found.ended_cases), found.files)


@command("删除我的信息", help="删掉记的您的信息", audience=Audience.RESIDENT)
def ask_to_forget(context: Context) -> Answer:
    """Asks once, since it cannot be taken back."""
    context.question.ask(CONFIRM, {})
    return Reply(wording.FORGET, (Button("确定删除", "确定删除"), Button("不删", "不删")))


@step(CONFIRM)
def take_answer(context: Context) -> Answer:
    """Only a clear yes removes anything."""
    context.question.end()
    if fold(context.message.text) not in _YES:
        return "好，没有删。"
    return wording.forgotten(forget(context.session, context.sender.guest, now=context.now))
