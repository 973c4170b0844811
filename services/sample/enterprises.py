"""The enterprises of the sample county: eight that docs name, and as many more as make 500. All names are invented."""

from collections.abc import Iterator

from services.sample.grids import enterprise_grids

ENTERPRISES = 500

# Code, name, aliases, micro-grid, above scale, key, binding code.
EnterpriseRow = tuple[str, str, str, str, bool, bool, str]
NAMED: tuple[EnterpriseRow, ...] = (
    ("E001", "固电电子有限公司", "固电电子、固电", "WG101", True, True, "GD2618"),
    ("E002", "磐石精密机械有限公司", "磐石精密", "WG401", True, False, "PS2625"),
    ("E003", "晨星传感器有限公司", "晨星传感", "WG102", False, True, "CX2632"),
    ("E004", "蓝湾新材料有限公司", "蓝湾新材", "WG501", True, False, "LW2649"),
    ("E005", "云杉纺织有限公司", "云杉纺织", "WG201", True, True, "YS2656"),
    ("E006", "小满针织厂", "小满针织", "WG202", False, False, "XM2663"),
    ("E007", "青禾食品有限公司", "青禾食品、青禾", "WG301", True, False, "QH2670"),
    ("E008", "竹里家具厂", "竹里家具", "WG601", False, False, "ZL2687"),
)

# A name is one of each, and what it makes.
FIRST, SECOND = "汀岚澜沐萤鹭溪苔霁砚棠梧榆槐柚榛芦荻蒲茉桐枫鹤雁鲸", "舟穗川岭桥帆谷原岩渡屿坞湾野畔亭垣汐崖坡"
PRODUCTS = (
    ("电路", "传感器"), ("织造", "印染"), ("粮油", "饮料"), ("机电", "轴承"),
    ("塑业", "橡胶"), ("木业", "门窗"), ("制衣", "鞋业"), ("仓储", "冷链"),
    ("铸造", "模具"), ("纸业", "印刷"), ("工具", "电器"), ("医疗器械", "试剂"),
    ("光伏", "电池"), ("陶瓷", "石材"), ("茶业", "米业"), ("软件", "检测"),
)  # fmt: skip
# Letters that nobody takes for a figure.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def enterprises() -> Iterator[EnterpriseRow]:
    """All of them: a trade's grid has some 31, spread over its micro-grids; a fifth are above scale."""
    yield from NAMED
    grids = enterprise_grids()
    for place in range(ENTERPRISES - len(NAMED)):
        number = len(NAMED) + 1 + place
        grid = grids[place % len(grids)]
        round_ = place // len(grids)
        short = f"{FIRST[place % len(FIRST)]}{SECOND[place // len(FIRST)]}{PRODUCTS[grid.number - 1][round_ % 2]}"
        is_small = number % 6 == 0
        yield (
            f"E{number:03d}",
            f"{short}厂" if is_small else f"{short}有限公司",
            short if number % 4 else f"{short}、{short[:2]}",
            grid.micro_grid((round_ + 1) % grid.size + 1),
            number % 5 == 0 and not is_small,
            number % 11 == 0,
            _binding_code(number),
        )


def _binding_code(number: int) -> str:
    # The factors share nothing with what they wrap at, so no two enterprises get the same code.
    pair = number * 7 % len(LETTERS), number * 11 % len(LETTERS)
    return f"{LETTERS[pair[0]]}{LETTERS[pair[1]]}{1000 + number * 7919 % 9000}"
