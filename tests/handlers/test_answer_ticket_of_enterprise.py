"""An enterprise follows its requests, says whether they are solved, rates them, adds to them and takes them back."""

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from domain.ticket import Rating, TicketAction, TicketState
from models.engine import reading, writing
from models.media import MediaFile
from models.ticket import Ticket, TicketEvent
from services.ticket.filing import Draft, file
from tests.chat import Chat
from tests.factories import DAMA, KUAIJI, LAOBAN
from tests.factories_ticket import TicketCast, do
from tests.handlers.shop import customer_of, let_speak, tickets
from tests.pictures import photo
from tests.times import FRIDAY, MovableClock

WANTED = "我们想扩产，还缺30个普工，能不能帮忙招工"
NUMBER = "Q261120-0001"


@pytest.fixture
def filed(shop: Chat) -> Chat:
    """The phones, when the boss of 固电电子 has asked for workers."""
    shop.customer_say(WANTED)
    shop.customer_say("对")
    return shop


@pytest.fixture
def finished(filed: Chat, engine: Engine, cast: TicketCast) -> Chat:
    """The same when 联三 says that it is done."""
    with writing(engine) as session:
        ticket = session.exec(select(Ticket)).one()
        do(session, ticket, TicketAction.ACCEPT, cast.liansan, FRIDAY)
        do(session, ticket, TicketAction.FINISH, cast.liansan, FRIDAY, text="34人面试")
    return filed


def state_of(engine: Engine) -> str:
    return tickets(engine)[0].state


def events(engine: Engine) -> list[TicketEvent]:
    with reading(engine) as session:
        found = list(session.exec(select(TicketEvent).order_by(col(TicketEvent.id))))
        session.expunge_all()
        return found


def test_progress_is_one_message(filed: Chat) -> None:
    answer = filed.customer_say("进度")

    assert answer == f"在办的有 1 件。\n\n{NUMBER}｜招普工 30 人\n待接单 · 联三 · 周一 17:30 前联系您"
    assert filed.customer_say("我的事办得怎么样了") == answer


def test_whoever_has_nothing_open_is_told_how_to_ask(shop: Chat) -> None:
    assert "没有在办的事" in shop.customer_say("进度")


def test_what_is_solved_ends_and_a_rating_is_a_tap(finished: Chat, engine: Engine) -> None:
    assert "给这次办理评个价" in finished.customer_say("已解决")
    assert finished.customer_buttons() == ["满意", "基本满意", "不满意"]
    assert "说已经解决" in finished.inbox("liansan")[-1].text

    assert "记下了：满意" in finished.customer_press("满意")
    assert state_of(engine) == TicketState.SOLVED
    assert tickets(engine)[0].rating is Rating.SATISFIED


def test_what_is_not_solved_goes_back_to_its_owner_and_the_leader_hears(finished: Chat, engine: Engine) -> None:
    answer = finished.customer_say("没解决 只来了5个")

    assert answer == "明白，已退回给联三继续办，也告诉了他的负责人。有进展马上跟您说。"
    assert state_of(engine) == TicketState.IN_HAND
    assert any("只来了5个" in post.text for post in finished.inbox("liansan"))
    assert any("只来了5个" in post.text for post in finished.inbox("wangzhang"))


def test_what_is_missing_may_be_said_afterwards(finished: Chat, engine: Engine) -> None:
    assert "哪里没解决" in finished.customer_say("没解决")

    assert "补充到" in finished.customer_say("只来了5个")
    assert events(engine)[-1].words == "只来了5个"


def test_a_poor_rating_is_asked_for_its_reason_and_may_be_changed(
    finished: Chat, engine: Engine, clock: MovableClock
) -> None:
    finished.customer_say("已解决")

    assert "哪里没办好" in finished.customer_press("不满意")
    assert "记下了：不满意" in finished.customer_say("电话一直没人接")
    assert any("电话一直没人接" in post.text for post in finished.inbox("wangzhang"))
    clock.advance(days=6)
    assert "记下了：基本满意" in finished.customer_say("基本满意")
    clock.advance(days=2)
    assert "基本满意" not in finished.customer_say("满意")
    assert tickets(engine)[0].rating is Rating.FAIR


@pytest.mark.parametrize("said", ["满意度调查什么时候开始", "撤销营业执照怎么办", "补充流动资金有贷款吗"])
def test_a_matter_that_begins_like_a_command_is_a_matter(shop: Chat, said: str) -> None:
    assert "我理解的是" in shop.customer_say(said)


def test_a_ticket_is_taken_back(filed: Chat, engine: Engine) -> None:
    assert "撤销了" in filed.customer_say("不用办了")
    assert state_of(engine) == TicketState.WITHDRAWN
    assert "不用办了" in filed.inbox("liansan")[-1].text


def test_what_is_not_filed_yet_is_let_go_by_the_same_word(shop: Chat, engine: Engine) -> None:
    shop.customer_say(WANTED)

    assert shop.customer_say("不用办了") == "好，没有提交。"
    assert tickets(engine) == []


def test_of_several_the_one_meant_is_asked_for(filed: Chat, engine: Engine) -> None:
    filed.customer_say("想贷款50万")
    filed.customer_say("对")

    assert "说的是哪一件" in filed.customer_say("催办")
    assert "已经提醒联三了" in filed.customer_press(f"{NUMBER} 招普工 30 人")
    assert "已经提醒联三了" in filed.customer_say("催办 2")
    assert "刚催过了" in filed.customer_say("催办 2")


def test_words_are_added(filed: Chat, engine: Engine) -> None:
    assert filed.customer_say("补充 门口有照片") == f"补充到 {NUMBER} 里了。"
    assert events(engine)[-1].words == "门口有照片"


