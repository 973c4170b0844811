"""答, 回答: an officer's answer goes back to the leader below the question."""

import re

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Notice, Purpose, Reply
from bot.registry import command, step
from domain.errors import DomainError
from domain.text import fold
from models.person import Person
from models.voice import Question
from services.question import answer, asker_of, find_question, open_questions
from services.wording_objective import question_answered

TEXT = "answer_question.text"
NOTHING = "现在没有等你回答的问题。"
# 答复企业3家 is a report, not an answer.
OTHER_WORDS = ("复", "题", "辩", "卷", "谢")


@command("答", help="回答负责人的问题", aliases=("回答",), takes="想说的话", example="答 拆迁停了两周")
def answer_question(context: Context) -> Answer:
    """Answers the newest question, opens the one that is named, or shows those that wait."""
    text, waiting = context.argument, open_questions(context.session, context.sender.person)
    if context.message.pressed and re.fullmatch(r"\d{1,9}", text):
        return _open(context, find_question(context.session, int(text), by=context.sender.person))
    apart = context.message.text.removesuffix(text)[-1:] in tuple(" \n\t:：,，")
    if text and not apart and (not waiting or text.startswith(OTHER_WORDS)):
        raise NotUnderstood
    if not waiting:
        return NOTHING
    named = next((one for one in waiting if fold(text) == str(one.id)), None)
    if named is not None or (not text and len(waiting) == 1):
        return _open(context, named or waiting[0])
    if not text:
        return _listed(context, waiting)
    return _pass_on(context, waiting[0].id or 0, text)


@step(TEXT)
def take_text(context: Context) -> Answer:
    """Takes the words of the answer; when it was answered otherwise meanwhile, stops asking."""
    question_id = context.question.data["id"]
    context.question.end()
    try:
        return _pass_on(context, question_id, context.message.text)
    except DomainError as refusal:
        return str(refusal)


def _open(context: Context, question: Question) -> Reply:
    context.question.ask(TEXT, {"id": question.id})
    return Reply(f"{_quoted(context, question)}\n你说，我原样转过去。", (Button("先不回", "取消"),))


def _listed(context: Context, waiting: list[Question]) -> list[Reply | Notice]:
    """Each question as a card of its own, the newest first."""
    cards: list[Reply | Notice] = [Reply(_quoted(context, one), (Button("回答", f"回答 {one.id}"),)) for one in waiting]
    return [Reply(f"等你回答的有 {len(waiting)} 个，新的在前。"), *cards]


def _pass_on(context: Context, question_id: int, text: str) -> list[Reply | Notice]:
    person = context.sender.person
    question = answer(context.session, question_id, text, by=person, now=context.now)
    asker = asker_of(context.session, question)
    waiting = open_questions(context.session, person)
    told = f"转给 {asker.name} 了（他问的是：{question.text}）。" if asker else "记下了，问的人已经不在这里了。"
    answers: list[Reply | Notice] = [Reply(told)]
    if waiting:
        answers += _listed(context, waiting)
    if asker is not None:
        words = Reply(
            question_answered(person.name, question.text, text), (Button("再问一句", f"问 {person.account}"),)
        )
        answers.append(Notice(asker, f"answer:{question.id}", words, Purpose.CARRIED))
    return answers


def _quoted(context: Context, question: Question) -> str:
    return f"{context.session.get_one(Person, question.asked_by_id).name}问：{question.text}"
