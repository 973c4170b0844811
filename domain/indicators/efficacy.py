"""efficacy (功效系数): c for what is just not acceptable, c + d for what is fully satisfactory, a line between."""

from fractions import Fraction

from domain.errors import DomainError
from domain.formula import Figure, Marks, indicator, written


@indicator(
    "efficacy",
    label="功效系数，no 是不允许值，yes 是满意值",
    required=("yes", "no"),
    optional=("c", "d"),
    example="yes=100; no=60",
)
def efficacy(figure: Figure) -> Marks:
    """F · (c + d·(x − no)/(yes − no)) / 100, never below 0. Refuses yes = no."""
    satisfied, refused = figure.number("yes"), figure.number("no")
    if satisfied == refused:
        raise DomainError("满意值 yes 和不允许值 no 一样，算不出功效系数，请改其中一个。")
    x, floor, slope = figure.value, figure.number("c", "60"), figure.number("d", "40")
    coefficient = floor + slope * (x - refused) / (satisfied - refused)
    marks = max(Fraction(0), figure.full * coefficient / 100)
    return Marks(
        marks,
        f"{written(x)}，不允许值 {written(refused)}，满意值 {written(satisfied)}，功效系数 {written(coefficient)}；"
        f"满分 {written(figure.full)}，得 {written(marks)} 分",
    )
