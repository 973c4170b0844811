"""帮助: everything this person can say, taken from the registrations themselves."""

from bot.context import Context
from bot.message import Answer, Sender
from bot.registry import COMMANDS, Command, command

REPORTING = "报进展直接说，比如“KR1 35”“走访又跑了3户”，几项一起说也行。还可以说："


@command("帮助", help="看能说什么", aliases=("help", "?", "菜单", "怎么用"))
def show_help(context: Context) -> Answer:
    """Lists the commands the sender may use, each with what it does."""
    lines = [f"{entry.example}：{entry.help}" for entry in _usable(context.sender)]
    return "\n".join([REPORTING, *lines])


def _usable(sender: Sender) -> list[Command]:
    """Each command once, though aliases stand in the table too."""
    mine = {id(entry): entry for (audience, _), entry in COMMANDS.items() if audience is sender.audience}
    return [entry for entry in mine.values() if not entry.allow or entry.allow & sender.roles]
