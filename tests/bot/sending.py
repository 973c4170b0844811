"""How the tests of sending queue messages, let them leave, and see what became of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.message import Button, Notice, Purpose, Reply
from bot.outbox import Outbox, enqueue_notice, enqueue_replies
from models.engine import reading, writing
from models.message import OutboxMessage, OutboxState
from models.person import Person
from simulator import World
from tests.times import MovableClock


@dataclass
class Desk:
    """Queues as handlers and jobs do, and looks into the outbox and the phones."""

    engine: Engine
    outbox: Outbox
    clock: MovableClock
    world: World

    def reply(self, text: str, *buttons: str, to: str = "LiHua", token: str = "") -> int:
        """Queues an answer and returns the id of its first message."""
        reply = Reply(text, tuple(Button(label, label) for label in buttons))
        with writing(self.engine) as session:
            before = len(self._rows(session))
            enqueue_replies(session, to=to, replies=[reply], inbox_id=None, token=token, now=self.clock())
            return self._rows(session)[before].id or 0

    def notice(
        self,
        to: Person,
        text: str,
        *,
        key: str = "notice",
        purpose: Purpose = Purpose.REMINDER,
        at: datetime | None = None,
        expires_at: datetime | None = None,
        any_hour: bool = False,
    ) -> bool:
        notice = Notice(to, key, Reply(text), purpose, at, expires_at)
        with writing(self.engine) as session:
            return enqueue_notice(session, notice, now=self.clock(), any_hour=any_hour)

    def send(self) -> None:
        """Sends all that can be sent at this instant."""
        while self.outbox.send_due():
            pass

    def let_pass(self, *, step: float, times: int) -> None:
        """Sends, and again `times` times every `step` seconds."""
        self.send()
        for _ in range(times):
            self.clock.advance(seconds=step)
            self.send()

    def texts(self, person: str = "LiHua") -> list[str]:
        """What a person sees, oldest first."""
        return [post.text for post in self.world.inbox(person)]

    def rows(self) -> list[OutboxMessage]:
        """The outbox, oldest first."""
        with reading(self.engine) as session:
            rows = self._rows(session)
            session.expunge_all()
            return rows

    def states(self) -> list[OutboxState]:
        return [row.state for row in self.rows()]

    def _rows(self, session: Session) -> list[OutboxMessage]:
        return list(session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))))
