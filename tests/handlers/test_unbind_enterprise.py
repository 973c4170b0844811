"""A binding ends: by the customer's own word, asked once, or by the contact; what was asked for goes on."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.audit import AuditEntry
from models.engine import reading, writing
from tests.chat import Chat
from tests.factories import KUAIJI, LAOBAN
from tests.factories_ticket import TicketCast
from tests.handlers.shop import customer_of, let_speak, tickets

WANTED = "我们想扩产，还缺30个普工，能不能帮忙招工"


def acts(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as session:
        return [(one.action, one.actor) for one in session.exec(select(AuditEntry))]


def test_a_customer_ends_their_binding_after_one_question(shop: Chat, engine: Engine) -> None:
    shop.customer_say(WANTED)
    shop.customer_say("对")

    assert "确定吗" in shop.customer_say("解绑")
    assert "不再代表固电电子有限公司了" in shop.customer_press("确定")

    assert "没有绑定企业" in shop.customer_say("解绑")
    assert "招普工 30 人" in shop.customer_say("进度")
    assert not tickets(engine)[0].is_unverified
    assert any(action == "binding.leave" and by.startswith("customer:") for action, by in acts(engine))


@pytest.mark.parametrize("said", ["取消", "想贷款50万"])
def test_other_words_keep_the_binding(shop: Chat, said: str) -> None:
    shop.customer_say("解绑")
    shop.customer_say(said)

    assert "确定吗" in shop.customer_say("解绑 固电")


def test_of_several_the_one_meant_is_asked_for(shop: Chat, engine: Engine, cast: TicketCast) -> None:
    with writing(engine) as session:
        let_speak(session, LAOBAN, cast.hongqiao)

    assert "哪一家" in shop.customer_say("解绑")
    assert "不再代表虹桥纺织有限公司了。确定" not in shop.customer_press("虹桥纺织有限公司")
    assert "不再代表虹桥纺织有限公司了" in shop.customer_say("确定")
    assert "不再代表固电电子有限公司了" in shop.customer_say("解绑")


def test_an_enterprise_that_is_not_theirs_is_said_to_be_none(shop: Chat) -> None:
    assert "您没有绑定“虹桥纺织”" in shop.customer_say("解绑 虹桥纺织")


def test_who_ended_it_themselves_may_ask_the_contact_again(shop: Chat) -> None:
    shop.customer_say("解绑")
    shop.customer_say("确定")

    assert "已经请网格联系人 联三 确认" in shop.customer_say("绑定 固电")


def test_another_enterprise_takes_the_place_of_the_former(shop: Chat, cast: TicketCast) -> None:
    assert "确定换吗" in shop.customer_say("换绑 虹桥纺织有限公司 bind-E3")
    answer = shop.customer_press("确定")

    assert "您是虹桥纺织有限公司的人" in answer
    assert "和固电电子有限公司的绑定结束了" in answer
    assert "虹桥纺织有限公司" in shop.customer_say("解绑")


@pytest.mark.parametrize("said", ["换绑 虹桥纺织有限公司 wrong", "换绑 虹桥纺织有限公司", "换绑 天外飞仙餐饮 wrong"])
def test_the_former_stays_until_the_new_one_holds(shop: Chat, cast: TicketCast, said: str) -> None:
    shop.customer_say(said)

    assert "和固电电子有限公司的绑定先留着" in shop.customer_say("确定")
    assert "不再代表固电电子有限公司" in shop.customer_say("解绑 固电")


def test_who_is_bound_to_none_is_simply_bound(chat: Chat, cast: TicketCast) -> None:
    assert "绑定好了" in chat.customer_say("换绑 固电 bind-E1")
    assert "换到哪家" in chat.customer_say("换绑")


def test_the_contact_ends_the_binding_of_somebody_by_name(shop: Chat, engine: Engine, cast: TicketCast) -> None:
    shop.customer_say("您好")
    with writing(engine) as session:
        customer_of(session, LAOBAN).name = "固小姐"

    assert "结束了固小姐和固电电子有限公司的绑定" in shop.say("解绑 固电 固小姐", sender="liansan")

    assert "您和固电电子有限公司的绑定结束了" in shop.customer_inbox()[-1].text
    assert "没有绑定企业" in shop.customer_say("解绑")
    assert {("binding.list", "liansan"), ("binding.end", "liansan")} <= set(acts(engine))


def test_without_a_name_the_contact_is_shown_who_is_bound(shop: Chat, engine: Engine, cast: TicketCast) -> None:
    with writing(engine) as session:
        let_speak(session, KUAIJI, cast.gudian)
        customer_of(session, KUAIJI).name = "钱会计"

    assert "绑定的有 2 人" in shop.say("解绑 固电", sender="liansan")
    assert shop.buttons("liansan") == ["没留姓名 1", "钱会计", "先不动"]
    assert "绑定" in shop.press("钱会计", sender="liansan")
    assert "没有绑定企业" in shop.customer_say("解绑", customer=KUAIJI)


def test_the_contact_of_another_grid_neither_sees_nor_ends(shop: Chat, engine: Engine, cast: TicketCast) -> None:
    assert "不在你的网格里" in shop.say("解绑 固电", sender="lianwu")
    assert "不在你的网格里" in shop.say("解绑 固电 老板", sender="lihua")
    assert "确定吗" in shop.customer_say("解绑")


def test_an_enterprise_with_nobody_bound_is_said_to_have_none(shop: Chat, cast: TicketCast) -> None:
    assert "没有人绑定" in shop.say("解绑 虹桥纺织有限公司", sender="lianwu")
