"""The three rates: the published vector through the database, equal to a recount of the log, down to the cases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlmodel import Session, select

from domain.rates import Counts
from domain.ticket import Rating, TicketState
from domain.ticket import TicketAction as A
from domain.ticket_number import Kind
from models.person import Person
from models.ticket import Ticket, TicketSource
from services.ticket.closing import lapse
from services.ticket.exclusion import ask_exclusion, decide_exclusion
from services.ticket.rates import Cases, Division, Measure, RateRow, cases_behind, rate_rows, total_of
from services.ticket.span import Span, span_of, spans
from tests.factories_ticket import TicketCast, do, make_grid
from tests.services.ticket_log import recounted
from tests.times import FRIDAY, at

SERIALS = count(1)
DUE = at("2026-11-10 17:30")
DECEMBER = at("2026-12-31 18:00")
SOLVED, LAPSED, IN_HAND = TicketState.SOLVED, TicketState.LAPSED, TicketState.IN_HAND


@pytest.fixture
def november(session: Session) -> Span:
    found = span_of(session, "2026-11")
    assert found is not None
    return found


@pytest.fixture
def clerk(session: Session, cast: TicketCast) -> Person:
    return session.exec(select(Person).where(Person.account == "jixiao")).one()


def past(
    cast: TicketCast, many: int, state: str = SOLVED, rating: Rating | None = None, **given: Any
) -> Iterator[Ticket]:
    """Tickets that fell due on 10 November, answered in time; reached unless they are still in hand."""
    for serial in (next(SERIALS) for _ in range(many)):
        made: dict[str, Any] = {
            "number": f"Q261105-{serial:04d}",
            "kind": Kind.REQUEST,
            "on": DUE.date(),
            "serial": serial,
            "source": TicketSource.CHAT,
            "category": "用工",
            "summary": "招普工",
            "grid_id": cast.micro.id,
            "owner_id": cast.liansan.id,
            "acting_as": "联系人",
            "state": state,
            "opened_at": DUE - timedelta(days=7),
            "accept_due_at": DUE - timedelta(days=6),
            "contact_due_at": DUE - timedelta(days=5),
            "first_contacted_at": DUE - timedelta(days=5),
            "resolve_due_at": DUE,
            "reached_at": DUE if state in (SOLVED, LAPSED) else None,
            "rating": rating,
        }
        yield Ticket(**(made | given))


def only_row(rows: list[RateRow]) -> RateRow:
    (row,) = rows
    return row


def test_the_published_vector_through_the_database(session: Session, cast: TicketCast, november: Span) -> None:
    session.add_all(past(cast, 607, SOLVED, Rating.SATISFIED))
    session.add_all(past(cast, 7, LAPSED, Rating.SATISFIED))
    session.add_all(past(cast, 34, SOLVED, Rating.FAIR))
    session.add_all(past(cast, 22, SOLVED, Rating.DISSATISFIED))
    session.add_all(past(cast, 5, IN_HAND, first_contacted_at=None, is_excluded=True))

    for division in Division:
        row = only_row(rate_rows(session, division, november, now=DECEMBER))
        assert row.counts == Counts(675, 670, 670, 663, 614, 34, 22, excluded=5)
        assert row.counts.base == 670
        rates = row.rates
        found = [str(each) for each in (rates.response, rates.resolution, rates.satisfaction)]
        assert found == ["100.00", "98.96", "94.69"]


def test_each_number_leads_to_its_very_cases(session: Session, cast: TicketCast, november: Span) -> None:
    session.add_all(past(cast, 3, SOLVED, Rating.SATISFIED))
    session.add_all(past(cast, 1, IN_HAND, first_contacted_at=DUE))
    session.add_all(past(cast, 1, LAPSED, reached_at=None))
    session.add_all(past(cast, 2, LAPSED, Rating.FAIR, grid_id=cast.other_micro.id))
    session.add_all(past(cast, 1, grid_id=None, is_excluded=True))
    session.flush()

    for division in Division:
        rows = rate_rows(session, division, november, now=DECEMBER)
        for row in [*rows, total_of(rows)]:
            for measure in (
                "due",
                "excluded",
                "base",
                "answered",
                "reached",
                "solved",
                "satisfied",
                "fair",
                "dissatisfied",
            ):
                cases = Cases(Measure(measure), division, row.key, november)
                assert len(cases_behind(session, cases, now=DECEMBER)) == getattr(row.counts, measure), (
                    division,
                    measure,
                )
    whole = Cases(Measure.LATE, Division.GRID, "QY1", november)
    assert [one.state for one in cases_behind(session, whole, now=DECEMBER)] == [IN_HAND]
    assert len(cases_behind(session, replace(whole, measure=Measure.UNSOLVED), now=DECEMBER)) == 2
    assert cases_behind(session, replace(whole, key="no such grid"), now=DECEMBER) == []
    assert cases_behind(session, replace(whole, division=Division.UNIT, key="1"), now=DECEMBER) == []


def test_only_what_fell_due_by_now_counts(session: Session, cast: TicketCast, november: Span) -> None:
    session.add_all(past(cast, 1))
    session.add_all(past(cast, 1, resolve_due_at=at("2026-11-30 17:30")))
    session.add_all(past(cast, 1, resolve_due_at=at("2026-12-01 17:30")))
    session.add_all(past(cast, 1, TicketState.WITHDRAWN, closed_at=DUE - timedelta(minutes=1)))
    session.add_all(past(cast, 1, TicketState.WITHDRAWN, closed_at=DUE + timedelta(minutes=1)))

    def due(now: datetime) -> int:
        return only_row(rate_rows(session, Division.CATEGORY, november, now=now)).counts.due

    assert due(FRIDAY) == 2
    assert due(DECEMBER) == 3


def test_one_lucky_case_leads_no_list(session: Session, cast: TicketCast, november: Span) -> None:
    lucky = make_grid(session, "QY2", "西湖二网格", cast.enterprise_grid.kind, cast.industrial)
    session.add_all(past(cast, 199))
    session.add_all(past(cast, 1, LAPSED))
    session.add_all(past(cast, 1, grid_id=lucky.id))
    outside = past(cast, 1, grid_id=cast.industrial.id)
    session.add_all(outside)

    rows = {row.key: row for row in rate_rows(session, Division.GRID, november, now=DECEMBER)}

    assert rows["QY2"].rates.resolution == Decimal("100.00")
    assert rows["GY1"].group == "工业社区"
    places = {key: row.resolution.place for key, row in rows.items() if row.resolution}
    assert places == {"QY1": 2, "QY2": 1, "GY1": 1}
    standing = rows["QY2"].resolution
    assert standing is not None
    # All the same rate up to a hair: 1/1 is pulled to the group's 200/201.
    assert (standing.fair, standing.low, standing.high) == (Decimal("99.53"), Decimal("20.7"), Decimal("100.0"))


def test_the_rates_equal_a_recount_of_the_log(
    session: Session, cast: TicketCast, november: Span, clerk: Person
) -> None:
    begin = at("2026-11-09 09:00")
    tickets = [
        cast.filed(session, begin + timedelta(minutes=n), category)
        for n, category in enumerate(["用工"] * 8 + ["用电用水用气"])
    ]
    on_time, late, unsolved, waiting, longer, left_out, gone, silent, other = tickets
    next_day, week_later = at("2026-11-10 10:00"), at("2026-11-13 10:00")
    for ticket in (on_time, unsolved, waiting, longer, left_out, silent, other):
        do(session, ticket, A.ACCEPT, cast.liansan, begin + timedelta(hours=1))
        do(session, ticket, A.CONTACT, cast.liansan, next_day, proof="电话", text="问清了")
    do(session, late, A.ACCEPT, cast.liansan, week_later)
    do(session, late, A.CONTACT, cast.liansan, week_later, proof="电话", text="问清了")
    for ticket in (on_time, late, unsolved, silent, other):
        do(session, ticket, A.FINISH, cast.liansan, week_later, text="办好了")
    for ticket, rating in ((on_time, "满意"), (late, "基本满意"), (other, "不满意")):
        do(session, ticket, A.CONFIRM, cast.asker, week_later)
        do(session, ticket, A.RATE, cast.asker, week_later, rating=rating, reason="太慢" if rating == "不满意" else "")
    do(session, unsolved, A.DENY, cast.asker, week_later, reason="没来人")
    do(session, waiting, A.PAUSE, cast.liansan, next_day, reason="等企业补图纸")
    do(session, longer, A.ASK_EXTENSION, cast.liansan, next_day, days=20, reason="等厂房")
    do(session, longer, A.GRANT_EXTENSION, cast.grid_leader, next_day)
    do(session, gone, A.WITHDRAW, cast.asker, next_day)
    wish = ask_exclusion(session, left_out, "企业已注销", by=cast.liansan, now=week_later)
    decide_exclusion(session, wish.id or 0, is_approved=True, by=clerk, now=week_later)
    lapse(session, now=at("2026-11-19 10:00"))

    for now in (week_later, at("2026-11-19 10:00"), FRIDAY, at("2026-11-25 10:00"), DECEMBER):
        for code in ("2026-11", "2026-12", "2026Q4"):
            span = span_of(session, code)
            assert span is not None
            total = total_of(rate_rows(session, Division.GRID, span, now=now))
            assert total.counts == recounted(session, span, now=now), (now, code)
    assert total_of(rate_rows(session, Division.GRID, november, now=DECEMBER)).counts.due == 6
    do(session, waiting, A.RESUME, cast.liansan, at("2026-11-24 10:00"))
    resumed = total_of(rate_rows(session, Division.UNIT, november, now=DECEMBER)).counts
    assert resumed == recounted(session, november, now=DECEMBER)
    assert resumed.due == 7


def test_one_chooses_among_months_and_periods(session: Session, cast: TicketCast) -> None:
    assert [each.code for each in spans(session, now=FRIDAY)] == [
        "2026-11",
        "2026-10",
        "2026-09",
        "2026-08",
        "2026-07",
        "2026-06",
        "2026Q4",
    ]
    february = span_of(session, "2028-02")
    assert february is not None
    assert (february.ends_on.day, february.name) == (29, "2028年2月")
    assert span_of(session, "2026-13") is None
