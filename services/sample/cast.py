"""The people and units of the sample county.

Everybody is invented: a name is a character of the unit and a plant (东湖所's 东竹, 北山所's 北梅), an account is the
unit's name in pinyin and a number (donghu03). A small cast with accounts of their own serves docs and screenshots:

- lihua 李花, an officer of 城关所 (社区警务), the one who reports every Friday; zhangshan 张山, her colleague
- wangsuo 王所, leader of 城关所 and theirs; nansuo 南所, leader of 南桥所
- qiaoju 乔局, the boss: leader of the bureau
- jixiao 纪晓, the performance clerk (绩效管理员)
- yunwei 云维 runs the service (系统管理员), anquan 安泉 keeps it safe (安全管理员), shenji 沈纪 audits it (审计员)
- ducha 杜察 inspects (督察), xinchou 辛筹 handles performance pay (薪酬)
- lian01 联一 … lian10 联十, cadres of the industrial park and the town; 联一 and 联六 lead them, 联三 and 联十 hold grids
- yuanqu01 园竹 … yuanqu32, nanhe01 镇竹 … nanhe16: more cadres of the park and the town; the first ones lead an
  enterprise grid each, the others hold its micro-grids (`services.sample.grids` says who)
- 高老板 of 固电电子, 何奶奶 of 虹桥佳苑, 骑手小马: customers are WeChat users, stand in no sheet and live in the simulator
"""

from collections.abc import Iterator
from dataclasses import dataclass

BUREAU, PARK, TOWN = "JU", "YQ", "NH"
STATION, OFFICE, SQUADRON = "派出所", "机关单位", "交警中队"
PLANTS = "竹梅兰菊荷桂松柏枫桐杏桃梨棠葵柳"
MORE_PLANTS = "萱莲芹芷蓉薇蔷榆槐樟杉椿檀梓楠桑"
TRACKS = ("社区警务", "执法办案", "窗口服务", "综合保障")


@dataclass(frozen=True, slots=True)
class UnitSeed:
    """A unit of the sample: its pinyin gives accounts, its mark begins names."""

    code: str
    name: str
    category: str
    pinyin: str
    mark: str
    size: int


@dataclass(frozen=True, slots=True)
class PersonSeed:
    """A person of the sample."""

    account: str
    name: str
    unit: UnitSeed
    rank: str
    track: str
    roles: tuple[str, ...] = ()


def _units(category: str, size: int, lines: str) -> tuple[UnitSeed, ...]:
    seeds = (line.split() for line in lines.strip().splitlines())
    return tuple(UnitSeed(code, name, category, pinyin, mark, size) for code, name, pinyin, mark in seeds)


UNITS = (
    UnitSeed(BUREAU, "县公安局", "局", "xianju", "禾", 3),
    *_units(STATION, 15, """
CG 城关所 chengguan 城
DH 东湖所 donghu 东
NQ 南桥所 nanqiao 南
XL 西岭所 xiling 西
BS 北山所 beishan 北
LX 柳溪所 liuxi 溪
YB 云埠所 yunbu 云
ZL 竹林所 zhulin 林
"""),
    *_units(OFFICE, 6, """
ZH 指挥中心 zhihui 星
ZG 政工室 zhenggong 和
DC 督察大队 duchadui 清
FZ 法制大队 fazhi 平
ZA 治安大队 zhian 安
XZ 刑侦大队 xingzhen 石
JZ 经侦大队 jingzhen 江
JD 禁毒大队 jindu 明
WA 网安大队 wangan 晨
KJ 科技通信室 keji 海
BZ 警务保障室 baozhang 泉
CR 出入境大队 churujing 远
QB 情报中心 qingbao 岚
FR 反诈中心 fanzha 霞
XC 宣传科 xuanchuan 河
JX 绩效办 jixiaoban 田
"""),
    *_units(SQUADRON, 10, """
CQ 城区中队 chengqu 春
DJ 东郊中队 dongjiao 夏
NL 南路中队 nanlu 秋
XH 西环中队 xihuan 冬
BX 北线中队 beixian 青
GS 高速中队 gaosu 白
CL 车管中队 cheguan 金
SG 事故中队 shigu 银
"""),
    UnitSeed(PARK, "工业园区管委会", "园区", "yuanqu", "园", 0),
    UnitSeed(TOWN, "南河镇", "镇街", "nanhe", "镇", 0),
)  # fmt: skip
BY_CODE = {unit.code: unit for unit in UNITS}

