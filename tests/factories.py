"""The fixed cast of the tests: two stations, their officers and leaders, the performance clerk, an operator."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from models.kf import Audience, KfAccount
from models.okr import KeyResult, Objective, ObjectiveState
from models.period import Period
from models.person import Person, PersonRole, Role
from models.unit import Unit
from simulator import World

Line = tuple[str, str, str, str]

# 李花's key results, as the examples of the conversations use them: title, start, target, unit.
LIHUA: tuple[Line, ...] = (
    ("入户走访", "0", "50", "户"),
    ("反诈宣传覆盖率", "60", "95", "%"),
    ("台账系统上线", "0", "1", ""),
    ("案件办结率", "70", "90", "%"),
    ("组织法制培训", "0", "4", "场"),
)
ZHANGSAN: tuple[Line, ...] = (("入户走访", "0", "40", "户"), ("电诈发案数", "12", "8", "起"))
# The doors of 微信客服, and who knocks: ids as WeCom gives them, where case matters.
ENTERPRISES, RESIDENTS = "wkQiYe", "wkJuMin"
LAOBAN, KUAIJI, DAMA = "wmLaoBan", "wmKuaiJi", "wmDaMa"
CUSTOMERS = {LAOBAN: "老板", KUAIJI: "会计", DAMA: "大妈"}
DOORS = {LAOBAN: ENTERPRISES, KUAIJI: ENTERPRISES, DAMA: RESIDENTS}


@dataclass(frozen=True)
class Cast:
    """The county of the tests, by name."""

    period: Period
    station: Unit
    lihua: Person
    zhangsan: Person
    wangsuo: Person
    clerk: Person
    operator: Person
    nanqiao_officer: Person
    nanqiao_leader: Person


def make_county(session: Session) -> Cast:
    """A bureau with 城关所 and 南桥所, and the fourth quarter of 2026, in which 李花 and 张山 have objectives."""
    bureau = make_unit(session, "JU", "县公安局", "局")
    station = make_unit(session, "CG", "城关所", "派出所", bureau)
    nanqiao = make_unit(session, "NQ", "南桥所", "派出所", bureau)
    office = make_unit(session, "JX", "绩效办", "机关单位", bureau)
    period = make_period(session, "2026Q4", "2026年第四季度", date(2026, 10, 1), date(2026, 12, 31))
    session.add(KfAccount(open_kfid=ENTERPRISES, name="企业服务", audience=Audience.ENTERPRISE))
    session.add(KfAccount(open_kfid=RESIDENTS, name="居民服务", audience=Audience.RESIDENT))
    cast = Cast(
        period=period,
        station=station,
        lihua=make_person(session, "lihua", "李花", station),
        zhangsan=make_person(session, "ZhangSan", "张山", station),
        wangsuo=make_person(session, "wangsuo", "王所", station, Role.UNIT_LEADER),
        clerk=make_person(session, "jixiao", "纪晓", office, Role.OFFICE),
        operator=make_person(session, "yunwei", "云维", office, Role.SYSTEM_ADMIN),
        nanqiao_officer=make_person(session, "nanqiao01", "南一", nanqiao),
        nanqiao_leader=make_person(session, "nansuo", "南所", nanqiao, Role.UNIT_LEADER),
    )
    make_objective(session, period, cast.lihua, "守好一方平安", LIHUA)
    make_objective(session, period, cast.zhangsan, "压降发案", ZHANGSAN)
    return cast


def make_unit(session: Session, code: str, name: str, category: str, parent: Unit | None = None) -> Unit:
    unit = Unit(code=code, name=name, category=category, parent_id=parent.id if parent else None)
    session.add(unit)
    session.flush()
    return unit


def make_person(session: Session, account: str, name: str, unit: Unit, *roles: Role) -> Person:
    assert unit.id is not None
    person = Person(
        account=account, account_key=account.lower(), name=name, unit_id=unit.id, rank="一般民警", track="社区警务"
    )
    session.add(person)
    session.flush()
    assert person.id is not None
    session.add_all(PersonRole(person_id=person.id, role=role) for role in roles)
    session.flush()
    return person


def make_period(session: Session, code: str, name: str, starts_on: date, ends_on: date) -> Period:
    period = Period(code=code, name=name, starts_on=starts_on, ends_on=ends_on)
    session.add(period)
    session.flush()
    return period


def make_objective(
    session: Session, period: Period, owner: Person | Unit, title: str, lines: tuple[Line, ...]
) -> Objective:
    assert period.id is not None
    objective = Objective(
        period_id=period.id,
        person_id=owner.id if isinstance(owner, Person) else None,
        unit_id=owner.id if isinstance(owner, Unit) else None,
        position=1,
        title=title,
        state=ObjectiveState.APPROVED,
    )
    session.add(objective)
    session.flush()
    assert objective.id is not None
    for number, (name, start, target, unit) in enumerate(lines, start=1):
        session.add(
            KeyResult(
                objective_id=objective.id,
                position=number,
                number=number,
                title=name,
                start=Decimal(start),
                target=Decimal(target),
                unit=unit,
                current=Decimal(start),
            )
        )
    session.flush()
    return objective


def introduce(world: World, cast: Cast) -> None:
    """Makes the cast members of the simulated WeCom too."""
    for person in vars(cast).values():
        if isinstance(person, Person):
            world.directory.add_member(person.account, person.name, departments=[1])
    for open_kfid, name in ((ENTERPRISES, "企业服务"), (RESIDENTS, "居民服务")):
        world.kf.add(name, open_kfid, servicers=(cast.lihua.account,))
    for external_userid, name in CUSTOMERS.items():
        world.customers.add(name, external_userid)
    world.directory.add_member("moshengren", "陌生人", departments=[1])
