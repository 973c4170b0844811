"""Values as they are stored and as people read them."""

from decimal import Context, Decimal
from fractions import Fraction

from domain.report.shapes import Line

_PLACES = Decimal("0.000001")
_EXACT = Context(prec=80)  # no figure that is typed comes near


def figure(line: Line, value: Decimal) -> str:
    """The value with its unit as people read it: 35 户, 80%."""
    return f"{plain(value)}%" if line.unit == "%" else f"{plain(value)} {line.unit}".rstrip()


def plain(value: Decimal) -> str:
    """The shortest way to write a number without an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def tidy(value: Decimal) -> Decimal:
    """The value with no more than the six decimals that are stored, and no idle zeros."""
    return Decimal(plain(_EXACT.quantize(value, _PLACES)))


def as_decimal(value: Fraction) -> Decimal:
    """Exact where six decimals can be, which is what is stored."""
    return tidy(_EXACT.divide(Decimal(value.numerator), Decimal(value.denominator)))
