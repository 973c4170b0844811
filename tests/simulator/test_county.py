"""A world seeded from a county's workbook, and the simulator as a program of its own."""

import json
import signal
import subprocess
import sys
import time as real_time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from simulator import World
from simulator.__main__ import read_arguments
from simulator.county import fill

SHEETS: dict[str, list[tuple[object, ...]]] = {
    "单位": [("编号", "名称", "上级编号", "类别"), ("JU", "县局", None, "局"), ("CG", "城关所", "JU", "派出所")],
    "人员": [
        ("账号", "姓名", "单位编号", "职级", "角色"),
        ("lisi", "李四", "CG", "一般民警", None),
        ("Wang", "王所", "CG", None, "单位负责人、督察"),
    ],
    "网格": [("编号", "名称", "上级编号", "类型", "联系人账号"), ("G1", "一网格", None, "居民网格", "lisi")],
    "企业": [("编号", "名称", "网格编号", "绑定码"), ("E1", "固电电子", "G1", "GD2618")],
    "小区": [("名称", "网格编号"), ("虹桥佳苑", "G1")],
    "客服账号": [("客服ID", "名称", "服务对象"), ("wkENT", "企呼我应", "企业"), ("wkRES", "邻里通", "居民")],
    "客户群": [("群ID", "名称", "网格编号"), ("wrHQ", "虹桥佳苑居民群", "G1"), (None, None, None)],
}


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in SHEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "county.xlsx")
    return tmp_path / "county.xlsx"


def test_a_workbook_fills_the_directory_with_stable_ids(workbook: Path) -> None:
    worlds = [World(), World()]
    for world in worlds:
        fill(world, workbook)

    world = worlds[0]
    assert [(d.id, d.name, d.parentid) for d in world.directory.departments.values()] == [
        (1, "邻格县（示例）", 0),
        (2, "县局", 1),
        (3, "城关所", 2),
    ]
    leader = world.directory.find("wang")
    assert leader is not None
    assert (leader.name, leader.departments, leader.leads) == ("王所", [3], [3])
    assert (world.kf.find("wkENT").name, world.kf.find("wkENT").serves) == ("企呼我应", "企业")
    assert world.groups.find("wrHQ").owner == "lisi"
    assert [grid.name for grid in world.reports.grids.values()] == ["全县", "一网格"]
    assert [(c.name, c.place, c.position, c.open_kfid) for c in world.customers.all()] == [
        ("高老板", "固电电子", "绑定码 GD2618", "wkENT"),
        ("何奶奶", "虹桥佳苑", "居民", "wkRES"),
    ]
    assert [c.external_userid for c in world.customers.all()] == [c.external_userid for c in worlds[1].customers.all()]


def test_settings_come_from_the_command_line_else_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WECOM_CORP_ID", "wwenvironment")
    monkeypatch.setenv("WECOM_SECRET", "of-the-environment")
    monkeypatch.setenv("PUBLIC_URL", "http://127.0.0.1:8123")

    given = read_arguments(["--secret", "of-the-line"])
    assert (given.corp_id, given.secret, given.port) == ("wwenvironment", "of-the-line", "8001")
    assert given.callback == "http://127.0.0.1:8123/wecom/callback"


@pytest.fixture
def program(workbook: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    command = [sys.executable, "-m", "simulator", "--port", "0", "--county", str(workbook)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        yield program, program.stdout.readline().decode().split()[-1]
        program.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_program_serves_the_county_and_ends_within_a_second(
    program: tuple["subprocess.Popen[bytes]", str], number: signal.Signals
) -> None:
    process, url = program
    with urllib.request.urlopen(f"{url}/sim/people", timeout=5) as answer:
        people = json.load(answer)["people"]
    with urllib.request.urlopen(f"{url}/", timeout=5) as answer:
        assert answer.status == 200
    started = real_time.perf_counter()
    process.send_signal(number)

    assert process.wait(timeout=5) == 0
    assert real_time.perf_counter() - started < 1
    assert [p["name"] for p in people if p["kind"] == "member"] == ["李四", "王所"]
