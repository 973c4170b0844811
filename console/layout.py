"""What every page shares: the menu by rights, the assets' addresses, and how times and figures are written."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for

from console.auth import Visit, current_visit, watch_visits
from domain.calendar import local
from domain.okr import whole_percent
from services.key_result import figure

# The largest id that both databases can look up.
LARGEST_ID = 2**63 - 1
STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A line of the menu, shown to those whom the page's blueprint admits; a smaller `place` stands further left.

    It is marked on the pages of its own blueprint and of those it `covers`; `is_for` is asked beside the roles.
    """

    label: str
    endpoint: str
    place: int
    covers: tuple[str, ...] = ()
    is_for: Callable[[Visit], bool] = lambda _visit: True

    def is_at(self, blueprint: str | None) -> bool:
        """Whether a page of this blueprint belongs to the entry."""
        return blueprint in (self.endpoint.partition(".")[0], *self.covers)


def prepare_templates(app: Flask) -> None:
    """Gives templates the menu, asset addresses and filters."""
    watch_visits(app)
    app.extensions["menu"] = []
    app.jinja_env.filters.update(moment=moment, day=day, percent=percent, figure=written)
    app.jinja_env.globals.update(asset=asset_url, menu=_menu, visitor=_visitor)


def moment(instant: datetime | None) -> str:
    """11月20日 15:07 on a clock in the county."""
    if instant is None:
        return "—"
    shown = local(instant)
    return f"{shown.month}月{shown.day}日 {shown:%H:%M}"


def day(date_: date) -> str:
    """11月20日."""
    return f"{date_.month}月{date_.day}日"


def percent(share: Fraction) -> str:
    """70%."""
    return f"{whole_percent(share)}%"


def written(value: Decimal, unit: str = "") -> str:
    """35 户, 80%."""
    return f"{figure(value)}{'' if unit in ('', '%') else ' '}{unit}"


def asset_url(name: str) -> str:
    """The address of a static file; it changes with the content, so browsers may keep it for a year."""
    return url_for("assets.static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def _menu() -> list[dict[str, Any]]:
    visit = current_visit()
    if visit is None:
        return []
    shown = [
        entry for entry, access in current_app.extensions["menu"] if access.admits(visit.roles) and entry.is_for(visit)
    ]
    return [
        {"label": entry.label, "url": url_for(entry.endpoint), "is_here": entry.is_at(request.blueprint)}
        for entry in sorted(shown, key=lambda entry: entry.place)
    ]


def _visitor() -> str:
    visit = current_visit()
    return visit.person.name if visit else ""
