"""The formulas an indicator may name, with the parameters each must and may have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from domain.errors import DomainError
from domain.parameters import read_parameters


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as the workbook offers it; every one also takes `missing`."""

    label: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    needs_target: bool = False
    example: str = ""


FORMULAS = {
    "threshold": Formula("达到目标值得满分，每差 u 扣 a 分", ("a",), ("u",), True, "a=0.05; u=1"),
    "threshold_reverse": Formula("不超过目标值得满分，每超 u 扣 a 分", ("a",), ("u",), True, "a=0.5; u=1"),
    "completion": Formula("满分乘完成比例，最多到 cap 倍", (), ("cap",), True, "cap=1.2"),
    "rank_points": Formula(
        "数值就是名次，按名次给分，或每差一名扣 a 分", (), ("table", "a"), False, "table=20,19,18,17,16"
    ),
    "ratio_to_best": Formula("按与组内最好的比例给分"),
    "count_deduction": Formula("每发生一次扣 a 分，到 k 次得 0 分", ("a", "k"), (), False, "a=0.5; k=2"),
    "bands": Formula("数值落在哪一档得哪一档的分", (), ("bands",), False, "bands=90:10,80:8,70:6,60:4,0:2"),
    "efficacy": Formula("功效系数，no 是不允许值，yes 是满意值", ("yes", "no"), ("c", "d"), False, "yes=100; no=60"),
    "borrowed": Formula("外来分数乘 scale，最多满分", (), ("scale",), False, "scale=0.1"),
    "veto": Formula("一票否优：只影响等次，不计分"),
}
MISSING = ("skip", "group_mean")

_NUMBER = r"-?\d+(?:\.\d+)?"
_TABLE = re.compile(rf"{_NUMBER}(?:\s*,\s*{_NUMBER})*")
_BANDS = re.compile(rf"{_NUMBER}\s*:\s*{_NUMBER}(?:\s*,\s*{_NUMBER}\s*:\s*{_NUMBER})*")


def formula_faults(name: str, parameters: str, target: Decimal | None) -> Iterator[tuple[str, str]]:
    """What is wrong with an indicator's formula, as (column, cure); nothing when it can be computed."""
    formula = FORMULAS.get(name)
    if formula is None:
        yield "公式", f"没有这个公式，可以用 {'、'.join(FORMULAS)}"
        return
    if formula.needs_target and target is None:
        yield "目标值", f"公式 {name} 要有目标值，请填数字"
    try:
        given = read_parameters(parameters)
    except DomainError as error:
        yield "参数", str(error)
        return
    lacking = [parameter for parameter in formula.required if parameter not in given]
    if name == "rank_points" and not given.keys() & {"table", "a"}:
        lacking = ["table 或 a"]
    if lacking:
        yield "参数", f"公式 {name} 缺 {'、'.join(lacking)}，例如 {formula.example}"
    for parameter, value in given.items():
        if parameter not in (*formula.required, *formula.optional, "missing"):
            yield "参数", f"公式 {name} 没有参数 {parameter}，请删掉"
        elif cure := _value_cure(parameter, value):
            yield "参数", cure
    if "yes" in given and given.get("yes") == given.get("no"):
        yield "参数", "yes 和 no 不能一样"


def _value_cure(parameter: str, value: str) -> str:
    if parameter == "missing":
        return "" if value in MISSING else f"missing 只能是 {' 或 '.join(MISSING)}"
    if parameter == "table":
        return "" if _TABLE.fullmatch(value) else "table 写成 20,19,18 这样，用逗号隔开的数字"
    if parameter == "bands":
        return "" if _BANDS.fullmatch(value) else "bands 写成 90:10,80:8,0:2 这样"
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        return f"{parameter} 要是数字"
    if parameter in ("u", "k", "cap", "scale") and number <= 0:
        return f"{parameter} 要大于0"
    return ""
