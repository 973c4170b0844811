"""The tables of what people can say, send and press: names stand once, and what is registered is whole."""

import re

import pytest

from bot.context import Context
from bot.dispatch import LONGEST_WORD
from bot.message import Audience
from bot.registry import (
    COMMANDS,
    JOBS,
    MESSAGES,
    STEPS,
    CatchUp,
    DuplicateRegistration,
    command,
    job,
    message,
    step,
)
from domain.text import fold_in_place


def never(_context: Context) -> None:
    raise AssertionError("it must not have been registered")


@pytest.mark.parametrize("aliases", [(), ("另一个词",)])
def test_a_word_stands_once(aliases: tuple[str, ...]) -> None:
    before = dict(COMMANDS)
    with pytest.raises(DuplicateRegistration, match="帮助"):
        command("帮助", help="", aliases=aliases)(never)
    assert before == COMMANDS


def test_an_alias_is_a_word_too() -> None:
    with pytest.raises(DuplicateRegistration, match="help"):
        command("help", help="")(never)


def test_another_audience_has_words_of_its_own() -> None:
    command("只为测试", help="", audience=Audience.RESIDENT)(never)
    try:
        assert (Audience.STAFF, "只为测试") not in COMMANDS
    finally:
        del COMMANDS[Audience.RESIDENT, "只为测试"]


def test_a_step_a_kind_and_a_job_stand_once() -> None:
    with pytest.raises(DuplicateRegistration, match="doubt"):
        step("report.doubt")(never)
    with pytest.raises(DuplicateRegistration, match="voice"):
        message("voice")(never)
    known = next(iter(JOBS.values()))
    with pytest.raises(DuplicateRegistration, match=known.name):
        job(known.name, schedule=known.schedule, catch_up=CatchUp.SKIP, help="")(known.function)
    assert never not in STEPS.values()
    assert never not in MESSAGES.values()


def test_every_word_can_be_found_and_explained() -> None:
    """A word that is not folded, or longer than the search, would never be found."""
    for (audience, word), entry in COMMANDS.items():
        assert word == fold_in_place(word), word
        assert 0 < len(word) <= LONGEST_WORD, word
        assert entry.audience is audience
        assert entry.help, word
        assert fold_in_place(entry.example).replace(" ", "").startswith(entry.word.replace(" ", "")), word
        assert not re.search(r"[!！]", entry.help), word


def test_every_job_says_what_it_does() -> None:
    assert [one.name for one in JOBS.values() if not one.help] == []
