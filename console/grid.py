"""The grids one leads: how many cases are open and late, and the open ones, soonest due first."""

from flask import Blueprint, abort, render_template, request

from console.auth import SIGNED_IN, runtime, visit
from console.layout import LARGEST_ID, MenuEntry
from domain.ticket import TICKET
from models.engine import writing
from services import audit
from services.ticket.grid_board import PAGE, Scope, board, leads_grids, narrowed, open_lines, scope_of

MENU = MenuEntry(
    "网格", "grid.overview", 24, ("ticket",), lambda me: leads_grids(me.session, me.person, me.roles, now=me.now)
)

pages = Blueprint("grid", __name__)
pages.before_request(SIGNED_IN)


@pages.get("/grids")
def overview() -> str:
    """All one leads; 404 for whoever leads no grid, is not on duty and not of the office."""
    return _page(_scope(), "", "")


@pages.get("/grids/<path:code>")
def show(code: str) -> str:
    """One grid with all below it; 404 for another's grid, as for none."""
    me = visit()
    found = narrowed(me.session, _scope(), code)
    if found is None:
        abort(404)
    grid, scope = found
    return _page(scope, grid.name, code)


def _scope() -> Scope:
    me = visit()
    scope = scope_of(me.session, me.person, me.roles, now=me.now)
    if scope is None:
        abort(404)
    return scope


def _page(scope: Scope, name: str, code: str) -> str:
    """The figures and 50 open cases, those behind `?after=` and with `?late=1` only the late ones. The look is noted."""
    me = visit()
    after, is_late = request.args.get("after", type=int), request.args.get("late") == "1"
    if after is not None and not 0 < after <= LARGEST_ID:
        abort(404)
    shown = board(me.session, scope, now=me.now, most=0)
    lines = open_lines(me.session, scope, now=me.now, after=after, is_late=is_late)
    with writing(runtime().engine) as session:
        audit.record(session, "grid.look", f"grid:{code or 'all'}", by=me.person.account, now=me.now)
    following = lines[-1].ticket.id if len(lines) == PAGE else None
    states = [(state.label, shown.total.states.get(key, 0)) for key, state in TICKET.states.items() if state.is_open]
    chosen = {"name": name, "code": code, "is_late": is_late, "after": after}
    return render_template("grids.html", board=shown, states=states, lines=lines, following=following, **chosen)
