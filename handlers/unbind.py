"""解绑, 换绑: a customer no longer speaks for an enterprise, or for another one; asked once, and what they asked goes on."""

from dataclasses import replace

from bot.context import Context, NotUnderstood
from bot.message import Answer, Audience, Button, Notice, Reply
from bot.registry import command, step
from domain.text import fold
from handlers.bind import HOW, bind_enterprise
from handlers.own_ticket import is_apart
from handlers.raise_ticket import raise_ticket
from models.enterprise import Enterprise
from services.binding import enterprises_of
from services.ticket.find import find_enterprise
from services.unbinding import unbind

WHICH, SURE = "unbind.which", "unbind.sure"
SURELY, NO = Button("确定", "确定"), Button("先不动", "取消")
_YES = ("确定", "确认", "是", "是的", "对", "好", "好的", "嗯")


@command("解绑", help="不再代表这家企业", takes="企业名", example="解绑 固电电子", audience=Audience.ENTERPRISE)
def leave(context: Context) -> Answer:
    """Asks once whether the binding is to end."""
    if not is_apart(context):
        raise NotUnderstood
    return _ask(context, context.argument, "")


@command("换绑", help="换一家企业", takes="企业名 绑定码", example="换绑 固电电子 绑定码", audience=Audience.ENTERPRISE)
def change(context: Context) -> Answer:
    """Binds to another enterprise; the former binding ends once the new one holds."""
    if not is_apart(context):
        raise NotUnderstood
    if not context.argument:
        return "换到哪家？请回“换绑 企业名 绑定码”。"
    if not enterprises_of(context.session, context.sender.guest):
        return bind_enterprise(_as_binding(context, context.argument))
    return _ask(context, "", context.argument)


@step(WHICH)
def take_enterprise(context: Context) -> Answer:
    """The one of several that was meant."""
    then = str(context.question.data["then"])
    context.question.end()
    if _own(context, context.message.text) is None:
        return raise_ticket(context)
    return _ask(context, context.message.text, then)


@step(SURE)
def take_yes(context: Context) -> Answer:
    """Ends it after a yes; other words are read afresh."""
    data = context.question.data
    context.question.end()
    if fold(context.message.text) not in _YES:
        return raise_ticket(context)
    enterprise = context.session.get_one(Enterprise, data["enterprise_id"])
    if data["then"]:
        return _exchange(context, enterprise, str(data["then"]))
    unbind(context.session, context.sender.guest, enterprise, now=context.now)
    return f"好，您不再代表{enterprise.name}了。提过的事照常办。以后要绑定，回“绑定 企业名 绑定码”。"


def _ask(context: Context, said: str, then: str) -> Answer:
    bound = enterprises_of(context.session, context.sender.guest)
    if not bound:
        return f"您现在没有绑定企业。{HOW}"
    if said and _own(context, said) is None:
        return f"您没有绑定“{said[:30]}”。您绑定的是：{'、'.join(one.name for one in bound)}。"
    meant = bound[0] if len(bound) == 1 else _own(context, said)
    if meant is None:
        context.question.ask(WHICH, {"then": then})
        return Reply("要结束和哪一家的绑定？", (*(Button(one.name, one.name) for one in bound), NO))
    context.question.ask(SURE, {"enterprise_id": meant.id, "then": then})
    if then:
        return Reply(f"新的绑定好以后，您就不再代表{meant.name}了。确定换吗？", (SURELY, NO))
    return Reply(f"解绑以后，您就不再代表{meant.name}了，提过的事照常办。确定吗？", (SURELY, NO))


def _own(context: Context, said: str) -> Enterprise | None:
    """The one of the sender's enterprises that a name means."""
    match = find_enterprise(context.session, said)
    keys = {one.key for one in (match.found, *match.candidates) if one is not None}
    meant = [one for one in enterprises_of(context.session, context.sender.guest) if str(one.id) in keys]
    return meant[0] if len(meant) == 1 else None


def _exchange(context: Context, former: Enterprise, words: str) -> list[Reply | Notice]:
    session, guest = context.session, context.sender.guest
    before = {one.id for one in enterprises_of(session, guest)}
    answer = bind_enterprise(_as_binding(context, words))
    listed = [Reply(answer)] if isinstance(answer, str) else [answer] if not isinstance(answer, list) else answer
    said = [one for one in listed if one is not None]
    if {one.id for one in enterprises_of(session, guest)} <= before:
        return [*said, Reply(f"和{former.name}的绑定先留着，新的绑定好了再回“解绑 {former.name}”。")]
    unbind(session, guest, former, now=context.now)
    return [*said, Reply(f"和{former.name}的绑定结束了，提过的事照常办。")]


def _as_binding(context: Context, words: str) -> Context:
    """As if they had said 绑定 and these words."""
    return replace(context, message=replace(context.message, text=f"绑定 {words}"), argument=words)
