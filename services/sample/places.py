"""What has a place in the sample county: grids, enterprises, estates, customer-service accounts and groups."""

from collections.abc import Iterable
from typing import Any

from services.sample.enterprises import enterprises
from services.sample.grids import grids

ENTERPRISE_ACCOUNT, RESIDENT_ACCOUNT = "wkSAMPLE00000000000000000001", "wkSAMPLE00000000000000000002"

# Name, aliases, grid, households.
ESTATES = (
    ("虹桥佳苑", "虹桥、虹桥小区", "NH1", 209),
    ("河畔新村", "河畔、河畔小区", "NH2", 320),
    ("柳岸花园", "柳岸", "NH3", 156),
    ("荷塘雅居", "荷塘、荷塘小区", "NH4", 412),
    ("南河里", "南河里小区", "NH1", 188),
    ("水车苑", "水车", "NH2", 264),
    ("西桥家园", "西桥、西桥小区", "XQ1", 530),
    ("西桥老街", "老街", "XQ1", 97),
    ("梅坞公寓", "梅坞", "XQ2", 350),
    ("钟楼新村", "钟楼", "XQ2", 276),
    ("渡口人家", "渡口", "XQ3", 142),
    ("芦花庭", "芦花", "XQ3", 305),
)

KF_ACCOUNTS = ((ENTERPRISE_ACCOUNT, "企呼我应", "企业"), (RESIDENT_ACCOUNT, "邻里通", "居民"))

# Chat id, name, grid, project.
GROUPS = (
    ("wrSAMPLE00000000000000000001", "虹桥佳苑邻里群", "NH1", ""),
    ("wrSAMPLE00000000000000000002", "虹桥佳苑加装电梯群", "NH1", "虹桥佳苑加装电梯"),
    ("wrSAMPLE00000000000000000003", "河畔新村邻里群", "NH2", ""),
    ("wrSAMPLE00000000000000000004", "柳岸花园邻里群", "NH3", ""),
    ("wrSAMPLE00000000000000000005", "电子产业企业服务群", "QY1", ""),
)

Rows = Iterable[tuple[Any, ...]]


def places() -> dict[str, list[dict[str, Any]]]:
    """The rows of each of these sheets."""
    return {
        "网格": _rows(("编号", "名称", "上级编号", "类型", "联系人账号", "副联系人账号", "负责人账号"), grids()),
        "企业": _rows(("编号", "名称", "别名", "网格编号", "规上", "重点", "绑定码"), enterprises()),
        "小区": _rows(("名称", "别名", "网格编号", "户数"), ESTATES),
        "客服账号": _rows(("客服ID", "名称", "服务对象"), KF_ACCOUNTS),
        "客户群": _rows(("群ID", "名称", "网格编号", "项目"), GROUPS),
    }


def _rows(titles: tuple[str, ...], rows: Rows) -> list[dict[str, Any]]:
    return [dict(zip(titles, row, strict=True)) for row in rows]
