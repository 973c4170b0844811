"""Every fault of a workbook is named with its place and its cure, all in one run, and nothing is kept."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from models.engine import open_database
from services.workbook import Fault, WorkbookFaults
from tests.workbooks import (
    COUNTY,
    OBJECTIVE_TITLES,
    PEOPLE,
    PERIODS,
    UNITS,
    Sheets,
    contents,
    faults_of,
    load,
    write_workbook,
)

INDICATOR_TITLES = ["编号", "名称", "类型", "满分", "公式", "参数", "目标值", "适用"]
PLAN_TITLES = ["编号", "名称", "周期", "对象", "适用", "组成", "权重", "分组", "并列规则"]
CATEGORY_TITLES = ["名称", "办结工作日"]
DUTY_TITLES = ["账号", "开始", "结束"]
VALUE_TITLES = ["周期", "指标编号", "对象", "数值"]
INDICATORS = [INDICATOR_TITLES, ["Z1", "走访", "关键", 10, "completion", "", 50, "派出所、lihua"]]


@pytest.fixture
def engine(sqlite_template: Path, tmp_path: Path) -> Engine:
    """SQLite alone: faults are found before either database is written to."""
    path = tmp_path / "linge.db"
    path.write_bytes(sqlite_template.read_bytes())
    return open_database(f"sqlite:///{path}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "县.xlsx"


def unit(*cells: Any) -> dict[str, Any]:
    return {"单位": [*UNITS, list(cells)]}


def person(*cells: Any) -> dict[str, Any]:
    return {"人员": [*PEOPLE, list(cells)]}


def period(*cells: Any) -> dict[str, Any]:
    return {"周期": [["编号", "名称", "开始", "结束", "制定截止", "复盘截止", "公布日"], [*PERIODS[1]], list(cells)]}


def objective(*cells: Any) -> dict[str, Any]:
    return {"目标": [[*OBJECTIVE_TITLES, "权重", "目标权重"], ["2026Q4", *cells]]}


def indicator(*cells: Any) -> dict[str, Any]:
    return {"指标": [INDICATOR_TITLES, ["Z1", "走访", "关键", *cells]]}


def plan(*rows: list[Any]) -> dict[str, Any]:
    return {"考核方案": [PLAN_TITLES, *(["P", "方案", "2026Q4", *row] for row in rows)]}


def route(*cells: Any) -> dict[str, Any]:
    return {"派单规则": [["网格编号", "类别", "主办单位编号", "协办单位编号", "承办人账号"], list(cells)]}


def rung(*cells: Any) -> dict[str, Any]:
    return {"催办阶梯": [["时限", "对象", "工作日", "分钟"], list(cells)]}


CASES: list[tuple[dict[str, Any], str]] = [
    # Cells
    (unit("X1", None, None, "派出所"), "单位 第4行 名称：这一格要填"),
    (unit("X1", "长" * 129, None, "派出所"), f'单位 第4行 名称："{"长" * 40}…" 太长了，最多128个字，请改短'),
    (unit(date(2026, 1, 3), "所", None, "派出所"), "这一格变成了日期或时间，请把这一列设成文本格式再填"),
    (unit(True, "所", None, "派出所"), "单位 第4行 编号：\"True\" 这一格变成了 TRUE/FALSE，请把这一列设成文本格式再填"),
    (unit("X1", "=A2", None, "派出所"), '单位 第4行 名称："=A2" 这里是公式，请复制后“选择性粘贴”为数值'),
    (person("李花", "花", "1001"), '人员 第4行 账号："李花" 账号只能用字母、数字和 _-@. ，以字母或数字开头'),
    (person("a" * 65, "花", "1001"), "账号只能用字母、数字和 _-@. "),
    (person("x", "花", "1001", None, None, "所长"), '人员 第4行 角色："所长" 只能填 成员 / 单位负责人 / '),
    (objective("lihua", None, 1, "目标", 1, "走访", 0, "50户"), '目标 第2行 目标值："50户" 这里只填数字，不带单位和百分号'),
    (objective("lihua", None, 1, "目标", 1, "走访", 0, "80%"), '目标 第2行 目标值："80%" 这里只填数字，不带单位和百分号'),
    (objective("lihua", None, 1, "目标", 1, "走访", 0, "很多"), '目标 第2行 目标值："很多" 请填数字'),
    (objective("lihua", None, 1, "目标", 1, "走访", 0, date(2026, 1, 1)), "目标 第2行 目标值：\"2026-01-01\" 请填数字"),
    (objective("lihua", None, 1, "目标", 1, "走访", 0, 1e13), "这个数太大了"),
    (objective("lihua", None, 1.5, "目标", 1, "走访", 0, 5), '目标 第2行 目标序号："1.5" 请填不小于0的整数'),
    (objective("lihua", None, 0, "目标", 1, "走访", 0, 5), '目标 第2行 目标序号："0" 序号请填1、2、3这样的整数'),
    (objective("lihua", None, 1, "目标", 1, "走访", 0, 5, "户", 0), '目标 第2行 权重："0" 权重要大于0'),
    (objective("lihua", None, 1, "目标", 1, "走访", 0, 5, "户", 1, -1), '目标 第2行 目标权重："-1" 权重要大于0'),
    (period("2027Q1", "一季度", "明年", "2027-03-31"), '周期 第3行 开始："明年" 请填日期，例如 2026-10-01'),
    (period("2027Q1", "一季度", "2027-01-01", "2027-02-30"), '周期 第3行 结束："2027-02-30" 没有这一天'),
    ({"企业": [["编号", "名称", "网格编号", "规上"], ["E", "企业", None, "大概"]]}, '企业 第2行 规上："大概" 请填 是 或 否'),
    # Between rows and sheets
    (unit("1001", "又一个", None, "派出所"), '单位 第4行 编号："1001" 和第3行重复，请删掉一行或改编号'),
    (person("LIHUA", "花", "1001"), '人员 第4行 账号："LIHUA" 和第2行重复'),
    (person("x", "花", "X9"), '人员 第4行 单位编号："X9" 在"单位"表里没有，请先在单位表加上，或改成已有的编号'),
    (unit("X1", "所", "X9", "派出所"), '单位 第4行 上级编号："X9" 在"单位"表里没有'),
    (unit("X1", "所", "X1", "派出所"), '单位 第4行 上级编号："X1" 上级绕成了一圈，请改其中一个的上级编号'),
    ({"假勤": [["账号", "开始", "结束"], ["nobody", "2026-11-20", "2026-11-21"]]},
     '假勤 第2行 账号："nobody" 在"人员"表里没有，请先在人员表加上，或改成已有的账号'),
    ({"假勤": [["账号", "开始", "结束"], ["lihua", "2026-11-20", "2026-11-19"]]}, '假勤 第2行 结束："2026-11-19" 早于开始'),
    ({"小区": [["名称", "网格编号", "户数"], ["虹桥", "G1", -3]]}, '小区 第2行 户数："-3" 请填不小于0的整数'),
    # Periods
    (period("2027Q1", "一季度", "2027-01-01", "2026-12-31"), '周期 第3行 结束："2026-12-31" 早于开始（2027-01-01），请改日期'),
    (period("2027Q1", "一季度", "2026-12-31", "2027-03-31"), '周期 第3行 开始："2026-12-31" 和周期 2026Q4 重叠了'),
    (period("2027Q1", "一季度", "2027-01-01", "2027-03-31", "2027-04-01"), '周期 第3行 制定截止："2027-04-01" 要在开始'),
    (period("2027Q1", "一季度", "2027-01-01", "2027-03-31", None, "2027-03-30"), '周期 第3行 复盘截止："2027-03-30" 早于结束'),
    (period("2027Q1", "一季度", "2027-01-01", "2027-03-31", None, "2027-04-10", "2027-04-10"), '公布日："2027-04-10" 要晚于'),
    # Objectives
    (objective(None, None, 1, "目标", 1, "走访", 0, 5), "目标 第2行 账号：账号和单位编号填一个"),
    (objective("lihua", "1001", 1, "目标", 1, "走访", 0, 5), '目标 第2行 账号："lihua" 账号和单位编号填一个'),
    (objective("lihua", None, 1, "目标", 1, "走访", None, 0), '目标 第2行 目标值："0" 和起始值一样，算不出进度'),
    ({"目标": [OBJECTIVE_TITLES, ["2026Q4", "lihua", None, 1, "甲", 1, "走访", 0, 5], ["2026Q4", "lihua", None, 1, "乙", 2, "访", 0, 5]]},
     '目标 第3行 目标："乙" 和第2行同一个目标写得不一样'),
    ({"目标": [OBJECTIVE_TITLES, *(["2026Q4", "lihua", None, 1, "甲", n, "走访", 0, 5] for n in range(1, 7))]},
     '目标 第7行 关键结果序号："6" 一个目标最多5条关键结果'),
    ({"目标": [OBJECTIVE_TITLES, *(["2026Q4", "lihua", None, n, "甲", 1, "走访", 0, 5] for n in range(1, 7))]},
     '目标 第7行 目标序号："6" 一个周期最多5个目标'),
    # Indicators
    (indicator(10, "magic"), '指标 第2行 公式："magic" 没有这个公式，可以用 bands、'),
    (indicator(10, "threshold", "", 20), "指标 第2行 参数：公式 threshold 缺 a，例如 a=0.05; u=1"),
    (indicator(10, "threshold", "a=1; b=2", 20), "公式 threshold 没有参数 b，请删掉"),
    (indicator(10, "threshold", "a=一", 20), "指标 第2行 参数：\"a=一\" a 要是数字"),
    (indicator(10, "threshold", "a", 20), "参数写成 a=0.05; u=1 这样"),
    (indicator(10, "threshold", "a=1; u=0", 20), "u 要大于0"),
    (indicator(10, "threshold", "a=-1", 20), "指标 第2行 参数：\"a=-1\" a 是扣的分，不能小于0"),
    (indicator(10, "threshold", "a=1e9", 20), "指标 第2行 参数：\"a=1e9\" a 要是数字"),
    (indicator(10, "completion", "", 0), "指标 第2行 目标值：\"0\" 按完成比例算，目标值要大于0"),
    (indicator(10, "completion"), "指标 第2行 目标值：公式 completion 要有目标值，请填数字"),
    (indicator(10, "rank_points"), "公式 rank_points 缺 table 或 a"),
    (indicator(10, "count_deduction", "a=1"), "公式 count_deduction 缺 k"),
    (indicator(10, "efficacy", "yes=1; no=1"), "yes 和 no 不能一样"),
    (indicator(10, "bands", "bands=90"), "bands 写成 90:10,80:8,0:2 这样"),
    (indicator(10, "veto", "missing=zero"), "missing 只能是 skip 或 group_mean"),
    (indicator(10, "completion", "count=发消息", 20), "count 只能是 办结诉求 或 首次联系 或 入企走访"),
    (indicator(-1, "veto"), '指标 第2行 满分："-1" 不能小于0'),
    (indicator(10, "veto", "", None, "类别=派出所、类别=城关所"), '指标 第2行 适用："类别=城关所" 没有这个类别，'),
    (indicator(10, "veto", "", None, "颜色=红"), '指标 第2行 适用："颜色=红" 不认得 颜色，可以写 类别=、单位=、账号=、跑道='),
    (indicator(10, "veto", "", None, "派出所、X9"), '指标 第2行 适用："X9" 不是已有的单位编号、类别、账号或跑道'),
    # Plans and figures
    (plan(["单位", "派出所", "指标", 100]), "考核方案 第2行 适用：\"派出所\" 写成 类别=派出所"),
    (plan(["单位", "颜色=红", "指标", 100]), "不认得 颜色，可以用 类别、单位、跑道、职级"),
    (plan(["单位", "类别=派出所", "指标", 80]), "考核方案 第2行 权重：除OKR加分外，方案 P 的权重加起来要是100，现在是80"),
    (plan(["单位", "类别=派出所", "指标、抽查", "100、0"]), '考核方案 第2行 权重："0" 权重要大于0'),
    (plan(["单位", "类别=派出所", "指标、抽查", "100"]), "组成有2项，权重也要有2个"),
    (plan(["单位", "类别=派出所", "指标、OKR加分", "100、6"]), "OKR加分最多加几分，填0到5"),
    (plan(["单位", "类别=派出所", "指标", 100, "跑道"]), '考核方案 第2行 分组："跑道" 单位没有跑道'),
    (plan(["单位", "类别=派出所", "指标", 100, None, "发言多的在前"]), '考核方案 第2行 并列规则："发言多的在前" 不认得“发言多的在前”'),
    (plan(["单位", "类别=派出所", "指标", 60], ["人员", "类别=派出所", "抽查", 40]), '考核方案 第3行 对象："人员" 和第2行同一个方案'),
    (plan(["单位", "类别=派出所", "指标", 50], ["单位", "类别=派出所", "指标", 50]), '考核方案 第3行 组成："指标" 和第2行重复'),
    (plan(["单位", "类别=派出所", "指标、抽查", "40、20"], ["单位", "类别=派出所", "指标", 40]), "这个方案里写了两次"),
    ({"指标": INDICATORS, "指标数据": [VALUE_TITLES, ["2026Q4", "Z1", "X9", 3]]}, '指标数据 第2行 对象："X9" 不是已有的账号或单位编号'),
    ({"指标数据": [VALUE_TITLES, ["2026Q4", "Z9", "lihua", 3]]}, '指标数据 第2行 指标编号："Z9" 在"指标"表里没有'),
    ({"人员": [*PEOPLE, ["1001", "花", "1001"]], "指标": INDICATORS, "指标数据": [VALUE_TITLES, ["2026Q4", "Z1", "1001", 3]]},
     '指标数据 第2行 对象："1001" 既是账号又是单位编号'),
    # Routing of requests
    ({"诉求类别": [CATEGORY_TITLES, ["用工", 0]]}, '诉求类别 第2行 办结工作日："0" 请填1到250的整数'),
    ({"诉求类别": [CATEGORY_TITLES, ["用工", 5], ["用工", 3]]}, '诉求类别 第3行 名称："用工" 和第2行重复，请删掉一行或改名称'),
    (route("X9", None, "1001"), '派单规则 第2行 网格编号："X9" 在"网格"表里没有'),
    (route(None, "天气", "1001"), '派单规则 第2行 类别："天气" 在"诉求类别"表里没有，请先在诉求类别表加上，或改成已有的名称'),
    (route(None, "用工", "X9"), '派单规则 第2行 主办单位编号："X9" 在"单位"表里没有'),
    (route(None, "用工", "1001", "JU、X8"), '派单规则 第2行 协办单位编号："X8" 在"单位"表里没有'),
    (route(None, "用工", None, None, "nobody"), '派单规则 第2行 承办人账号："nobody" 在"人员"表里没有'),
    (route(None, "用工"), "派单规则 第2行 主办单位编号：主办单位、协办单位、承办人一个也没填"),
    (rung("评价", "承办人"), '催办阶梯 第2行 时限："评价" 只能填 接单 / 首联 / 办结'),
    (rung("接单", "县长"), '催办阶梯 第2行 对象："县长" 只能填 承办人 / 网格长 / 值班领导'),
    (rung("接单", "承办人", 0.5), '催办阶梯 第2行 工作日："0.5" 请填整数，提前的写负数'),
    (rung("接单", "承办人", 0, "一会儿"), '催办阶梯 第2行 分钟："一会儿" 请填数字'),
    ({"值班领导": [DUTY_TITLES, ["nobody", "2026-11-20", "2026-11-21"]]}, '值班领导 第2行 账号："nobody" 在"人员"表里没有'),
    ({"值班领导": [DUTY_TITLES, ["wangsuo", "2026-11-20", "2026-11-19"]]}, '值班领导 第2行 结束："2026-11-19" 早于开始'),
    # Headers
    ({"人员": [["账号", "姓名"], ["x", "花"]]}, "人员 第1行 单位编号：缺这一列，请在第一行加上这个表头"),
    ({"人员": [["账号", "账号", "姓名", "单位编号"], ["x", "x", "花", "1001"]]}, "人员 第1行 账号：这一列有两份，请只留一份"),
    ({"人员": [["全县人员名册"], ["账号", "姓名", "单位编号"], ["x", "花", "1001"]]}, "人员 第1行：表头在第2行。第一行就要是表头"),
]  # fmt: skip


@pytest.mark.parametrize(("sheets", "expected"), CASES, ids=[expected[:24] for _, expected in CASES])
def test_a_fault_names_its_place_and_its_cure(
    engine: Engine, path: Path, sheets: dict[str, Any], expected: str
) -> None:
    before = contents(engine, without=())

    faults = faults_of(engine, write_workbook(path, {**COUNTY, **sheets}))

    assert any(expected in fault for fault in faults), faults
    assert contents(engine, without=()) == before


def test_a_fault_does_not_bring_others_that_are_none(engine: Engine, path: Path) -> None:
    sheets: Sheets = {**COUNTY, **objective("lihua", None, 1, "目标", 1, "走访", 0, "50户")}

    assert len(faults_of(engine, write_workbook(path, sheets))) == 1


def test_objectives_without_a_column_for_whose_they_are_are_one_fault_of_the_sheet(engine: Engine, path: Path) -> None:
    titles = [title for title in OBJECTIVE_TITLES if title not in ("账号", "单位编号")]
    rows = [["2026Q4", 1, "守好平安", place, "走访", 0, 50, "户"] for place in (1, 2, 3)]

    assert faults_of(engine, write_workbook(path, {**COUNTY, "目标": [titles, *rows]})) == [
        "目标 第1行：缺账号和单位编号这两列，看不出是谁的目标；请在第一行加上，个人的填账号，单位的填单位编号"
    ]


def test_all_faults_are_raised_together_in_the_order_of_sheets_and_rows(engine: Engine, path: Path) -> None:
    sheets: Sheets = {
        "人员": [PEOPLE[0], ["李", "花", "X9"], ["ok", None, "1001"]],
        "单位": [UNITS[0], [None, "所", None, "派出所"], ["1001", "所", None, None]],
    }

    with pytest.raises(WorkbookFaults) as refused:
        load(engine, write_workbook(path, sheets))

    places = [(fault.sheet, fault.row, fault.column) for fault in refused.value.faults]
    assert places == [
        ("单位", 2, "编号"), ("单位", 3, "类别"), ("人员", 2, "账号"), ("人员", 2, "单位编号"), ("人员", 3, "姓名")
    ]  # fmt: skip
    assert str(refused.value).splitlines()[0] == "工作簿里有 5 处要改，什么都没有导入："
    assert len(str(refused.value).splitlines()) == 6


def test_references_may_be_to_rows_already_in_the_database(engine: Engine, path: Path) -> None:
    load(engine, write_workbook(path, COUNTY))

    assert faults_of(engine, write_workbook(path, {"人员": [PEOPLE[0], ["zhangshan", "张山", "1001"]]})) == []


def test_objectives_already_in_the_database_count_towards_five(engine: Engine, path: Path) -> None:
    load(engine, write_workbook(path, COUNTY))

    more: list[list[Any]] = [
        OBJECTIVE_TITLES,
        *(["2026Q4", "lihua", None, n, "甲", 1, "走访", 0, 5] for n in range(2, 7)),
    ]

    assert faults_of(engine, write_workbook(path, {"目标": more})) == [
        '目标 第6行 目标序号："6" 一个周期最多5个目标，请合并或删掉几个'
    ]


def test_a_period_that_moved_is_compared_where_it_stands_now(engine: Engine, path: Path) -> None:
    load(engine, write_workbook(path, COUNTY))

    titles = list(PERIODS[0])
    moved: list[list[Any]] = [
        titles,
        ["2026Q4", "四季度", "2026-10-01", "2026-12-20"],
        ["2027Q1", "一季度", "2026-12-21", "2027-03-20"],
    ]
    year = ["2026", "全年", "2026-01-01", "2026-12-31"]

    assert faults_of(engine, write_workbook(path, {"周期": [*moved, year]})) == []


def test_a_cycle_through_the_database_is_found(engine: Engine, path: Path) -> None:
    load(engine, write_workbook(path, COUNTY))

    faults = faults_of(engine, write_workbook(path, {"单位": [UNITS[0], ["JU", "县公安局", "1001", "局"]]}))

    assert faults == ['单位 第2行 上级编号："1001" 上级绕成了一圈，请改其中一个的上级编号']


def test_a_fault_reads_well_with_and_without_a_place() -> None:
    assert str(Fault("人员", 12, "单位编号", "X9", "要改")) == '人员 第12行 单位编号："X9" 要改'
    assert str(Fault("", 0, "", "", "要改")) == "要改"
