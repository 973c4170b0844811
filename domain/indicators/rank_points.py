"""rank_points: marks by the place that a figure states, from a table or with a fixed step."""

from fractions import Fraction

from domain.errors import DomainError
from domain.formula import Figure, Marks, indicator, read_number, written


@indicator(
    "rank_points",
    label="数值就是名次，按名次给分，或每差一名扣 a 分",
    optional=("table", "a"),
    example="table=20,19,18,17,16",
)
def rank_points(figure: Figure) -> Marks:
    """The table's entry for the place, its last one for places beyond; without a table max(0, F − a·(place − 1)).

    Refuses what is no place: a fraction, or less than 1.
    """
    if figure.value.denominator != 1 or figure.value < 1:
        raise DomainError(f"名次要是 1、2、3 这样的整数，现在是 {written(figure.value)}。")
    place = int(figure.value)
    if "table" in figure.parameters:
        table = [read_number(entry) for entry in figure.parameters["table"].split(",")]
        marks = table[min(place, len(table)) - 1]
        beyond = f"，表里只排到第 {len(table)} 名，按最后一档" if place > len(table) else ""
        return Marks(marks, f"第 {place} 名{beyond}，得 {written(marks)} 分")
    step = figure.number("a")
    marks = max(Fraction(0), figure.full - step * (place - 1))
    return Marks(
        marks, f"第 {place} 名，满分 {written(figure.full)}，每差一名扣 {written(step)} 分，得 {written(marks)} 分"
    )
