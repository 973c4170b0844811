"""What is wrong with the formula, the parameters or the target that a row of 指标 names."""

import re
from collections.abc import Iterator
from decimal import Decimal

from domain import indicators  # noqa: F401 importing it registers every formula
from domain.errors import DomainError
from domain.formula import FORMULAS
from domain.parameters import read_parameters
from models.okr import CountedSource

MISSING = ("skip", "group_mean")

# No exponents: an exact 1e999999 would fill the memory.
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)"
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
        if parameter not in (*formula.required, *formula.optional, "missing", "count"):
            yield "参数", f"公式 {name} 没有参数 {parameter}，请删掉"
        elif cure := _value_cure(parameter, value):
            yield "参数", cure
    if name == "completion" and target is not None and target <= 0:
        yield "目标值", "按完成比例算，目标值要大于0"
    if "yes" in given and given.get("yes") == given.get("no"):
        yield "参数", "yes 和 no 不能一样"


def _value_cure(parameter: str, value: str) -> str:
    if parameter == "missing":
        return "" if value in MISSING else f"missing 只能是 {' 或 '.join(MISSING)}"
    if parameter == "count":
        return "" if value in tuple(CountedSource) else f"count 只能是 {' 或 '.join(CountedSource)}"
    if parameter == "table":
        return "" if _TABLE.fullmatch(value) else "table 写成 20,19,18 这样，用逗号隔开的数字"
    if parameter == "bands":
        return "" if _BANDS.fullmatch(value) else "bands 写成 90:10,80:8,0:2 这样"
    if not re.fullmatch(_NUMBER, value):
        return f"{parameter} 要是数字"
    number = Decimal(value)
    if parameter in ("u", "k", "cap", "scale") and number <= 0:
        return f"{parameter} 要大于0"
    if parameter == "a" and number < 0:
        return "a 是扣的分，不能小于0"
    return ""
