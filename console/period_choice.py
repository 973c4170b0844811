"""Which period a page shows: the one that runs, with its open week, or an earlier one by itself."""

from dataclasses import dataclass

from flask import abort, request

from console.auth import Visit
from domain.calendar import local_date
from models.period import Period
from services.period import begun_periods


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """The periods one may look at, the newest first; `earlier` is None for the one that runs."""

    periods: list[Period]
    shown: str
    earlier: Period | None


def period_choice(me: Visit) -> PeriodChoice:
    """What the address asks for with `?period=`; 404 for a period that has not begun, as for none."""
    today = local_date(me.now)
    periods = begun_periods(me.session, today)
    running = next((each for each in periods if each.ends_on >= today), None)
    asked = request.args.get("period", "")
    if not asked or (running and asked == running.code):
        return PeriodChoice(periods, running.code if running else "", None)
    found = next((each for each in periods if each.code == asked), None)
    if found is None:
        abort(404)
    return PeriodChoice(periods, asked, found)
