"""Deciding about objectives and changes under a race, and what a leader is shown."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from domain.change import Field
from domain.errors import DomainError
from domain.objective_draft import ObjectiveDraft
from domain.okr import BoundsError, KeyResultDraft
from models.audit import AuditEntry
from models.engine import reading, writing
from models.okr import Change, Objective, ObjectiveState
from models.person import Person, Role
from services.change import approve_change, propose_change
from services.objective import (
    Proposal,
    approve,
    draft_of,
    find_own,
    propose,
    send_back,
    stamp_of,
    waiting_for,
    withdraw,
)
from services.team import deciders, find_named, people_led
from tests.factories import Cast, make_county, make_person, make_unit
from tests.times import FRIDAY

DRAFT = ObjectiveDraft("管好商铺", (KeyResultDraft("走访", Decimal(0), Decimal(80), "家", Decimal(1)),))


@pytest.fixture
def cast(engine: Engine) -> Cast:
    with writing(engine) as session:
        made = make_county(session)
        make_person(session, "zhaosuo", "赵所", made.station, Role.UNIT_LEADER)
    return made


@pytest.fixture
def proposed(engine: Engine, cast: Cast) -> int:
    with writing(engine) as session:
        lihua = session.get_one(Person, cast.lihua.id)
        return propose(session, Proposal(DRAFT, cast.period.id or 0), by=lihua, now=FRIDAY).id or 0


def account(session: Session, name: str) -> Person:
    return session.exec(select(Person).where(Person.account_key == name)).one()


def at_once(*acts: Callable[[], str]) -> list[str]:
    """What several acts say that begin at the same moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], str]) -> str:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_of_two_leaders_at_once_exactly_one_decides(engine: Engine, proposed: int) -> None:
    def decide(name: str, *, agree: bool) -> str:
        try:
            with writing(engine) as session:
                leader = account(session, name)
                if agree:
                    approve(session, proposed, by=leader, now=FRIDAY)
                else:
                    send_back(session, proposed, "太低", by=leader, now=FRIDAY)
            return "done"
        except DomainError as refusal:
            return str(refusal)

    said = at_once(lambda: decide("wangsuo", agree=True), lambda: decide("zhaosuo", agree=False))
    assert sorted(one == "done" for one in said) == [False, True]
    assert any("已经在 15:07" in one for one in said)
    with reading(engine) as session:
        decisions = select(func.count()).where(col(AuditEntry.action).in_(("objective.approve", "objective.return")))
        assert session.exec(decisions).one() == 1


def test_approving_a_change_twice_at_once_makes_it_once(engine: Engine, cast: Cast) -> None:
    with writing(engine) as session:
        lihua = session.get_one(Person, cast.lihua.id)
        change_id = propose_change(session, 1, (Field.TARGET, "60", "扩大"), by=lihua, now=FRIDAY).id or 0

    def decide(name: str) -> str:
        try:
            with writing(engine) as session:
                approve_change(session, change_id, by=account(session, name), now=FRIDAY)
            return "done"
        except DomainError as refusal:
            return str(refusal)

    said = at_once(lambda: decide("wangsuo"), lambda: decide("zhaosuo"))
    assert sorted(one == "done" for one in said) == [False, True]
    with reading(engine) as session:
        assert session.get_one(Change, change_id).old_value == "50"


def test_withdrawing_and_approving_at_once_leave_one_of_both(engine: Engine, proposed: int) -> None:
    def act(name: str) -> str:
        try:
            with writing(engine) as session:
                person = account(session, name)
                if name == "lihua":
                    withdraw(session, proposed, by=person, now=FRIDAY)
                else:
                    approve(session, proposed, by=person, now=FRIDAY)
            return "done"
        except DomainError as refusal:
            return str(refusal)

    said = at_once(lambda: act("lihua"), lambda: act("wangsuo"))
    assert said.count("done") == 1
    with reading(engine) as session:
        left = session.get(Objective, proposed)
        assert left is None or left.state is ObjectiveState.APPROVED


