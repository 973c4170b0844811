"""The audit log as a workbook, for auditors who take it with them."""

import json
from pathlib import Path

import xlsxwriter
from sqlmodel import Session, col, select

from domain.calendar import local
from models.audit import AuditEntry


def export_audit(session: Session, path: Path) -> None:
    """Writes the whole log to a workbook, oldest first, with the hashes that tie it together."""
    with xlsxwriter.Workbook(
        path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet("审计")
        sheet.write_row(0, 0, ["序号", "时间", "谁", "做了什么", "对象", "内容", "校验值"])
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id)).execution_options(yield_per=1_000))
        for number, entry in enumerate(entries, start=1):
            details = json.dumps(entry.details, ensure_ascii=False)
            when = local(entry.at).isoformat(timespec="seconds")
            sheet.write_row(
                number, 0, [entry.position, when, entry.actor, entry.action, entry.subject, details, entry.hash]
            )
