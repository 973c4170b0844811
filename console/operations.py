"""The service at a glance for its operators: queues, pauses, processes; figures only, nobody's data."""

from flask import Blueprint, render_template

from bot.heartbeat import is_alive
from console.auth import only, visit
from console.layout import MenuEntry
from models.person import Role
from services.queue import queues

PROCESSES = {"worker": "处理消息", "sender": "发送消息", "reader": "收客服消息", "clock": "定时任务"}

MENU = MenuEntry("运行", "operations.show", 30, covers=("inbox", "outbox", "job"))

pages = Blueprint("operations", __name__)
pages.before_request(only(Role.SYSTEM_ADMIN))


@pages.get("/operations")
def show() -> str:
    """Everything that moves, and whether it moves."""
    me = visit()
    alive = {label: is_alive(me.session, role, now=me.now) for role, label in PROCESSES.items()}
    return render_template("operations.html", queues=queues(me.session, now=me.now), alive=alive, now=me.now)
