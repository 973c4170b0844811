"""My page: the period, every key result with its whole history, and what is still due this week."""

from flask import Blueprint, render_template

from console.auth import SIGNED_IN, visit
from console.layout import MenuEntry
from console.period_choice import period_choice
from console.plot import plots_of
from services.history import person_history

MENU = MenuEntry("我的", "own.show", 10)

pages = Blueprint("own", __name__)
pages.before_request(SIGNED_IN)


@pages.get("/")
def show() -> str:
    """One's own objectives and reports, of this period or with `?period=` of another."""
    me = visit()
    assert me.person.id is not None
    choice = period_choice(me)
    history = person_history(me.session, me.person.id, now=me.now, period=choice.earlier)
    shown = {"person": me.person, "unit": None, "history": history, "plots": plots_of(history), "choice": choice}
    return render_template("person.html", **shown)
