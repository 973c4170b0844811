"""Brings in grids, enterprises, estates, customer-service accounts and customer groups."""

from sqlmodel import Session

from models.enterprise import Enterprise
from models.estate import Estate
from models.grid import Grid, GridKind
from models.group import CustomerGroup
from models.kf import Audience, KfAccount
from models.person import Person
from services.workbook.county import by_level
from services.workbook.read import Workbook
from services.workbook.upsert import Outcome, TableLoad, ids_by


def load_grids(session: Session, book: Workbook) -> Outcome:
    """Grids, those above first."""
    people = ids_by(session, Person, "account_key")
    outcome = Outcome()
    for level in by_level(book.of("网格")):
        ids = ids_by(session, Grid, "code")
        rows = [
            {
                "code": row["编号"],
                "name": row["名称"],
                "kind": GridKind(row["类型"]),
                "parent_id": ids.get(row["上级编号"]),
                "contact_id": people.get(row["联系人账号"].lower()),
                "deputy_id": people.get(row["副联系人账号"].lower()),
                "supervisor_id": people.get(row["负责人账号"].lower()),
            }
            for row in level
        ]
        outcome.add(TableLoad(session, Grid, ["code"]).bring_in(rows))
    return outcome


def load_enterprises(session: Session, book: Workbook) -> Outcome:
    """Enterprises with their aliases joined by 、."""
    grids = ids_by(session, Grid, "code")
    rows = [
        {
            "code": row["编号"],
            "name": row["名称"],
            "aliases": "、".join(row["别名"]),
            "grid_id": grids[row["网格编号"]],
            "is_above_scale": row["规上"],
            "is_key": row["重点"],
            "binding_code": row["绑定码"],
        }
        for row in book.of("企业")
    ]
    return TableLoad(session, Enterprise, ["code"]).bring_in(rows)


def load_estates(session: Session, book: Workbook) -> Outcome:
    """Estates, known by their names."""
    grids = ids_by(session, Grid, "code")
    rows = [
        {
            "name": row["名称"],
            "aliases": "、".join(row["别名"]),
            "grid_id": grids[row["网格编号"]],
            "households": row["户数"],
        }
        for row in book.of("小区")
    ]
    return TableLoad(session, Estate, ["name"]).bring_in(rows)


def load_kf_accounts(session: Session, book: Workbook) -> Outcome:
    """微信客服 accounts."""
    rows = [
        {"open_kfid": row["客服ID"], "name": row["名称"], "audience": Audience(row["服务对象"])}
        for row in book.of("客服账号")
    ]
    return TableLoad(session, KfAccount, ["open_kfid"]).bring_in(rows)


def load_groups(session: Session, book: Workbook) -> Outcome:
    """Customer groups."""
    grids = ids_by(session, Grid, "code")
    rows = [
        {"chat_id": row["群ID"], "name": row["名称"], "grid_id": grids.get(row["网格编号"]), "project": row["项目"]}
        for row in book.of("客户群")
    ]
    return TableLoad(session, CustomerGroup, ["chat_id"]).bring_in(rows)
