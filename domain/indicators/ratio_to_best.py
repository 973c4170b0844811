"""ratio_to_best: full marks times the share of the best figure in the comparable group."""

from fractions import Fraction

from domain.formula import Figure, Marks, indicator, written


@indicator("ratio_to_best", label="按与组内最好的比例给分")
def ratio_to_best(figure: Figure) -> Marks:
    """F · x / x_best, never below 0; 0 for everybody where the best is 0 or less."""
    x, full = figure.value, figure.full
    best = x if figure.best is None else figure.best
    if best <= 0:
        return Marks(Fraction(0), f"组内最好的也只有 {written(best)}，得 0 分")
    marks = max(Fraction(0), full * x / best)
    return Marks(
        marks, f"{written(x)}，组内最好 {written(best)}，按比例算，满分 {written(full)}，得 {written(marks)} 分"
    )
