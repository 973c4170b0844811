"""Keeps the county's people in step with WeCom's contacts: who left loses access at once, who returned is back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, select

from models.login import Login
from models.person import Person
from services import audit
from services.ticket.deed import Telling
from services.ticket.hand_over import hand_over_of_leavers

# More people gone at once than this is a mistake in the app's visible range rather than a wave of leavers.
MOST_LEAVERS = 5
LARGEST_LOSS = 0.2
_ACTOR = "sync_contacts"


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a comparison came to. When `is_suspicious` nothing was changed, `left` being who would have left.

    `tellings` say whose tickets went to whom.
    """

    active: int
    left: int = 0
    renamed: int = 0
    returned: int = 0
    unknown: int = 0
    is_suspicious: bool = False
    tellings: tuple[Telling, ...] = ()

    def __str__(self) -> str:
        """The counts in a sentence for operators."""
        if self.is_suspicious:
            return f"在册 {self.active} 人里少了 {self.left} 人，先没有改动"
        return (
            f"在册 {self.active} 人，离开 {self.left}，改名 {self.renamed}，回来 {self.returned}，"
            f"通讯录里不在册的 {self.unknown}"
        )


def sync_contacts(session: Session, names: Mapping[str, str], *, now: datetime) -> SyncResult:
    """Compares the people with WeCom's members (`names` by account) and carries over who left, returned or was renamed.

    A list with nobody of the county, or more than 5 people and a fifth of all gone at once, changes nothing.
    """
    seen = {account.lower(): name for account, name in names.items()}
    people = session.exec(select(Person)).all()
    active = [person for person in people if person.left_at is None]
    missing = [person for person in active if person.account_key not in seen]
    if _is_suspicious(len(missing), len(active)):
        return SyncResult(len(active), left=len(missing), is_suspicious=True)
    _let_go(session, missing, now)
    told = hand_over_of_leavers(session, now=now)
    returned = [person for person in people if person.left_at is not None and person.account_key in seen]
    returned = [person for person in returned if person not in missing]
    for person in returned:
        person.left_at = None
        audit.record(session, "person.return", f"person:{person.id}", by=_ACTOR, now=now)
    renamed = [person for person in people if seen.get(person.account_key, "") not in ("", person.name)]
    for person in renamed:
        person.name = seen[person.account_key][:64]
        audit.record(session, "person.rename", f"person:{person.id}", by=_ACTOR, now=now)
    unknown = len(seen.keys() - {person.account_key for person in people})
    return SyncResult(len(active), len(missing), len(renamed), len(returned), unknown, tellings=tuple(told))


def _is_suspicious(missing: int, active: int) -> bool:
    if missing == active:
        return active > 0
    return missing > MOST_LEAVERS and missing > active * LARGEST_LOSS


def _let_go(session: Session, people: list[Person], now: datetime) -> None:
    for person in people:
        person.left_at = now
        audit.record(session, "person.leave", f"person:{person.id}", by=_ACTOR, now=now)
    session.exec(delete(Login).where(col(Login.person_id).in_([person.id for person in people])))
