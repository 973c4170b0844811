"""Grids, enterprises, estates, customer-service accounts and groups of the sample county; all invented."""

from typing import Any

ENTERPRISE_ACCOUNT, RESIDENT_ACCOUNT = "wkSAMPLE00000000000000000001", "wkSAMPLE00000000000000000002"

# Code, name, code above, kind, contact, deputy, supervisor.
GRIDS = (
    ("GY1", "临溪工业社区", "", "工业社区", "lian01", "lian02", "qiaoju"),
    ("QY1", "电子产业网格", "GY1", "企业网格", "lian02", "lian01", "wangsuo"),
    ("QY2", "纺织食品网格", "GY1", "企业网格", "lian04", "lian05", "nansuo"),
    ("WG101", "电子一微网格", "QY1", "微网格", "lian03", "lian02", "lian01"),
    ("WG102", "电子二微网格", "QY1", "微网格", "lian02", "lian03", "lian01"),
    ("WG201", "纺织微网格", "QY2", "微网格", "lian04", "lian05", "lian01"),
    ("WG202", "食品微网格", "QY2", "微网格", "lian05", "lian04", "lian01"),
    ("NH0", "南河头社区", "", "居民网格", "lian06", "lian07", "qiaoju"),
    ("NH1", "南河头一网格", "NH0", "居民网格", "lian10", "lian09", "lian06"),
    ("NH2", "南河头二网格", "NH0", "居民网格", "lian08", "lian07", "lian06"),
    ("NH3", "柳岸网格", "NH0", "居民网格", "lian09", "lian10", "lian06"),
    ("JG1", "城关警格", "", "警格", "lihua", "zhangshan", "wangsuo"),
    ("JG2", "南桥警格", "", "警格", "nanqiao02", "nanqiao04", "nansuo"),
)

# Code, name, aliases, grid, above scale, key, binding code.
ENTERPRISES = (
    ("E001", "固电电子有限公司", "固电电子、固电", "WG101", True, True, "GD2618"),
    ("E002", "磐石精密机械有限公司", "磐石精密", "WG101", True, False, "PS2625"),
    ("E003", "晨星传感器有限公司", "晨星传感", "WG102", False, True, "CX2632"),
    ("E004", "蓝湾新材料有限公司", "蓝湾新材", "WG102", True, False, "LW2649"),
    ("E005", "云杉纺织有限公司", "云杉纺织", "WG201", True, True, "YS2656"),
    ("E006", "小满针织厂", "小满针织", "WG201", False, False, "XM2663"),
    ("E007", "青禾食品有限公司", "青禾食品、青禾", "WG202", True, False, "QH2670"),
    ("E008", "竹里家具厂", "竹里家具", "WG202", False, False, "ZL2687"),
)

# Name, aliases, grid, households.
ESTATES = (
    ("虹桥佳苑", "虹桥、虹桥小区", "NH1", 209),
    ("河畔新村", "河畔、河畔小区", "NH2", 320),
    ("柳岸花园", "柳岸", "NH3", 156),
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

TITLES: dict[str, tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]] = {
    "网格": (("编号", "名称", "上级编号", "类型", "联系人账号", "副联系人账号", "负责人账号"), GRIDS),
    "企业": (("编号", "名称", "别名", "网格编号", "规上", "重点", "绑定码"), ENTERPRISES),
    "小区": (("名称", "别名", "网格编号", "户数"), ESTATES),
    "客服账号": (("客服ID", "名称", "服务对象"), KF_ACCOUNTS),
    "客户群": (("群ID", "名称", "网格编号", "项目"), GROUPS),
}


def places() -> dict[str, list[dict[str, Any]]]:
    """The rows of each of these sheets."""
    return {sheet: [dict(zip(titles, row, strict=True)) for row in rows] for sheet, (titles, rows) in TITLES.items()}
