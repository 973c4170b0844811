"""Who is responsible for what in the simulated county, told from its plain rows: what the service must agree with."""

from dataclasses import dataclass, field
from datetime import date

from services.sample.cast import people
from services.sample.enterprises import enterprises
from services.sample.grids import grids
from services.sample.routing import LEADERS, ROUTES, duty

DUTY_FROM, DUTY_TO = date(2026, 10, 1), date(2027, 3, 31)


@dataclass
class Posts:
    """The people of every grid, who is away and who has left, as they are at one moment of the simulation."""

    holders: dict[str, list[str]] = field(default_factory=dict)
    above: dict[str, str] = field(default_factory=dict)
    grid_of: dict[str, str] = field(default_factory=dict)
    office: list[str] = field(default_factory=list)
    left: set[str] = field(default_factory=set)
    leave: list[tuple[str, date, date]] = field(default_factory=list)

    def chain(self, grid: str) -> list[str]:
        """The grid and those above it, the smallest first."""
        found = []
        while grid:
            found.append(grid)
            grid = self.above[grid]
        return found

    def is_away(self, account: str, day: date) -> bool:
        return any(who == account and first <= day <= last for who, first, last in self.leave)

    def on_duty(self, day: date) -> str:
        """The leader on duty, the office where none is named or at work."""
        named: list[str] = [row["账号"] for row in duty(DUTY_FROM, DUTY_TO) if row["开始"] <= day <= row["结束"]]
        here = [one for one in (*named, *self.office) if one not in self.left]
        return next((one for one in here if not self.is_away(one, day)), here[0])

    def leader_of(self, grid: str) -> str:
        """Who may decide as grid leader, at work or not."""
        leaders = (self.holders[one][2] for one in self.chain(grid))
        return next(one for one in leaders if one and one not in self.left)

    def grid_leader_told(self, grid: str, owner: str, day: date) -> str:
        """Whom to tell in the grid leader's turn."""
        leaders = [self.holders[one][2] for one in self.chain(grid)]
        fit = (one for one in leaders if one and self._is_here(one, day) and one != owner)
        return next(fit, self.on_duty(day))

    def owner_told(self, grid: str, category: str, owner: str, day: date) -> str:
        """Whom to tell in the owner's turn."""
        return owner if self._is_here(owner, day) else self.owner_of(grid, category, day, without=owner)

    def owner_of(self, grid: str, category: str, day: date, without: str = "") -> str:
        """Who gets a new case today."""
        chain = self.chain(grid)
        named = [
            row[4]
            for place in [*chain, ""]
            for wanted in (category, "")
            for row in ROUTES
            if row[0] == place and row[1] == wanted
        ]
        wanted = [*named[:1], *(account for one in chain for account in self.holders[one])]
        fit = (one for one in wanted if one and one != without and self._is_here(one, day))
        return next(fit, self.on_duty(day))

    def contacts(self) -> list[str]:
        """Everybody who holds a micro-grid, and is still here."""
        return sorted({row[0] for code, row in self.holders.items() if code.startswith("WG")} - self.left)

    def _is_here(self, account: str, day: date) -> bool:
        return account not in self.left and not self.is_away(account, day)


def sample_posts() -> Posts:
    """The posts of the sample county before anybody moves."""
    posts = Posts()
    for code, _, above, _, *holders in grids():
        posts.holders[code], posts.above[code] = list(holders), above
    for code, _, _, grid, *_ in enterprises():
        posts.grid_of[code] = grid
    posts.office = sorted(person.account for person in people() if "绩效管理员" in person.roles)
    assert posts.office
    assert set(LEADERS) <= {person.account for person in people()}
    return posts
