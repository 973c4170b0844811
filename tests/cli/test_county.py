"""`flask load` and `flask export`: the county goes in and out as a workbook."""

from pathlib import Path

import openpyxl
import pytest

from tests.cli.terminal import Terminal
from tests.workbooks import COUNTY, PEOPLE, write_workbook


def test_a_workbook_is_counted_and_counts_as_unchanged_the_second_time(terminal: Terminal, tmp_path: Path) -> None:
    county = write_workbook(tmp_path / "county.xlsx", COUNTY)

    first, second = terminal.flask("load", county), terminal.flask("load", county)

    assert (first.status, second.status) == (0, 0), first.text + second.text
    assert "单位\t新增 2\t更新 0\t没变 0" in first.out.splitlines()
    assert "单位\t新增 0\t更新 0\t没变 2" in second.out.splitlines()
    assert "新增 0\t更新 0" in second.out
    assert all("新增 0\t更新 0" in line for line in second.out.splitlines())


def test_the_first_county_of_a_fresh_machine_needs_no_other_command(bare: Terminal, tmp_path: Path) -> None:
    loaded = bare.flask("load", write_workbook(tmp_path / "county.xlsx", COUNTY))

    assert loaded.status == 0, loaded.text
    assert "单位\t新增 2\t更新 0\t没变 0" in loaded.out.splitlines()


def test_every_fault_stands_on_its_own_line_and_nothing_is_loaded(terminal: Terminal, tmp_path: Path) -> None:
    wrong = [PEOPLE[0], ["lihua", "", "1001", None, None, None], ["wangsuo", "王所", "9999", None, None, "所长"]]
    file = write_workbook(tmp_path / "county.xlsx", {**COUNTY, "人员": wrong})

    refused = terminal.flask("load", file)
    loaded = terminal.flask("load", write_workbook(tmp_path / "good.xlsx", COUNTY))

    assert refused.status == 1
    assert refused.out == ""
    places = [line.split("：")[0] for line in refused.err.splitlines() if line.startswith("人员 ")]
    assert sorted(places) == ["人员 第2行 姓名", "人员 第3行 单位编号", "人员 第3行 角色"]
    assert "单位\t新增 2\t更新 0\t没变 0" in loaded.out


@pytest.mark.parametrize(
    ("name", "content", "cure"),
    [
        ("none.xlsx", None, "没有找到文件"),
        ("text.xlsx", b"not a workbook", "请另存为 .xlsx 再试"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "另存为 .xlsx 再试"),
    ],
)
def test_what_is_no_workbook_is_refused_with_the_cure(
    terminal: Terminal, tmp_path: Path, name: str, content: bytes | None, cure: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    refused = terminal.flask("load", tmp_path / name)

    assert refused.status == 1
    assert cure in refused.err
    assert "Traceback" not in refused.text


def test_the_empty_form_loads_as_it_is(terminal: Terminal, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"

    written, loaded = terminal.flask("load", "--template", form), terminal.flask("load", form)

    assert (written.status, loaded.status) == (0, 0), written.text + loaded.text
    assert {"单位", "人员", "周期", "目标", "指标"} <= set(openpyxl.load_workbook(form).sheetnames)


def test_the_empty_form_never_replaces_a_filled_one(terminal: Terminal, tmp_path: Path) -> None:
    filled = write_workbook(tmp_path / "county.xlsx", COUNTY)
    before = filled.read_bytes()

    refused = terminal.flask("load", "--template", filled)

    assert refused.status == 1
    assert "已经有了" in refused.err
    assert filled.read_bytes() == before


def test_the_county_comes_out_as_it_went_in(terminal: Terminal, tmp_path: Path) -> None:
    terminal.flask("load", write_workbook(tmp_path / "county.xlsx", COUNTY))

    exported = terminal.flask("export", "county", tmp_path / "out.xlsx")
    again = terminal.flask("load", tmp_path / "out.xlsx")

    assert (exported.status, again.status) == (0, 0), exported.text + again.text
    assert all("新增 0\t更新 0" in line for line in again.out.splitlines())


def test_the_audit_log_comes_out_with_who_loaded_the_county(terminal: Terminal, tmp_path: Path) -> None:
    terminal.flask("load", write_workbook(tmp_path / "county.xlsx", COUNTY))

    exported = terminal.flask("export", "audit", tmp_path / "audit.xlsx")

    assert exported.status == 0, exported.text
    rows = list(openpyxl.load_workbook(tmp_path / "audit.xlsx").active.iter_rows(values_only=True))  # type: ignore[union-attr]  # a new book has a sheet
    assert rows[0][2:5] == ("谁", "做了什么", "对象")
    assert ("flask load", "workbook.load") in [row[2:4] for row in rows]


@pytest.mark.parametrize("words", [("export", "county"), ("load", "--template")])
def test_a_file_that_cannot_be_written_is_named(terminal: Terminal, tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = terminal.flask(*words, tmp_path / "no-such-folder" / "out.xlsx")

    assert ended.status == 1
    assert "out.xlsx 写不了" in ended.err
    assert "Traceback" not in ended.text


def test_the_tickets_go_out_for_a_month_or_a_period_and_that_is_noted(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal.flask("load", write_workbook(tmp_path / "county.xlsx", COUNTY)).status == 0

    month = terminal.flask("export", "tickets", tmp_path / "tickets.xlsx", "--period", "2026-11")
    unknown = terminal.flask("export", "tickets", tmp_path / "none.xlsx", "--period", "2026-13")
    audit = terminal.flask("export", "audit", tmp_path / "audit.xlsx")

    assert (month.status, unknown.status, audit.status) == (0, 1, 0), month.text + unknown.text + audit.text
    assert openpyxl.load_workbook(tmp_path / "tickets.xlsx").sheetnames == ["诉求", "过程", "三率", "阳光榜"]
    assert "没有“2026-13”这个周期" in unknown.err
    assert not (tmp_path / "none.xlsx").exists()
    acts = [row[3] for row in openpyxl.load_workbook(tmp_path / "audit.xlsx")["审计"].iter_rows(values_only=True)]
    assert "ticket.export" in acts
