"""Opening the app, or being let in: a hello the first time, and never again."""

from bot.context import Context
from bot.message import Answer, Button, Notice, Purpose, Reply
from bot.registry import message

HELLO = Reply(
    "你好，我是邻格。每周用一句话报进展就行，比如“KR1 35”。想看自己的目标说“我的”，能说什么说“帮助”。",
    (Button("我的", "我的"), Button("帮助", "帮助")),
    once=False,
)


@message("event.enter_agent", "event.subscribe")
def greet(context: Context) -> Answer:
    """The key of the notice is the person's for ever, so a second one is not sent."""
    person = context.sender.person
    return Notice(person, f"hello:{person.id}", HELLO, Purpose.CARRIED)
