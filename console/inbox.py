"""Incoming messages that could not be handled, for operators: what kind, since when, why; and once more."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from bot.inbox import handle_again
from console.auth import only, runtime, visit
from console.layout import LARGEST_ID
from models.engine import writing
from models.person import Role
from services import audit
from services.queue import dead_letters

pages = Blueprint("inbox", __name__)
pages.before_request(only(Role.SYSTEM_ADMIN))


@pages.get("/operations/inbox")
def show() -> str:
    """The dead letters, without their text."""
    return render_template("inbox.html", letters=dead_letters(visit().session))


@pages.post(f"/operations/inbox/<int(max={LARGEST_ID}):message_id>/again")
def again(message_id: int) -> Response:
    """Puts a dead message back in line."""
    me = visit()
    with writing(runtime().engine) as session:
        done = handle_again(session, message_id, now=me.now)
        if done:
            audit.record(session, "inbox.again", f"inbox:{message_id}", by=me.person.account, now=me.now)
    flash("放回去了，马上再处理一次。" if done else "这条已经不在这里了，多半已处理。")
    return redirect(url_for("inbox.show"), 303)
