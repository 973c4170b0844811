"""One person's page, for themselves and the leaders of their unit or one above; looking at others is noted."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from console.auth import SIGNED_IN, runtime, visit
from console.period_choice import period_choice
from console.plot import plots_of
from models.engine import writing
from services import audit
from services.history import person_history
from services.sight import find_in_sight

pages = Blueprint("person", __name__)
pages.before_request(SIGNED_IN)


@pages.get("/people/<account>")
def show(account: str) -> str | Response:
    """Somebody's objectives and reports; 404 for whoever may not see them, as for nobody."""
    me = visit()
    found = find_in_sight(me.session, account, by=me.person, roles=me.roles)
    if found is None:
        abort(404)
    person, unit = found
    assert person.id is not None
    if person.id == me.person.id:
        return redirect(url_for("own.show", period=request.args.get("period")), 303)
    choice = period_choice(me)
    history = person_history(me.session, person.id, now=me.now, period=choice.earlier)
    with writing(runtime().engine) as session:
        audit.record(
            session, "person.look", f"person:{person.id}", by=me.person.account, now=me.now, period=choice.shown
        )
    shown = {"person": person, "unit": unit, "history": history, "plots": plots_of(history), "choice": choice}
    return render_template("person.html", **shown)
