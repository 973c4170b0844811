"""Writes the sample county's workbook."""

from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from services.sample.assessment import figures, indicators, plans
from services.sample.cast import BUREAU, UNITS, people
from services.sample.okr import objectives
from services.sample.personal import personal_figures, personal_indicators, personal_plans
from services.sample.places import places
from services.sample.routing import categories, duty, routes, rungs
from services.workbook.write import CountyWriter

QUARTERS = "一二三四"
ONE_DAY = timedelta(days=1)


def write_sample_county(path: Path, *, period_of: date) -> None:
    """Writes the sample to `path`: objectives in the quarter of `period_of`, periods from one before to one after.

    The same day always gives the same rows; the people are described in `services.sample.cast`.
    """
    current = _quarter(period_of)
    quarters = [_quarter(current["开始"] - ONE_DAY), current, _quarter(current["结束"] + ONE_DAY)]
    past_and_present = [quarter["编号"] for quarter in quarters[:2]]
    with CountyWriter(path) as book:
        book.fill("单位", _units())
        book.fill("人员", _people())
        book.fill("周期", quarters)
        book.fill("目标", objectives(current["编号"]))
        for sheet, rows in places().items():
            book.fill(sheet, rows)
        book.fill("假勤", _absences(period_of))
        book.fill("指标", chain(indicators(), personal_indicators()))
        book.fill("考核方案", chain(plans(past_and_present), personal_plans(past_and_present)))
        book.fill("指标数据", chain(figures(past_and_present), personal_figures(past_and_present)))
        book.fill("诉求类别", categories())
        book.fill("派单规则", routes())
        book.fill("催办阶梯", rungs())
        book.fill("值班领导", duty(current["开始"], quarters[2]["结束"]))


def _quarter(day: date) -> dict[str, Any]:
    number = (day.month - 1) // 3 + 1
    starts_on = date(day.year, number * 3 - 2, 1)
    after = date(day.year + number // 4, number * 3 % 12 + 1, 1)
    return {
        "编号": f"{day.year}Q{number}",
        "名称": f"{day.year}年第{QUARTERS[number - 1]}季度",
        "开始": starts_on,
        "结束": after - ONE_DAY,
    }


def _units() -> list[dict[str, Any]]:
    return [
        {
            "编号": unit.code,
            "名称": unit.name,
            "上级编号": "" if unit.category in ("局", "园区", "镇街") else BUREAU,
            "类别": unit.category,
        }
        for unit in UNITS
    ]


def _people() -> list[dict[str, Any]]:
    return [
        {
            "账号": person.account,
            "姓名": person.name,
            "单位编号": person.unit.code,
            "职级": person.rank,
            "跑道": person.track,
            "角色": person.roles or ("成员",),
        }
        for person in people()
    ]


def _absences(day: date) -> list[dict[str, Any]]:
    """Two officers of the cast's stations who are on leave in the week of `day`."""
    monday = day - timedelta(days=day.weekday())
    return [
        {"账号": "chengguan05", "开始": monday, "结束": monday + 4 * ONE_DAY},
        {"账号": "nanqiao07", "开始": monday + 2 * ONE_DAY, "结束": monday + 8 * ONE_DAY},
    ]
