"""Who owns a new case: grid × category gives the units, the grid and who is away give the person."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from domain.errors import DomainError
from domain.process import Actor

ANY = ""
# As whom the rules make somebody an owner; any other word says that a person decided it.
BY_ROUTE = frozenset({"专办", "联系人", "副联系人", "网格长", "值班领导"})


@dataclass(frozen=True, slots=True)
class GridPost:
    """Who stands for a grid and the grids above it, from the smallest up; people are named by account."""

    grid: str
    holder: str = ""
    deputy: str = ""
    leader: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the routing table; an empty grid or category is any of them. `owner` replaces the grid's holder."""

    grid: str = ANY
    category: str = ANY
    lead_unit: str = ""
    assisting_units: tuple[str, ...] = ()
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """The owner and why it is they; the unit in the lead and those assisting; who leads the owner's grid."""

    owner: str
    acting_as: str
    lead_unit: str
    assisting_units: tuple[str, ...]


def assign(
    grids: Sequence[GridPost], category: str, routes: Iterable[Route], duty_leader: str, away: Collection[str] = ()
) -> Assignment:
    """The owner of a case of `category` in the first of `grids`, its smallest one; the others are those above it.

    The owner is the first one not away of: the row's own, then for each grid from the smallest up its holder and
    deputy, then its leader; at last the duty leader, away or not, so that nothing is without an owner. Refuses when
    nobody is on duty either.
    """
    route = find_route([post.grid for post in grids], category, routes)
    chain = [(route.owner, "专办"), *_chain(grids)]
    present = ((account, role) for account, role in chain if account and account not in away)
    owner, acting_as = next(present, (duty_leader, "值班领导"))
    if not owner:
        raise DomainError("现在没有人可以派：网格里没有在岗的人，也没有设值班领导。请管理员先设好值班领导。")
    return Assignment(owner, acting_as, route.lead_unit, route.assisting_units)


def find_route(grids: Sequence[str], category: str, routes: Iterable[Route]) -> Route:
    """The row that fits best: the smallest grid first, then the category named; an empty row when none fits."""
    order = {grid: place for place, grid in enumerate([*grids, ANY])}
    fitting = [route for route in routes if route.grid in order and route.category in (category, ANY)]
    return min(fitting, key=lambda route: (order[route.grid], route.category == ANY), default=Route())


def stand_in(actor: Actor, grids: Sequence[GridPost], duty_leader: str, away: Collection[str] = ()) -> str:
    """Whom to tell in place of a grid leader or duty leader who is away: the next leader up, at last the duty leader."""
    leaders = [post.leader for post in grids] if actor is Actor.GRID_LEADER else []
    return next((leader for leader in leaders if leader and leader not in away), duty_leader)


def without_holder(posts: Iterable[GridPost]) -> list[str]:
    """The grids that have neither holder nor deputy, in the order given."""
    return [post.grid for post in posts if not post.holder and not post.deputy]


def _chain(grids: Sequence[GridPost]) -> list[tuple[str, str]]:
    chain = []
    for post in grids:
        chain += [(post.holder, "联系人"), (post.deputy, "副联系人"), (post.leader, "网格长")]
    return chain
