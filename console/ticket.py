"""One ticket with its log, for whoever has to do with it, leads its grid or is of the office; looking is noted."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from console.auth import SIGNED_IN, runtime, visit
from models.engine import writing
from models.person import Role
from models.ticket import Ticket
from services import audit
from services.ticket.exclusion import ask_exclusion
from services.ticket.page import find_page, page_of

pages = Blueprint("ticket", __name__)
pages.before_request(SIGNED_IN)


@pages.get("/tickets/<number>")
def show(number: str) -> str:
    """Everything about a ticket; 404 for whoever may not see it, as for none."""
    me = visit()
    ticket = _found(number)
    page = page_of(me.session, ticket, now=me.now)
    with writing(runtime().engine) as session:
        audit.record(session, "ticket.look", f"ticket:{ticket.id}", by=me.person.account, now=me.now)
    return render_template("ticket.html", page=page, ticket=ticket, is_office=Role.OFFICE in me.roles, now=me.now)


@pages.post("/tickets/<number>/exclusion")
def leave_out(number: str) -> Response:
    """Asks the performance office to leave the ticket out of the three rates."""
    me = visit()
    ticket = _found(number)
    with writing(runtime().engine) as session:
        own = session.get_one(Ticket, ticket.id)
        ask_exclusion(session, own, request.form.get("reason", ""), by=me.person, now=me.now)
    flash("申请记下了，绩效办定了以后这里看得到。")
    return redirect(url_for("ticket.show", number=ticket.number), 303)


def _found(number: str) -> Ticket:
    me = visit()
    ticket = find_page(me.session, number, by=me.person, roles=me.roles, now=me.now)
    if ticket is None:
        abort(404)
    return ticket
