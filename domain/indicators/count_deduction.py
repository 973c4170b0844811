"""count_deduction: a deduction for every time something happened, and nothing left from k times on."""

from fractions import Fraction

from domain.formula import Figure, Marks, indicator, written


@indicator("count_deduction", label="每发生一次扣 a 分，到 k 次得 0 分", required=("a", "k"), example="a=0.5; k=2")
def count_deduction(figure: Figure) -> Marks:
    """max(0, F − a·n), and 0 when n ≥ k."""
    n, full, deduction, limit = figure.value, figure.full, figure.number("a"), figure.number("k")
    if n >= limit:
        return Marks(Fraction(0), f"发生 {written(n)} 次，到了 {written(limit)} 次，得 0 分")
    marks = max(Fraction(0), full - deduction * n)
    return Marks(
        marks,
        f"发生 {written(n)} 次，每次扣 {written(deduction)} 分，满分 {written(full)}，得 {written(marks)} 分",
    )
