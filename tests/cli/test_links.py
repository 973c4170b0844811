"""`flask links`: one link per enterprise and grid, made once."""

from pathlib import Path
from typing import Any

import openpyxl

from simulator import RunningSimulator
from tests.cli.terminal import Terminal
from tests.workbooks import COUNTY, write_workbook

GRIDS = [["编号", "名称", "上级编号", "类型"], ["1001", "东湖一网格", None, "企业网格"]]
ENTERPRISES = [
    ["编号", "名称", "网格编号", "绑定码"],
    ["1001", "固电电子有限公司", "1001", "GD1"],
    ["企A", "虹桥纺织有限公司", "1001", "HQ1"],
]
ACCOUNTS = [["客服ID", "名称", "服务对象"], ["wkQiYe", "企业服务", "企业"]]


def rows(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))[1:]


def test_every_enterprise_and_grid_has_a_link_that_is_made_once(
    connected: Terminal, platform: RunningSimulator, tmp_path: Path
) -> None:
    account = platform.world.kf.add("企业服务", "wkQiYe", serves="企业")
    sheets: dict[str, Any] = {**COUNTY, "网格": GRIDS, "企业": ENTERPRISES, "客服账号": ACCOUNTS}
    assert connected.flask("load", write_workbook(tmp_path / "county.xlsx", sheets)).status == 0

    grids = connected.flask("links", tmp_path / "grids.xlsx", "--grid")
    both = connected.flask("links", tmp_path / "both.xlsx")
    again = connected.flask("links", tmp_path / "again.xlsx")

    assert (grids.status, both.status, again.status) == (0, 0, 0), grids.text + both.text + again.text
    assert "新生成 1 个，一共 1 个" in grids.out
    assert "新生成 2 个，一共 3 个" in both.out
    assert "新生成 0 个，一共 3 个" in again.out
    assert account.scenes == {"grid_1001", "ent_1001", "ent"}
    own, other = rows(tmp_path / "again.xlsx", "企业")
    assert (own[0], str(own[2]).endswith("enc_scene=ENCent_1001"), own[3]) == ("1001", True, "是")
    assert str(other[2]).endswith("enc_scene=ENCent&scene_param=ent%3D%E4%BC%81A")
    assert other[3] == "否"


def test_without_an_account_for_enterprises_it_says_what_to_do(connected: Terminal, tmp_path: Path) -> None:
    refused = connected.flask("links", tmp_path / "out.xlsx")

    assert refused.status == 1
    assert "还没有服务企业的客服账号" in refused.err
    assert not (tmp_path / "out.xlsx").exists()
