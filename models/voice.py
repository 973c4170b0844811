"""What people say to each other and about the assistant: questions of a leader, and feedback."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.column import UtcDateTime
from models.secrecy import encrypted


class Question(SQLModel, table=True):
    """A leader's question to an officer and the officer's answer."""

    __tablename__ = "question"

    id: int | None = Field(default=None, primary_key=True)
    asked_by_id: int = Field(foreign_key="person.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    text: str = Field(sa_type=encrypted("question.text"))
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answer: str = Field(default="", sa_type=encrypted("question.answer"))
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Feedback(SQLModel, table=True):
    """A word about the assistant itself, for the performance office."""

    __tablename__ = "feedback"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    text: str = Field(sa_type=encrypted("feedback.text"))
    sent_at: datetime = Field(sa_type=UtcDateTime)
