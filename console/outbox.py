"""Outgoing messages that did not arrive, for operators: send again, give up, or read with a reason that is noted."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.release import give_up, resend
from console.auth import only, runtime, visit
from console.layout import LARGEST_ID
from models.engine import writing
from models.person import Role
from services import audit
from services.queue import queues, reveal, unsent

GONE = "这条的状态已经变了，没有改动。"

pages = Blueprint("outbox", __name__)
pages.before_request(only(Role.SYSTEM_ADMIN))


@pages.get("/operations/outbox")
def show() -> str:
    """What needs a look, without texts, and why sending is paused."""
    me = visit()
    return render_template("outbox.html", messages=unsent(me.session), queues=queues(me.session, now=me.now))


@pages.post(f"/operations/outbox/<int(max={LARGEST_ID}):message_id>/resend")
def send_again(message_id: int) -> Response:
    """Queues a message again."""
    me = visit()
    with writing(runtime().engine) as session:
        done = resend(session, message_id, me.now)
        if done:
            audit.record(session, "outbox.resend", f"outbox:{message_id}", by=me.person.account, now=me.now)
    flash("排上队了，马上重发。" if done else GONE)
    return redirect(url_for("outbox.show"), 303)


@pages.post(f"/operations/outbox/<int(max={LARGEST_ID}):message_id>/give-up")
def rest(message_id: int) -> Response:
    """Lets a message rest for good."""
    me = visit()
    with writing(runtime().engine) as session:
        done = give_up(session, message_id)
        if done:
            audit.record(session, "outbox.give_up", f"outbox:{message_id}", by=me.person.account, now=me.now)
    flash("放弃了，不会再发。" if done else GONE)
    return redirect(url_for("outbox.show"), 303)


@pages.post(f"/operations/outbox/<int(max={LARGEST_ID}):message_id>/reveal")
def read(message_id: int) -> str:
    """Shows one message's words, once, after noting who wanted to read it and why."""
    me = visit()
    with writing(runtime().engine) as session:
        message = reveal(session, message_id, request.form.get("reason", ""), by=me.person, now=me.now)
    if message is None:
        abort(404)
    return render_template("outbox_message.html", message=message)
