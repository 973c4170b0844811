"""阳光榜: the month's grids; everybody reads who is first and who rose, the performance office the whole table."""

from flask import Blueprint, abort, render_template, request

from console.auth import SIGNED_IN, visit
from console.layout import MenuEntry
from models.person import Role
from services.ticket.span import months
from services.ticket.sunshine import public, sunshine

MENU = MenuEntry("阳光榜", "sunshine.show", 28)

pages = Blueprint("sunshine", __name__)
pages.before_request(SIGNED_IN)


@pages.get("/sunshine")
def show() -> str:
    """This month's table or with `?period=2026-10` an earlier one; no person is named, and no grid for being last."""
    me = visit()
    offered = months(now=me.now)
    asked = request.args.get("period", offered[0].code)
    month = next((each for each in offered if each.code == asked), None)
    if month is None:
        abort(404)
    rows = sunshine(me.session, month, now=me.now)
    is_office = Role.OFFICE in me.roles
    shown = {"rows": rows if is_office else public(rows), "total": len(rows), "is_office": is_office}
    return render_template("sunshine.html", month=month, months=offered, **shown)
