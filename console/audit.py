"""The audit log for auditors: who looked at or changed what, and whether the chain of hashes still holds."""

from flask import Blueprint, render_template, request

from console.auth import only, visit
from console.layout import LARGEST_ID, MenuEntry
from models.person import Role
from services.audit import first_broken
from services.audit_list import LogFilter, latest_entries, state_of_chain

# How an auditor reads the acts; one that is not here is shown by its name.
ACTIONS = {
    "absence.end": "销了假",
    "absence.take": "请了假",
    "change.approve": "同意改关键结果",
    "change.propose": "提出改关键结果",
    "change.replace": "另提了一种改法",
    "change.return": "退回关键结果的改动",
    "feedback.give": "提了意见",
    "grid.look": "看了网格的工单",
    "inbox.again": "把收件放回再处理",
    "login.close": "退出控制台",
    "login.open": "登录控制台",
    "objective.approve": "确认目标",
    "objective.return": "退回目标",
    "objective.withdraw": "撤回目标",
    "outbox.give_up": "放弃发送",
    "outbox.resend": "重发消息",
    "outbox.reveal": "看了消息原文",
    "person.look": "看了个人页",
    "question.answer": "回答了提问",
    "question.ask": "问了一句",
    "report.keep": "报了进展",
    "report.undo": "撤销了进展",
    "ticket.ask_exclusion": "申请不计入三率",
    "ticket.exclude": "定了计不计入三率",
    "ticket.export": "导出了工单",
    "ticket.look": "看了工单",
    "ticket.look_cases": "看了三率背后的工单",
    "unit.look": "看了单位页",
    "visit.note": "记了走访",
    "workbook.load": "导入了工作簿",
}

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
        actions=ACTIONS,
        is_checked=is_checked,
        broken=first_broken(me.session) if is_checked else None,
    )
