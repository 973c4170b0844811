"""Fills a world from a county's workbook: departments, members, KF accounts, customer groups, grids, customers."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook

from simulator.errors import ApiError
from simulator.world import World

Row = dict[str, str]
Tables = dict[str, list[Row]]
SHEETS = ("单位", "人员", "网格", "企业", "小区", "客服账号", "客户群")
# Whose phones the chat page has: one person to each of the first enterprises and estates.
BOSSES = (
    "高老板",
    "孟厂长",
    "宋经理",
    "姚总",
    "柯姐",
    "范厂长",
    "程老板",
    "卢厂长",
    "秦经理",
    "鲁总",
    "唐姐",
    "顾老板",
)
RESIDENTS = (
    ("何奶奶", "居民"),
    ("骑手小马", "外卖骑手"),
    ("陈女士", "业主"),
    ("阿明", "租客"),
    ("沈师傅", "居民"),
    ("小周", "业主"),
    ("方阿姨", "楼长"),
    ("林先生", "业主"),
)


def read_workbook(path: Path) -> Tables:
    """The rows of the sheets a world needs; a missing sheet has none."""
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        return {name: list(_rows(book[name].iter_rows(values_only=True))) for name in SHEETS if name in book.sheetnames}
    finally:
        book.close()


def _rows(lines: Iterator[tuple[object, ...]]) -> Iterator[Row]:
    header = [str(cell or "").strip() for cell in next(lines, ())]
    for line in lines:
        row = {name: "" if cell is None else str(cell).strip() for name, cell in zip(header, line, strict=False)}
        if any(row.values()):
            yield row


def fill(world: World, path: Path) -> None:
    """Seed a world from a workbook; the same workbook gives the same ids."""
    tables = read_workbook(path)
    _add_staff(world, tables)
    for row in tables.get("客服账号", ()):
        world.kf.add(row["名称"], row["客服ID"], serves=row.get("服务对象", ""))
    grids = {row["编号"]: row for row in tables.get("网格", ())}
    _add_grids(world, grids)
    _add_groups(world, tables.get("客户群", []), grids)
    _add_customers(world, tables)


def _add_staff(world: World, tables: Tables) -> None:
    departments: dict[str, int] = {}
    for number, row in enumerate(tables.get("单位", ()), start=2):
        parentid = departments.get(row.get("上级编号", ""), 1)
        departments[row["编号"]] = world.directory.add_department(row["名称"], id=number, parentid=parentid).id
    for row in tables.get("人员", ()):
        department = departments.get(row.get("单位编号", ""), 1)
        leads = [department] if "单位负责人" in row.get("角色", "") else []
        position = row.get("职级") or row.get("跑道", "")
        world.directory.add_member(row["账号"], row["姓名"], departments=[department], position=position, leads=leads)


def _add_grids(world: World, grids: dict[str, Row]) -> None:
    made = {"": "SIMGRID0"}
    for code, row in grids.items():
        admins = tuple(row[name] for name in ("联系人账号",) if row.get(name))
        parent = made.get(row.get("上级编号", ""), "SIMGRID0")
        # The platform's own limits, such as ten grids to one person, do not bind a county's workbook.
        with contextlib.suppress(ApiError):
            made[code] = world.reports.add_grid(row["名称"], parent, admins).grid_id


def _add_groups(world: World, rows: list[Row], grids: dict[str, Row]) -> None:
    members = world.directory.members
    for row in rows:
        contact = grids.get(row.get("网格编号", ""), {}).get("联系人账号", "")
        owner = world.directory.find(contact) or (members[0] if members else None)
        if owner is not None:
            world.groups.add(row["名称"], owner.userid, row["群ID"])


def _add_customers(world: World, tables: Tables) -> None:
    """Bosses are shown with the code that binds them, since nobody hands them one on paper here."""
    account = {account.serves: account.open_kfid for account in world.kf.accounts.values()}
    for row, boss in zip(tables.get("企业", ()), BOSSES, strict=False):
        code = f"绑定码 {row['绑定码']}" if row.get("绑定码") else ""
        world.customers.add(boss, place=row["名称"], position=code, open_kfid=account.get("企业", ""))
    for row, (name, position) in zip(tables.get("小区", ()), RESIDENTS, strict=False):
        world.customers.add(name, place=row["名称"], position=position, open_kfid=account.get("居民", ""))
