"""Sign-ins to the console: ways back that work once, and logins that end with the person's rights."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from models.login import Login, UsedState
from models.person import Person, PersonRole, Role
from services import audit
from services.person import find_person

ATTEMPT_LASTS = timedelta(minutes=10)
LOGIN_LASTS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person with the roles they have at this moment."""

    person: Person
    roles: frozenset[Role]


def use_state(session: Session, state: str, *, expires_at: datetime, now: datetime) -> bool:
    """Uses up the `state` of a sign-in that lasts until `expires_at`; False when it was used before or is too old."""
    if expires_at <= now:
        return False
    session.execute(delete(UsedState).where(col(UsedState.expires_at) <= now))
    try:
        with session.begin_nested():
            session.add(UsedState(state=state, expires_at=expires_at))
    except IntegrityError:
        return False
    return True


def sign_in(session: Session, account: str, *, now: datetime) -> str | None:
    """The token of a new login, for the person's cookie; None when nobody active has this account."""
    person = find_person(session, account)
    if person is None or person.id is None:
        return None
    session.execute(delete(Login).where(col(Login.expires_at) <= now))
    token = secrets.token_urlsafe(32)
    session.add(Login(token_hash=digest(token), person_id=person.id, created_at=now, expires_at=now + LOGIN_LASTS))
    audit.record(session, "login.open", f"person:{person.id}", by=person.account, now=now)
    return token


def sign_out(session: Session, token: str, *, by: Person, now: datetime) -> None:
    """Ends a login; its token opens nothing any more."""
    session.execute(delete(Login).where(col(Login.token_hash) == digest(token)))
    audit.record(session, "login.close", f"person:{by.id}", by=by.account, now=now)


def find_visitor(session: Session, token: str, *, now: datetime) -> Visitor | None:
    """Who the token belongs to, with their rights as they stand now; None once it has ended or the person has left."""
    rows = session.exec(
        select(Person, col(PersonRole.role))
        .join(Login, col(Login.person_id) == col(Person.id))
        .join(PersonRole, col(PersonRole.person_id) == col(Person.id), isouter=True)
        .where(Login.token_hash == digest(token), Login.expires_at > now, col(Person.left_at).is_(None))
    ).all()
    if not rows:
        return None
    roles = frozenset(Role(role) for _, role in rows if role)
    return Visitor(rows[0][0], roles | {Role.MEMBER})


def digest(token: str) -> str:
    """What is kept of a secret that a browser holds."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
