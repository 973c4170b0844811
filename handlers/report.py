"""A report in free words: what is clear is kept at once, what is not is asked back, one thing at a time."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Notice, Reply
from bot.registry import message, step
from domain.calendar import local_date
from domain.report import (
    Doubt,
    Entry,
    Line,
    Outcome,
    Reading,
    added_to,
    answer_doubt,
    code_of,
    doubt_from_json,
    doubt_to_json,
    names_unit,
    numbers_own,
    read_report,
    read_report_again,
)
from services.key_result import KeyResultInWeek, figure
from services.okr import NothingToReport, Reporter, nothing_approved, reportable, reporter
from services.period import workdays
from services.report import Said, keep, last_words, reported_by_others
from services.week import ReportWeek, as_seen, read_week

DOUBT = "report.doubt"
# Tells a report from chat for someone who has no key result to read it against.
STAND_IN = (Line(number=1, title="关键结果", start=Decimal(0), target=Decimal(100), unit="", current=Decimal(0)),)
# Stands at the end of our own texts that would look equal to the platform, and so at the end of a form sent back.
REFERENCE = re.compile(r"\s*〔\d{1,2}:\d\d(?: 第\d+次)?〕$")

KeyResults = Sequence[KeyResultInWeek]


@message("text")
def report(context: Context) -> Answer:
    """Reads whatever no command took; raises NotUnderstood when it reports nothing."""
    return take_report(context, context.message.text)


def take_report(context: Context, text: str) -> Answer:
    """Keeps what the text says about the sender's key results and asks about the rest."""
    days = workdays(context.session)
    week, words = read_week(REFERENCE.sub("", text), context.now, days)
    whose = reporter(context.sender.person, context.sender.roles)
    try:
        plan = reportable(context.session, whose, week, now=context.now, days=days)
    except NothingToReport as refusal:
        if not read_report(words, STAND_IN).is_report:
            raise NotUnderstood from None
        return refused(refusal)
    mine = plan.key_results
    lines, reading = _read(context, words, week, mine)
    if not reading.is_report:
        raise NotUnderstood
    if _lacks_unit(whose, words, lines):
        return [Reply("本单位这个周期还没有目标，先没记。你自己的直接说“KR1 35”。")]
    if plan.own and all(one.is_units for one in mine) and numbers_own(words, lines):
        return [Reply(f"{nothing_approved(plan)}单位的要说明，比如“单位KR1 {figure(mine[0].target)}”。")]
    return _settle(context, Said(text, week), mine, reading.entries, list(reading.doubts))


@step(DOUBT)
def take_answer(context: Context) -> Answer:
    """Takes the answer to a doubt; words about something else are read as a new report."""
    data = context.question.data
    days = workdays(context.session)
    said = Said(data["text"], as_seen(data["week"], context.now, days), data["report_id"])
    doubt, *others = (doubt_from_json(one) for one in data["doubts"])
    whose = reporter(context.sender.person, context.sender.roles)
    mine = reportable(context.session, whose, said.week, now=context.now, days=days).key_results
    words = _chosen(context, doubt)
    about = f"{code_of(doubt.number)} " if doubt.number else ""
    lines, _ = _read(context, f"{about}{words}", said.week, mine)
    answer = answer_doubt(doubt, words, lines)
    if answer.outcome is Outcome.NOT_AN_ANSWER or _lacks_unit(whose, words, lines):
        return _instead(context, doubt)
    if answer.doubt is not None:
        others.insert(0, answer.doubt)
    entries = () if answer.entry is None else (answer.entry,)
    return _settle(context, said, mine, entries, others)


def _lacks_unit(whose: Reporter, words: str, lines: Sequence[Line]) -> bool:
    """Whether a leader speaks of the unit's key results, and it has none."""
    return whose.unit_id is not None and not any(line.is_units for line in lines) and names_unit(words, lines)


def _read(context: Context, words: str, week: ReportWeek, mine: KeyResults) -> tuple[list[Line], Reading]:
    """The words and what they are read against; an addition to one of the same week has to be told from a repetition."""
    lines = [replace(one.as_line(), before=one.before if one.is_reported else None) for one in mine]
    moved = {
        line.number: one.id
        for line, one in zip(lines, mine, strict=True)
        if one.is_reported and one.value != one.before
    }
    if not moved:
        return lines, read_report(words, lines)
    reading, added = read_report_again(words, lines)
    if not moved.keys() & added:
        return lines, reading
    said, days = last_words(context.session, list(moved.values()), week), workdays(context.session)
    earlier = {number: read_week(REFERENCE.sub("", said[key]), context.now, days)[1] for number, key in moved.items()}
    lines = [
        replace(line, was_added=line.number in earlier and line.number in added_to(earlier[line.number], lines))
        for line in lines
    ]
    return lines, read_report(words, lines)


