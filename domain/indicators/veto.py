"""veto (一票否优): no marks; it holds the grade back, whatever the score."""

from fractions import Fraction

from domain.formula import Figure, Marks, indicator, written


@indicator("veto", label="一票否优：只影响等次，不计分", scores=False)
def veto(figure: Figure) -> Marks:
    """No marks; a figure above 0 caps the grade at 称职."""
    if figure.value > 0:
        return Marks(Fraction(0), f"一票否优：发生 {written(figure.value)} 次，等次最高称职，不计分")
    return Marks(Fraction(0), "一票否优：没有发生，不影响等次")
