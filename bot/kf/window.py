"""When a customer may be written to: five times after each of their words, for 48 hours; what comes later waits.

Source: WeCom's developer documentation, page 94677 (kf/send_msg).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_
from sqlmodel import Session, col, func, select

from bot.channel import KF
from bot.wecom.render_kf import with_new_id, words_of
from models.customer import Customer
from models.message import OutboxMessage, OutboxState
from models.secrecy import EMPTY

# The last minute is left for the message to get there.
OPEN_FOR = timedelta(hours=48) - timedelta(minutes=1)
PER_TURN = 5
# What waited leaves with the customer's next word, but for one message: that is for the answer to the word.
RELEASED_AT_ONCE = PER_TURN - 1
# What may have got there; a refused try does not count.
_COUNTS = (OutboxState.SENDING, OutboxState.SENT, OutboxState.PARTLY_SENT, OutboxState.IN_DOUBT)
WAITS = "等对方开口"
TOO_LATE = "对方没有开口，过时的不补发"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that a customer does not get before they write, and its words for whoever passes it on otherwise."""

    id: int
    customer: Customer
    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class _Turn:
    number: int
    is_open: bool
    oldest_waiting: int | None


class Windows:
    """The windows of some customers, as they are in the open transaction."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._turns: dict[str, _Turn] = {}

    def read(self, addresses: Collection[str]) -> None:
        """Looks customers up, and counts what left for each since they wrote last."""
        if not addresses:
            return
        waiting = (
            select(OutboxMessage.recipient, func.min(OutboxMessage.id))
            .where(col(OutboxMessage.recipient).in_(addresses), OutboxMessage.state == OutboxState.WAITING)
            .group_by(OutboxMessage.recipient)
        )
        oldest = dict(self._session.exec(waiting).all())
        counted = and_(
            col(OutboxMessage.recipient) == col(Customer.address),
            col(OutboxMessage.turn) == col(Customer.turn),
            col(OutboxMessage.state).in_(_COUNTS),
        )
        query = (
            select(Customer.address, Customer.turn, Customer.spoke_at, func.count(col(OutboxMessage.id)))
            .join(OutboxMessage, counted, isouter=True)
            .where(col(Customer.address).in_(addresses))
            .group_by(col(Customer.id))
        )
        for address, turn, spoke_at, count in self._session.exec(query):
            is_open = spoke_at is not None and self._now - spoke_at < OPEN_FOR and count < PER_TURN
            self._turns[address] = _Turn(turn, is_open, oldest.get(address))

    def turn_for(self, row: OutboxMessage) -> int | None:
        """The turn in which a message may leave; None while it must wait.

        A notice never overtakes one that waits; an answer to the customer's last word does.
        """
        turn = self._turns.get(row.recipient)
        if turn is None or not turn.is_open:
            return None
        if row.purpose and turn.oldest_waiting is not None and turn.oldest_waiting < (row.id or 0):
            return None
        return turn.number


def release(session: Session, address: str, *, now: datetime) -> None:
    """Queues what waited for this customer's word, oldest first and at most four; the rest waits for the next one."""
    query = (
        select(OutboxMessage)
        .where(OutboxMessage.recipient == address, OutboxMessage.state == OutboxState.WAITING)
        .order_by(col(OutboxMessage.id))
        .limit(RELEASED_AT_ONCE)
        .with_for_update()
    )
    for row in session.exec(query):
        row.state, row.due_at, row.error = OutboxState.QUEUED, now, ""
        if row.first_sent_at is None:
            renew(row)
        session.add(row)


def renew(row: OutboxMessage) -> None:
    """Gives a message that certainly did not arrive a msgid that was never used."""
    fresh = with_new_id(row.payload)
    row.payload, row.task_id = fresh.payload, fresh.task_id


def waiting_since(session: Session, before: datetime) -> Sequence[Waiting]:
    """What has been waiting for a customer's word since before this instant, the oldest first."""
    query = (
        select(OutboxMessage, Customer)
        .join(Customer, col(Customer.address) == col(OutboxMessage.recipient))
        .where(OutboxMessage.state == OutboxState.WAITING, OutboxMessage.created_at < before)
        .where(col(OutboxMessage.payload) != EMPTY)
        .order_by(col(OutboxMessage.id))
    )
    return [
        Waiting(row.id or 0, customer, words_of(row.payload), row.created_at) for row, customer in session.exec(query)
    ]


def is_kf(row: OutboxMessage) -> bool:
    """Whether a message counts against a customer's window: a welcome by its code does not."""
    return row.channel == KF.name