def refused(refusal: NothingToReport) -> Reply:
    """Why there is nothing to report, with the way to set objectives where that is the cure."""
    return Reply(str(refusal), (Button("定目标", "目标"),) if refusal.may_set else ())


def _settle(
    context: Context, said: Said, mine: KeyResults, entries: Sequence[Entry], doubts: Sequence[Doubt]
) -> list[Reply | Notice]:
    """Keeps the entries and asks the first doubt; the others wait in the open question."""
    state = {one.line_number: one for one in mine}
    replies: list[Reply | Notice] = []
    report_id = said.report_id
    if entries:
        pairs = [(state[entry.number], _with_remarks(entry, state[entry.number])) for entry in entries]
        report_id, kept = keep(context.session, said, pairs, by=context.sender.person, now=context.now)
        state.update((one.line_number, one) for one in kept)
        lines = [
            _heading(said.week),
            *(one.summary_with_change() for one in kept),
            *_by_others(context, said.week, pairs),
        ]
        replies.append(Reply("\n".join(lines if doubts else [*lines, _closing(context, state.values(), said.week)])))
    if doubts:
        context.question.ask(DOUBT, _remember(said, report_id, doubts))
        replies.append(_ask(doubts[0]))
        return replies
    context.question.end()
    return replies or [Reply("好，这句没记。")]


def _by_others(context: Context, week: ReportWeek, pairs: Iterable[tuple[KeyResultInWeek, Entry]]) -> list[str]:
    """What another leader said of the unit's key results in the same week: the newest counts, and nobody is surprised."""
    again = {one.id: one for one, _ in pairs if one.is_units and one.is_reported}
    if not again:
        return []
    others = reported_by_others(context.session, list(again), week, by=context.sender.person)
    said = [f"{again[id_].code} {figure(value)}" for id_, (_, value) in others.items()]
    names = "、".join(dict.fromkeys(name for name, _ in others.values()))
    return [f"{names}这周报过{'，'.join(said)}，以最新的为准。"] if said else []


def _with_remarks(entry: Entry, one: KeyResultInWeek) -> Entry:
    """A value that is only repeated in its week keeps what was said about it."""
    is_same = one.is_reported and one.is_newest and entry.value == one.value and not entry.note
    if not is_same or entry.confidence not in (None, one.confidence):
        return entry
    return replace(entry, confidence=one.confidence, note=one.note)


def _instead(context: Context, doubt: Doubt) -> Answer:
    """Reads the answer as a report of its own; when it is none either, asks again."""
    try:
        answer = take_report(context, context.message.text)
    except NotUnderstood:
        return _ask(doubt, "没看懂。")
    assert isinstance(answer, list)
    return [Reply(f"“{doubt.text}”先没记。"), *answer]


def _ask(doubt: Doubt, before: str = "") -> Reply:
    """The question with a button per option; a button says its place, so that no label can be taken for a command."""
    says = enumerate(doubt.options, start=1)
    return Reply(before + doubt.question, tuple(Button(option.label, str(place)) for place, option in says))


def _chosen(context: Context, doubt: Doubt) -> str:
    """The words of the answer: of a pressed button its label, which answers like the typed one."""
    text = context.message.text
    if context.message.pressed and text.isdecimal() and 1 <= int(text) <= len(doubt.options):
        return doubt.options[int(text) - 1].label
    return text


def _remember(said: Said, report_id: int | None, doubts: Sequence[Doubt]) -> dict[str, Any]:
    return {
        "text": said.text,
        "week": said.week.label,
        "report_id": report_id,
        "doubts": [doubt_to_json(doubt) for doubt in doubts],
    }


def _heading(week: ReportWeek) -> str:
    return f"记好了（第{week.number}周{'，补报' if week.is_late else ''}）"


def _closing(context: Context, state: Iterable[KeyResultInWeek], week: ReportWeek) -> str:
    """What is still open, and the way back."""
    due = [one for one in state if one.is_due]
    is_running = local_date(context.now) <= week.day
    if week.is_late:
        rest = ""
    elif not due:
        rest = f"{'这周' if is_running else '上周'}的都报齐了。"
    else:
        names = due[0].name if len(due) == 1 else "、".join(one.code for one in due)
        rest = f"{'' if is_running else '上周'}还差 {names}。"
    return f"{rest}说错了回“撤销”。"
