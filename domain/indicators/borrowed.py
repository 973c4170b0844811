"""borrowed: a score that somebody else gave, converted."""

from domain.formula import Figure, Marks, indicator, written


@indicator("borrowed", label="外来分数乘 scale，最多满分", optional=("scale",), example="scale=0.1")
def borrowed(figure: Figure) -> Marks:
    """min(F, x · scale); an outside score below 0 stays below 0."""
    x, scale, full = figure.value, figure.positive("scale", "1"), figure.full
    marks = min(full, x * scale)
    return Marks(marks, f"外来分 {written(x)} 乘 {written(scale)}，最多 {written(full)} 分，得 {written(marks)} 分")
