"""复盘: after a period's end its key results get a score and a sentence from their owner, one by one or all at once."""

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Notice, Purpose, Reply
from bot.registry import command, step
from domain.errors import DomainError
from domain.review import Score, ScoreError, read_score, show_score, split_by_number
from domain.text import fold
from services.period import PeriodOnDay, workdays
from services.review import Reviewed, give_self_score, period_in_review, refuse_after_due, reviewed
from services.team import deciders
from services.wording_objective import review_finished, self_score_line

SCORE, SENTENCE = "review.score", "review.sentence"
SCORES = ("0.3", "0.5", "0.7", "1.0")
NO_SENTENCE = {"跳过", "不写", "不写了", "没有", "无"}
MOST_SENTENCE = 200


@command("复盘", help="周期结束后给自己打分、写一句话", takes="KR1 0.8 走访覆盖到位")
def review(context: Context) -> Answer:
    """Takes scores that follow, or asks for the first one that is missing."""
    if context.argument and not split_by_number(context.argument):
        raise NotUnderstood
    period, mine = _open(context)
    if context.argument:
        return _take_all(context, context.argument)
    if all(one.self_score is not None for one in mine):
        context.question.ask(SCORE, {"number": None})
        lines = [self_score_line(one) for one in mine]
        return Reply("\n".join([f"{period.name}的复盘都写好了：", *lines, "要改就说“KR1 0.9 一句话”。"]), _carry(mine))
    due = period.plan.review_due_on
    return _ask_next(context, [f"{period.name}复盘，{due.month}月{due.day}日前都能改。"])


@step(SCORE)
def take_score(context: Context) -> Answer:
    """Takes the score of the key result asked about, with a sentence or without; KR1 0.8 … for any others."""
    text, number = context.message.text, context.question.data["number"]
    if split_by_number(text) or number is None:
        return _take_all(context, text)
    score = read_score(text)
    if not score.is_sure:
        return _ask_back(score, text)
    if score.sentence:
        return _keep(context, number, score)
    context.question.ask(SENTENCE, {"number": number, "score": str(score.value)})
    return Reply(f"KR{number} 打 {show_score(score.value)}。为什么，一句话？", (Button("跳过", "跳过"),))


@step(SENTENCE)
def take_sentence(context: Context) -> Answer:
    """Takes the sentence to a score that was given alone."""
    data, text = context.question.data, context.message.text
    others = split_by_number(text)
    sentence = "" if others or fold(text) in NO_SENTENCE else text
    _give(context, _open(context)[1], data["number"], Score(read_score(data["score"]).value, sentence, True))
    if others:
        return _take_all(context, text)
    return _ask_next(context, [f"KR{data['number']} 记好了。"])


def _open(context: Context) -> tuple[PeriodOnDay, list[Reviewed]]:
    """The period that is reviewed now and the sender's key results in it; refuses when there is nothing to review."""
    session, person = context.session, context.sender.person
    period = period_in_review(session, context.now, workdays(session))
    refuse_after_due(period, context.now)
    mine = reviewed(session, person.id or 0, period.id)
    if not mine:
        raise DomainError(f"{period.name}你没有同意过的关键结果，不用复盘。")
    return period, mine


def _take_all(context: Context, text: str) -> Answer:
    """Keeps every score that is clear; what is not is named and asked about next."""
    _, mine = _open(context)
    said: list[str] = []
    doubtful: list[int] = []
    for number, words in split_by_number(text):
        try:
            score = read_score(words) if words else None
            if score is not None and score.is_sure:
                said.append(_give(context, mine, number, score))
                continue
            _find(mine, number)
            said += [f"KR{number}“{words}”是 {show_score(score.value)} 吗？"] if score else []
            doubtful.append(number)
        except ScoreError as fault:
            said.append(f"KR{number} 没记：{fault}")
            doubtful.append(number)
        except DomainError as fault:
            said.append(str(fault))
    if not said and not doubtful:
        return "要改哪一条？比如“KR1 0.9 走访覆盖到位”。"
    return _ask_next(context, said, doubtful)


def _keep(context: Context, number: int, score: Score) -> Answer:
    return _ask_next(context, [_give(context, _open(context)[1], number, score)])


def _give(context: Context, mine: list[Reviewed], number: int, score: Score) -> str:
    """Keeps one score; gives the line that says so."""
    one = _find(mine, number)
    said = (score.value, score.sentence[:MOST_SENTENCE])
    give_self_score(context.session, one.id, said, by=context.sender.person, now=context.now)
    return f"KR{number} {show_score(score.value)} 记好了。"


def _find(mine: list[Reviewed], number: int) -> Reviewed:
    found = next((one for one in mine if one.number == number), None)
    if found is None:
        raise DomainError(f"没有 KR{number}，你有 {'、'.join(f'KR{one.number}' for one in mine)}。")
    return found


def _ask_back(score: Score, text: str) -> Reply:
    value = show_score(score.value)
    return Reply(f"“{text}”是 {value} 吗？分数在 0 到 1 之间。", (Button(f"是 {value}", f"{value} {score.sentence}"),))


def _ask_next(context: Context, said: list[str], first: list[int] | None = None) -> Answer:
    """Asks for the next score that is missing; when none is, closes the review and tells the leader."""
    period, mine = _open(context)
    known = [one for one in mine if one.number in (first or ())]
    missing = known or [one for one in mine if one.self_score is None]
    if not missing:
        return _finish(context, period, mine, said)
    one = missing[0]
    context.question.ask(SCORE, {"number": one.number})
    lines = [*said, one.summary(), "给自己打几分（0 到 1），加一句话，比如“0.8 走访覆盖到位”。"]
    return Reply("\n".join(lines), tuple(Button(score, score) for score in SCORES))


def _finish(context: Context, period: PeriodOnDay, mine: list[Reviewed], said: list[str]) -> list[Reply | Notice]:
    """Everything is scored: the leader gets a card, the owner may carry key results over."""
    person = context.sender.person
    context.question.end()
    leaders = deciders(context.session, person)
    names = "、".join(one.name for one in leaders)
    told = f"复盘写完了，交给 {names} 评分。" if names else "复盘写完了。"
    buttons = _carry(mine)
    ask = "没做完的，哪些下期接着做？" if buttons else ""
    card = review_card(period, person.name, person.account, mine)
    key = f"review:{period.id}:{person.id}:{context.message.id}"
    return [
        Reply("\n".join(filter(None, [*said, told, ask])), buttons, once=False),
        *(Notice(one, f"{key}:{one.id}", card, Purpose.CARRIED) for one in leaders),
    ]


def review_card(period: PeriodOnDay, name: str, account: str, found: list[Reviewed]) -> Reply:
    """What a leader sees of a review; 同意自评 names the scores that are shown, so that later ones are not agreed to unseen."""
    scored = [one for one in found if one.self_score is not None]
    shown = " ".join(f"KR{one.number}={show_score(one.self_score)}" for one in scored if one.self_score is not None)
    return Reply(
        review_finished(name, period.name, [self_score_line(one) for one in scored]),
        (Button("同意自评", f"评分 {account} 同意自评 {shown}"), Button("逐项评", f"评分 {account}")),
    )


def _carry(mine: list[Reviewed]) -> tuple[Button, ...]:
    unfinished = [one for one in mine if not one.is_complete and not one.is_carried and one.self_score is not None]
    return tuple(Button(f"结转 KR{one.number}", f"结转 KR{one.number}") for one in unfinished)
