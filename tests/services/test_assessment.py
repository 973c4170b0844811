"""Closing a period: what is drafted, what is said to be missing, and that it comes out the same again."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, col, select

from domain.errors import DomainError
from domain.result import RULE_VERSION
from models.audit import AuditEntry
from models.engine import writing
from models.indicator import Indicator, IndicatorValue
from models.okr import CountedSource, KeyResult
from models.period import Period
from models.person import Person
from models.result import Result, ResultRow, ResultState
from models.unit import Unit
from services.assessment import Drafted, draft, export_result, period_named, recomputed_hash, result_named
from services.assessment.gather import SOURCES
from services.assessment.show import summary
from tests.workbooks import COUNTY, NOW, Sheets, load, write_workbook

PLAN_TITLES = ["编号", "名称", "周期", "对象", "适用", "组成", "权重", "分组", "并列规则"]
FIGURE_TITLES = ["周期", "指标编号", "对象", "数值"]
SHEETS: Sheets = {
    **COUNTY,
    "单位": [
        ["编号", "名称", "上级编号", "类别"],
        ["JU", "县公安局", None, "局"],
        *([code, f"所{code}", "JU", "派出所"] for code in ("1001", "1002", "1003")),
    ],
    "周期": [
        ["编号", "名称", "开始", "结束"],
        ["2026Q3", "第三季度", date(2026, 7, 1), date(2026, 9, 30)],
        ["2026Q4", "第四季度", date(2026, 10, 1), date(2026, 12, 31)],
    ],
    "指标": [
        ["编号", "名称", "类型", "满分", "目标值", "公式", "参数", "适用"],
        ["Z1", "入户走访", "关键", 10, 30, "completion", "cap=1.2", None],
        ["Z2", "执法过错", "激励", 1, None, "count_deduction", "a=0.5; k=2", "派出所"],
        ["Z3", "办结名次", "关键", 20, None, "rank_points", "table=20,19,18", "类别=派出所"],
    ],
    "考核方案": [
        PLAN_TITLES,
        ["S3", "派出所方案", "2026Q3", "单位", "类别=派出所", "指标、民主测评、OKR加分", "80、20、3", None, None],
        ["S4", "派出所方案", "2026Q4", "单位", "类别=派出所", "指标、民主测评、OKR加分", "80、20、3", None, None],
        ["P4", "民警方案", "2026Q4", "人员", "职级=一般民警", "指标、OKR加分", "100、3", None, "关键指标高"],
    ],
    "指标数据": [
        FIGURE_TITLES,
        ["2026Q3", "Z1", "1001", 15],
        ["2026Q3", "Z1", "1002", 30],
        ["2026Q4", "Z1", "1001", 33],
        ["2026Q4", "Z2", "1001", 1],
        ["2026Q4", "Z3", "1001", 1],
        ["2026Q4", "Z1", "1002", 300],
        ["2026Q4", "Z3", "1002", 1.5],
        ["2026Q4", "Z1", "lihua", 20],
    ],
}


@pytest.fixture
def county(engine: Engine, tmp_path: Path) -> Engine:
    load(engine, write_workbook(tmp_path / "county.xlsx", SHEETS))
    return engine


@pytest.fixture
def session(county: Engine) -> Iterator[Session]:
    with writing(county) as session:
        yield session


def close(session: Session, code: str = "2026Q4") -> Drafted:
    return draft(session, period_named(session, code), by="flask close", now=NOW)


def places(session: Session, drafted: Drafted) -> list[tuple[Any, ...]]:
    rows = session.exec(select(ResultRow).where(ResultRow.result_id == drafted.result.id).order_by(col(ResultRow.id)))
    return [(row.code, row.group_name, row.place, row.score, row.previous_place) for row in rows]


def test_a_quarter_is_drafted_with_places_scores_and_movement(session: Session) -> None:
    close(session, "2026Q3")

    drafted = close(session)

    # 1001: 11 + 0.5 + 20 of 31; 1002: 12 of 10, its place is no place; 李花 has 20/30, and none of her OKR yet.
    assert drafted.is_new
    assert places(session, drafted) == [
        ("lihua", "社区警务", 1, Decimal("66.67"), None),
        ("1002", "派出所", 1, Decimal("120"), 1),
        ("1001", "派出所", 2, Decimal("101.61"), 2),
        ("1003", "派出所", None, None, None),
    ]


def test_okr_adds_its_share_of_the_limit(session: Session) -> None:
    for key_result in session.exec(select(KeyResult)):
        key_result.current = key_result.start + (key_result.target - key_result.start) / 2

    drafted = close(session)

    scores = {code: score for code, _, _, score, _ in places(session, drafted)}
    assert scores["lihua"] == Decimal("68.17")
    assert scores["1001"] == Decimal("103.11")


def test_a_count_stands_in_where_nothing_was_reported(session: Session) -> None:
    session.exec(select(Indicator).where(Indicator.code == "Z1")).one().parameters = "count=入企走访"
    key_result = session.exec(select(KeyResult).where(KeyResult.title == "入户走访")).one()
    key_result.source, key_result.current = CountedSource.VISITED, Decimal(24)
    for value in session.exec(select(IndicatorValue).where(col(IndicatorValue.value).in_([20, 33]))):
        session.delete(value)
    session.flush()

    drafted = close(session)

    rows = session.exec(select(ResultRow).where(ResultRow.result_id == drafted.result.id)).all()
    figures = {row.code: line[1] for row in rows for line in row.detail["lines"] if line[0] == "Z1"}
    assert figures == {"lihua": "24", "1001": "24", "1002": "300", "1003": None}


def test_what_is_missing_odd_or_small_is_said(session: Session) -> None:
    said = "\n".join(close(session).result.notes)

    assert "派出所方案：民主测评还没有数据，权重先由其他部分分担。" in said
    assert "民警方案·社区警务：只有 1 个，名次仅供参考。" in said
    assert "派出所方案·派出所：没有数据、不参加排名：所1003。" in said
    assert "派出所方案·派出所：Z3 办结名次，1002 的 1.5：名次要是 1、2、3 这样的整数" in said
    assert "派出所方案·派出所：Z2 缺 1 个数据：所1002。" in said
    assert "所1002 Z1 这期 300，上期 30，请核对是不是写错了单位或位数。" in said


def test_the_same_data_make_no_new_version(session: Session) -> None:
    first = close(session)
    version, hash_ = first.result.version, first.result.hash

    again = close(session)

    assert (again.is_new, again.result.version, again.result.hash) == (False, version, hash_)
    assert len(session.exec(select(Result)).all()) == 1
    assert len(hash_) == 64


def test_a_correction_makes_a_version_beside_the_one_that_was_announced(session: Session) -> None:
    first = close(session).result
    first.state = ResultState.ANNOUNCED
    before = places(session, Drafted(first, is_new=False))
    value = session.exec(select(IndicatorValue).where(IndicatorValue.value == 300)).one()
    value.value = Decimal(30)
    session.flush()

    second = close(session).result

    assert (second.version, second.state) == (2, ResultState.DRAFT)
    assert second.hash != first.hash
    assert places(session, Drafted(first, is_new=False)) == before
    assert ("1001", "派出所", 1, Decimal("101.61"), None) in places(session, Drafted(second, is_new=True))


def test_a_kept_result_is_computed_again_to_the_same_hash(county: Engine) -> None:
    with writing(county) as session:
        close(session, "2026Q3")
        close(session)
    with writing(county) as session:
        for value in session.exec(select(IndicatorValue)):
            session.delete(value)
        results = session.exec(select(Result)).all()

        assert [recomputed_hash(result) for result in results] == [result.hash for result in results]


def test_both_databases_come_to_the_same_hash_for_as_long_as_the_rules_are_version_1(session: Session) -> None:
    # Another hash means that scores, words or what is kept changed: count RULE_VERSION up, so that old results say so.
    assert RULE_VERSION == "1"
    assert close(session).result.hash == "5dea416c7c5132b5bafb63ca6162c28fef9c51eb4764bc8151a1d255b8e337ea"


def test_results_read_no_activity(county: Engine) -> None:
    asked: list[str] = []
    event.listen(county, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with writing(county) as session:
        close(session)

    tables = {str(model.__tablename__) for model in SOURCES}
    kept = {"period", "result", "result_row", "audit_entry"}
    read = {word.strip('"').split(".")[0] for sql in asked for word in _after_from(sql)}

    assert read <= tables | kept
    assert tables == {
        "plan", "plan_part", "indicator", "indicator_value", "unit", "person", "objective", "key_result",
    }  # fmt: skip
    assert len([sql for sql in asked if sql.lstrip().startswith("SELECT")]) <= 16


def _after_from(sql: str) -> Iterator[str]:
    words = sql.split()
    for before, word in pairwise(words):
        if before.upper() in ("FROM", "JOIN", "INTO", "UPDATE"):
            yield word.strip("(),")


def test_whoever_left_in_the_period_is_not_ranked(session: Session) -> None:
    session.exec(select(Person).where(Person.account == "lihua")).one().left_at = NOW

    assert "lihua" not in {code for code, *_ in places(session, close(session))}


def test_an_unknown_period_and_one_without_a_result_are_refused(session: Session) -> None:
    with pytest.raises(DomainError, match="没有“2027Q1”这个周期"):
        period_named(session, "2027Q1")
    with pytest.raises(DomainError, match="还没有起草过结果"):
        result_named(session, "")
    with pytest.raises(DomainError, match="第四季度还没有起草结果"):
        result_named(session, "2026Q4")


def test_a_period_without_a_plan_says_so(session: Session) -> None:
    period = Period(code="2027Q1", name="第一季度", starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 31))
    session.add(period)
    session.flush()

    assert close(session, "2027Q1").result.notes == ["这个周期还没有考核方案，请在考核方案表里写上再起草。"]


def test_a_draft_is_told_in_a_few_lines_and_noted(session: Session) -> None:
    drafted = close(session)

    lines = summary(session, period_named(session, "2026Q4"), drafted)

    assert lines[0].startswith("第四季度的结果起草好了第 1 版（规则 1，校验值 ")
    assert "派出所方案\t派出所\t3 个，排名 2 个" in lines
    assert any(line.startswith("请核对：") for line in lines)
    noted = session.exec(select(AuditEntry).where(AuditEntry.action == "result.draft")).one()
    assert noted.details["hash"] == drafted.result.hash


def test_a_result_comes_out_as_a_workbook_in_which_text_stays_text(session: Session, tmp_path: Path) -> None:
    session.exec(select(Unit).where(Unit.code == "1001")).one().name = "=所1001"
    result = close(session).result
    assert result.id is not None

    export_result(session, tmp_path / "out.xlsx", result.id)

    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    places, lines = list(book["排名"].values), list(book["明细"].values)
    assert places[0][:7] == ("对象类型", "编号", "名称", "分组", "名次", "得分", "上期名次")
    assert places[1][:7] == ("人员", "lihua", "李花", "社区警务", 1, 66.67, None)
    assert places[3][:7] == ("单位", "1001", "=所1001", "派出所", 2, 101.61, None)
    assert book["排名"]["C4"].data_type == "s"
    assert lines[0] == ("编号", "指标编号", "数值", "组平均", "组内名次", "得分", "公式", "说明")
    assert ("1001", "Z1", 33, 166.5, 2, 11, "completion", "完成 33，目标 30，是 110%；满分 10，得 11 分") in lines
    assert ("1003", "Z1", None, 166.5, None, None, "completion", "没有数据，这一项不计，满分由其他指标分担") in lines
