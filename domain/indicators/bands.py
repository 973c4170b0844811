"""bands: the marks of the band that a figure falls in."""

from fractions import Fraction

from domain.formula import Figure, Marks, indicator, read_number, written

DEFAULT = "90:10,80:8,70:6,60:4,0:2"


@indicator("bands", label="数值落在哪一档得哪一档的分", optional=("bands",), example=f"bands={DEFAULT}")
def bands(figure: Figure) -> Marks:
    """The marks of the highest bound that the figure reaches; below all of them 0."""
    pairs = [entry.split(":") for entry in figure.parameters.get("bands", DEFAULT).split(",")]
    steps = sorted(((read_number(bound), read_number(marks)) for bound, marks in pairs), reverse=True)
    for bound, marks in steps:
        if figure.value >= bound:
            return Marks(marks, f"{written(figure.value)} 在 {written(bound)} 以上这一档，得 {written(marks)} 分")
    return Marks(Fraction(0), f"{written(figure.value)} 不到最低一档 {written(steps[-1][0])}，得 0 分")
