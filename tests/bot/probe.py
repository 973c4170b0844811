"""A kind of message whose handler does what a test tells it, over the real inbox."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.context import Context
from bot.inbox import Inbox
from bot.message import Answer, Audience, Notice, Purpose, Reply
from bot.registry import MESSAGES, STEPS
from models.audit import AuditEntry
from models.engine import reading, writing
from models.message import InboxMessage, InboxState, OutboxMessage
from tests.bot.callbacks import text_message
from tests.factories import make_person, make_unit

KIND = "probe"
STEP = "probe.step"


class Probe:
    """Writes down what it is told, queues an answer and a notice, and then does whatever a test asks for."""

    def __init__(self) -> None:
        self.then: Callable[[Context], Answer] | None = None

    def handle(self, context: Context) -> Answer:
        said = context.message.fields["Content"]
        note(context.session, context, said)
        if self.then is not None:
            return self.then(context)
        person = context.sender.person
        return [Reply(f"好，{said}"), Notice(person, f"probe:{said}", Reply(f"另外，{said}"), Purpose.CARRIED)]


def note(session: Session, context: Context, said: str) -> None:
    """An effect that can be counted."""
    session.add(AuditEntry(at=context.now, actor=context.sender.key, action=KIND, subject=said))
    session.flush()


@contextmanager
def probing() -> Iterator[Probe]:
    """Registers the kind for a while, and the step that a test may leave open."""
    probe = Probe()
    MESSAGES[Audience.STAFF, KIND] = STEPS[STEP] = probe.handle
    try:
        yield probe
    finally:
        del MESSAGES[Audience.STAFF, KIND], STEPS[STEP]


def probe_message(said: str, *, sender: str = "lihua", number: int = 1) -> str:
    return text_message(said, sender=sender, number=number, MsgType=KIND)


def make_two(engine: Engine) -> None:
    """李花 and 张山, who may write."""
    with writing(engine) as session:
        station = make_unit(session, "CG", "城关所", "派出所")
        make_person(session, "lihua", "李花", station)
        make_person(session, "zhangsan", "张山", station)


def effects(engine: Engine) -> list[str]:
    """What was done, in order."""
    with reading(engine) as session:
        done = select(AuditEntry.subject).where(AuditEntry.action == KIND).order_by(col(AuditEntry.id))
        return list(session.exec(done))


def queued(engine: Engine) -> list[str]:
    """The bodies that wait to leave, in order."""
    with reading(engine) as session:
        return list(session.exec(select(OutboxMessage.payload).order_by(col(OutboxMessage.id))))


def inbox_states(engine: Engine) -> list[tuple[InboxState, int, str]]:
    """State, attempts and fault of each stored message."""
    with reading(engine) as session:
        rows = session.exec(select(InboxMessage).order_by(col(InboxMessage.id)))
        return [(row.state, row.attempts, row.error) for row in rows]


def work_off(inbox: Inbox) -> int:
    """Handles what is due; how many that were."""
    count = 0
    while inbox.handle_next():
        count += 1
    return count
