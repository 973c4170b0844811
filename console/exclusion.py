"""Wishes to leave tickets out of the three rates: the performance office decides, never whoever asked."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from console.auth import only, runtime, visit
from console.layout import LARGEST_ID
from models.engine import writing
from models.person import Role
from services.ticket.exclusion import decide_exclusion, wishes

pages = Blueprint("exclusion", __name__)
pages.before_request(only(Role.OFFICE))


@pages.get("/rates/exclusions")
def show() -> str:
    """What waits for a decision, and what was decided lately."""
    me = visit()
    return render_template("exclusions.html", wishes=wishes(me.session), me=me.person)


@pages.post(f"/rates/exclusions/<int(max={LARGEST_ID}):exclusion_id>")
def decide(exclusion_id: int) -> Response:
    """Approves with `approved=yes`, else refuses."""
    me = visit()
    is_approved = request.form.get("approved") == "yes"
    with writing(runtime().engine) as session:
        ticket = decide_exclusion(session, exclusion_id, is_approved=is_approved, by=me.person, now=me.now)
        number = ticket.number
    flash(f"{number} 不计入三率了。" if is_approved else f"{number} 照样计入三率。")
    return redirect(url_for("exclusion.show"), 303)
