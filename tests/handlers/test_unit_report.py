"""A leader reports the unit's key results beside their own."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.audit import AuditEntry
from models.engine import reading, writing
from models.okr import CheckIn, KeyResult, Objective, ObjectiveState
from models.person import PersonRole, Role
from simulator import World
from tests.chat import Chat
from tests.conftest import Service
from tests.factories import Cast, Line, make_objective, make_person
from tests.times import FRIDAY, NEXT_MONDAY_BEFORE_CLOSE, MovableClock, at

STATION: tuple[Line, ...] = (
    ("入户走访", "0", "500", "户"),
    ("反诈宣传覆盖率", "60", "95", "%"),
    ("全所实战训练", "0", "12", "场"),
)
OWN: tuple[Line, ...] = (("入户走访", "0", "50", "户"), ("案件办结率", "70", "90", "%"))


@pytest.fixture
def unit_okr(engine: Engine, county: Cast) -> None:
    """城关所 has an objective of its own; 王所, who leads it, has none."""
    with writing(engine) as session:
        make_objective(session, county.period, county.station, "全所争先", STATION)


@pytest.fixture
def both_okr(engine: Engine, county: Cast, unit_okr: None) -> None:
    """王所 has an objective beside the station's."""
    with writing(engine) as session:
        make_objective(session, county.period, county.wangsuo, "带好队伍", OWN)


@pytest.fixture
def second_leader(engine: Engine, county: Cast, world: World) -> None:
    with writing(engine) as session:
        make_person(session, "zhaozhidao", "赵导", county.station, Role.UNIT_LEADER)
    world.directory.add_member("zhaozhidao", "赵导", departments=[1])


@pytest.mark.usefixtures("both_okr")
def test_a_leader_reports_the_unit_and_their_own_in_one_message(chat: Chat) -> None:
    assert chat.say("单位KR1 235，KR2 80%\nKR1 35", sender="wangsuo") == (
        "记好了（第47周）\n"
        "KR1 入户走访 35/50 户 · 70%（+35）\n"
        "单位KR1 入户走访 235/500 户 · 47%（+235）\n"
        "单位KR2 反诈宣传覆盖率 80/95% · 57%（+20）\n"
        "还差 KR2、单位KR3。说错了回“撤销”。"
    )


@pytest.mark.usefixtures("both_okr")
@pytest.mark.parametrize("text", ["本所KR2 80%", "本所 KR2 80%", "本单位 KR2 80%", "覆盖率80"])
def test_the_unit_is_said_in_several_ways(chat: Chat, text: str) -> None:
    assert "单位KR2 反诈宣传覆盖率 80/95% · 57%（+20）" in chat.say(text, sender="wangsuo")


@pytest.mark.usefixtures("both_okr")
def test_a_bare_number_stays_the_leaders_own(chat: Chat) -> None:
    assert "\nKR1 入户走访 35/50 户" in chat.say("KR1 35", sender="wangsuo")


@pytest.mark.usefixtures("unit_okr")
def test_a_leader_without_objectives_means_the_unit(chat: Chat) -> None:
    assert chat.say("KR1 235", sender="wangsuo") == (
        "记好了（第47周）\n单位KR1 入户走访 235/500 户 · 47%（+235）\n还差 单位KR2、单位KR3。说错了回“撤销”。"
    )


@pytest.mark.usefixtures("both_okr")
def test_words_that_fit_both_are_asked_back_and_kept_for_the_one_that_is_pressed(chat: Chat) -> None:
    assert chat.say("入户走访 35", sender="wangsuo") == "“入户走访 35”对得上两项，是哪一项？"
    assert chat.buttons("wangsuo") == ["KR1 入户走访", "单位KR1 入户走访", "不记"]
    assert "\n单位KR1 入户走访 35/500 户 · 7%（+35）" in chat.press("单位KR1 入户走访", sender="wangsuo")


@pytest.mark.usefixtures("both_okr")
def test_a_doubt_about_the_unit_is_answered_in_words(chat: Chat) -> None:
    assert "单位KR1 的目标是 500 户" in chat.say("单位KR1 9000", sender="wangsuo")
    assert "\n单位KR1 入户走访 90/500 户" in chat.say("是 90", sender="wangsuo")


@pytest.mark.usefixtures("both_okr")
def test_an_officers_words_stay_their_own(chat: Chat, engine: Engine) -> None:
    assert "\nKR1 入户走访 35/50 户" in chat.say("单位KR1 35")
    with reading(engine) as session:
        reported = select(Objective.unit_id).join(KeyResult).where(KeyResult.reported_week != "")
        assert session.exec(reported).all() == [None]


