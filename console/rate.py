"""The three rates for the performance office: by grid, unit or category, how sure they are, and the cases behind them."""

from flask import Blueprint, abort, render_template, request
from werkzeug.exceptions import NotFound

from console.auth import Visit, only, runtime, visit
from console.layout import MenuEntry
from domain.calendar import local_date
from models.engine import writing
from models.person import Role
from services import audit
from services.ticket.listing import lines_of
from services.ticket.rates import MOST_CASES, Cases, Division, Measure, RateRow, cases_behind, rate_rows, total_of
from services.ticket.span import Span, span_of, spans

MENU = MenuEntry("三率", "rate.show", 26, covers=("exclusion", "likeness"))
BY_NAME, BY_SIZE = "name", "base"
BY_PLACE = ("response", "resolution", "satisfaction")
LAST = 1 << 31
MOST_PAGES = 10_000

pages = Blueprint("rate", __name__)
pages.before_request(only(Role.OFFICE))


@pages.get("/rates")
def show() -> str:
    """The table of a month or period, sorted as asked; places are those among comparable rows."""
    me = visit()
    span, division = _span(me), _division()
    sort = request.args.get("sort", "resolution")
    if sort not in (BY_NAME, BY_SIZE, *BY_PLACE):
        abort(404)
    rows = sorted(rate_rows(me.session, division, span, now=me.now), key=lambda row: _order(row, sort))
    chosen = {"span": span, "division": division, "sort": sort}
    offered = {"spans": spans(me.session, now=me.now), "divisions": list(Division)}
    return render_template("rates.html", rows=rows, total=total_of(rows), **chosen, **offered)


@pages.get("/rates/cases")
def cases() -> str:
    """The cases behind one number, 100 a page; the look is noted."""
    me = visit()
    page = request.args.get("page", 0, type=int)
    if not 0 <= page <= MOST_PAGES:
        abort(404)
    wanted = Cases(_measure(), _division(), request.args.get("key", ""), _span(me))
    lines = lines_of(me.session, cases_behind(me.session, wanted, now=me.now, page=page), now=me.now)
    with writing(runtime().engine) as session:
        look = {"measure": wanted.measure.value, "key": wanted.key, "span": wanted.span.code, "page": page}
        audit.record(session, "ticket.look_cases", f"rates:{wanted.division}", by=me.person.account, now=me.now, **look)
    return render_template("rate_cases.html", wanted=wanted, lines=lines, page=page, is_full=len(lines) == MOST_CASES)


def _span(me: Visit) -> Span:
    found = span_of(me.session, request.args.get("period", "") or f"{local_date(me.now):%Y-%m}")
    if found is None:
        raise NotFound
    return found


def _division() -> Division:
    try:
        return Division(request.args.get("by", Division.GRID))
    except ValueError:
        raise NotFound from None


def _measure() -> Measure:
    try:
        return Measure(request.args.get("what", Measure.BASE))
    except ValueError:
        raise NotFound from None


def _order(row: RateRow, sort: str) -> tuple[str, int, str]:
    if sort == BY_NAME:
        return row.group, 0, row.name
    if sort == BY_SIZE:
        return row.group, -row.counts.base, row.name
    standing = getattr(row, sort)
    return row.group, standing.place if standing else LAST, row.name
