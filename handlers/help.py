"""帮助: everything this person can say, taken from the registrations themselves."""

from bot.context import Context
from bot.message import Answer, Audience, Sender
from bot.registry import COMMANDS, Command, command
from models.person import Role
from services.ticket.find import deals_with_tickets

REPORTING = "报进展直接说，比如“KR1 35”“走访又跑了3户”，几项一起说也行。还可以说："
ON_TICKETS = "我的工单：手里的诉求；怎么接单、转办、办结，说“工单帮助”"
LEADING = "报进展直接说，比如“KR1 35”，单位的说“单位KR1 35”，几项一起说也行。还可以说："
GUESTS = "要办事直接说就行，比如“门口路灯不亮”。还可以说："
# The week first, then the period, then the rest; what stands nowhere here comes last.
ORDER = (
    "周报",
    "我的",
    "绑定",
    "进度",
    "已解决",
    "没解决",
    "评价",
    "补充",
    "催办",
    "撤销",
    "请假",
    "销假",
    "目标",
    "改kr",
    "复盘",
    "结转",
    "本单位",
    "问",
    "待确认",
    "同意",
    "退回",
    "评分",
)


@command("帮助", help="看能说什么", aliases=("help", "?", "菜单", "怎么用"), audience=Audience.RESIDENT)
@command("帮助", help="看能说什么", aliases=("help", "?", "菜单", "怎么用"), audience=Audience.ENTERPRISE)
@command("帮助", help="看能说什么", aliases=("help", "?", "菜单", "怎么用"))
def show_help(context: Context) -> Answer:
    """Lists the commands that are for the sender, each with what it does, on one screen."""
    lines = [f"{entry.example}：{entry.help}" for entry in _usable(context.sender)]
    if context.sender.audience is not Audience.STAFF:
        return "\n".join([GUESTS, *lines])
    if deals_with_tickets(context.session, context.sender.person, now=context.now):
        lines.append(ON_TICKETS)
    return "\n".join([LEADING if Role.UNIT_LEADER in context.sender.roles else REPORTING, *lines])


def _usable(sender: Sender) -> list[Command]:
    """Each command once, though aliases stand in the table too."""
    mine = {id(entry): entry for (audience, _), entry in COMMANDS.items() if audience is sender.audience}
    usable = [entry for entry in mine.values() if _is_named(sender, entry)]
    return sorted(usable, key=lambda entry: ORDER.index(entry.word) if entry.word in ORDER else len(ORDER))


def _is_named(sender: Sender, entry: Command) -> bool:
    return not entry.topic and _is_for(sender, entry.allow) and _is_for(sender, entry.shown_to)


def _is_for(sender: Sender, roles: frozenset[Role]) -> bool:
    return not roles or bool(roles & sender.roles)
