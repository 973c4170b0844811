"""评分: the leader's score of what an officer has reviewed, by agreeing, one by one, or all at once."""

from decimal import Decimal

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Notice, Purpose, Reply
from bot.registry import command, step
from domain.errors import DomainError
from domain.review import read_score, show_score, split_by_number
from handlers.name_person import ask_nearest, ask_which
from handlers.review import SCORES, review_card
from models.person import Person, Role
from services.period import PeriodOnDay, workdays
from services.person import find_person
from services.review import (
    NOT_FOUND,
    Reviewed,
    give_leader_score,
    period_in_review,
    reviewed,
    waiting_for_score,
)
from services.team import decides, find_named, people_decided
from services.wording_objective import both_scores_line, review_scored, self_score_line

SCORE = "score_review.score"
AGREE = "同意自评"
MOST_NAMED = 12


@command(
    "评分",
    help="给复盘评分",
    takes="谁、KR几、几分",
    example="评分 张三 KR1 0.7",
    allow=frozenset({Role.UNIT_LEADER, Role.OFFICE}),
)
def score_review(context: Context) -> Answer:
    """Takes scores for somebody, goes through theirs one by one, or names those who wait."""
    period = period_in_review(context.session, context.now, workdays(context.session))
    if not context.argument:
        return _waiting(context, period)
    people = people_decided(context.session, context.sender.person, context.sender.roles)
    named = find_named(people, context.argument)
    if not named.people:
        if not context.message.text.removesuffix(context.argument)[-1:].isspace():
            raise NotUnderstood
        return ask_nearest(people, context.argument, "评分")
    if len(named.people) > 1:
        return ask_which(context.session, named, "评分")
    person, said = named.people[0], named.rest
    if said.startswith(AGREE):
        return _agree(context, period, person, said.removeprefix(AGREE))
    if said:
        return _take_all(context, period, person, said)
    return _ask_next(context, period, person, [])


@step(SCORE)
def take_score(context: Context) -> Answer:
    """Takes the score of the key result asked about, or KR1 0.7 … for any."""
    data, text = context.question.data, context.message.text
    period = period_in_review(context.session, context.now, workdays(context.session))
    person = find_person(context.session, data["account"])
    if person is None or not decides(context.session, context.sender.person, person):
        context.question.end()
        return NOT_FOUND
    if split_by_number(text):
        return _take_all(context, period, person, text)
    score = read_score(text)
    if not score.is_sure:
        value = show_score(score.value)
        return Reply(f"“{text}”是 {value} 吗？分数在 0 到 1 之间。", (Button(f"是 {value}", value),))
    one = _find(_found(context, period, person), data["number"])
    give_leader_score(context.session, one.id, score.value, by=context.sender.person, now=context.now)
    return _ask_next(context, period, person, [f"KR{one.number} 评了 {show_score(score.value)}。"])


def _found(context: Context, period: PeriodOnDay, person: Person) -> list[Reviewed]:
    return reviewed(context.session, person.id or 0, period.id)


def _find(found: list[Reviewed], number: int) -> Reviewed:
    one = next((one for one in found if one.number == number), None)
    if one is None:
        raise DomainError(f"没有 KR{number}，有 {'、'.join(f'KR{one.number}' for one in found) or '零条'}。")
    return one


def _waiting(context: Context, period: PeriodOnDay) -> Answer:
    people = waiting_for_score(context.session, context.sender.person, period.id)
    if not people:
        return "现在没有等你评分的复盘。"
    named = "、".join(one.name for one in people[:MOST_NAMED])
    buttons = tuple(Button(one.name, f"评分 {one.account}") for one in people[:MOST_NAMED])
    return Reply(f"等你评分的有 {len(people)} 位：{named}。", buttons, once=False)


def _agree(context: Context, period: PeriodOnDay, person: Person, shown: str) -> Answer:
    """Takes the self scores as they are, unless the card that is answered shows others."""
    found = [one for one in _found(context, period, person) if one.self_score is not None]
    if not found:
        return f"{person.name}还没写复盘，等自评了再评分。"
    current = {one.number: one.self_score for one in found}
    seen = {number: read_score(words).value for number, words in split_by_number(shown)}
    if seen and seen != current:
        card = review_card(period, person.name, person.account, found)
        return [Reply(f"{person.name}后来改过自评，先看新的再定。"), card]
    for one in found:
        assert one.self_score is not None
        give_leader_score(context.session, one.id, one.self_score, by=context.sender.person, now=context.now)
    return _tell(context, period, person, ["同意自评，都评好了。"])


def _take_all(context: Context, period: PeriodOnDay, person: Person, text: str) -> Answer:
    """Keeps the scores of KR1 0.7 KR2 0.5; when one of them is not clear, none is kept."""
    found, said = _found(context, period, person), []
    scores: list[tuple[Reviewed, Decimal]] = []
    for number, words in split_by_number(text):
        score = read_score(words)
        if not score.is_sure:
            raise DomainError(
                f"KR{number} “{words}”是 {show_score(score.value)} 吗？写成 0 到 1 之间的数再发，先没记。"
            )
        scores.append((_find(found, number), score.value))
    if not scores:
        raise DomainError(f"没看清评几分，比如“评分 {person.name} KR1 0.7”。")
    for one, value in scores:
        give_leader_score(context.session, one.id, value, by=context.sender.person, now=context.now)
        said.append(f"KR{one.number} 评了 {show_score(value)}。")
    return _tell(context, period, person, said)


def _ask_next(context: Context, period: PeriodOnDay, person: Person, said: list[str]) -> Answer:
    """Asks for the next score that is missing; when none is, tells both sides."""
    found = _found(context, period, person)
    missing = [one for one in found if one.self_score is not None and one.leader_score is None]
    if missing:
        one = missing[0]
        context.question.ask(SCORE, {"account": person.account, "number": one.number})
        assert one.self_score is not None
        options = dict.fromkeys((show_score(one.self_score), *SCORES))
        text = "\n".join([*said, f"{person.name} {self_score_line(one)}", "评几分（0 到 1）？"])
        return Reply(text, tuple(Button(option, option) for option in options))
    if said:
        return _tell(context, period, person, said)
    if not any(one.self_score is not None for one in found):
        return f"{person.name}还没写复盘，等自评了再评分。"
    lines = [both_scores_line(one) for one in found]
    return "\n".join([f"{person.name}的都评过了：", *lines, f"要改就说“评分 {person.name} KR1 0.7”。"])


def _tell(context: Context, period: PeriodOnDay, person: Person, said: list[str]) -> list[Reply | Notice]:
    """Tells the owner all scores so far."""
    context.question.end()
    lines = [both_scores_line(one) for one in _found(context, period, person)]
    text = review_scored(context.sender.person.name, period.name, lines)
    key = f"review-score:{person.id}:{context.message.id}"
    return [
        Reply("\n".join([*said, f"已经告诉 {person.name}。"])),
        Notice(person, key, Reply(text), Purpose.CARRIED),
    ]
