"""取消: closes the open question, whatever it was."""

from bot.context import Context
from bot.message import Answer, Audience
from bot.registry import command


@command("取消", help="不回答正在问的事", aliases=("算了",), audience=Audience.RESIDENT)
@command("取消", help="不回答正在问的事", aliases=("算了",), audience=Audience.ENTERPRISE)
@command("取消", help="不回答正在问的事", aliases=("算了",))
def cancel(context: Context) -> Answer:
    """Ends the conversation; what was kept before stays kept."""
    if not context.question.step:
        return f"现在没有在问{_you(context)}的事，不用取消。"
    context.question.end()
    return "好，不问了。已经记好的不变。"


def _you(context: Context) -> str:
    return "你" if context.sender.audience is Audience.STAFF else "您"
