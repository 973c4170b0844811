"""The grids of the sample county, and who holds them.

Four industrial communities of four enterprise grids each; every enterprise grid has a trade, a leader, and 31 or 32
micro-grids that its contacts hold in turn, each the deputy of the one before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from services.sample.cast import PARK_LEADERS

MICRO_GRIDS = 500

# Code, name, head. The first three are the park's, the last is the town's.
COMMUNITIES = (
    ("GY1", "临溪工业社区", "lian01"),
    ("GY2", "东坡工业社区", "lian01"),
    ("GY3", "望岭工业社区", "lian01"),
    ("GY4", "南河工业社区", "lian06"),
)
TRADES = (
    "电子", "纺织", "食品", "机械", "新材料", "家具", "服装", "物流",
    "汽配", "包装", "五金", "器械", "光伏", "建材", "农产品", "科创",
)  # fmt: skip

# Code, name, code above, contact, deputy, supervisor.
RESIDENTIAL = (
    ("NH0", "南河头社区", "", "lian06", "lian07", "qiaoju"),
    ("NH1", "南河头一网格", "NH0", "lian10", "lian09", "lian06"),
    ("NH2", "南河头二网格", "NH0", "lian08", "lian07", "lian06"),
    ("NH3", "柳岸网格", "NH0", "lian09", "lian10", "lian06"),
    ("NH4", "荷塘网格", "NH0", "lian07", "lian08", "lian06"),
    ("XQ0", "西桥社区", "", "lian06", "lian10", "qiaoju"),
    ("XQ1", "西桥一网格", "XQ0", "lian10", "lian07", "lian06"),
    ("XQ2", "西桥二网格", "XQ0", "lian08", "lian09", "lian06"),
    ("XQ3", "渡口网格", "XQ0", "lian07", "lian08", "lian06"),
)
POLICE = (
    ("JG1", "城关警格", "", "lihua", "zhangshan", "wangsuo"),
    ("JG2", "南桥警格", "", "nanqiao02", "nanqiao04", "nansuo"),
)

# Code, name, code above, kind, contact, deputy, supervisor.
GridRow = tuple[str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class EnterpriseGrid:
    """An enterprise grid: its number from 1, its leader and contacts by account, and how many micro-grids it has."""

    number: int
    leader: str
    contacts: tuple[str, ...]
    size: int

    @property
    def code(self) -> str:
        return f"QY{self.number}"

    @property
    def trade(self) -> str:
        return TRADES[self.number - 1]

    def micro_grid(self, place: int) -> str:
        """The code of a micro-grid, by its place from 1."""
        return f"WG{self.number}{place:02d}"

    def holder(self, place: int) -> str:
        """The account that holds a micro-grid; the one of the next place is its deputy."""
        return self.contacts[place % len(self.contacts)]


def enterprise_grids() -> tuple[EnterpriseGrid, ...]:
    """All of them in the order of their numbers."""
    count = len(TRADES)
    return tuple(
        EnterpriseGrid(
            number, _leader(number), _contacts(number), MICRO_GRIDS // count + (number <= MICRO_GRIDS % count)
        )
        for number in range(1, count + 1)
    )


def grids() -> Iterator[GridRow]:
    """Every grid of the county, those above first."""
    all_of_trade = enterprise_grids()
    for place, (code, name, head) in enumerate(COMMUNITIES):
        yield code, name, "", "工业社区", head, all_of_trade[place * 4].leader, "qiaoju"
    for grid in all_of_trade:
        above, _, head = COMMUNITIES[(grid.number - 1) // 4]
        yield grid.code, f"{grid.trade}产业网格", above, "企业网格", grid.leader, grid.contacts[0], head
        for place in range(1, grid.size + 1):
            holders = grid.holder(place), grid.holder(place + 1)
            yield grid.micro_grid(place), f"{grid.trade}{place}号微网格", grid.code, "微网格", *holders, grid.leader
    for kind, rows in (("居民网格", RESIDENTIAL), ("警格", POLICE)):
        for code, name, above, *people in rows:
            contact, deputy, supervisor = people
            yield code, name, above, kind, contact, deputy, supervisor


def _leader(number: int) -> str:
    return f"yuanqu{number:02d}" if number <= PARK_LEADERS else f"nanhe{number - PARK_LEADERS:02d}"


def _contacts(number: int) -> tuple[str, ...]:
    """Two to a grid of the park, three to one of the town; 联二 to 联五 have the first two grids."""
    if number <= 2:
        return (("lian02", "lian03"), ("lian05", "lian04"))[number - 1]
    if number <= PARK_LEADERS:
        first = PARK_LEADERS + 2 * (number - 3) + 1
        return f"yuanqu{first:02d}", f"yuanqu{first + 1:02d}"
    first = 5 + 3 * (number - PARK_LEADERS - 1)
    return tuple(f"nanhe{one:02d}" for one in range(first, first + 3))
