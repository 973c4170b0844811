"""Checks the sheets of how requests are routed and how long they may take."""

from services.workbook.fault import Faults
from services.workbook.read import Workbook

LONGEST_DAYS = 250
NOTHING_SAID = "主办单位、协办单位、承办人一个也没填，请至少填一个，或删掉这一行"


def check_ticket(book: Workbook, faults: Faults) -> None:
    """Adds categories without a sensible time and routes that lead nowhere."""
    for row in book.of("诉求类别"):
        days = row["办结工作日"]
        if days is not None and not 1 <= days <= LONGEST_DAYS:
            faults.add("诉求类别", row.number, "办结工作日", days, f"请填1到{LONGEST_DAYS}的整数")
    for row in book.of("派单规则"):
        if not (row["主办单位编号"] or row["协办单位编号"] or row["承办人账号"]):
            faults.add("派单规则", row.number, "主办单位编号", "", NOTHING_SAID)
