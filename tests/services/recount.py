"""A quarter counted again from its workbook alone, in plain Python that shares nothing with the service but the file."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl

Row = dict[str, Any]


def rows_of(path: Path) -> dict[str, list[Row]]:
    """Every sheet as mappings from title to cell."""
    book = openpyxl.load_workbook(path, read_only=True)
    sheets: dict[str, list[Row]] = {}
    for sheet in book:
        titles, *rows = sheet.values
        sheets[sheet.title] = [{str(title): cell for title, cell in zip(titles, row, strict=True)} for row in rows]
    book.close()
    return sheets


def recount(path: Path, period: str) -> Iterator[list[Any]]:
    """Everybody's plan, group, code, place, score and lines (indicator, figure, mean, place, marks), by plan and place.

    Nobody has reported on their objectives, so that the bonus is nothing for all.
    """
    sheets = rows_of(path)
    figures = {
        (row["指标编号"], row["对象"]): Fraction(str(row["数值"]))
        for row in sheets["指标数据"]
        if row["周期"] == period
    }
    category = {row["编号"]: row["类别"] for row in sheets["单位"]}
    plans: dict[str, Row] = {}
    for row in sheets["考核方案"]:
        if row["周期"] == period:
            plans[row["编号"]] = row
    for code, plan in sorted(plans.items()):
        groups: dict[str, list[str]] = {}
        if plan["对象"] == "单位":
            for row in sheets["单位"]:
                if f"类别={row['类别']}" == plan["适用"]:
                    groups.setdefault(row["类别"], []).append(row["编号"])
        else:
            for row in sheets["人员"]:
                if row["职级"] in ("一般民警", "辅警") and row["跑道"] and row["跑道"] in plan["适用"]:
                    groups.setdefault(row["跑道"], []).append(row["账号"])
        for group, members in sorted(groups.items()):
            kind = "类别" if plan["对象"] == "单位" else "跑道"
            indicators = [
                row
                for row in sorted(sheets["指标"], key=lambda row: str(row["编号"]))
                if {group, f"{kind}={group}"} & set((row["适用"] or "").split("、"))
            ]
            assert set(members) <= set(category) or kind == "跑道"
            for result in _group(indicators, sorted(members), figures, bool(plan["并列规则"])):
                yield [code, group, *result]


def _group(
    indicators: list[Row], members: list[str], figures: dict[Any, Fraction], is_chained: bool
) -> list[list[Any]]:
    lines: dict[str, list[list[Any]]] = {member: [] for member in members}
    marks: dict[str, dict[str, Fraction]] = {member: {} for member in members}
    for indicator in indicators:
        code = indicator["编号"]
        given = {member: figures[code, member] for member in members if (code, member) in figures}
        mean = sum(given.values()) / Fraction(len(given)) if given else None
        own = {member: _marks(indicator, value, max(given.values())) for member, value in given.items()}
        for member in members:
            value, got, place = given.get(member), own.get(member), None
            if got is not None:
                place = 1 + sum(_cents(other) > _cents(got) for other in own.values() if other is not None)
            elif value is None and own and "group_mean" in (indicator["参数"] or ""):
                got = sum((other for other in own.values() if other is not None), Fraction()) / len(own)
            if got is not None:
                marks[member][code] = got
            lines[member].append([code, _text(value), _text(mean), place, None if got is None else _cents(got)])
    full = {row["编号"]: Fraction(str(row["满分"])) for row in indicators}
    score = {
        member: sum(got.values(), Fraction()) * 100 / sum((full[code] for code in got), Fraction())
        for member, got in marks.items()
        if got
    }
    keys = {
        member: (_cents(value), *(_chain(indicators, marks[member], figures, member, full) if is_chained else ()))
        for member, value in score.items()
    }
    found = [
        [member, 1 + sum(other > keys[member] for other in keys.values()) if member in keys else None,
         _cents(score[member]) if member in score else None, lines[member]]
        for member in members
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one[1] is None, one[1], one[0]))


def _chain(
    indicators: list[Row],
    marks: dict[str, Fraction],
    figures: dict[Any, Fraction],
    member: str,
    full: dict[str, Fraction],
) -> list[Fraction]:
    def share(rows: list[Row]) -> Fraction:
        counted = [row["编号"] for row in rows if row["编号"] in marks]
        return sum((marks[code] for code in counted), Fraction()) / sum((full[code] for code in counted), Fraction())

    late = [row["编号"] for row in indicators if "逾期" in row["名称"]]
    return [
        Fraction(-sum(row["公式"] == "veto" and figures.get((row["编号"], member), 0) > 0 for row in indicators)),
        share([row for row in indicators if row["类型"] == "关键"]),
        share([row for row in indicators if "满意" in row["名称"]])
        if any("满意" in row["名称"] and row["编号"] in marks for row in indicators)
        else Fraction(0),
        -sum((figures.get((code, member), Fraction()) for code in late), Fraction()),
    ]


def _marks(indicator: Row, x: Fraction, best: Fraction) -> Fraction | None:
    given = dict(pair.split("=", 1) for pair in (indicator["参数"] or "").replace(" ", "").split(";") if pair)
    full = Fraction(str(indicator["满分"]))
    target = Fraction(str(indicator["目标值"] or 0))

    def number(name: str, default: int = 1) -> Fraction:
        return Fraction(given.get(name, str(default)))

    match indicator["公式"]:
        case "threshold":
            short = max(Fraction(0), target - x)
            return max(Fraction(0), full - number("a") * short / number("u"))
        case "threshold_reverse":
            return max(Fraction(0), full - number("a") * max(Fraction(0), x - target) / number("u"))
        case "completion":
            return full * min(x / target, number("cap"))
        case "rank_points" if "table" in given:
            table = given["table"].split(",")
            return Fraction(table[min(int(x), len(table)) - 1])
        case "rank_points":
            return max(Fraction(0), full - number("a") * (x - 1))
        case "ratio_to_best":
            return full * x / best
        case "count_deduction":
            return Fraction(0) if x >= number("k") else max(Fraction(0), full - number("a") * x)
        case "bands":
            bands = [band.split(":") for band in given["bands"].split(",")]
            return next(Fraction(points) for bound, points in bands if x >= Fraction(bound))
        case "efficacy":
            yes, no = number("yes"), number("no")
            return full * (number("c", 60) + number("d", 40) * (x - no) / (yes - no)) / 100
        case "borrowed":
            return min(full, x * number("scale"))
        case _:  # a veto
            return None


def _cents(value: Fraction) -> Fraction:
    """Two decimals, half up, of what is not negative."""
    return Fraction((value * 100 + Fraction(1, 2)).__floor__(), 100)


def _text(value: Fraction | None) -> str | None:
    """Four decimals, half up."""
    if value is None:
        return None
    rounded = Fraction((value * 10_000 + Fraction(1, 2)).__floor__(), 10_000)
    return f"{float(rounded):.4f}".rstrip("0").rstrip(".")
