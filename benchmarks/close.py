"""Closing a quarter: 5 000 officers in 40 units, 47 indicators, 20 000 key results; explained, kept and hashed."""

import os
import tempfile
import threading
import time
from datetime import date
from decimal import Decimal

from sqlalchemy import Engine, insert
from sqlmodel import SQLModel

import tests.keys  # noqa: F401 importing it gives this process its keys
from benchmarks.process import resident
from bot.clock import system_clock
from migrations import migrate
from models.engine import open_database, writing
from models.indicator import IndicatorKind, IndicatorSource
from models.okr import ObjectiveState
from models.plan import Grouping, Part, PlanSubject
from services.assessment import draft, period_named

OFFICERS, UNITS, INDICATORS, KEY_RESULTS = 5_000, 40, 47, 4
TRACKS = ("社区警务", "执法办案", "窗口服务", "综合保障")
FORMULAS = (
    ("completion", "cap=1.2"),
    ("threshold", "a=0.05"),
    ("threshold_reverse", "a=0.5"),
    ("ratio_to_best", ""),
    ("count_deduction", "a=0.5; k=30"),
    ("bands", ""),
    ("efficacy", "yes=100; no=60"),
    ("borrowed", "scale=0.1"),
)
BATCH = 5_000


def main() -> None:
    """Prints the seconds and the most memory above idle of a first close, and of one after which nothing changed."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/linge.db")
        migrate(engine)
        _fill(engine)
        engine.dispose()
        print(f"close of {OFFICERS} officers, {INDICATORS} indicators      seconds   MB above idle")
        for name in ("first draft", "again, nothing changed"):
            idle, most, stop = resident(os.getpid()), [0.0], threading.Event()
            watch = threading.Thread(target=_watch, args=(most, stop))
            watch.start()
            began = time.perf_counter()
            with writing(engine) as session:
                drafted = draft(session, period_named(session, "BENCH"), by="bench", now=system_clock())
            seconds = time.perf_counter() - began
            stop.set()
            watch.join()
            assert drafted.is_new == (name == "first draft")
            print(f"{name:44} {seconds:9.1f} {most[0] - idle:15.0f}")
        engine.dispose()


def _watch(most: list[float], stop: threading.Event) -> None:
    while not stop.wait(0.02):
        most[0] = max(most[0], resident(os.getpid()))


def _fill(engine: Engine) -> None:
    _add(
        engine,
        "period",
        [{"id": 1, "code": "BENCH", "name": "测量", "starts_on": date(2026, 7, 1), "ends_on": date(2026, 9, 30)}],
    )
    _add(
        engine,
        "unit",
        [
            {"id": n, "code": f"U{n}", "name": f"测量{n}所", "category": "派出所", "chat_id": ""}
            for n in range(1, UNITS + 1)
        ],
    )
    officers = range(1, OFFICERS + 1)
    people = [
        {"id": n, "account": f"p{n}", "account_key": f"p{n}", "name": f"测{n}", "unit_id": n % UNITS + 1}
        | {"rank": "一般民警", "track": TRACKS[n // UNITS % len(TRACKS)]}
        for n in officers
    ]
    _add(engine, "person", people)
    indicators = [
        {"id": n, "code": f"Z{n:02}", "name": f"指标{n}", "kind": IndicatorKind.KEY, "category": ""}
        | {"full_marks": Decimal(10), "target": Decimal(80), "applies_to": "", "source": IndicatorSource.UNIT}
        | dict(zip(("formula", "parameters"), FORMULAS[n % len(FORMULAS)], strict=True))
        for n in range(1, INDICATORS + 1)
    ]
    _add(engine, "indicator", indicators)
    plan = {"id": 1, "code": "BENCH", "name": "测量方案", "period_id": 1, "subject": PlanSubject.PERSON, "ties": ""}
    _add(engine, "plan", [plan | {"applies_to": "职级=一般民警", "grouping": Grouping.TRACK}])
    parts = ((Part.INDICATORS, 100), (Part.OKR_BONUS, 3))
    _add(engine, "plan_part", [{"plan_id": 1, "part": part, "weight": Decimal(weight)} for part, weight in parts])
    for number in range(1, INDICATORS + 1):
        values = [
            {"period_id": 1, "indicator_id": number, "person_id": n, "basis": ""}
            | {"value": Decimal((n * 7919 + number * 104729) % 1200) / 10}
            for n in officers
            if (n + number) % 15
        ]
        _add(engine, "indicator_value", values)
    _add(
        engine,
        "objective",
        [
            {"id": n, "period_id": 1, "person_id": n, "position": 1, "title": "测量", "weight": Decimal(1)}
            | {"state": ObjectiveState.APPROVED, "return_reason": ""}
            for n in officers
        ],
    )
    for number in range(1, KEY_RESULTS + 1):
        key_results = [
            {
                "objective_id": n,
                "position": number,
                "number": number,
                "title": "走访",
                "start": Decimal(0),
                "unit": "户",
            }
            | {"target": Decimal(50), "weight": Decimal(1), "current": Decimal(n % 60), "note": "", "reported_week": ""}
            for n in officers
        ]
        _add(engine, "key_result", key_results)


def _add(engine: Engine, table: str, rows: list[dict[str, object]]) -> None:
    with writing(engine) as session:
        for start in range(0, len(rows), BATCH):
            session.execute(insert(SQLModel.metadata.tables[table]), rows[start : start + BATCH])


if __name__ == "__main__":
    main()
