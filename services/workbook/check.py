"""Looks through the whole workbook for what does not fit together, before anything is kept."""

from datetime import date

from sqlmodel import Session

from services.workbook.check_assessment import check_assessment
from services.workbook.check_okr import check_okr
from services.workbook.check_ticket import check_ticket
from services.workbook.fault import Faults
from services.workbook.known import Known, gather
from services.workbook.read import Row, Workbook
from services.workbook.sheets import BY_NAME

# Up to how many days a period is a month, a quarter, a half-year; longer ones are years. Only like lengths clash.
LENGTHS = (45, 135, 250)


def check_workbook(session: Session, book: Workbook, faults: Faults) -> None:
    """Adds every fault between rows, sheets and the database to `faults`, and hints to the workbook."""
    known = gather(session, book)
    for name in book.rows:
        _check_duplicates(book.rows[name], faults)
        _check_references(book.rows[name], known, faults)
    for name, parents in known.parents.items():
        _check_tree(book.of(name), parents, faults)
    _check_periods(book.of("周期"), known, faults)
    for name in ("假勤", "值班领导"):
        _check_days(book.of(name), faults)
    check_okr(session, book, faults)
    check_assessment(book, known, faults)
    check_ticket(book, faults)


def _check_duplicates(rows: list[Row], faults: Faults) -> None:
    first: dict[tuple[object, ...], int] = {}
    for row in rows:
        key = row.key
        if any(part in ("", None, ()) and row.sheet.columns[row.sheet.index[title]].required
               for title, part in zip(row.sheet.key, key, strict=True)):  # fmt: skip
            continue
        earlier = first.setdefault(key, row.number)
        if earlier != row.number:
            title = row.sheet.key[-1]
            cure = f"和第{earlier}行重复，请删掉一行或改{title}"
            faults.add(row.sheet.name, row.number, title, _words(row[title]), cure)


def _words(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _check_references(rows: list[Row], known: Known, faults: Faults) -> None:
    for row in rows:
        for column in row.sheet.references:
            cell = row[column.title]
            for value in cell if isinstance(cell, tuple) else (cell,):
                key = value.lower() if column.refers == "人员" else value
                if value and key not in known.codes[column.refers]:
                    what = "账号" if column.refers == "人员" else BY_NAME[column.refers].key[0]
                    cure = f'在"{column.refers}"表里没有，请先在{column.refers}表加上，或改成已有的{what}'
                    faults.add(row.sheet.name, row.number, column.title, value, cure)


def _check_tree(rows: list[Row], parents: dict[str, str], faults: Faults) -> None:
    on_cycle = _codes_on_cycles(parents)
    for row in rows:
        if row["编号"] in on_cycle:
            cure = "上级绕成了一圈，请改其中一个的上级编号"
            faults.add(row.sheet.name, row.number, "上级编号", row["上级编号"], cure)


def _codes_on_cycles(parents: dict[str, str]) -> set[str]:
    on_cycle: set[str] = set()
    seen: set[str] = set()
    for start in parents:
        path: dict[str, int] = {}
        code = start
        while code and code not in seen and code not in path:
            path[code] = len(path)
            code = parents.get(code, "")
        if code in path:
            on_cycle.update(member for member, place in path.items() if place >= path[code])
        seen.update(path)
    return on_cycle


def _check_periods(rows: list[Row], known: Known, faults: Faults) -> None:
    known_periods = dict(known.periods)
    for row in rows:
        starts_on, ends_on = row["开始"], row["结束"]
        if starts_on is None or ends_on is None:
            known_periods.pop(row["编号"], None)
            continue
        known_periods[row["编号"]] = (starts_on, ends_on)
        if ends_on < starts_on:
            faults.add("周期", row.number, "结束", ends_on, f"早于开始（{starts_on}），请改日期")
            known_periods.pop(row["编号"])
            continue
        _check_dates(row, faults)
    _check_overlaps(rows, known_periods, faults)


def _check_dates(row: Row, faults: Faults) -> None:
    setting, review, publish = row["制定截止"], row["复盘截止"], row["公布日"]
    if setting is not None and not row["开始"] <= setting <= row["结束"]:
        faults.add("周期", row.number, "制定截止", setting, f"要在开始（{row['开始']}）和结束（{row['结束']}）之间")
    if review is not None and review < row["结束"]:
        faults.add("周期", row.number, "复盘截止", review, f"早于结束（{row['结束']}），请改日期")
    after = max(row["结束"], review or row["结束"])
    if publish is not None and publish <= after:
        faults.add("周期", row.number, "公布日", publish, f"要晚于结束和复盘截止（{after}），请改日期")


def _check_overlaps(rows: list[Row], periods: dict[str, tuple[date, date]], faults: Faults) -> None:
    """Of each overlapping pair the one that starts later is at fault, or the one that is in the workbook."""
    numbers = {row["编号"]: row.number for row in rows}
    by_length: dict[int, list[tuple[date, date, str]]] = {}
    for code, (starts_on, ends_on) in periods.items():
        days = (ends_on - starts_on).days + 1
        by_length.setdefault(sum(days > length for length in LENGTHS), []).append((starts_on, ends_on, code))
    for group in by_length.values():
        latest: tuple[date, date, str] | None = None
        for period in sorted(group):
            starts_on, ends_on, code = period
            if latest is not None and starts_on <= latest[1]:
                other = latest[2]
                mine, theirs = (code, other) if code in numbers else (other, code)
                if mine in numbers:
                    cure = f"和周期 {theirs} 重叠了，请改其中一个的开始或结束"
                    faults.add("周期", numbers[mine], "开始", periods[mine][0], cure)
            if latest is None or ends_on > latest[1]:
                latest = period


def _check_days(rows: list[Row], faults: Faults) -> None:
    for row in rows:
        if row["开始"] is not None and row["结束"] is not None and row["结束"] < row["开始"]:
            faults.add(row.sheet.name, row.number, "结束", row["结束"], f"早于开始（{row['开始']}），请改日期")
