"""What a workbook may refer to: its own rows and those already in the database."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from domain.triage_words import CATEGORIES, OTHER
from models.grid import Grid
from models.indicator import Indicator
from models.period import Period
from models.person import Person
from models.routing import TicketCategory
from models.unit import Unit
from services.workbook.read import Workbook


@dataclass
class Known:
    """Codes by the sheet that holds them (accounts lower-cased), the trees, the periods, and the words people go by."""

    codes: dict[str, set[str]]
    parents: dict[str, dict[str, str]]
    periods: dict[str, tuple[date, date]]
    categories: set[str]
    tracks: set[str]
    ranks: set[str]


def gather(session: Session, book: Workbook) -> Known:
    """The database as it will be once the workbook is in."""
    people = session.exec(select(Person.account_key, Person.track, Person.rank)).all()
    units = session.exec(select(Unit.code, Unit.category)).all()
    known = Known(
        codes={
            "人员": {key for key, _, _ in people},
            "单位": {code for code, _ in units},
            "周期": set(),
            "指标": set(session.exec(select(Indicator.code))),
            "网格": set(session.exec(select(Grid.code))),
            "诉求类别": {one.name for one in (*CATEGORIES, OTHER)} | set(session.exec(select(TicketCategory.name))),
        },
        parents={"单位": _unit_parents(session), "网格": _grid_parents(session)},
        periods={period.code: (period.starts_on, period.ends_on) for period in session.exec(select(Period))},
        categories={category for _, category in units} | {row["类别"] for row in book.of("单位")},
        tracks={track for _, track, _ in people} | {row["跑道"] for row in book.of("人员")},
        ranks={rank for _, _, rank in people} | {row["职级"] for row in book.of("人员")},
    )
    known.codes["周期"].update(known.periods)
    for name, codes in known.codes.items():
        codes.update(row.key[0] for row in book.of(name))
        codes.discard("")
    for name, parents in known.parents.items():
        parents.update({row["编号"]: row["上级编号"] for row in book.of(name)})
    return known


def _unit_parents(session: Session) -> dict[str, str]:
    parent = aliased(Unit)
    query = select(Unit.code, parent.code).join(parent, col(Unit.parent_id) == parent.id)
    return dict(session.exec(query).all())


def _grid_parents(session: Session) -> dict[str, str]:
    parent = aliased(Grid)
    query = select(Grid.code, parent.code).join(parent, col(Grid.parent_id) == parent.id)
    return dict(session.exec(query).all())
