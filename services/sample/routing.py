"""How the sample county routes requests: categories, routes, ladders, and a leader on duty every week."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from domain.triage_words import CATEGORIES, OTHER

Record = dict[str, Any]
LEADERS = ("qiaoju", "lian01", "lian06", "wangsuo")

# Grid, category, leading unit, assisting units, owner.
ROUTES = (
    ("", "用工", "YQ", (), ""),
    ("", "证照办理", "YQ", ("CR",), ""),
    ("", "安全环保", "ZA", ("CG", "NQ"), ""),
    ("GY4", "", "NH", (), ""),
    ("QY1", "政策咨询", "YQ", (), "lian01"),
)
# Clock, who hears, working days and minutes after the due time.
RUNGS = (
    ("接单", "承办人", 0, -60),
    ("接单", "网格长", 0, 0),
    ("接单", "值班领导", 1, 0),
    ("首联", "承办人", 0, -150),
    ("首联", "网格长", 0, 0),
    ("首联", "值班领导", 1, 0),
    ("办结", "承办人", -1, 0),
    ("办结", "网格长", 0, 0),
    ("办结", "值班领导", 1, 0),
)


def categories() -> list[Record]:
    """The rows of 诉求类别."""
    return [{"名称": one.name, "办结工作日": one.resolve_days} for one in (*CATEGORIES, OTHER)]


def routes() -> list[Record]:
    """The rows of 派单规则."""
    titles = ("网格编号", "类别", "主办单位编号", "协办单位编号", "承办人账号")
    return [dict(zip(titles, row, strict=True)) for row in ROUTES]


def rungs() -> list[Record]:
    """The rows of 催办阶梯."""
    return [dict(zip(("时限", "对象", "工作日", "分钟"), row, strict=True)) for row in RUNGS]


def duty(starts_on: date, ends_on: date) -> Iterator[Record]:
    """The rows of 值班领导: the leaders take turns by the week."""
    week = timedelta(days=7)
    day = starts_on
    for turn in range((ends_on - starts_on) // week + 1):
        yield {"账号": LEADERS[turn % len(LEADERS)], "开始": day, "结束": min(day + timedelta(days=6), ends_on)}
        day += week
