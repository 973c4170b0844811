"""`flask close` and `flask export results`: a quarter drafted and taken out as a workbook."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from services.sample import write_sample_county
from tests.cli.terminal import Terminal


@pytest.fixture
def loaded(terminal: Terminal, tmp_path: Path) -> Terminal:
    write_sample_county(tmp_path / "county.xlsx", period_of=date(2026, 11, 20))
    done = terminal.flask("load", tmp_path / "county.xlsx")
    assert done.status == 0, done.text
    return terminal


def test_a_quarter_is_closed_twice_to_the_same_and_comes_out(loaded: Terminal, tmp_path: Path) -> None:
    first, again = loaded.flask("close", "2026Q3"), loaded.flask("close", "2026Q3")
    exported = loaded.flask("export", "results", tmp_path / "out.xlsx", "--period", "2026Q3")
    newest = loaded.flask("export", "results", tmp_path / "newest.xlsx")

    assert (first.status, again.status) == (0, 0), first.text + again.text
    assert "2026年第三季度的结果起草好了第 1 版" in first.out
    assert "请核对：派出所考核方案：民主测评还没有数据" in first.out
    assert "数据没有变化，还是第 1 版" in again.out
    assert (exported.status, newest.status) == (0, 0), exported.text + newest.text
    places = list(openpyxl.load_workbook(tmp_path / "out.xlsx")["排名"].values)
    assert places[0][:7] == ("对象类型", "编号", "名称", "分组", "名次", "得分", "上期名次")
    assert len([row for row in places if row[3] == "派出所"]) == 8
    assert list(openpyxl.load_workbook(tmp_path / "newest.xlsx")["排名"].values) == places


def test_a_result_is_held_and_then_announced_once(loaded: Terminal) -> None:
    loaded.flask("close", "2026Q3")

    held, announced, again = (loaded.flask("announce", "2026Q3", *words) for words in (("--hold",), (), ()))

    assert "第 1 版先扣住" in held.out, held.text
    assert "第 1 版公布了" in announced.out, announced.text
    assert again.status == 0
    assert loaded.flask("announce", "2026Q3", "--hold").status == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("close", "2031Q1"), "没有“2031Q1”这个周期"),
        (("announce", "2031Q1"), "没有“2031Q1”这个周期"),
        (("export", "results", "out.xlsx"), "还没有起草过结果"),
        (("export", "results", "out.xlsx", "--period", "2031Q1"), "没有“2031Q1”这个周期"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(terminal: Terminal, words: tuple[str, ...], said: str) -> None:
    refused = terminal.flask(*words)

    assert refused.status == 1
    assert said in refused.err
    assert "Traceback" not in refused.text