def test_the_stamp_changes_with_the_content_only(engine: Engine, cast: Cast, proposed: int) -> None:
    with writing(engine) as session:
        objective = session.get_one(Objective, proposed)
        lihua = account(session, "lihua")
        first = stamp_of(session, objective)
        same = Proposal(draft_of(session, objective), cast.period.id or 0, None, proposed)
        assert stamp_of(session, propose(session, same, by=lihua, now=FRIDAY)) == first
        other = Proposal(ObjectiveDraft("管好沿街", DRAFT.key_results), cast.period.id or 0, None, proposed)
        assert stamp_of(session, propose(session, other, by=lihua, now=FRIDAY)) != first


@pytest.mark.parametrize(
    ("draft", "fault"),
    [
        (ObjectiveDraft("", DRAFT.key_results), "还差目标"),
        (ObjectiveDraft("管好商铺"), "1 到 5 条"),
        (ObjectiveDraft("管好商铺", DRAFT.key_results * 6), "1 到 5 条"),
    ],
)
def test_a_draft_that_is_not_whole_is_refused(engine: Engine, cast: Cast, draft: ObjectiveDraft, fault: str) -> None:
    with writing(engine) as session, pytest.raises(DomainError, match=fault):
        propose(session, Proposal(draft, cast.period.id or 0), by=account(session, "lihua"), now=FRIDAY)


def test_a_sixth_objective_is_refused(engine: Engine, cast: Cast) -> None:
    with writing(engine) as session:
        lihua = account(session, "lihua")
        for _ in range(4):
            propose(session, Proposal(DRAFT, cast.period.id or 0), by=lihua, now=FRIDAY)
        with pytest.raises(BoundsError):
            propose(session, Proposal(DRAFT, cast.period.id or 0), by=lihua, now=FRIDAY)


def test_an_approved_objective_is_not_mended(engine: Engine, proposed: int) -> None:
    with writing(engine) as session:
        approve(session, proposed, by=account(session, "wangsuo"), now=FRIDAY)
        with pytest.raises(DomainError, match=r"^目标“[^”]+”已经同意了"):
            find_own(session, proposed, by=account(session, "lihua"))


def test_what_waits_is_shown_to_those_who_decide_only(engine: Engine, proposed: int) -> None:
    with reading(engine) as session:
        shown = {
            name: [one.id for one in waiting_for(session, account(session, name))]
            for name in ("wangsuo", "zhaosuo", "nansuo", "jixiao", "lihua")
        }
    assert shown == {"wangsuo": [proposed], "zhaosuo": [proposed], "nansuo": [], "jixiao": [], "lihua": []}


def test_a_leaders_own_objectives_are_decided_by_the_other_leader_or_the_unit_above(engine: Engine, cast: Cast) -> None:
    with writing(engine) as session:
        squad = make_unit(session, "CG1", "一中队", "中队", cast.station)
        head = make_person(session, "duizhang", "队长", squad, Role.UNIT_LEADER)
        names = [one.account for one in deciders(session, head)]
        of_leader = [one.account for one in deciders(session, account(session, "wangsuo"))]
        assert [one.account for one in deciders(session, account(session, "nansuo"))] == ["jixiao"]
    assert (names, of_leader) == (["wangsuo", "zhaosuo"], ["zhaosuo"])


def test_a_leader_leads_the_units_below(engine: Engine, cast: Cast) -> None:
    with writing(engine) as session:
        squad = make_unit(session, "CG1", "一中队", "中队", cast.station)
        make_person(session, "dui01", "队一", squad)
        led = people_led(session, account(session, "wangsuo"), frozenset({Role.UNIT_LEADER}))
        assert [one.account for one in led] == ["dui01", "lihua", "ZhangSan", "zhaosuo"]


def test_the_longest_name_and_the_whole_account_win(engine: Engine, cast: Cast) -> None:
    with writing(engine) as session:
        people = [
            make_person(session, "zhang", "张山峰", cast.station),
            make_person(session, "zhang.san", "张小山", cast.station),
            account(session, "zhangsan"),
        ]
        assert find_named(people, "张山峰KR2怎么样").people[0].account == "zhang"
        assert find_named(people, "张山 KR2").people[0].account == "ZhangSan"
        assert find_named(people, "zhang.san KR2").people[0].account == "zhang.san"
        assert find_named(people, "ZHANG：KR2").rest == "KR2"
        assert find_named(people, "李四 KR2").people == ()
