"""Indicators, plans and figures of the sample county."""

from collections.abc import Iterator, Sequence
from typing import Any

from services.sample.cast import OFFICE, SQUADRON, STATION, UNITS, UnitSeed

STATIONS, OFFICES, SQUADRONS = (STATION,), (OFFICE,), (SQUADRON,)

# Code, name, kind, category, full marks, target, formula, parameters, source, owner, applies to, lowest and highest figure.
Line = tuple[str, str, str, str, int, int | None, str, str, str, str, tuple[str, ...], int, int]
INDICATORS: tuple[Line, ...] = (
    ("Z01", "入户走访完成", "关键", "基础", 20, 600, "completion", "cap=1.1", "计数", "jixiao", STATIONS, 480, 680),
    ("Z02", "反诈宣传覆盖率", "关键", "反诈", 20, 90, "threshold", "a=0.5; u=1", "单位", "fanzha01", STATIONS, 78, 97),
    ("Z03", "辖区发案数", "关键", "打防", 20, 34, "threshold_reverse", "a=0.5; u=1", "计数", "xingzhen01", STATIONS, 28, 44),
    ("Z04", "案件办结率", "关键", "执法", 20, None, "bands", "bands=90:20,80:16,70:12,60:8,0:4", "计数", "fazhi01", STATIONS, 66, 96),
    ("Z05", "群众满意率", "个性", "服务", 20, None, "efficacy", "yes=100; no=80", "人工", "jixiao", STATIONS, 88, 99),
    ("Z06", "执法过错", "激励", "执法", 5, None, "count_deduction", "a=1; k=4", "人工", "fazhi01", STATIONS, 0, 2),
    ("Z07", "基层诉求办结率", "关键", "服务", 60, 95, "threshold", "a=1; u=1", "计数", "jixiao", OFFICES, 86, 99),
    ("Z08", "信息采用数", "个性", "宣传", 40, None, "ratio_to_best", "", "计数", "xuanchuan01", OFFICES, 6, 30),
    ("Z09", "酒驾查处", "关键", "执法", 60, 160, "completion", "cap=1", "计数", "jixiao", SQUADRONS, 110, 190),
    ("Z10", "事故压降名次", "关键", "打防", 40, None, "rank_points", "a=4", "人工", "jixiao", SQUADRONS, 1, 8),
)  # fmt: skip
TITLES = ("编号", "名称", "类型", "分类", "满分", "目标值", "公式", "参数", "来源", "责任人账号", "适用")

PLANS = (
    ("PCS", "派出所考核方案", STATION, (("指标", 80), ("民主测评", 20), ("OKR加分", 3))),
    ("JG", "机关单位考核方案", OFFICE, (("指标", 70), ("民主测评", 30), ("OKR加分", 3))),
    ("JJ", "交警中队考核方案", SQUADRON, (("指标", 80), ("抽查", 20), ("OKR加分", 3))),
)


def indicators() -> list[dict[str, Any]]:
    """The rows of 指标."""
    return [dict(zip(TITLES, line, strict=False)) for line in INDICATORS]


def plans(periods: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of 考核方案: each plan once per period, one row per part."""
    for period in periods:
        for code, name, category, parts in PLANS:
            for part, weight in parts:
                yield {
                    "编号": f"{code}-{period}",
                    "名称": name,
                    "周期": period,
                    "对象": "单位",
                    "适用": f"类别={category}",
                    "组成": part,
                    "权重": weight,
                    "分组": "类别",
                }


def figures(periods: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of 指标数据 for units; one figure in fifteen is missing, as it is in life."""
    for season, period in enumerate(periods):
        for line, (code, *_, applies_to, lowest, highest) in enumerate(INDICATORS):
            units = [unit for unit in UNITS if unit.category in applies_to]
            for place, unit in enumerate(units):
                if (place + line + season) % 15 != 14:
                    value = (
                        _rank(place, season, units)
                        if code == "Z10"
                        else lowest + _spread(line, place, season) % (highest - lowest + 1)
                    )
                    yield {"周期": period, "指标编号": code, "对象": unit.code, "数值": value, "依据": "示例数据"}


def _spread(line: int, place: int, season: int) -> int:
    # Any fixed mixing will do: the sample has to look varied and be the same every time.
    return (line * 31 + place * 17 + season * 13) * 7


def _rank(place: int, season: int, units: Sequence[UnitSeed]) -> int:
    return (place * 3 + season * 5) % len(units) + 1
