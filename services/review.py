"""Reviews of a past period: the owner's score and sentence, the leader's score; progress is a figure of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlmodel import Session, col, select

from domain.calendar import Workdays, local_date
from domain.errors import DomainError
from domain.okr import progress, whole_percent
from domain.period import Phase
from domain.review import show_score
from models.okr import KeyResult, Objective, ObjectiveState, Review
from models.person import Person
from services import audit
from services.key_result import LONGEST_TITLE, figure, shorten
from services.period import PeriodOnDay, last_period, period_on, period_seen, workdays
from services.team import decides, those_decided_by

NOT_FOUND = "没有找到这个人的复盘。"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A key result at its period's end with what has been said about it so far; `percent` is its progress."""

    id: int
    number: int
    title: str
    measure: str
    percent: int
    self_score: Decimal | None
    sentence: str
    leader_score: Decimal | None
    is_complete: bool
    is_carried: bool

    @property
    def name(self) -> str:
        """KR4 案件办结率."""
        return f"KR{self.number} {shorten(self.title, LONGEST_TITLE)}"

    def summary(self) -> str:
        """KR1 入户走访 45/50 户 · 90%."""
        return f"{self.name} {self.measure} · {self.percent}%"


def period_in_review(session: Session, now: datetime, days: Workdays) -> PeriodOnDay:
    """The period whose results are not published yet; refuses outside the review phase, saying when it opens."""
    today = local_date(now)
    last = last_period(session, today, days)
    if last is not None and last.phase is Phase.REVIEW:
        return last
    running = period_on(session, today, days)
    if running is None:
        raise DomainError("现在没有要复盘的周期。")
    opens, due = running.plan.ends_on + timedelta(days=1), running.plan.review_due_on
    closed = f"{last.name}的复盘已经截止。" if last is not None and running.phase is Phase.SETTING else ""
    raise DomainError(
        f"{closed}{running.name}还没结束，复盘 {opens.month}月{opens.day}日开始，{due.month}月{due.day}日截止。现在报进展就行。"
    )


def refuse_after_due(period: PeriodOnDay, now: datetime) -> None:
    """Refuses a self review after the day on which reviews are due."""
    due = period.plan.review_due_on
    if local_date(now) > due:
        raise DomainError(f"{period.name}的复盘 {due.month}月{due.day}日已经截止，不能再改。")


def reviewed(session: Session, person_id: int, period_id: int) -> list[Reviewed]:
    """A person's approved key results of a period with their reviews, KR1 first."""
    rows = session.exec(
        select(KeyResult, Review)
        .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
        .join(Review, col(Review.key_result_id) == col(KeyResult.id), isouter=True)
        .where(Objective.person_id == person_id, Objective.period_id == period_id)
        .where(Objective.state == ObjectiveState.APPROVED)
        .order_by(col(KeyResult.number))
    ).all()
    return [as_reviewed(one, review) for one, review in rows]


def give_self_score(
    session: Session, key_result_id: int, said: tuple[Decimal, str], *, by: Person, now: datetime
) -> None:
    """Keeps the owner's score and sentence for a key result of theirs; a later one takes the place of an earlier one."""
    score, sentence = said
    review = _locked(session, key_result_id)
    old = None if review is None else show_score(review.self_score)
    if review is None:
        review = Review(key_result_id=key_result_id, self_score=score, reviewed_at=now)
        session.add(review)
    review.self_score, review.sentence, review.reviewed_at = score, sentence, now
    session.flush()
    audit.record(
        session,
        "review.self_score",
        f"key_result:{key_result_id}",
        by=by.account,
        now=now,
        old=old,
        new=show_score(score),
    )


def give_leader_score(session: Session, key_result_id: int, score: Decimal, *, by: Person, now: datetime) -> None:
    """Keeps the leader's score for a key result; a later one takes the place of an earlier one.

    Refuses what the owner has not reviewed, what somebody else decides, and what is published.
    """
    review = _locked(session, key_result_id)
    owner, period_id, number = _owner_of(session, key_result_id)
    if not decides(session, by, owner):
        raise DomainError(NOT_FOUND)
    if review is None:
        raise DomainError(f"{owner.name}还没写 KR{number} 的复盘，等自评了再评分。")
    refuse_published(session, period_id, now)
    old = None if review.leader_score is None else show_score(review.leader_score)
    review.leader_score, review.leader_id, review.scored_at = score, by.id, now
    session.flush()
    audit.record(
        session,
        "review.leader_score",
        f"key_result:{key_result_id}",
        by=by.account,
        now=now,
        old=old,
        new=show_score(score),
    )


def refuse_published(session: Session, period_id: int, now: datetime) -> None:
    """A published result stays as it was published."""
    period = period_seen(session, period_id, local_date(now), workdays(session))
    if period.phase is Phase.PUBLISHED:
        raise DomainError(f"{period.name}的结果已经公布，评分不能再改。")


def as_reviewed(one: KeyResult, review: Review | None = None) -> Reviewed:
    """A key result as it stands, with its review if there is one."""
    gap = "" if one.unit in ("", "%") else " "
    share = progress(start=one.start, target=one.target, current=one.current)
    assert one.id is not None
    return Reviewed(
        id=one.id,
        number=one.number,
        title=one.title,
        measure=f"{figure(one.current)}/{figure(one.target)}{gap}{one.unit}",
        percent=whole_percent(share),
        self_score=review.self_score if review else None,
        sentence=review.sentence if review else "",
        leader_score=review.leader_score if review else None,
        is_complete=share == 1,
        is_carried=review is not None and review.carried_to_id is not None,
    )


def _locked(session: Session, key_result_id: int) -> Review | None:
    query = select(Review).where(Review.key_result_id == key_result_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def _owner_of(session: Session, key_result_id: int) -> tuple[Person, int, int]:
    """The owner, the period and the number of a key result; refuses a unit's as not found."""
    found = session.exec(
        select(Person, Objective.period_id, KeyResult.number)
        .join(Objective, col(Objective.person_id) == col(Person.id))
        .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id))
        .where(KeyResult.id == key_result_id)
    ).first()
    if found is None:
        raise DomainError(NOT_FOUND)
    return found


def waiting_for_score(session: Session, leader: Person, period_id: int) -> list[Person]:
    """People whose reviews of the period wait for this leader's scores, by account."""
    query = (
        select(Person)
        .join(Objective, col(Objective.person_id) == col(Person.id))
        .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id))
        .join(Review, col(Review.key_result_id) == col(KeyResult.id))
        .where(Objective.period_id == period_id, col(Review.leader_score).is_(None), col(Person.left_at).is_(None))
        .order_by(col(Person.account_key))
        .distinct()
    )
    return those_decided_by(session, leader, session.exec(query).all())
