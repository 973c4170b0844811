"""Brings in what routes requests: categories, routes with their assisting units, ladders, and leaders on duty."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from domain.sla import Schedule
from models.grid import Grid
from models.person import Person
from models.routing import DutyLeader, EscalationRung, TicketCategory, TicketRoute, TicketRouteUnit
from models.ticket import Clock
from models.unit import Unit
from services.workbook.read import Row, Workbook
from services.workbook.sheets import ADDRESSEES, CLOCKS
from services.workbook.upsert import Outcome, TableLoad, ids_by

RouteKey = tuple[int | None, str]


def load_categories(session: Session, book: Workbook) -> Outcome:
    """Categories; new ones come after those that are there."""
    table = TableLoad(session, TicketCategory, ["name"])
    first = 1 + max((one["position"] for one in table.stored.values()), default=0)
    rows = [
        {"name": row["名称"], "resolve_days": row["办结工作日"], "position": place}
        for place, row in enumerate(book.of("诉求类别"), start=first)
    ]
    return table.bring_in(rows, only_new=["position"])


def load_routes(session: Session, book: Workbook) -> Outcome:
    """Routes by grid and category; the assisting units of a listed one are those of its row."""
    grids, units = ids_by(session, Grid, "code"), ids_by(session, Unit, "code")
    people = ids_by(session, Person, "account_key")
    rows: list[dict[str, Any]] = []
    assisting: dict[RouteKey, set[int]] = {}
    for row in book.of("派单规则"):
        key = (grids.get(row["网格编号"]), row["类别"])
        assisting[key] = {units[code] for code in row["协办单位编号"]}
        rows.append(
            {
                "grid_id": key[0],
                "category": key[1],
                "lead_unit_id": units.get(row["主办单位编号"]),
                "owner_id": people.get(row["承办人账号"].lower()),
            }
        )
    outcome = TableLoad(session, TicketRoute, ["grid_id", "category"]).bring_in(rows)
    for changed in _replace_units(session, assisting):
        if changed in outcome.unchanged:
            outcome.count_as_changed(changed)
    return outcome


def _replace_units(session: Session, wanted: Mapping[RouteKey, set[int]]) -> list[RouteKey]:
    ids = {(one.grid_id, one.category): one.id or 0 for one in session.exec(select(TicketRoute))}
    held: dict[int, set[int]] = {}
    for link in session.exec(select(TicketRouteUnit)):
        held.setdefault(link.route_id, set()).add(link.unit_id)
    changed = [key for key, units in wanted.items() if held.get(ids[key], set()) != units]
    if changed:
        session.execute(delete(TicketRouteUnit).where(col(TicketRouteUnit.route_id).in_([ids[key] for key in changed])))
    links = [{"route_id": ids[key], "unit_id": unit} for key in changed for unit in sorted(wanted[key])]
    if links:
        session.execute(insert(TicketRouteUnit), links)
    return changed


def load_rungs(session: Session, book: Workbook) -> Outcome:
    """Ladders, whole: the rows of a clock replace those it had, the earliest step first."""
    ladders: dict[Clock, list[Row]] = {}
    for row in book.of("催办阶梯"):
        ladders.setdefault(CLOCKS[row["时限"]], []).append(row)
    working_day = int(Schedule().working_day.total_seconds() // 60)
    rows = [
        {
            "which": which,
            "addressee": ADDRESSEES[row["对象"]],
            "minutes": row["分钟"],
            "days": row["工作日"],
            "position": position,
        }
        for which, listed in ladders.items()
        for position, row in enumerate(
            sorted(listed, key=lambda row: row["工作日"] * working_day + row["分钟"]), start=1
        )
    ]
    table = TableLoad(session, EscalationRung, ["which", "addressee", "minutes", "days"])
    gone = [
        one["id"]
        for key, one in table.stored.items()
        if one["which"] in ladders
        and key not in {(row["which"], row["addressee"], row["minutes"], row["days"]) for row in rows}
    ]
    if gone:
        session.execute(delete(EscalationRung).where(col(EscalationRung.id).in_(gone)))
    return table.bring_in(rows)


def load_duty(session: Session, book: Workbook) -> Outcome:
    """Leaders on duty with their days."""
    people = ids_by(session, Person, "account_key")
    rows = [
        {"person_id": people[row["账号"].lower()], "starts_on": row["开始"], "ends_on": row["结束"]}
        for row in book.of("值班领导")
    ]
    return TableLoad(session, DutyLeader, ["person_id", "starts_on", "ends_on"]).bring_in(rows)
