"""What `flask doctor` finds: every fault by name, each with its cure, none of them fatal to the others."""

import pytest
from sqlalchemy import Engine

from bot.clock import system_clock
from bot.doctor import Verdict, examine
from bot.runtime import Runtime, build_runtime
from models.engine import open_database
from simulator import RunningSimulator
from tests.conftest import Service
from tests.times import MovableClock


@pytest.fixture
def clock() -> MovableClock:
    """The present: the simulated platform's answers carry the real date."""
    return MovableClock(system_clock())


@pytest.fixture
def runtime(service: Service, engine: Engine, clock: MovableClock) -> Runtime:
    return build_runtime(service.settings, engine=engine, clock=clock)


def verdicts(runtime: Runtime) -> dict[str, tuple[Verdict, str]]:
    return {finding.subject: (finding.verdict, finding.text) for finding in examine(runtime)}


def changed(runtime: Runtime, **settings: object) -> Runtime:
    return build_runtime(runtime.settings.model_copy(update=settings), engine=runtime.engine, clock=runtime.clock)


def test_what_is_right_is_said_too(runtime: Runtime) -> None:
    found = verdicts(runtime)

    assert [found[subject][0] for subject in ("设置", "数据库", "企业微信", "时钟")] == [Verdict.RIGHT] * 4


@pytest.mark.parametrize(
    ("errcode", "cure"),
    [(40001, "WECOM_SECRET"), (40013, "WECOM_CORP_ID"), (60020, "企业可信IP"), (-1, "稍后会自动再试")],
)
def test_what_wecom_refuses_is_said_with_its_cure(
    runtime: Runtime, simulator: RunningSimulator, errcode: int, cure: str
) -> None:
    simulator.world.faults.add("errcode", path="gettoken", errcode=errcode)

    verdict, text = verdicts(runtime)["企业微信"]

    assert verdict is Verdict.WRONG
    assert cure in text


def test_wecom_out_of_reach_is_said_and_the_rest_is_looked_at_all_the_same(
    runtime: Runtime, simulator: RunningSimulator
) -> None:
    simulator.refuse()

    found = verdicts(runtime)
    simulator.listen()

    assert found["企业微信"][0] is found["时钟"][0] is Verdict.WRONG
    assert found["数据库"][0] is Verdict.RIGHT


def test_a_clock_that_is_wrong_is_said_in_seconds(runtime: Runtime, clock: MovableClock) -> None:
    clock.advance(seconds=600)

    verdict, text = verdicts(runtime)["时钟"]

    assert verdict is Verdict.WRONG
    assert "请开启服务器的时间同步" in text


def test_a_callback_address_that_answers_something_else_is_said(runtime: Runtime, simulator: RunningSimulator) -> None:
    verdict, text = verdicts(changed(runtime, public_url=simulator.url))["回调地址"]

    assert verdict is Verdict.WRONG
    assert "请核对 WECOM_TOKEN 和 WECOM_AES_KEY" in text


def test_missing_settings_are_named_and_the_database_is_looked_at_all_the_same(runtime: Runtime) -> None:
    found = examine(changed(runtime, wecom_secret=None, wecom_token=None))

    assert [(finding.subject, finding.verdict) for finding in found[:3]] == [
        ("设置", Verdict.WRONG),
        ("设置", Verdict.WRONG),
        ("数据库", Verdict.RIGHT),
    ]
    assert [finding.text.split()[0] for finding in found[:2]] == ["WECOM_SECRET", "WECOM_TOKEN"]


def test_a_database_that_is_away_or_empty_is_said(runtime: Runtime) -> None:
    away = open_database("postgresql+psycopg://linge:hunter2@127.0.0.1:9/linge")
    empty = open_database("sqlite:///:memory:")

    texts = [
        verdicts(build_runtime(runtime.settings, engine=engine, clock=runtime.clock))["数据库"]
        for engine in (away, empty)
    ]
    empty.dispose()

    assert [verdict for verdict, _ in texts] == [Verdict.WRONG, Verdict.WRONG]
    assert "请核对 DATABASE_URL" in texts[0][1]
    assert "hunter2" not in texts[0][1]
    assert "flask migrate" in texts[1][1]