@pytest.mark.usefixtures("both_okr")
def test_the_leader_of_another_unit_cannot_report_this_one(chat: Chat, engine: Engine) -> None:
    assert "你还没有目标" in chat.say("单位KR1 235", sender="nansuo")
    with reading(engine) as session:
        assert not session.exec(select(CheckIn)).all()


def test_a_unit_without_objectives_is_not_taken_for_the_leader(chat: Chat, engine: Engine, county: Cast) -> None:
    with writing(engine) as session:
        make_objective(session, county.period, county.wangsuo, "带好队伍", OWN)
    assert chat.say("单位KR1 35", sender="wangsuo") == "本单位这个周期还没有目标，先没记。你自己的直接说“KR1 35”。"
    with reading(engine) as session:
        assert not session.exec(select(CheckIn)).all()


def test_leaders_learn_of_it_in_help_and_officers_do_not(chat: Chat) -> None:
    assert "单位KR1 35" in chat.say("帮助", sender="wangsuo")
    assert "单位KR1" not in chat.say("帮助")


@pytest.mark.usefixtures("both_okr")
def test_who_no_longer_leads_no_longer_reports_the_unit(chat: Chat, engine: Engine, county: Cast) -> None:
    chat.say("单位KR1 235", sender="wangsuo")
    with writing(engine) as session:
        session.delete(session.get_one(PersonRole, (county.wangsuo.id, Role.UNIT_LEADER)))
    assert "\nKR1 入户走访 24/50 户" in chat.say("单位KR1 24", sender="wangsuo")


@pytest.mark.usefixtures("both_okr")
def test_a_report_of_both_is_taken_back_as_a_whole(chat: Chat) -> None:
    chat.say("单位KR1 235\nKR1 35", sender="wangsuo")
    assert chat.say("撤销", sender="wangsuo") == (
        "第47周刚才那次收回了，现在是：\n"
        "KR1 入户走访 0/50 户 · 0%\n"
        "单位KR1 入户走访 0/500 户 · 0%\n"
        "要重报，直接说就行。"
    )


@pytest.mark.usefixtures("both_okr", "second_leader")
def test_of_two_leaders_the_newest_report_counts_and_both_are_kept_and_named(chat: Chat, engine: Engine) -> None:
    chat.say("单位KR1 235", sender="wangsuo")
    answer = chat.say("KR1 240", sender="zhaozhidao")
    assert "单位KR1 入户走访 240/500 户 · 48%（+240）" in answer
    assert "王所这周报过单位KR1 235，以最新的为准。" in answer
    with reading(engine) as session:
        values = session.exec(select(col(CheckIn.value)).order_by(col(CheckIn.id))).all()
        assert values == [Decimal(235), Decimal(240)]
    assert "单位KR1 入户走访 235/500 户 · 47%" in chat.say("撤销", sender="zhaozhidao")


@pytest.mark.usefixtures("both_okr")
def test_the_form_shows_both_and_can_be_sent_back_as_it_is(chat: Chat) -> None:
    chat.say("单位KR1 235\nKR1 35", sender="wangsuo")
    form = chat.say("周报", sender="wangsuo")
    assert form == (
        "周报（第47周），改好数字整条发回来：\n"
        "KR1 入户走访 35/50 户\n"
        "KR2 案件办结率 70%\n"
        "单位KR1 入户走访 235/500 户\n"
        "单位KR2 反诈宣传覆盖率 60%\n"
        "单位KR3 全所实战训练 0/12 场"
    )
    assert chat.say(form, sender="wangsuo").endswith(
        "单位KR3 全所实战训练 0/12 场 · 0%（不变）\n这周的都报齐了。说错了回“撤销”。"
    )


@pytest.mark.usefixtures("both_okr")
def test_as_last_week_is_said_of_both(chat: Chat, clock: MovableClock) -> None:
    chat.say("单位KR1 235\nKR1 35", sender="wangsuo")
    clock.set(at("2026-11-27 15:07"))
    answer = chat.say("和上周一样", sender="wangsuo")
    assert "\nKR1 入户走访 35/50 户 · 70%（不变）" in answer
    assert "\n单位KR1 入户走访 235/500 户 · 47%（不变）" in answer


@pytest.mark.usefixtures("both_okr")
def test_mine_shows_both(chat: Chat) -> None:
    chat.say("单位KR1 235\nKR1 35", sender="wangsuo")
    mine = chat.say("我的", sender="wangsuo")
    assert "\nKR1 入户走访 35/50 户 · 70%" in mine
    assert "\n单位KR1 入户走访 235/500 户 · 47%" in mine
    assert "带好队伍" in mine
    assert "全所争先" in mine
    assert "KR2、单位KR2、单位KR3，周一 10:00 前" in mine


