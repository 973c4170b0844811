"""What is in one's hands, and one ticket with its story."""

from sqlmodel import select

from models.audit import AuditEntry
from models.engine import reading
from tests.handlers.conftest import Desk
from tests.times import MovableClock, at


def test_the_overdue_come_first_and_the_buttons_are_for_the_first(desk: Desk, clock: MovableClock) -> None:
    desk.file("厂门口路灯不亮")
    desk.say("接单 1")
    clock.set(at("2026-11-23 11:00"))

    lines = desk.say("我的工单").splitlines()

    assert lines[0] == "手里 2 件，1 件已超时，最急的在前。"
    assert lines[1] == "1120-2 固电电子有限公司｜厂门口路灯不亮｜接单 今天 10:07（已超时）"
    assert lines[2] == "1120-1 固电电子有限公司｜招普工 30 人｜首次联系 今天 17:30"
    assert "路灯" in desk.press("接单")


def test_twelve_tickets_fit_one_screen(desk: Desk) -> None:
    for place in range(11):
        desk.file(f"第 {place} 盏路灯不亮")

    answer = desk.say("工单")

    assert "手里 12 件" in answer
    assert "还有 4 件" in answer
    assert len(answer.splitlines()) <= 12


def test_nothing_in_hand_says_so(desk: Desk) -> None:
    assert "没有没办完的工单" in desk.say("我的工单", sender="lianwu")
    assert "也没有分管的网格" in desk.say("我的工单", sender="nanqiao01")


def test_one_ticket_tells_its_story_and_the_look_is_noted(desk: Desk) -> None:
    desk.say("接单 1")
    desk.say("补充 1 老板不好说话")

    told = desk.say("看 1")

    assert told.splitlines()[:2] == ["Q261120-0001｜固电电子有限公司｜招普工 30 人", "用工｜办理中｜联三（联系人）"]
    assert "首次联系 周一 17:30｜办结 11月27日 17:30" in told
    assert "今天 15:07 联三 补充（内部）：老板不好说话" in told
    assert desk.chat.buttons("liansan")[0] == "首联"
    with reading(desk.engine) as session:
        assert session.exec(select(AuditEntry).where(AuditEntry.action == "ticket.look")).one().actor == "liansan"


def test_the_console_has_the_rest_of_a_ticket(desk: Desk) -> None:
    desk.say("看 1")

    assert "/tickets/Q261120-0001" in str(desk.chat.inbox("liansan")[-1].content)


def test_a_look_keeps_what_can_be_done_at_hand(desk: Desk) -> None:
    desk.say("退回 1 不在本网格")
    desk.press("看详情", sender="liansi")

    assert "接下了" in desk.press("接单", sender="liansi")


def test_words_that_only_begin_like_a_look_are_none(desk: Desk) -> None:
    assert "没听懂" in desk.say("看看再说")
    assert "没听懂" in desk.say("看 3 遍了")


def test_the_help_names_tickets_to_those_who_deal_with_them(desk: Desk) -> None:
    assert "我的工单：手里的诉求" in desk.say("帮助")
    assert "转办 7 归人社局办：转给更合适的人" in desk.say("工单帮助")
    assert "我的工单" not in desk.say("帮助", sender="nanqiao01")
    assert "也没有分管的网格" in desk.say("工单帮助", sender="nanqiao01")
