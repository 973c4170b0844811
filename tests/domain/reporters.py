"""Two officers' key results, and readings written out short enough for a table."""

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
