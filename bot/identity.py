"""Who is behind a sender's address, with the rights they have at this moment."""

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from bot.message import Audience, Sender
from bot.wecom.kf import is_customer
from models.customer import Customer
from models.kf import Audience as Served
from models.kf import KfAccount
from models.person import Person, PersonRole, Role

# Built once: for each message, building a statement anew would cost more than running it.
_PERSON = (
    select(Person, PersonRole)
    .join(PersonRole, col(PersonRole.person_id) == col(Person.id), isouter=True)
    .where(col(Person.account_key) == bindparam("account"), col(Person.left_at).is_(None))
)
_CUSTOMER = (
    select(Customer, col(KfAccount.audience))
    .join(KfAccount, col(KfAccount.open_kfid) == col(Customer.open_kfid))
    .where(col(Customer.address) == bindparam("address"))
)
AUDIENCES = {Served.ENTERPRISE: Audience.ENTERPRISE, Served.RESIDENT: Audience.RESIDENT}


def find_person(session: Session, account: str) -> tuple[Person, frozenset[Role]] | None:
    """The active person with this account (case does not matter) and their roles, or None: leavers are strangers at once."""
    rows = session.execute(_PERSON, {"account": account.lower()}).all()
    if not rows:
        return None
    held: list[PersonRole | None] = [row for _, row in rows]
    return rows[0][0], frozenset({Role.MEMBER, *(row.role for row in held if row is not None)})


def recognise(session: Session, address: str) -> Sender | None:
    """The sender at an address, or None for a stranger and for whoever writes to an account that is not ours."""
    if is_customer(address):
        row = session.execute(_CUSTOMER, {"address": address}).first()
        return None if row is None else Sender(address, AUDIENCES[row[1]], None, frozenset(), row[0])
    found = find_person(session, address)
    if found is None:
        return None
    person, roles = found
    return Sender(key=person.account, audience=Audience.STAFF, member=person, roles=roles)
