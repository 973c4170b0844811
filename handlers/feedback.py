"""意见反馈: what people think of the assistant reaches the performance office."""

from bot.context import Context
from bot.message import Answer, Notice, Purpose, Reply
from bot.registry import command, step
from models.person import Role
from services.feedback import give_feedback
from services.person import people_with_role

LONGEST_QUOTE = 500


@command(
    "意见反馈", help="对邻格有什么意见，直接说", aliases=("反馈意见",), takes="想说的话", example="意见反馈 提醒太晚了"
)
def feedback(context: Context) -> Answer:
    """Passes the words on, or asks for them."""
    if not context.argument:
        context.question.ask("feedback.text", {})
        return "你说，我转给绩效管理员。哪里不好用、提醒太多，都可以。"
    return _pass_on(context, context.argument)


@step("feedback.text")
def take_text(context: Context) -> Answer:
    """Takes what was asked for."""
    context.question.end()
    return _pass_on(context, context.message.text)


def _pass_on(context: Context, text: str) -> list[Reply | Notice]:
    person = context.sender.person
    feedback_id = give_feedback(context.session, text, by=person, now=context.now)
    quoted = Reply(f"{person.name}对邻格的意见：\n{text[:LONGEST_QUOTE]}")
    office = people_with_role(context.session, Role.OFFICE)
    return [
        Reply("收到，谢谢你说出来，已经转给绩效管理员了。"),
        *(Notice(clerk, f"feedback:{feedback_id}:{clerk.id}", quoted, Purpose.CARRIED) for clerk in office),
    ]
