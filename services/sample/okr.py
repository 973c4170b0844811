"""Objectives and key results of the sample county, as stations, offices and squadrons write them."""

from collections.abc import Iterator
from typing import Any

from services.sample.cast import SQUADRON, UNITS, PersonSeed, people

# Title, start, targets to vary between people, unit of measure. A falling target is one that lies below its start.
Line = tuple[str, int, tuple[int, ...], str]

POOLS: dict[str, tuple[tuple[str, tuple[Line, ...]], ...]] = {
    "社区警务": (
        (
            "守好一方平安",
            (
                ("入户走访", 0, (40, 50, 60), "户"),
                ("反诈宣传覆盖率", 60, (90, 95), "%"),
                ("矛盾纠纷调处", 0, (12, 15, 20), "件"),
                ("一标三实采集", 0, (200, 260, 320), "条"),
                ("电诈发案数", 12, (8, 7, 9), "起"),
            ),
        ),
        (
            "让群众有事找得到人",
            (
                ("独居老人探访", 0, (24, 30), "次"),
                ("走访企业", 0, (8, 10, 12), "家"),
                ("警情回访率", 70, (90, 95), "%"),
                ("组织法制培训", 0, (3, 4), "场"),
            ),
        ),
    ),
    "执法办案": (
        (
            "案件办得快、办得准",
            (
                ("案件办结率", 70, (90, 92), "%"),
                ("平均办案时长", 20, (12, 14, 15), "天"),
                ("卷宗评查合格率", 85, (98, 96), "%"),
                ("追赃挽损", 0, (20, 30, 45), "万元"),
                ("组织法制培训", 0, (3, 4), "场"),
            ),
        ),
        (
            "压降可防性案件",
            (("盗窃发案数", 12, (8, 9), "起"), ("重点场所检查", 0, (24, 30, 36), "家"), ("夜间巡查", 0, (18, 24), "次")),
        ),
    ),
    "窗口服务": (
        (
            "办事少跑腿",
            (
                ("窗口办件满意率", 92, (98, 99), "%"),
                ("平均等候时间", 18, (10, 12), "分钟"),
                ("上门办证", 0, (12, 15, 18), "次"),
                ("一次办成率", 80, (95, 92), "%"),
            ),
        ),
    ),
    "综合保障": (
        (
            "后勤托得住一线",
            (
                ("台账系统上线", 0, (1,), ""),
                ("装备巡检", 0, (18, 24), "次"),
                ("工作简报", 0, (5, 6), "期"),
                ("保障响应时间", 48, (24, 30), "小时"),
                ("信息化培训", 0, (2, 3), "场"),
            ),
        ),
    ),
    SQUADRON: (
        (
            "道路平安畅通",
            (
                ("酒驾查处", 0, (20, 24, 30), "起"),
                ("隐患路口整治", 0, (4, 5, 6), "处"),
                ("交通安全宣传", 0, (8, 10), "场"),
                ("亡人事故", 3, (1, 2), "起"),
                ("头盔佩戴率", 75, (92, 95), "%"),
            ),
        ),
    ),
    "综合管理": (
        (
            "企业和居民的事有人接",
            (
                ("走访企业", 0, (20, 24), "家"),
                ("诉求按时办结率", 85, (95, 98), "%"),
                ("安全隐患整改", 0, (10, 12), "处"),
            ),
        ),
    ),
    "": (
        (
            "带好队伍",
            (
                ("谈心谈话", 0, (12, 15), "人次"),
                ("下沉一线调研", 0, (6, 8), "次"),
                ("队伍培训", 0, (3, 4), "场"),
            ),
        ),
    ),
}  # fmt: skip

UNIT_POOLS: dict[str, tuple[str, tuple[Line, ...]]] = {
    "局": (
        "全县更平安",
        (("群众安全感", 96, (98,), "%"), ("刑事发案数", 420, (360,), "起"), ("破案率", 52, (60,), "%")),
    ),
    "派出所": (
        "辖区少发案、群众更满意",
        (
            ("入户走访", 0, (600, 650), "户"),
            ("辖区发案数", 40, (30, 32), "起"),
            ("群众满意率", 93, (97, 98), "%"),
        ),
    ),
    "机关单位": ("服务基层更快", (("基层诉求办结率", 85, (96, 98), "%"), ("减少重复报表", 0, (6, 8), "张"))),
    "交警中队": ("事故压得下", (("酒驾查处", 0, (160, 180), "起"), ("一般事故", 36, (28, 30), "起"))),
    "园区": ("企业办事不出园", (("走访企业", 0, (120,), "家"), ("诉求按时办结率", 88, (97,), "%"))),
    "镇街": ("居民的事就近办", (("网格走访", 0, (800,), "户"), ("矛盾就地化解率", 86, (95,), "%"))),
}

# As docs and screenshots use them.
LIHUA: tuple[Line, ...] = (
    ("入户走访", 0, (50,), "户"),
    ("反诈宣传覆盖率", 60, (95,), "%"),
    ("台账系统上线", 0, (1,), ""),
    ("案件办结率", 70, (90,), "%"),
    ("组织法制培训", 0, (4,), "场"),
)


def objectives(period: str) -> Iterator[dict[str, Any]]:
    """The rows of 目标 for a period: every unit's, then every person's."""
    for place, unit in enumerate(UNITS):
        title, lines = UNIT_POOLS[unit.category]
        yield from _rows({"周期": period, "单位编号": unit.code}, 1, title, lines, place)
    for place, person in enumerate(people()):
        yield from _of_person(person, period, place)


def _of_person(person: PersonSeed, period: str, place: int) -> Iterator[dict[str, Any]]:
    owner = {"周期": period, "账号": person.account}
    if person.account == "lihua":
        yield from _rows(owner, 1, "守好一方平安", LIHUA, 0)
        return
    pool = POOLS[SQUADRON] if person.unit.category == SQUADRON and person.track == "执法办案" else POOLS[person.track]
    number, (title, lines) = 1, pool[0]
    wanted = 3 + place % 3
    # Every third person splits the work over two objectives, where the post has two.
    if len(pool) > 1 and place % 3 == 0:
        second, more = pool[1]
        yield from _rows(owner, 2, second, more[:2], place)
        wanted = 3
    first = place % max(1, len(lines) - wanted + 1)
    yield from _rows(owner, number, title, lines[first : first + wanted], place)


def _rows(
    owner: dict[str, Any], number: int, title: str, lines: tuple[Line, ...], place: int
) -> Iterator[dict[str, Any]]:
    for position, (name, start, targets, unit) in enumerate(lines, start=1):
        yield {
            **owner,
            "目标序号": number,
            "目标": title,
            "目标权重": 1,
            "关键结果序号": position,
            "关键结果": name,
            "起始值": start,
            "目标值": targets[(place + position) % len(targets)],
            "计量单位": unit,
            "权重": 2 if position == 1 else 1,
        }
