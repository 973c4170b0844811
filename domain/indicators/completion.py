"""completion: full marks times the share of the target that was reached, up to a cap."""

from domain.errors import DomainError
from domain.formula import Figure, Marks, indicator, written


@indicator("completion", label="满分乘完成比例，最多到 cap 倍", optional=("cap",), needs_target=True, example="cap=1.2")
def completion(figure: Figure) -> Marks:
    """F · min(x/T, cap), never below 0. Refuses a target of 0 or less: a share of it means nothing."""
    x, target, full, cap = figure.value, figure.aim(), figure.full, figure.positive("cap", "1")
    if target <= 0:
        raise DomainError(f"目标值是 {written(target)}，算不出完成比例，请改成大于 0 的数。")
    share = max(full * 0, min(x / target, cap))
    marks = full * share
    capped = f"，按最多 {written(cap * 100)}% 算" if x / target > cap else ""
    return Marks(
        marks,
        f"完成 {written(x)}，目标 {written(target)}，是 {written(x / target * 100)}%{capped}；"
        f"满分 {written(full)}，得 {written(marks)} 分",
    )
