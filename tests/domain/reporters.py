"""Several officers' key results, and readings written out short enough for a table."""

from decimal import Decimal

from domain.report import Doubt, Line, Option, Reading


def line(number: int, title: str, start: str, target: str, unit: str, current: str) -> Line:
    return Line(number, title, Decimal(start), Decimal(target), unit, Decimal(current))


# The officer of a community.
COMMUNITY = (
    line(1, "入户走访", "0", "50", "户", "23"),
    line(2, "反诈宣传覆盖率", "0", "95", "%", "75"),
    line(3, "台账系统上线", "0", "1", "", "0"),
    line(4, "案件办结率", "0", "90", "%", "60"),
    line(5, "组织法制培训", "0", "4", "场", "1"),
)
# Titles with digits, falling and negative targets, money, starts above zero.
AWKWARD = (
    line(1, "3·15宣传", "0", "4", "场", "1"),
    line(2, "110接警平均到场", "12", "8", "分钟", "11"),
    line(3, "一标三实采集", "0", "1200", "条", "300"),
    line(4, "盗窃警情", "12", "0", "起", "9"),
    line(5, "重大项目投资", "0", "12000", "万元", "3000"),
    line(6, "创建10个示范点", "0", "10", "个", "2"),
    line(7, "群众满意率", "80", "95", "%", "85"),
    line(8, "反诈宣传", "0", "20", "次", "6"),
    line(9, "发案同比", "0", "-10", "%", "-3"),
    line(10, "企业走访", "20", "50", "家", "25"),
)
# Talks, visits to the villages and training; nothing of it is a percentage.
TALKS = (
    line(1, "谈心谈话", "0", "12", "人次", "3"),
    line(2, "下沉一线调研", "0", "8", "次", "2"),
    line(3, "队伍培训", "0", "3", "场", "1"),
)
# The officer of a police station.
STATION = (
    line(1, "入户走访", "0", "50", "户", "20"),
    line(2, "矛盾纠纷化解", "0", "30", "件", "12"),
    line(3, "反诈宣传覆盖率", "0", "95", "%", "75"),
    line(4, "案件办结率", "0", "90", "%", "60"),
    line(5, "发案数", "12", "8", "起", "11"),
)
# Traffic, satisfaction above zero, persons, and money whose unit stands in the title too.
TRAFFIC = (
    line(1, "酒驾查处", "0", "40", "起", "10"),
    line(2, "群众满意度", "80", "95", "%", "85"),
    line(3, "一标三实采集", "0", "1200", "人", "300"),
    line(4, "安全检查企业数", "0", "60", "家", "20"),
    line(5, "招商引资到位资金(万元)", "0", "12000", "万元", "3000"),
)
# Projects, a milestone, money in 亿元, a falling number.
PROJECTS = (
    line(1, "项目开工", "0", "6", "个", "2"),
    line(2, "制度建设", "0", "1", "", "0"),
    line(3, "党员活动", "0", "10", "次", "4"),
    line(4, "招商引资到位资金", "0", "2", "亿元", "0.5"),
    line(5, "电诈发案数", "40", "30", "起", "36"),
)


def describe(reading: Reading) -> str:
    """`1=35 有风险 「下雨」` is kept, `?too_large 1=50|1=5000` asks back with these buttons, `-` is no report."""
    if not reading.is_report:
        return "-"
    entries = [
        f"{entry.number}={entry.value}"
        + (f" {entry.confidence}" if entry.confidence else "")
        + (f" 「{entry.note}」" if entry.note else "")
        for entry in reading.entries
    ]
    return "; ".join([*entries, *map(_describe_doubt, reading.doubts)])


def _describe_doubt(doubt: Doubt) -> str:
    assert doubt.options[-1] == Option("不记")
    return f"?{doubt.kind} {'|'.join(map(_describe_option, doubt.options[:-1]))}".strip()


def _describe_option(option: Option) -> str:
    return f"{option.entry.number}={option.entry.value}" if option.entry else option.label
