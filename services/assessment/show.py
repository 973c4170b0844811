"""A drafted result in a few lines, for whoever closes the period."""

from itertools import groupby

from sqlalchemy import select as columns_of
from sqlmodel import Session, col

from models.period import Period
from models.result import ResultRow
from services.assessment.draft import Drafted


def summary(session: Session, period: Period, drafted: Drafted) -> list[str]:
    """What was drafted, each group with how many are ranked, and what should be looked at before it is announced."""
    result = drafted.result
    began = "起草好了" if drafted.is_new else "数据没有变化，还是"
    lines = [
        f"{period.name}的结果{began}第 {result.version} 版（规则 {result.rules['version']}，校验值 {result.hash[:16]}）。"
    ]
    names = {plan["code"]: plan["name"] for plan in result.rules["plans"]}
    query = columns_of(col(ResultRow.plan_code), col(ResultRow.group_name), col(ResultRow.place))
    query = query.where(col(ResultRow.result_id) == result.id).order_by(col(ResultRow.id))
    for (plan, group), rows in groupby(session.execute(query), key=lambda row: (row[0], row[1])):
        places = [row[2] for row in rows]
        ranked = sum(place is not None for place in places)
        lines.append(f"{names[plan]}\t{group}\t{len(places)} 个，排名 {ranked} 个")
    lines += [f"请核对：{note}" for note in result.notes] or ["没有缺的，也没有要核对的。"]
    return [*lines, f"要看明细，运行 flask export results 文件.xlsx --period {period.code}"]
