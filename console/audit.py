"""The audit log for auditors: who looked at or changed what, and whether the chain of hashes still holds."""

from flask import Blueprint, render_template, request

from console.auth import only, visit
from console.layout import LARGEST_ID, MenuEntry
from models.person import Role
from services.audit import first_broken
from services.audit_list import LogFilter, latest_entries, state_of_chain

MENU = MenuEntry("日志", "audit.show", 40)

pages = Blueprint("audit", __name__)
pages.before_request(only(Role.AUDITOR))


@pages.get("/operations/audit")
def show() -> str:
    """The newest entries, older ones page by page; `check=1` verifies the whole chain, which may take a while."""
    me = visit()
    wanted = LogFilter(actor=request.args.get("actor", "").strip(), subject=request.args.get("subject", "").strip())
    before = request.args.get("before", LARGEST_ID, type=int)
    is_checked = request.args.get("check") == "1"
    return render_template(
        "audit.html",
        entries=latest_entries(me.session, wanted, before=min(before, LARGEST_ID)),
        chain=state_of_chain(me.session),
        wanted=wanted,
        is_checked=is_checked,
        broken=first_broken(me.session) if is_checked else None,
    )
