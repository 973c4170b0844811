"""The tickets as a workbook: every ticket with its times, its log, and the rates; what people write stays text."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlmodel import Session

from domain.ticket import TicketAction as A
from services.ticket.export import export_tickets
from services.ticket.filing import file
from services.ticket.span import Span, months_within, span_of
from tests.factories_ticket import TicketCast, do
from tests.times import FRIDAY, at

LATER = at("2026-12-07 09:00")


@pytest.fixture
def book(session: Session, cast: TicketCast, tmp_path: Path) -> dict[str, list[dict[str, Any]]]:
    """November's tickets as an office reads them: one that is a formula by its looks, and one of December left out."""
    ticket = file(session, cast.draft("=1+1"), by=cast.asker, now=FRIDAY).ticket
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)
    do(session, ticket, A.CONTACT, cast.liansan, at("2026-11-23 09:00"), proof="电话", text="http://a.example")
    cast.filed(session, at("2026-12-02 09:00"))
    export_tickets(session, tmp_path / "out.xlsx", span_of(session, "2026-11"), now=LATER)
    sheets = openpyxl.load_workbook(tmp_path / "out.xlsx")
    return {sheet.title: _rows(sheet) for sheet in sheets}


def _rows(sheet: Any) -> list[dict[str, Any]]:
    titles, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def test_a_ticket_is_a_row_with_its_times_and_its_state(book: dict[str, list[dict[str, Any]]]) -> None:
    (row,) = book["诉求"]

    assert row["编号"] == "Q261120-0001"
    assert row["诉求"] == "=1+1"
    assert (row["企业"], row["网格"], row["状态"]) == ("固电电子有限公司", "东湖一网格 1 微网格", "办理中")
    assert (row["承办人账号"], row["提出时间"], row["首联时间"]) == ("liansan", "2026-11-20 15:07", "2026-11-23 09:00")
    assert (row["结束时间"], row["不计入三率"], row["紧急"]) == (None, "否", "否")


def test_the_log_tells_who_did_what(book: dict[str, list[dict[str, Any]]]) -> None:
    told = [(row["做了什么"], row["谁"], row["之后"], row["首联方式"]) for row in book["过程"]]

    assert told == [
        ("提出", None, "待接单", None),
        ("接单", "liansan", "办理中", None),
        ("首联", "liansan", "办理中", "电话"),
    ]
    assert book["过程"][2]["说明"] == "http://a.example"


def test_the_rates_stand_beside_their_counts(book: dict[str, list[dict[str, Any]]]) -> None:
    found = [
        (row["按"], row["名称"], row["应办"], row["响应率"], row["响应率名次"], row["解决率"]) for row in book["三率"]
    ]

    assert found == [
        ("企业网格", "东湖一网格", 1, 100, 1, None),
        ("单位", "城关所", 1, 100, 1, None),
        ("类别", "用工", 1, 100, 1, None),
    ]


def test_the_grids_of_each_month_stand_on_a_sheet_of_their_own(book: dict[str, list[dict[str, Any]]]) -> None:
    found = [
        tuple(row[title] for title in ("月份", "网格", "名次", "上月名次", "收到", "解决", "响应率"))
        for row in book["阳光榜"]
    ]

    assert found == [("2026-11", "东湖一网格", None, None, 1, 0, 100)]


def test_a_period_s_months_are_those_that_have_begun() -> None:
    year = Span("2026", "全年", date(2026, 1, 1), date(2026, 12, 31))

    found = [month.code for month in months_within(year, now=at("2026-03-05 09:00"))]

    assert found == ["2026-03", "2026-02", "2026-01"]
