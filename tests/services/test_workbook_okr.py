"""What becomes of objectives and key results when a workbook is loaded again and changed."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from domain.okr import Confidence
from models.audit import AuditEntry
from models.engine import reading, writing
from models.okr import Change, ChangeState, KeyResult, Objective, ObjectiveState
from services.person import find_person
from services.workbook import Count
from tests.workbooks import COUNTY, NOW, OBJECTIVES, load, write_workbook


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "县.xlsx"


def test_a_changed_target_is_kept_with_both_values_and_progress_stays(engine: Engine, path: Path) -> None:
    load(engine, write_workbook(path, COUNTY))
    with writing(engine) as session:
        visits = session.exec(select(KeyResult).where(KeyResult.title == "入户走访")).one()
        visits.current, visits.confidence, visits.reported_at = Decimal(35), Confidence.AT_RISK, NOW

    changed = [list(row) for row in OBJECTIVES]
    changed[1][8] = "60"
    result = load(engine, write_workbook(path, {"目标": changed}), by="wangsuo")

    assert result.counts["目标"] == Count(0, 1, 2)
    with reading(engine) as session:
        visits = session.exec(select(KeyResult).where(KeyResult.title == "入户走访")).one()
        assert (visits.target, visits.current) == (Decimal(60), Decimal(35))
        assert visits.confidence is Confidence.AT_RISK
        change = session.exec(select(Change)).one()
        leader = find_person(session, "wangsuo")
        assert leader is not None
        assert (change.field, change.old_value, change.new_value) == ("target", "50", "60")
        assert (change.state, change.reason, change.decided_by_id) == (ChangeState.APPROVED, "工作簿导入", leader.id)
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "workbook.key_result")).one()
        assert entry.details == {"fields": ["target"], "figures": {"target": ["50", "60"]}}


def test_a_key_result_nobody_reported_follows_its_start(engine: Engine, path: Path) -> None:
    load(engine, write_workbook(path, COUNTY))

    changed = [list(row) for row in OBJECTIVES]
    changed[2][7] = 15
    load(engine, write_workbook(path, {"目标": changed}))

    with reading(engine) as session:
        fraud = session.exec(select(KeyResult).where(KeyResult.title == "电诈发案数")).one()
        assert (fraud.start, fraud.current) == (Decimal(15), Decimal(15))


def test_key_results_are_numbered_through_the_period_in_sheet_order_and_new_ones_appended(
    engine: Engine, path: Path
) -> None:
    titles = list(OBJECTIVES[0])
    two = ["2026Q4", "lihua", None, 2, "会办事", 1, "办证", 0, 5, "次"]
    one = ["2026Q4", "lihua", None, 1, "守平安", 1, "走访", 0, 50, "户"]
    load(engine, write_workbook(path, {**COUNTY, "目标": [titles, two, one]}))

    late = ["2026Q4", "lihua", None, 2, "会办事", 2, "培训", 0, 4, "场"]
    load(engine, write_workbook(path, {"目标": [titles, late, one, two]}))

    with reading(engine) as session:
        assert dict(session.exec(select(KeyResult.title, KeyResult.number)).all()) == {"办证": 1, "走访": 2, "培训": 3}


def test_a_renamed_objective_counts_its_rows_as_changed(engine: Engine, path: Path) -> None:
    load(engine, write_workbook(path, COUNTY))

    changed = [list(row) for row in OBJECTIVES]
    changed[1][4] = changed[2][4] = "守好一方平安"
    result = load(engine, write_workbook(path, {"目标": changed}))

    assert result.counts["目标"] == Count(0, 2, 1)


def test_a_proposed_objective_that_the_workbook_lists_is_approved(engine: Engine, path: Path) -> None:
    load(engine, write_workbook(path, COUNTY))
    with writing(engine) as session:
        for objective in session.exec(select(Objective)):
            objective.state, objective.decided_at = ObjectiveState.PROPOSED, None

    load(engine, path)

    with reading(engine) as session:
        assert {(one.state, one.decided_at) for one in session.exec(select(Objective))} == {
            (ObjectiveState.APPROVED, NOW)
        }
