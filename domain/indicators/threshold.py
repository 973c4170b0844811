"""threshold: full marks from the target up, else a deduction for what is short of it."""

from domain.formula import Figure, Marks, indicator, written


@indicator(
    "threshold",
    label="达到目标值得满分，每差 u 扣 a 分",
    required=("a",),
    optional=("u",),
    needs_target=True,
    example="a=0.05; u=1",
)
def threshold(figure: Figure) -> Marks:
    """x ≥ T ? F : max(0, F − a·(T−x)/u)."""
    x, target, full = figure.value, figure.aim(), figure.full
    if x >= target:
        return Marks(full, f"{written(x)} 达到目标 {written(target)}，得满分 {written(full)} 分")
    deduction, step = figure.number("a"), figure.positive("u", "1")
    marks = max(full * 0, full - deduction * (target - x) / step)
    return Marks(
        marks,
        f"{written(x)} 比目标 {written(target)} 少 {written(target - x)}，每少 {written(step)} 扣 {written(deduction)} 分，"
        f"满分 {written(full)}，得 {written(marks)} 分",
    )
