"""Questions of a leader to an officer, and the officer's answers."""

from datetime import datetime

from sqlmodel import Session, col, select

from domain.errors import DomainError
from models.person import Person
from models.voice import Question
from services import audit


def ask(session: Session, officer: Person, text: str, *, by: Person, now: datetime) -> Question:
    """Keeps a leader's question; the officer must be one the leader may ask."""
    assert officer.id is not None
    assert by.id is not None
    question = Question(asked_by_id=by.id, person_id=officer.id, text=text, asked_at=now)
    session.add(question)
    session.flush()
    audit.record(session, "question.ask", f"question:{question.id}", by=by.account, now=now, person=officer.id)
    return question


def open_questions(session: Session, officer: Person) -> list[Question]:
    """Questions to a person that are not answered yet, the newest first."""
    query = (
        select(Question)
        .where(Question.person_id == officer.id, col(Question.answered_at).is_(None))
        .order_by(col(Question.asked_at).desc(), col(Question.id).desc())
    )
    return list(session.exec(query))


def find_question(session: Session, question_id: int, *, by: Person) -> Question:
    """A question to this person that is not answered yet; refuses any other."""
    query = select(Question).where(Question.id == question_id).with_for_update()
    question = session.exec(query.execution_options(populate_existing=True)).first()
    if question is None or question.person_id != by.id:
        raise DomainError("没有找到这个问题。")
    if question.answered_at is not None:
        raise DomainError(f"这个问题已经回答过了：{question.answer}")
    return question


def answer(session: Session, question_id: int, text: str, *, by: Person, now: datetime) -> Question:
    """Keeps the officer's answer; refuses as `find_question` does."""
    question = find_question(session, question_id, by=by)
    question.answer, question.answered_at = text, now
    audit.record(session, "question.answer", f"question:{question.id}", by=by.account, now=now)
    return question


def asker_of(session: Session, question: Question) -> Person | None:
    """Who asked, if they are still there to read the answer."""
    asker = session.get(Person, question.asked_by_id)
    return asker if asker is not None and asker.left_at is None else None
