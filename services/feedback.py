"""Words about the assistant itself, kept for the performance office."""

from datetime import datetime

from sqlmodel import Session

from models.person import Person
from models.voice import Feedback
from services import audit


def give_feedback(session: Session, text: str, *, by: Person, now: datetime) -> int:
    """Keeps a person's words as they were said; gives the id they are known by."""
    assert by.id is not None
    feedback = Feedback(person_id=by.id, text=text, sent_at=now)
    session.add(feedback)
    session.flush()
    assert feedback.id is not None
    audit.record(session, "feedback.give", f"feedback:{feedback.id}", by=by.account, now=now)
    return feedback.id
