"""Who is behind a sender's address, with the rights they have at this moment and what they were asked last."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlmodel import Session, col

from bot.context import OpenQuestion
from bot.message import Audience, Sender
from bot.wecom.kf import is_customer
from models.customer import Customer
from models.kf import Audience as Served
from models.kf import KfAccount
from models.message import Conversation
from models.person import Person, PersonRole, Role

# A question nobody answered by then is forgotten: words said a day later mean something else.
FORGETS_AFTER = timedelta(hours=24)

# Built once: for each message, building a statement anew would cost more than running it.
_ASKED: tuple[Any, ...] = (
    col(Conversation.step),
    col(Conversation.data),
    col(Conversation.token),
    col(Conversation.updated_at).label("asked_at"),
)
_WAS_ASKED = col(Conversation.sender) == bindparam("sender")
_PERSON = (
    select(Person, col(PersonRole.role), *_ASKED)
    .join(PersonRole, col(PersonRole.person_id) == col(Person.id), isouter=True)
    .join(Conversation, _WAS_ASKED, isouter=True)
    .where(col(Person.account_key) == bindparam("account"), col(Person.left_at).is_(None))
)
_CUSTOMER = (
    select(Customer, col(KfAccount.audience), *_ASKED)
    .join(KfAccount, col(KfAccount.open_kfid) == col(Customer.open_kfid))
    .join(Conversation, _WAS_ASKED, isouter=True)
    .where(col(Customer.address) == bindparam("sender"))
)
AUDIENCES = {Served.ENTERPRISE: Audience.ENTERPRISE, Served.RESIDENT: Audience.RESIDENT}


def recognise(session: Session, address: str, *, now: datetime) -> tuple[Sender, OpenQuestion] | None:
    """The sender at an address and their open question; None for a stranger and for whoever writes to no account of ours.

    Leavers are strangers at once; the case of a member's account does not matter.
    """
    if is_customer(address):
        row = session.execute(_CUSTOMER, {"sender": address}).first()
        if row is None:
            return None
        return Sender(address, AUDIENCES[row.audience], None, frozenset(), row[0]), _open_question(row, now)
    rows = session.execute(_PERSON, {"account": address.lower(), "sender": address}).all()
    if not rows:
        return None
    person: Person = rows[0][0]
    roles = frozenset({Role.MEMBER, *(row.role for row in rows if row.role is not None)})
    return Sender(person.account, Audience.STAFF, person, roles), _open_question(rows[0], now)


def _open_question(row: Row[Any], now: datetime) -> OpenQuestion:
    if row.step is None or row.asked_at < now - FORGETS_AFTER:
        return OpenQuestion()
    return OpenQuestion(row.step, row.data, row.token)
