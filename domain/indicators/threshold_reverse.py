"""threshold_reverse: full marks up to the target, else a deduction for what is beyond it."""

from domain.formula import Figure, Marks, indicator, written


@indicator(
    "threshold_reverse",
    label="不超过目标值得满分，每超 u 扣 a 分",
    required=("a",),
    optional=("u",),
    needs_target=True,
    example="a=0.5; u=1",
)
def threshold_reverse(figure: Figure) -> Marks:
    """x ≤ T ? F : max(0, F − a·(x−T)/u)."""
    x, target, full = figure.value, figure.aim(), figure.full
    if x <= target:
        return Marks(full, f"{written(x)} 没超过目标 {written(target)}，得满分 {written(full)} 分")
    deduction, step = figure.number("a"), figure.positive("u", "1")
    marks = max(full * 0, full - deduction * (x - target) / step)
    return Marks(
        marks,
        f"{written(x)} 比目标 {written(target)} 多 {written(x - target)}，每多 {written(step)} 扣 {written(deduction)} 分，"
        f"满分 {written(full)}，得 {written(marks)} 分",
    )
