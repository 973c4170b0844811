"""Sign-ins to the console: attempts that work once and in one browser, and logins that end with the person's rights."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from models.login import Login, LoginAttempt
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


def begin_attempt(session: Session, *, browser: str, next_path: str, now: datetime) -> str:
    """A `state` for WeCom's sign-in page: letters and digits, good once, for 10 minutes, in this browser only.

    A browser that asks again before it came back keeps its `state`, so that it never fills the table; the path it
    asked for last is where it goes.
    """
    session.execute(delete(LoginAttempt).where(col(LoginAttempt.expires_at) <= now))
    hashed, expires_at = digest(browser), now + ATTEMPT_LASTS
    mine = update(LoginAttempt).where(col(LoginAttempt.browser_hash) == hashed)
    again = mine.values(next_path=next_path, expires_at=expires_at).returning(col(LoginAttempt.state))
    known: str | None = session.execute(again).scalars().first()
    if known is not None:
        return known
    state = secrets.token_hex(32)
    session.add(LoginAttempt(state=state, browser_hash=hashed, next_path=next_path, expires_at=expires_at))
    return state


def use_attempt(session: Session, *, state: str, browser: str, now: datetime) -> str | None:
    """Uses up an attempt of this browser and gives the path it was for; None when it is unknown, used or too old."""
    used = session.execute(
        delete(LoginAttempt)
        .where(
            col(LoginAttempt.state) == state,
            col(LoginAttempt.browser_hash) == digest(browser),
            col(LoginAttempt.expires_at) > now,
        )
        .returning(col(LoginAttempt.next_path))
    )
    path: str | None = used.scalar_one_or_none()
    return path


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
