"""Checks the sheets of indicators, plans and figures."""

from decimal import Decimal

from domain.errors import DomainError
from domain.parameters import read_selector, read_subject
from domain.ties import read_ties
from models.plan import Grouping, Part, PlanSubject
from services.workbook.fault import Faults
from services.workbook.formulas import formula_faults
from services.workbook.known import Known
from services.workbook.read import Row, Workbook

HUNDRED = Decimal(100)
MAX_BONUS = Decimal(5)


def check_assessment(book: Workbook, known: Known, faults: Faults) -> None:
    """Adds what is wrong with indicators, plans and figures; selectors that match nobody become hints."""
    for row in book.of("指标"):
        _check_indicator(row, known, faults)
    plans: dict[str, list[Row]] = {}
    for row in book.of("考核方案"):
        _check_plan_row(row, faults)
        book.hints.extend(_unmatched(row, known))
        plans.setdefault(row["编号"], []).append(row)
    for rows in plans.values():
        _check_plan(rows, faults)
    for row in book.of("指标数据"):
        _check_subject(row, known, faults)


def _check_indicator(row: Row, known: Known, faults: Faults) -> None:
    if row["公式"]:
        for title, cure in formula_faults(row["公式"], row["参数"], row["目标值"]):
            faults.add("指标", row.number, title, row[title], cure)
    if row["满分"] is not None and row["满分"] < 0:
        faults.add("指标", row.number, "满分", row["满分"], "不能小于0")
    for written in row["适用"]:
        cure = _unknown_subject(written, known)
        if cure:
            faults.add("指标", row.number, "适用", written, cure)


def _unknown_subject(written: str, known: Known) -> str:
    try:
        kind, word = read_subject(written)
    except DomainError as error:
        return str(error)
    accounts = known.codes["人员"]
    everywhere = {"单位": known.codes["单位"], "类别": known.categories, "账号": accounts, "跑道": known.tracks}
    if kind:
        sheet = "单位" if kind in ("单位", "类别") else "人员"
        return "" if word in everywhere[kind] else f"没有这个{kind}，请先在{sheet}表加上，或改成已有的"
    if word.lower() in accounts or any(word in words for words in everywhere.values()):
        return ""
    return "不是已有的单位编号、类别、账号或跑道，请先在单位或人员表加上，或改成已有的"


def _check_plan_row(row: Row, faults: Faults) -> None:
    try:
        if row["适用"]:
            read_selector(row["适用"])
    except DomainError as error:
        faults.add("考核方案", row.number, "适用", row["适用"], str(error))
    try:
        read_ties(row["并列规则"])
    except DomainError as error:
        faults.add("考核方案", row.number, "并列规则", row["并列规则"], str(error))
    if row["对象"] == PlanSubject.UNIT.value and row["分组"] in (Grouping.TRACK.value, Grouping.TRACK_IN_UNIT.value):
        faults.add("考核方案", row.number, "分组", row["分组"], "单位没有跑道，请改成类别")
    parts, weights = row["组成"], row["权重"]
    if parts and weights and len(parts) != len(weights):
        faults.add(
            "考核方案",
            row.number,
            "权重",
            "、".join(map(str, weights)),
            f"组成有{len(parts)}项，权重也要有{len(parts)}个",
        )
    for part, weight in zip(parts, weights, strict=False):
        if part == Part.OKR_BONUS.value:
            if not 0 <= weight <= MAX_BONUS:
                faults.add("考核方案", row.number, "权重", weight, "OKR加分最多加几分，填0到5")
        elif weight <= 0:
            faults.add("考核方案", row.number, "权重", weight, "权重要大于0，请改成正数；不想算的部分可以删掉")


def _unmatched(row: Row, known: Known) -> list[str]:
    try:
        selector = read_selector(row["适用"])
    except DomainError:
        return []
    existing = {"类别": known.categories, "单位": known.codes["单位"], "跑道": known.tracks, "职级": known.ranks}
    return [
        f"考核方案 第{row.number}行 适用：现在没有{key}是“{word}”的，这一项暂时没有对象。"
        for key, words in selector.items()
        for word in words
        if word not in existing[key]
    ]


def _check_plan(rows: list[Row], faults: Faults) -> None:
    first, last = rows[0], rows[-1]
    for row in rows[1:]:
        for title in ("名称", "周期", "对象", "适用", "分组", "并列规则"):
            if row[title] != first[title]:
                cure = f"和第{first.number}行同一个方案写得不一样，请改成一样的"
                faults.add("考核方案", row.number, title, row[title], cure)
    parts = [pair for row in rows for pair in zip(row["组成"], row["权重"], strict=False)]
    names = [part for part, _ in parts]
    for part in dict.fromkeys(names):
        if names.count(part) > 1 and len({row["组成"] for row in rows}) == len(rows):
            faults.add("考核方案", last.number, "组成", part, "这个方案里写了两次，请只留一个")
    total = sum((weight for part, weight in parts if part != Part.OKR_BONUS.value), Decimal(0))
    if names and total != HUNDRED:
        cure = f"除OKR加分外，方案 {first['编号']} 的权重加起来要是100，现在是{total:f}"
        faults.add("考核方案", last.number, "权重", "", cure)


def _check_subject(row: Row, known: Known, faults: Faults) -> None:
    subject = row["对象"]
    if not subject:
        return
    is_person, is_unit = subject.lower() in known.codes["人员"], subject in known.codes["单位"]
    if is_person and is_unit:
        faults.add("指标数据", row.number, "对象", subject, "既是账号又是单位编号，请改掉其中一个编号")
    elif not (is_person or is_unit):
        cure = "不是已有的账号或单位编号，请先在人员或单位表加上，或改成已有的"
        faults.add("指标数据", row.number, "对象", subject, cure)
