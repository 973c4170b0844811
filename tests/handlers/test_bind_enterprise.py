"""Who speaks for an enterprise: by its code, by its own link, by its contact's tap; never silently for the wrong one."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.audit import AuditEntry
from models.engine import reading, writing
from models.enterprise import Enterprise
from tests.chat import Chat
from tests.factories_ticket import TicketCast
from tests.handlers.shop import tickets
from tests.times import MovableClock, at

WANTED = "我们想扩产，还缺30个普工，能不能帮忙招工"


@pytest.mark.parametrize("said", ["绑定 固电电子有限公司 bind-E1", "绑定 固电 BIND-E1", "绑定：固电，bind-E1"])
def test_name_and_code_bind(chat: Chat, cast: TicketCast, engine: Engine, said: str) -> None:
    assert "绑定好了，您是固电电子有限公司的人" in chat.customer_say(said)

    chat.customer_say(WANTED)
    chat.customer_say("对")
    assert tickets(engine)[0].enterprise_id == cast.gudian.id
    with reading(engine) as session:
        assert (
            session.exec(select(AuditEntry).where(AuditEntry.action == "binding.bind"))
            .one()
            .actor.startswith("customer:")
        )


def test_a_name_that_may_mean_two_is_asked_back(chat: Chat, cast: TicketCast) -> None:
    assert "您说的是哪一家" in chat.customer_say("绑定 固电电 bind-E2")
    assert "固电电子贸易有限公司" in chat.customer_buttons()

    assert "您是固电电子贸易有限公司的人" in chat.customer_press("固电电子贸易有限公司")


def test_a_misspelt_name_is_asked_back_and_an_unknown_one_said_so(chat: Chat, cast: TicketCast) -> None:
    assert "虹桥纺织有限公司" in chat.customer_say("绑定 红桥纺织 bind-E3")
    assert "没找到" in chat.customer_say("绑定 天外飞仙餐饮 bind-E3")


def test_five_wrong_codes_are_enough_for_an_hour(chat: Chat, cast: TicketCast, clock: MovableClock) -> None:
    assert "还可以试 4 次" in chat.customer_say("绑定 固电 abcd1")
    for code in ("abcd2", "abcd3", "abcd4"):
        chat.customer_say(f"绑定 固电 {code}")
    assert "先歇一小时" in chat.customer_say("绑定 固电 abcd5")

    assert "先歇一小时" in chat.customer_say("绑定 固电 bind-E1")
    clock.advance(minutes=61)
    assert "绑定好了" in chat.customer_say("绑定 固电 bind-E1")


def test_without_a_code_the_contact_agrees_with_a_tap(chat: Chat, cast: TicketCast, engine: Engine) -> None:
    chat.customer_say(WANTED)
    chat.customer_say("对")

    assert "已经请网格联系人 联三 确认" in chat.customer_say("绑定 固电")
    assert "转给联三了" in chat.customer_say("固小姐 13800000000")
    assert "固小姐" in chat.inbox("liansan")[-1].text
    assert "已经绑定" in chat.press("同意", sender="liansan")
    assert any("联三确认了，您已经绑定固电电子有限公司" in post.text for post in chat.customer_inbox())
    [ticket] = tickets(engine)
    assert (ticket.enterprise_id, ticket.is_unverified) == (cast.gudian.id, False)


def test_the_contact_says_that_it_is_nobody_of_theirs(chat: Chat, cast: TicketCast, engine: Engine) -> None:
    chat.customer_say("绑定 固电")
    chat.press("不是本企业", sender="liansan")

    assert "没有确认您是固电电子有限公司的人" in chat.customer_inbox()[-1].text
    chat.customer_say(WANTED)
    chat.customer_say("对")
    assert tickets(engine)[0].is_unverified
    assert "刚说过" in chat.customer_say("绑定 固电")


def test_what_a_claimant_asks_goes_to_the_contact_marked(chat: Chat, cast: TicketCast, engine: Engine) -> None:
    chat.customer_say("绑定 固电")
    chat.customer_say(WANTED)
    chat.customer_say("对")

    assert any("（未绑定）" in post.text for post in chat.inbox("liansan"))
    assert tickets(engine)[0].is_unverified


def test_the_contact_of_another_grid_has_nothing_to_decide(chat: Chat, cast: TicketCast) -> None:
    chat.customer_say("绑定 固电")

    assert "没找到这个绑定申请" in chat.say("同意绑定 1", sender="lianwu")
    assert "没找到这个绑定申请" in chat.say("同意绑定 99", sender="liansan")
    chat.say("同意绑定 1", sender="liansan")
    assert "已经处理过了" in chat.say("同意绑定 1", sender="liansan")


def test_the_contact_is_not_woken(chat: Chat, cast: TicketCast, clock: MovableClock) -> None:
    clock.set(at("2026-11-19 22:40"))
    chat.customer_say("绑定 固电")
    assert chat.inbox("liansan") == []

    clock.set(at("2026-11-20 08:40"))
    chat.work_off()
    assert chat.buttons("liansan") == ["同意", "不是本企业"]


def test_an_enterprises_own_link_binds_and_its_contact_can_undo_it(
    chat: Chat, cast: TicketCast, engine: Engine
) -> None:
    assert "已经为您绑定固电电子有限公司" in chat.customer_enter(scene="E1")
    chat.customer_say(WANTED)
    chat.customer_say("对")
    assert not tickets(engine)[0].is_unverified

    chat.press("不是本企业", sender="liansan")
    assert tickets(engine)[0].is_unverified


def test_a_link_of_a_grid_names_no_enterprise_of_the_same_code(chat: Chat, cast: TicketCast, engine: Engine) -> None:
    with writing(engine) as session:
        session.get_one(Enterprise, cast.gudian.id).code = "W2"

    assert "绑定" not in chat.customer_enter(scene="grid_W2")
    chat.customer_say(WANTED)
    chat.customer_say("对")
    assert tickets(engine)[0].owner_id == cast.other_contact.id


@pytest.mark.parametrize("param", ["E1", "ent=E1", "ent%3DE1&code%3Dwrong"])
def test_a_parameter_that_anybody_could_write_only_asks(chat: Chat, cast: TicketCast, param: str) -> None:
    assert "您是固电电子有限公司的人吗" in chat.customer_enter(scene="qr", scene_param=param)
    assert "已经请网格联系人 联三 确认" in chat.customer_press("是，请联系人确认")


def test_a_parameter_with_the_code_binds(chat: Chat, cast: TicketCast) -> None:
    assert "已经为您绑定固电电子有限公司" in chat.customer_enter(scene="qr", scene_param="ent=E1&code=bind-E1")


def test_a_link_that_names_a_grid_sends_the_request_there(chat: Chat, cast: TicketCast, engine: Engine) -> None:
    chat.customer_enter(scene="qr", scene_param="grid=W2")
    chat.customer_say(WANTED)
    chat.customer_say("对")

    assert tickets(engine)[0].owner_id == cast.other_contact.id


def test_binding_without_a_name_says_how(chat: Chat, cast: TicketCast) -> None:
    assert "绑定 企业名 绑定码" in chat.customer_say("绑定")
