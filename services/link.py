"""Links of 微信客服 that name an enterprise or a grid: made once, kept, and written to a workbook to be printed.

The scene is part of a link's cipher text, its parameter is not (page 94665, kf/add_contact_way): only a link whose scene
is the enterprise's own proves who opens it. A code that is no scene goes into the parameter, and the contact is asked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

import xlsxwriter
from sqlmodel import Session, col, select

from domain.errors import DomainError
from models.enterprise import Enterprise
from models.grid import Grid
from models.kf import Audience, KfAccount, KfLink
from services import audit

BY = "flask links"
# A scene has at most 32 characters.
_IS_SCENE = re.compile(r"[0-9A-Za-z_-]{1,27}")


class Of(StrEnum):
    """What a link names; the values are the sheets of the workbook."""

    ENTERPRISE = "企业"
    GRID = "网格"


@dataclass(frozen=True, slots=True)
class Place:
    """An enterprise or a grid, with the scene of its link and, where that is not its own, the parameter."""

    of: Of
    code: str
    name: str
    scene: str
    param: str


def account_for_links(session: Session) -> str:
    """The open_kfid of the account that serves enterprises, the first by id; refuses when there is none."""
    query = select(KfAccount.open_kfid).where(KfAccount.audience == Audience.ENTERPRISE).order_by(col(KfAccount.id))
    found = session.exec(query).first()
    if found is None:
        raise DomainError("还没有服务企业的客服账号。请在工作簿的“客服账号”里填上，导入后再来。")
    return found


def places(session: Session, of: Sequence[Of]) -> list[Place]:
    """The enterprises, the grids or both, by code."""
    found: list[Place] = []
    if Of.ENTERPRISE in of:
        rows = session.exec(select(Enterprise.code, Enterprise.name).order_by(col(Enterprise.code)))
        found += [_place(Of.ENTERPRISE, "ent", code, name) for code, name in rows]
    if Of.GRID in of:
        rows = session.exec(select(Grid.code, Grid.name).order_by(col(Grid.code)))
        found += [_place(Of.GRID, "grid", code, name) for code, name in rows]
    return found


def scenes_without_link(session: Session, open_kfid: str, wanted: Sequence[Place]) -> list[str]:
    """The scenes that no link was made for yet, each once."""
    made = set(session.exec(select(KfLink.scene).where(KfLink.open_kfid == open_kfid)))
    return [scene for scene in dict.fromkeys(one.scene for one in wanted) if scene not in made]


def keep_link(session: Session, open_kfid: str, scene: str, url: str, *, now: datetime) -> None:
    """Keeps the link that WeCom made for a scene."""
    link = KfLink(open_kfid=open_kfid, scene=scene, url=url, made_at=now)
    session.add(link)
    session.flush()
    audit.record(session, "link.make", f"kf_link:{link.id}", by=BY, now=now, scene=scene)


def write_links(session: Session, path: Path, open_kfid: str, wanted: Sequence[Place]) -> None:
    """Writes a sheet for enterprises and one for grids: code, name, link, and whether the link alone binds."""
    links = select(KfLink.scene, KfLink.url).where(KfLink.open_kfid == open_kfid)
    urls = dict(session.exec(links).all())
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for of in dict.fromkeys(one.of for one in wanted):
            sheet = book.add_worksheet(of.value)
            sheet.write_row(0, 0, ["编号", "名称", "链接", "打开就绑定"])
            for line, one in enumerate((one for one in wanted if one.of is of), start=1):
                param = f"&scene_param={quote(one.param, safe='')}" if one.param else ""
                binds = "是" if one.of is Of.ENTERPRISE and not one.param else "否"
                sheet.write_row(line, 0, [one.code, one.name, urls[one.scene] + param, binds])


def _place(of: Of, prefix: str, code: str, name: str) -> Place:
    if _IS_SCENE.fullmatch(code):
        return Place(of, code, name, f"{prefix}_{code}", "")
    return Place(of, code, name, prefix, f"{prefix}={code}")
