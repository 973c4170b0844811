"""Requests that say the same thing, proposed to the performance office as one class of case; looking is noted."""

from flask import Blueprint, render_template

from console.auth import only, runtime, visit
from models.engine import writing
from models.person import Role
from services import audit
from services.ticket.likeness import case_classes

pages = Blueprint("likeness", __name__)
pages.before_request(only(Role.OFFICE))


@pages.get("/rates/alike")
def show() -> str:
    """The classes of the last 30 days, the largest first, each with its requests."""
    me = visit()
    classes = case_classes(me.session, now=me.now)
    with writing(runtime().engine) as session:
        audit.record(session, "ticket.look_alike", "tickets", by=me.person.account, now=me.now, classes=len(classes))
    return render_template("likeness.html", classes=classes)
