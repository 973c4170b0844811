"""The tickets as a workbook: one row per ticket, their log, and the three rates by grid, unit and category."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import select as columns_of
from sqlmodel import Session, SQLModel, col, select

from domain.calendar import local
from models.enterprise import Enterprise
from models.grid import Grid
from models.person import Person
from models.ticket import Ticket, TicketEvent
from models.unit import Unit
from services.ticket.filing import FILE
from services.ticket.kind import process_of
from services.ticket.rates import Division, RateRow, rate_rows
from services.ticket.span import Span, months, months_within
from services.ticket.sunshine import sunshine

BATCH = 1_000
# Text stays text: words that begin with "=" are no formula, and an address is no link.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
DIVISIONS = (Division.GRID, Division.UNIT, Division.CATEGORY)

_TIMES = {
    "提出时间": "opened_at",
    "接单时限": "accept_due_at",
    "首联时限": "contact_due_at",
    "办结时限": "resolve_due_at",
    "接单时间": "accepted_at",
    "首联时间": "first_contacted_at",
    "办结时间": "finished_at",
    "回访时间": "reached_at",
    "评价时间": "rated_at",
    "结束时间": "closed_at",
}
_ABOUT = (
    "编号",
    "来源",
    "企业",
    "提出人",
    "网格",
    "类别",
    "紧急",
    "诉求",
    "状态",
    "承办人账号",
    "承办身份",
    "主办单位",
)
_ENDS = ("评价", "不满意原因", "退回次数", "重办次数", "不计入三率")
_LOG = (
    "编号",
    "时间",
    "谁",
    "身份",
    "做了什么",
    "之前",
    "之后",
    "说明",
    "首联方式",
    "天数",
    "评价",
    "内部",
    "材料份数",
)
_RATES = (
    "按",
    "名称",
    "分组",
    "到期",
    "不计入",
    "应办",
    "按时响应",
    "已回访",
    "确认解决",
    "满意",
    "基本满意",
    "不满意",
)
_SUNSHINE = ("月份", "网格", "名次", "上月名次", "升", "收到", "解决", "响应率", "解决率", "满意率")
_SHARES = ("响应率", "解决率", "满意率")


def export_tickets(session: Session, path: Path, span: Span | None, *, now: datetime) -> None:
    """Writes the tickets filed in the span (all without one), their log, the three rates of the span, and its 阳光榜.

    Without a span the rates are of all time and the 阳光榜 of the last six months. It names people, so whoever lets it be written notes that.
    """
    names = {model: _names(session, model) for model in (Person, Grid, Enterprise, Unit)}
    with xlsxwriter.Workbook(path, OPTIONS) as book:
        _fill(book.add_worksheet("诉求"), (*_ABOUT, *_TIMES, *_ENDS), _tickets(session, span, names))
        _fill(book.add_worksheet("过程"), _LOG, _log(session, span, names[Person]))
        titles = (
            *_RATES,
            *(title for share in _SHARES for title in (share, f"{share}下限", f"{share}上限", f"{share}名次")),
        )
        _fill(book.add_worksheet("三率"), titles, _rates(session, span, now))
        _fill(book.add_worksheet("阳光榜"), _SUNSHINE, _sunshine(session, span, now))


def _fill(sheet: Any, titles: tuple[str, ...], rows: Iterator[list[Any]]) -> None:
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, titles)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, [_cell(value) for value in row])


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return local(value).strftime("%Y-%m-%d %H:%M")
    return "" if value is None else value


def _tickets(session: Session, span: Span | None, names: dict[Any, dict[int | None, str]]) -> Iterator[list[Any]]:
    query = _filed_in(select(Ticket), span).order_by(col(Ticket.id)).execution_options(yield_per=BATCH)
    for (one,) in session.execute(query):
        about = [one.number, one.source.value, names[Enterprise].get(one.enterprise_id), one.requester_name]
        about += [names[Grid].get(one.grid_id), one.category, one.is_urgent, one.summary]
        about += [process_of(one.kind).states[one.state].label, names[Person].get(one.owner_id), one.acting_as]
        times = [getattr(one, column) for column in _TIMES.values()]
        rating = one.rating.value if one.rating else None
        ends = [rating, one.dissatisfaction, one.returns, one.reopens, one.is_excluded]
        yield [*about, names[Unit].get(one.lead_unit_id), *times, *ends]


def _log(session: Session, span: Span | None, accounts: dict[int | None, str]) -> Iterator[list[Any]]:
    query: Any = select(TicketEvent, Ticket.number, Ticket.kind).join(
        Ticket, col(Ticket.id) == col(TicketEvent.ticket_id)
    )
    query = _filed_in(query, span).order_by(col(TicketEvent.ticket_id), col(TicketEvent.id))
    for event, number, kind in session.execute(query.execution_options(yield_per=BATCH)):
        process = process_of(kind)
        doing = process.actions.get(event.action)
        what = doing.word if doing else "提出" if event.action == FILE else event.action
        states = [process.states[state].label for state in (event.before, event.after)]
        rating = event.rating.value if event.rating else None
        who = [accounts.get(event.person_id), event.capacity.label]
        yield [
            number,
            event.at,
            *who,
            what,
            *states,
            event.words,
            event.proof,
            event.days,
            rating,
            event.is_internal,
            len(event.media),
        ]


def _rates(session: Session, span: Span | None, now: datetime) -> Iterator[list[Any]]:
    whole = span or Span("", "", date(2000, 1, 1), local(now).date())
    for division in DIVISIONS:
        for row in rate_rows(session, division, whole, now=now):
            yield _rate_row(division, row)


def _sunshine(session: Session, span: Span | None, now: datetime) -> Iterator[list[Any]]:
    for month in months_within(span, now=now) if span is not None else months(now=now):
        for each in sunshine(session, month, now=now):
            rates = each.row.rates
            places = [each.place, each.before, each.risen or None]
            shares = [rates.response, rates.resolution, rates.satisfaction]
            yield [month.code, each.row.name, *places, each.filed, each.row.counts.solved, *shares]


def _rate_row(division: Division, row: RateRow) -> list[Any]:
    counts, rates = row.counts, row.rates
    cells = [division.label, row.name, row.group, counts.due, counts.excluded, counts.base, counts.answered]
    cells += [counts.reached, counts.solved, counts.satisfied, counts.fair, counts.dissatisfied]
    for rate, standing in (
        (rates.response, row.response),
        (rates.resolution, row.resolution),
        (rates.satisfaction, row.satisfaction),
    ):
        cells += [rate, *((standing.low, standing.high, standing.place) if standing else (None, None, None))]
    return cells


def _filed_in(query: Any, span: Span | None) -> Any:
    if span is None:
        return query
    return query.where(col(Ticket.opened_at) >= span.begins_at, col(Ticket.opened_at) < span.ends_at)


def _names(session: Session, model: type[SQLModel]) -> dict[int | None, str]:
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    name = table.c.account if model is Person else table.c.name
    return {row[0]: row[1] for row in session.execute(columns_of(table.c.id, name))}