@pytest.mark.parametrize("customer", [KUAIJI, DAMA])
@pytest.mark.parametrize("said", [f"已解决 {NUMBER}", f"催办 {NUMBER}", f"撤销 {NUMBER}", f"补充 {NUMBER} 嗨"])
def test_for_a_stranger_the_ticket_does_not_exist(filed: Chat, engine: Engine, customer: str, said: str) -> None:
    answer = filed.customer_say(said, customer=customer)

    assert "招普工" not in answer
    assert "联三" not in answer
    assert answer == filed.customer_say(said.replace(NUMBER, "Q261120-0999"), customer=customer).replace(
        "Q261120-0999", NUMBER
    )
    assert state_of(engine) == TicketState.UNACCEPTED


def test_another_enterprise_sees_nothing_of_it(filed: Chat, engine: Engine, cast: TicketCast) -> None:
    with writing(engine) as session:
        let_speak(session, KUAIJI, cast.hongqiao)

    assert "没有在办的事" in filed.customer_say("进度", customer=KUAIJI)
    assert "没找到" in filed.customer_say(f"已解决 {NUMBER}", customer=KUAIJI)


def test_whoever_is_not_bound_cannot_rate(chat: Chat, engine: Engine, cast: TicketCast) -> None:
    with writing(engine) as session:
        guest = customer_of(session, LAOBAN)
        ticket = file(session, Draft("路灯不亮", requester_id=guest.id), by=cast.asker, now=FRIDAY).ticket
        do(session, ticket, TicketAction.ACCEPT, cast.duty_leader, FRIDAY)
        do(session, ticket, TicketAction.FINISH, cast.duty_leader, FRIDAY, text="修好了")

    chat.customer_say("已解决")
    assert chat.customer_buttons() == []
    assert "绑定企业以后才能评价" in chat.customer_say("满意")


def test_materials_before_and_after_belong_to_the_ticket(shop: Chat, engine: Engine) -> None:
    assert "图片收到了" in shop.customer_send("image", photo())
    assert "1 份材料" in shop.customer_say(WANTED)
    assert "2 份材料" in shop.customer_send("file", b"%PDF-1.7")
    shop.customer_say("对")
    assert shop.customer_send("image", photo()) == f"补充到 {NUMBER} 里了。"
    place = {"latitude": 30.1, "longitude": 121.2, "name": "红桥", "address": "红桥路"}
    assert shop.customer_send("location", place) == f"补充到 {NUMBER} 里了。"

    assert [len(event.media) for event in events(engine)] == [2, 1, 0]
    assert events(engine)[-1].words == "位置：红桥，红桥路"
    with reading(engine) as session:
        files = session.exec(select(MediaFile).order_by(col(MediaFile.id))).all()
        assert [str(one.id) for one in files] == [number for event in events(engine) for number in event.media]
        assert {one.ticket_id for one in files} == {tickets(engine)[0].id}


def test_too_many_materials_are_refused_and_the_first_are_kept(shop: Chat, engine: Engine) -> None:
    shop.customer_say(WANTED)
    for _ in range(20):
        shop.customer_send("image", photo())

    assert "最多收 20 份材料" in shop.customer_send("image", photo())
    shop.customer_say("对")
    assert len(events(engine)[0].media) == 20


@pytest.mark.parametrize("said", ["已解决", "没解决"])
def test_a_word_that_comes_too_early_is_answered_and_changes_nothing(filed: Chat, engine: Engine, said: str) -> None:
    assert "还在办，办好了会问您" in filed.customer_say(said)
    assert state_of(engine) == TicketState.UNACCEPTED
    assert "撤销了" in filed.customer_press("撤销")
    assert f"没有可以说“{said}”的事" in filed.customer_say(said)


def test_help_names_what_an_enterprise_can_say(shop: Chat) -> None:
    answer = shop.customer_say("帮助")

    assert answer.index("绑定 固电电子") < answer.index("进度") < answer.index("已解决") < answer.index("撤销")


@pytest.mark.parametrize("said", ["多久有人联系我", "什么时候联系我们", "怎么没人打电话"])
def test_who_waits_for_a_call_hears_when_it_comes(filed: Chat, engine: Engine, said: str) -> None:
    assert "联三 · 周一 17:30 前联系您" in filed.customer_say(said)
    assert len(tickets(engine)) == 1


def test_who_wants_a_human_hears_who_has_it_and_when_they_call(filed: Chat, engine: Engine) -> None:
    answer = filed.customer_say("转人工")

    assert answer == f"{NUMBER} 由联系人 联三 在办，周一 17:30 前联系您。急的话回“催办”，我马上提醒他。"
    assert len(events(engine)) == 1


def test_who_wants_a_human_and_has_nothing_open_hears_who_the_contact_is(shop: Chat) -> None:
    assert shop.customer_say("人工客服") == (
        "固电电子有限公司的网格联系人是联三。您先用一句话说是什么事，我马上转给他，他会联系您。"
    )


def test_a_stranger_who_wants_a_human_is_told_how(chat: Chat, cast: TicketCast) -> None:
    assert chat.customer_say("人工", customer=KUAIJI) == (
        "背后都是人在办：您用一句话说是什么事，我马上转给能办的人，他会联系您。"
    )


def test_who_wants_a_human_in_the_middle_of_a_request_still_has_it(shop: Chat, engine: Engine) -> None:
    shop.customer_say(WANTED)

    assert "网格联系人是联三" in shop.customer_say("转人工")
    assert "已提交" in shop.customer_say("对")