@pytest.mark.usefixtures("unit_okr")
def test_mine_of_a_leader_without_objectives_shows_the_units(chat: Chat) -> None:
    assert "单位进度 0%\n单位KR1 入户走访 0/500 户 · 0%" in chat.say("我的", sender="wangsuo")


@pytest.mark.usefixtures("both_okr")
def test_an_officer_sees_nothing_of_it_in_mine(chat: Chat) -> None:
    assert "单位" not in chat.say("我的")


@pytest.mark.usefixtures("both_okr")
def test_while_ones_own_wait_for_consent_a_bare_number_is_not_taken_for_the_units(
    chat: Chat, engine: Engine, county: Cast
) -> None:
    with writing(engine) as session:
        mine = session.exec(select(Objective).where(Objective.person_id == county.wangsuo.id)).one()
        mine.state = ObjectiveState.PROPOSED
        session.add(mine)
    assert chat.say("KR1 35", sender="wangsuo") == (
        "你的目标还在等负责人确认，确认后就能报进展。单位的要说明，比如“单位KR1 500”。"
    )
    assert "\n单位KR1 入户走访 235/500 户" in chat.say("单位KR1 235", sender="wangsuo")


def test_the_unit_without_objectives_is_refused_in_the_middle_of_a_doubt_too(
    chat: Chat, engine: Engine, county: Cast
) -> None:
    with writing(engine) as session:
        make_objective(session, county.period, county.wangsuo, "带好队伍", OWN)
    chat.say("KR1 5000", sender="wangsuo")
    assert chat.say("单位KR1 35", sender="wangsuo") == (
        "“KR1 5000”先没记。\n本单位这个周期还没有目标，先没记。你自己的直接说“KR1 35”。"
    )


@pytest.mark.usefixtures("both_okr")
def test_the_audit_log_tells_the_units_value_from_ones_own(chat: Chat, engine: Engine) -> None:
    chat.say("单位KR1 235\nKR1 35", sender="wangsuo")
    with reading(engine) as session:
        (entry,) = session.exec(select(AuditEntry).where(AuditEntry.action == "report.keep")).all()
        assert entry.details["values"] == {"KR1": "35", "单位KR1": "235"}


@pytest.mark.usefixtures("both_okr")
def test_the_units_week_is_shown_on_its_digest(chat: Chat) -> None:
    chat.say("单位KR1 235，有风险，拆迁", sender="wangsuo")
    digest = chat.say("本单位", sender="wangsuo")
    assert "单位目标 16%：KR1 47%，KR2、KR3 还没报。" in digest
    assert "单位KR1 拆迁" in digest


@pytest.mark.usefixtures("both_okr", "second_leader")
def test_what_the_unit_has_open_is_asked_once_of_one_leader(chat: Chat, service: Service) -> None:
    chat.say("单位KR1 235", sender="wangsuo")
    service.scheduler.run_now("remind_checkin", FRIDAY)
    chat.work_off()
    assert chat.inbox("wangsuo")[-1].text.startswith(
        "本周还有 4 项没更新：KR1、KR2、单位KR2、单位KR3。\n一句话就行，比如“KR1 3户，单位KR3 3场”。"
    )
    assert not chat.inbox("zhaozhidao")


@pytest.mark.usefixtures("unit_okr", "second_leader")
def test_while_one_leader_is_away_the_other_one_is_asked(chat: Chat, service: Service) -> None:
    chat.say("请假 本周", sender="wangsuo")
    seen = len(chat.inbox("wangsuo"))
    service.scheduler.run_now("remind_checkin", FRIDAY)
    chat.work_off()
    assert len(chat.inbox("wangsuo")) == seen
    assert "单位KR1、单位KR2、单位KR3" in chat.inbox("zhaozhidao")[-1].text


@pytest.mark.usefixtures("unit_okr")
def test_a_unit_that_has_reported_is_not_asked_again(chat: Chat, service: Service, clock: MovableClock) -> None:
    chat.say("和上周一样", sender="wangsuo")
    seen = len(chat.inbox("wangsuo"))
    clock.set(NEXT_MONDAY_BEFORE_CLOSE)
    service.scheduler.run_now("remind_checkin_again", at("2026-11-23 08:52"))
    chat.work_off()
    assert len(chat.inbox("wangsuo")) == seen