# Unit, account, name, rank, track, roles: they take the first places of their units.
CAST = (
    (BUREAU, "qiaoju", "乔局", "领导", "", ("单位负责人",)),
    ("CG", "wangsuo", "王所", "中层干部", "", ("单位负责人",)),
    ("CG", "lihua", "李花", "一般民警", "社区警务", ()),
    ("CG", "zhangshan", "张山", "一般民警", "社区警务", ()),
    ("NQ", "nansuo", "南所", "中层干部", "", ("单位负责人",)),
    ("JX", "jixiao", "纪晓", "中层干部", "综合保障", ("单位负责人", "绩效管理员")),
    ("JX", "xinchou", "辛筹", "一般民警", "综合保障", ("薪酬",)),
    ("DC", "ducha", "杜察", "中层干部", "综合保障", ("单位负责人", "督察")),
    ("KJ", "yunwei", "云维", "一般民警", "综合保障", ("系统管理员",)),
    ("WA", "anquan", "安泉", "一般民警", "综合保障", ("安全管理员",)),
    ("FZ", "shenji", "沈纪", "一般民警", "综合保障", ("审计员",)),
)
CONTACTS = "一二三四五六七八九十"
# The first so many of the park's and of the town's further cadres lead an enterprise grid each.
PARK_LEADERS, TOWN_LEADERS = 12, 4


def people() -> Iterator[PersonSeed]:
    """Everybody, unit by unit, the leader first."""
    for unit in UNITS:
        yield from _members(unit)
    for number, word in enumerate(CONTACTS, start=1):
        unit = BY_CODE[PARK if number <= 5 else TOWN]
        leads = ("单位负责人",) if number in (1, 6) else ()
        yield PersonSeed(f"lian{number:02d}", f"联{word}", unit, "中层干部" if leads else "一般干部", "综合管理", leads)
    yield from _cadres(BY_CODE[PARK], PLANTS + MORE_PLANTS, PARK_LEADERS)
    yield from _cadres(BY_CODE[TOWN], PLANTS, TOWN_LEADERS)


def _cadres(unit: UnitSeed, plants: str, leaders: int) -> Iterator[PersonSeed]:
    for number, plant in enumerate(plants, start=1):
        rank = "中层干部" if number <= leaders else "一般干部"
        yield PersonSeed(f"{unit.pinyin}{number:02d}", f"{unit.mark}{plant}", unit, rank, "综合管理")


def _members(unit: UnitSeed) -> Iterator[PersonSeed]:
    fixed = [PersonSeed(account, name, unit, rank, track, roles) for code, account, name, rank, track, roles in CAST
             if code == unit.code]  # fmt: skip
    has_leader = any("单位负责人" in person.roles for person in fixed)
    if has_leader:
        yield from fixed
    for number in range(1, unit.size - len(fixed) + 1):
        leads = number == 1 and not has_leader
        yield PersonSeed(
            f"{unit.pinyin}{number:02d}",
            f"{unit.mark}{PLANTS[number - 1]}",
            unit,
            "领导" if unit.code == BUREAU else "中层干部" if leads else "辅警" if number % 3 == 0 else "一般民警",
            "" if leads or unit.code == BUREAU else _track(unit, number),
            ("单位负责人",) if leads else (),
        )
        if leads:
            yield from fixed


def _track(unit: UnitSeed, number: int) -> str:
    if unit.category == STATION:
        return TRACKS[number % 4] if number % 2 else TRACKS[0]
    if unit.category == SQUADRON:
        return TRACKS[1 + number % 3]
    return TRACKS[3] if number % 2 else TRACKS[1]
