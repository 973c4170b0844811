"""Bindings that end: by the customer's own word; and who is bound, for the contact who ends one."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from domain.errors import DomainError
from models.binding import Binding
from models.customer import Customer
from models.enterprise import Enterprise
from models.person import Person
from services import audit
from services.binding import binding_of, may_decide


@dataclass(frozen=True, slots=True)
class Bound:
    """Somebody who speaks for an enterprise, by the number of the binding and what they call themselves."""

    binding_id: int
    name: str


def unbind(session: Session, customer: Customer, enterprise: Enterprise, *, now: datetime) -> bool:
    """Ends a customer's own binding, or their wish for one; False without any. What they asked for goes on."""
    binding_id = binding_of(session, customer, enterprise)
    if binding_id is None:
        return False
    binding = session.get_one(Binding, binding_id)
    # Nobody of the county ended it, so nobody is in the way of another one.
    binding.by_id, binding.ended_at = None, now
    session.flush()
    by = f"customer:{customer.id}"
    audit.record(session, "binding.leave", f"enterprise:{enterprise.id}", by=by, now=now, customer=customer.id)
    return True


def people_bound(session: Session, enterprise: Enterprise, *, by: Person, now: datetime) -> list[Bound]:
    """Who speaks for an enterprise, the first to be bound at the head; the look is audited.

    Refuses whoever is not of its grids.
    """
    if not may_decide(session, enterprise, by, now=now):
        raise DomainError(f"{enterprise.name}不在你的网格里，请找它的网格联系人。")
    query = (
        select(Binding.id, Customer)
        .join(Customer, col(Customer.id) == col(Binding.customer_id))
        .where(Binding.enterprise_id == enterprise.id, col(Binding.at).is_not(None), col(Binding.ended_at).is_(None))
        .order_by(col(Binding.id))
    )
    audit.record(session, "binding.list", f"enterprise:{enterprise.id}", by=by.account, now=now)
    return [Bound(id_ or 0, customer.name) for id_, customer in session.exec(query)]
