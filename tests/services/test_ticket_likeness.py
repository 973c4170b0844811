"""Requests that say the same thing within 30 days are proposed as one class of case, the rest are not."""

from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from domain.ticket import TicketAction as A
from services.ticket import likeness
from services.ticket.filing import file
from services.ticket.likeness import case_classes
from tests.factories_ticket import TicketCast, do
from tests.services.test_ticket_statements import statements
from tests.times import FRIDAY, at

LAMPS = ("厂门口路灯不亮", "厂门口的路灯不亮了", "厂门口路灯又不亮")


def say(session: Session, cast: TicketCast, words: str, category: str = "基础设施", now: datetime = FRIDAY) -> str:
    return file(session, cast.draft(words, category), by=cast.asker, now=now).ticket.number


def test_three_alike_are_one_class_with_the_newest_first(session: Session, cast: TicketCast) -> None:
    numbers = [say(session, cast, words) for words in LAMPS]
    say(session, cast, "想贷款 500 万元")

    (found,) = case_classes(session, now=FRIDAY)

    assert [line.ticket.number for line in found.lines] == numbers[::-1]
    assert (found.category, found.many, found.askers) == ("基础设施", 3, 1)
    assert found.summary in LAMPS


def test_two_are_no_class_nor_are_words_of_different_categories(session: Session, cast: TicketCast) -> None:
    for words, category in zip(LAMPS, ("基础设施", "基础设施", "安全环保"), strict=True):
        say(session, cast, words, category)

    assert case_classes(session, now=FRIDAY) == []


def test_a_request_of_long_ago_does_not_count(session: Session, cast: TicketCast) -> None:
    for words in LAMPS:
        say(session, cast, words)

    assert len(case_classes(session, now=at("2026-12-20 15:07"))) == 1
    assert case_classes(session, now=at("2026-12-20 15:08")) == []


def test_what_was_withdrawn_does_not_count(session: Session, cast: TicketCast) -> None:
    tickets = [file(session, cast.draft(words, "基础设施"), by=cast.asker, now=FRIDAY).ticket for words in LAMPS]
    do(session, tickets[0], A.WITHDRAW, cast.asker, FRIDAY)

    assert case_classes(session, now=FRIDAY) == []


def test_the_newest_of_a_category_are_compared_and_no_more(engine: Engine, session: Session, cast: TicketCast) -> None:
    for _ in range(likeness.MOST_COMPARED + 3):
        say(session, cast, "厂门口路灯不亮")

    with statements(engine) as asked:
        (found,) = case_classes(session, now=FRIDAY)

    assert (found.many, len(found.lines)) == (likeness.MOST_COMPARED, likeness.MOST_SHOWN)
    assert len(asked) <= 6
