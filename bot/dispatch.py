"""Chooses who handles a message: a command word first, then the open question, then the kind, else help.

The order is fixed, so it never matters in which order handlers were registered: a command always escapes a
conversation. A command someone may not use is to their open question a word like any other; without one they are told who
may use it.
"""

from contextlib import suppress
from dataclasses import replace

from rapidfuzz import fuzz, process

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Reply, Sender
from bot.registry import COMMANDS, MESSAGES, STEPS, Command
from domain.text import fold_in_place
from models.person import Role

LONGEST_WORD = 16
NEAR_ENOUGH = 50
SEPARATORS = " \n\t:：,，.。、!！?？~～"


def answer(context: Context) -> Answer:
    """The answer to a message of a known sender; lets `DomainError` through.

    A command that finds its word was only the beginning of another one (目标定低了) raises NotUnderstood, and the text
    is read as if there were no such command.
    """
    spoken = find_command(context.message.text, context.sender)
    if spoken is not None:
        command, argument = spoken
        with suppress(NotUnderstood):
            return command.handler(replace(context, argument=argument))
    kind = context.message.kind
    handler = STEPS.get(context.question.step) if kind == "text" else None
    refusal = refuse(context.message.text, context.sender)
    if handler is None and refusal:
        return refusal
    handler = handler or MESSAGES.get((context.sender.audience, kind))
    if handler is None:
        return None if kind.startswith("event.") else suggest(context)
    try:
        return handler(context)
    except NotUnderstood:
        return refusal or suggest(context)


def find_command(text: str, sender: Sender) -> tuple[Command, str] | None:
    """The command a text begins with, if the sender may use it, and what follows it.

    A command that takes nothing must stand alone; one that takes something may be followed by it without a space
    (请假3天). The longest word wins.
    """
    folded = fold_in_place(text[:LONGEST_WORD])
    for length in range(len(folded), 0, -1):
        command = COMMANDS.get((sender.audience, folded[:length]))
        if command is None or not may_use(sender, command):
            continue
        argument = text[length:].strip(SEPARATORS) if not command.takes else text[length:].lstrip(SEPARATORS)
        if command.takes or not argument:
            return command, argument.strip()
    return None


def refuse(text: str, sender: Sender) -> str:
    """Who may use the command that a text says, when the sender may not; empty when it says none.

    Only the word alone, or set apart from what it takes: 问题不大 says no command.
    """
    folded = fold_in_place(text[:LONGEST_WORD])
    for length in range(len(folded), 0, -1):
        command = COMMANDS.get((sender.audience, folded[:length]))
        if command is None or may_use(sender, command):
            continue
        rest = text[length:]
        if not rest.strip(SEPARATORS) or (command.takes and rest[0] in SEPARATORS):
            allowed = "和".join(role for role in Role if role in command.allow)
            return f"“{text[:length]}”是{allowed}用的，你能说的都在“帮助”里。"
    return ""


def may_use(sender: Sender, command: Command) -> bool:
    """Whether a command is meant for the sender and their roles."""
    return command.audience is sender.audience and (not command.allow or bool(command.allow & sender.roles))


def suggest(context: Context) -> Reply:
    """The answer to words nobody understands: the nearest commands, to press or to type."""
    words = sorted({command.word for command in COMMANDS.values() if may_use(context.sender, command)})
    said = " ".join(context.message.text.split())
    near = process.extract(said, words, scorer=fuzz.ratio, limit=2, score_cutoff=NEAR_ENOUGH) if len(said) < 20 else []
    if near:
        options = "还是".join(f"“{word}”" for word, _, _ in near)
        return Reply(f"没听懂“{said}”。是想说{options}吗？", tuple(Button(word, word) for word, _, _ in near))
    if context.sender.customer is not None:
        return Reply("没听懂您的意思。换个说法再说一次，或者看看“帮助”。", (Button("帮助", "帮助"),), once=False)
    return Reply(
        "没听懂，先没记。报进展可以说“KR1 35”，看自己的说“我的”，能说什么都在“帮助”里。",
        (Button("我的", "我的"), Button("帮助", "帮助")),
        once=False,
    )
