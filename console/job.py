"""What the clock does, for operators: when each job is due, when it last ran, and what came of it."""

from flask import Blueprint, render_template

from bot.scheduler import upcoming
from console.auth import only, visit
from models.person import Role
from services.queue import recent_runs

pages = Blueprint("job", __name__)
pages.before_request(only(Role.SYSTEM_ADMIN))


@pages.get("/operations/jobs")
def show() -> str:
    """The schedule and the last runs."""
    me = visit()
    return render_template("jobs.html", upcoming=upcoming(me.session, me.now), runs=recent_runs(me.session))
