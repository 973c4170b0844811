"""The units one leads, this week: at a glance, and one unit's board with what is stuck first."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from console.auth import only, runtime, visit
from console.layout import MenuEntry
from console.period_choice import period_choice
from models.engine import writing
from models.person import Role
from models.unit import Unit
from services import audit
from services.board import glance, unit_board
from services.sight import is_within, units_in_sight
from services.unit_key_result import unit_key_results

MENU = MenuEntry("单位", "unit.overview", 20, covers=("person",))

pages = Blueprint("unit", __name__)
pages.before_request(only(Role.UNIT_LEADER, Role.OFFICE))


@pages.get("/unit")
def overview() -> str | Response:
    """All units in sight with their figures; whoever has one unit goes straight to its board."""
    me = visit()
    units = units_in_sight(me.session, me.person, me.roles)
    chosen = request.args.get("code")
    if chosen:
        return redirect(url_for("unit.show", code=chosen), 303)
    if len(units) == 1:
        return redirect(url_for("unit.show", code=units[0].code), 303)
    week, rows = glance(me.session, units, now=me.now)
    return render_template("units.html", week=week, rows=rows, units=units)


@pages.get("/unit/<path:code>")
def show(code: str) -> str:
    """One unit's week, or with `?period=` another period; 404 for a unit that is not in sight, as for none. The look is noted."""
    me = visit()
    units = units_in_sight(me.session, me.person, me.roles)
    unit = next((unit for unit in units if unit.code == code), None)
    if unit is None:
        abort(404)
    choice = period_choice(me)
    board = unit_board(me.session, unit, now=me.now, period=choice.earlier)
    own = unit_key_results(me.session, unit, board.week, choice.earlier)
    with writing(runtime().engine) as session:
        audit.record(session, "unit.look", f"unit:{unit.id}", by=me.person.account, now=me.now, period=choice.shown)
    shown = {"board": board, "own": own, "units": units, "choice": choice, "opens_people": _leads(unit)}
    return render_template("unit.html", **shown)


def _leads(unit: Unit) -> bool:
    """Whether the visitor may open the pages of the unit's people: its leaders may, the office may not."""
    me = visit()
    if Role.UNIT_LEADER not in me.roles:
        return False
    return Role.OFFICE not in me.roles or is_within(me.session, unit.id or 0, me.person.unit_id)
