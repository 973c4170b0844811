"""Loads or updates the county from a workbook: all of it or nothing, and the same twice over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session

from services.audit import record
from services.ticket.clock import climb_on
from services.ticket.deed import Telling
from services.ticket.hand_over import hand_over_of_grids
from services.workbook import assessment, county, okr, places, ticket
from services.workbook.check import check_workbook
from services.workbook.fault import Faults
from services.workbook.read import Progress, Workbook, read_workbook
from services.workbook.sheets import SHEETS
from services.workbook.upsert import Outcome

# Two loads at once wait for one another on PostgreSQL; SQLite has one writer anyway. The number is only ours.
LOAD_LOCK = 762_011_001
_PEOPLE_OF_GRIDS = frozenset({"contact_id", "deputy_id", "supervisor_id"})


@dataclass(frozen=True, slots=True)
class Count:
    """What became of the rows of one sheet."""

    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class LoadResult:
    """Counts by sheet name, in the order of loading, and hints (Chinese) about what was not read or matches nobody.

    `tellings` say whose open tickets went to whom because the people of their grid changed.
    """

    counts: dict[str, Count]
    hints: tuple[str, ...]
    tellings: tuple[Telling, ...] = ()

    def __str__(self) -> str:
        lines = [
            f"{name}：新增 {count.new}，更新 {count.changed}，不变 {count.unchanged}"
            for name, count in self.counts.items()
        ]
        return "\n".join([*lines, *self.hints])


def load_workbook(
    path: Path, session: Session, *, by: str, now: datetime, progress: Progress | None = None
) -> LoadResult:
    """Brings the workbook into the open transaction, in the name of `by` (an account or the operator).

    Codes that are there are updated, others added, none deleted; loading the same file again changes nothing.
    Raises WorkbookFaults with every fault of the file, before anything is written.
    `progress` is told (steps done, steps in all) now and then.
    """
    tell = progress or _silent
    _wait_for_other_loads(session)
    faults = Faults()
    book = read_workbook(path, faults, tell)
    check_workbook(session, book, faults)
    faults.raise_any([sheet.name for sheet in SHEETS])
    counts: dict[str, Count] = {}
    moved: list[int] = []
    done = total = book.total
    for sheet in SHEETS:
        if sheet.name in book.rows:
            outcome = _LOADERS[sheet.name](session, book, by, now)
            counts[sheet.name] = _count(outcome)
            moved += _with_other_people(outcome)
        done += len(book.of(sheet.name))
        tell(done, total * 2)
    session.flush()
    # What the session remembers was changed behind its back.
    session.expire_all()
    figures = {name: [count.new, count.changed, count.unchanged] for name, count in counts.items()}
    record(session, "workbook.load", "workbook", by=by, now=now, rows=figures)
    told = hand_over_of_grids(session, moved, now=now) if moved else []
    if "催办阶梯" in counts:
        climb_on(session, now=now)
    return LoadResult(counts, tuple(dict.fromkeys(book.hints)), tuple(told))


def _with_other_people(outcome: Outcome) -> list[int]:
    """The ids of the grids whose holder, deputy or leader is somebody else now."""
    return [one.id for one in outcome.changed.values() if _PEOPLE_OF_GRIDS.intersection(one.fields)]


def _silent(_done: int, _total: int) -> None:
    pass


def _wait_for_other_loads(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOAD_LOCK})


def _count(outcome: Outcome) -> Count:
    return Count(len(outcome.new), len(outcome.changed) + len(outcome.with_it), len(outcome.unchanged))


def _load_people(session: Session, book: Workbook, by: str, now: datetime) -> Outcome:
    outcome, roles = county.load_people(session, book)
    for account, (before, after) in roles.items():
        record(session, "workbook.roles", f"person:{account}", by=by, now=now, before=before, after=after)
    return outcome


def _load_okr(session: Session, book: Workbook, by: str, now: datetime) -> Outcome:
    return okr.load_okr(session, book, by=by, now=now)


def _plain(load: Callable[[Session, Workbook], Outcome]) -> Callable[[Session, Workbook, str, datetime], Outcome]:
    return lambda session, book, _by, _now: load(session, book)


_LOADERS: dict[str, Callable[[Session, Workbook, str, datetime], Outcome]] = {
    "单位": _plain(county.load_units),
    "人员": _load_people,
    "周期": _plain(county.load_periods),
    "目标": _load_okr,
    "指标": _plain(assessment.load_indicators),
    "网格": _plain(places.load_grids),
    "企业": _plain(places.load_enterprises),
    "小区": _plain(places.load_estates),
    "客服账号": _plain(places.load_kf_accounts),
    "客户群": _plain(places.load_groups),
    "假勤": _plain(county.load_absences),
    "考核方案": _plain(assessment.load_plans),
    "指标数据": _plain(assessment.load_values),
    "诉求类别": _plain(ticket.load_categories),
    "派单规则": _plain(ticket.load_routes),
    "催办阶梯": _plain(ticket.load_rungs),
    "值班领导": _plain(ticket.load_duty),
}
