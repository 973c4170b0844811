"""What a unit set itself stands on its page, with who reported it last."""

from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from models.engine import writing
from models.okr import CheckIn, KeyResult, Objective, ObjectiveState, Report
from models.person import Person
from tests.console.conftest import Browser
from tests.factories import Cast, make_objective
from tests.times import FRIDAY, at

VISITS = ("入户走访", "0", "500", "户")


@pytest.fixture
def own(engine: Engine, county: Cast) -> Objective:
    """城关所's own objective with one key result."""
    with writing(engine) as session:
        return make_objective(session, county.period, county.station, "把走访做实", (VISITS,))


def report(
    session: Session, objective: Objective, by: Person, value: str, when: datetime, *, gone: bool = False
) -> None:
    """What `单位KR1 235` in chat leaves behind."""
    key_result = session.exec(select(KeyResult).where(KeyResult.objective_id == objective.id)).one()
    told = Report(person_id=by.id or 0, week="2026-W47", text="", sent_at=when)
    session.add(told)
    session.flush()
    assert told.id is not None
    assert key_result.id is not None
    session.add(
        CheckIn(
            report_id=told.id,
            key_result_id=key_result.id,
            week="2026-W47",
            value=Decimal(value),
            reported_at=when,
            undone_at=when if gone else None,
        )
    )
    if not gone:
        key_result.current, key_result.reported_week, key_result.reported_at = Decimal(value), "2026-W47", when


def test_the_unit_s_own_key_results_are_shown(browser: Browser, own: Objective) -> None:
    browser.sign_in("wangsuo")

    page = browser.open("/unit/CG").text

    for words in ("单位的目标", "把走访做实", "入户走访", "0/500 户 · 0%", "还没有报过", "本周还没报"):
        assert words in page


def test_who_reported_last_is_named_and_what_was_taken_back_is_not(
    browser: Browser, engine: Engine, county: Cast, own: Objective
) -> None:
    with writing(engine) as session:
        report(session, own, county.zhangsan, "200", at("2026-11-19 09:00"))
        report(session, own, county.wangsuo, "235", FRIDAY)
        report(session, own, county.zhangsan, "400", at("2026-11-20 16:00"), gone=True)
    browser.sign_in("wangsuo")

    page = browser.open("/unit/CG").text

    assert "235/500 户 · 47% · 王所 11月20日 15:07 报的" in page
    assert "本周已报" in page


def test_what_is_not_approved_and_what_others_set_is_not_shown(
    browser: Browser, engine: Engine, county: Cast, own: Objective
) -> None:
    with writing(engine) as session:
        session.get_one(Objective, own.id).state = ObjectiveState.PROPOSED
    browser.sign_in("wangsuo")

    assert "单位的目标" not in browser.open("/unit/CG").text
