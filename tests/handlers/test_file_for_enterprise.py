"""Staff file requests for enterprises: from the hotline, from a visit, or because somebody asked them to."""

import pytest
from sqlmodel import select

from models.engine import reading
from models.ticket import Ticket
from tests.handlers.conftest import Desk


def newest(desk: Desk) -> tuple[str, str, bool, str]:
    with reading(desk.engine) as session:
        one = session.exec(select(Ticket).order_by(Ticket.id.desc())).first()  # type: ignore[union-attr]  # a column at run time
        assert one is not None
        return one.source, one.category, one.is_urgent, one.summary


def test_a_call_of_the_hotline_becomes_a_ticket_of_the_enterprise_s_contact(desk: Desk) -> None:
    told = desk.say("热线 虹桥布厂 车间停电两天了", sender="lihua")
    assert "虹桥纺织有限公司｜用电用水用气｜" in told
    assert "来自热线96871。对吗？" in told

    assert "已提交 Q261120-0002" in desk.press("提交", sender="lihua")

    assert newest(desk)[:2] == ("热线96871", "用电用水用气")
    assert "新诉求" in desk.last("lianwu")
    assert "接单" in desk.chat.buttons("lianwu")


def test_what_was_understood_can_be_put_right_before_it_is_filed(desk: Desk) -> None:
    desk.say("代报 固电 门口的事麻烦看看")
    assert "｜融资｜" in desk.say("融资")
    assert "｜急件" in desk.press("急件")
    assert "｜用工｜招普工 20 人｜不急" in desk.say("缺20个普工")
    desk.say("提交")

    assert newest(desk) == ("干部代报", "用工", False, "招普工 20 人")
    assert desk.chat.buttons("liansan") == ["接单", "转办", "退回", "看详情"]


def test_the_filer_may_look_at_what_they_filed(desk: Desk) -> None:
    desk.say("热线 虹桥布厂 车间停电两天了", sender="lihua")
    desk.press("提交", sender="lihua")

    assert "李花 提出" in desk.say("看 2", sender="lihua")
    assert "没找到" in desk.say("看 1", sender="lihua")


def test_a_name_that_fits_several_is_asked_back_with_the_words_kept(desk: Desk) -> None:
    assert "“固电电”是哪一家？" in desk.say("代报 固电电 门口路灯不亮")
    label = desk.chat.buttons("liansan")[0]
    assert "路灯" in desk.press(label)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("代报", "哪家企业、什么事？"),
        ("代报 子虚乌有 路灯不亮", "没找到“子虚乌有”这家企业"),
        ("代报 固电", "固电电子有限公司有什么事？"),
        ("代报 固电 您好", "没看出要办什么事"),
        ("代报名了没有", "没听懂"),
    ],
)
def test_what_cannot_be_filed_is_asked_back(desk: Desk, said: str, told: str) -> None:
    assert told in desk.say(said)
    assert newest(desk)[3] == "招普工 30 人"


def test_danger_names_the_number_to_call(desk: Desk) -> None:
    assert "119" in desk.say("代报 固电 车间着火了")


def test_whoever_works_on_it_is_told_to_call_where_no_message_arrives(desk: Desk) -> None:
    desk.say("代报 固电 缺20个普工")
    desk.press("提交")
    assert "消息到不了，请打个电话告诉对方" in desk.say("接单 2")
    assert "消息到不了" not in desk.say("接单 1")
    assert "消息到不了" in desk.say("回复 2 师傅下午到")
