"""Contacts work on requests by words and by buttons, and whoever it concerns hears of it."""

import pytest
from sqlmodel import select

from domain.ticket import TICKET
from models.engine import writing
from models.grid import Grid
from models.person import Person
from models.ticket import Ticket
from models.unit import Unit
from tests.conftest import Service
from tests.factories import Cast, make_person
from tests.handlers.conftest import Desk
from tests.times import MovableClock, at

TITLE = "Q261120-0001｜固电电子有限公司｜招普工 30 人"


def test_a_contact_accepts_contacts_and_finishes_by_words(desk: Desk) -> None:
    assert desk.say("接单 1") == f"接下了 {TITLE}\n首次联系 周一 17:30 前，办结 11月27日 17:30 前。"
    assert desk.chat.buttons("liansan") == ["首联", "办结", "转办", "延期", "挂起", "看详情"]
    assert "联三接下了您的事" in desk.chat.customer_inbox()[-1].text

    assert "记下了第一次联系（电话）：约好明天上门" in desk.say("首联 0001 电话 约好明天上门")
    assert desk.chat.buttons("liansan") == ["办结", "转办", "延期", "挂起", "看详情"]
    assert "记下了，已经请对方确认：已对接职业学院" in desk.say("办结 1 已对接职业学院")

    assert "联三说办好了：已对接职业学院。解决了吗？" in desk.chat.customer_inbox()[-1].text
    assert [(one.action, one.proof) for one in desk.log()[1:]] == [("accept", ""), ("contact", "电话"), ("finish", "")]


def test_a_button_that_needs_words_asks_one_question(desk: Desk) -> None:
    desk.say("接单 1")

    assert "怎么联系的，说了什么？" in desk.press("首联")
    assert "说了什么？一句话" in desk.press("上门")
    assert "记下了第一次联系（上门）：看了车间" in desk.say("看了车间")
    assert "办了什么？一句话" in desk.press("办结")
    assert "记下了，已经请对方确认：34 人面试" in desk.say("34 人面试")
    assert desk.state() == "to_confirm"


def test_a_question_can_be_left_and_the_ticket_stays_as_it_was(desk: Desk) -> None:
    assert "为什么退回？" in desk.say("退回 1")
    assert desk.press("先不办") == "好，不问了。已经记好的不变。"
    assert (desk.state(), desk.owner()) == ("unaccepted", "联三")


def test_a_word_alone_means_the_only_ticket_it_fits(desk: Desk) -> None:
    assert "接下了" in desk.say("接单")
    assert desk.say("接单") == "现在没有能接单的工单。看手里的说“我的工单”。"


def test_a_word_alone_with_several_tickets_asks_which(desk: Desk) -> None:
    desk.file("厂门口路灯不亮")

    answer = desk.say("接单")

    assert answer.startswith("能接单的有 2 件。是哪一件？")
    assert desk.chat.buttons("liansan") == ["接单 1120-1", "接单 1120-2"]
    assert "路灯不亮" in desk.press("接单 1120-2")
    assert (desk.state(1), desk.state(2)) == ("unaccepted", "in_hand")


def test_a_transfer_names_a_person_or_only_a_reason(desk: Desk) -> None:
    assert desk.say("转办 1 联五 场地在他网格") == f"转给 联五 了\n{TITLE}"
    assert desk.owner() == "联五"
    assert "联三转来一件：场地在他网格" in desk.last("lianwu")
    assert desk.chat.buttons("lianwu") == ["接单", "转办", "退回", "看详情"]

    desk.say("转办 1 归人社局办", sender="lianwu")
    assert desk.owner() == "联三"
    assert desk.log()[-1].words == "归人社局办"


def test_a_transfer_to_nobody_is_asked_back_with_those_who_are_meant(desk: Desk) -> None:
    answer = desk.say("转办 1 联九 归他管")

    assert "没找到“联九”，是" in answer
    assert desk.owner() == "联三"
    assert "联五" in desk.chat.buttons("liansan")
    desk.press("联五")
    assert desk.owner() == "联五"
    assert desk.log()[-1].words == "归他管"


def test_a_transfer_to_a_stranger_keeps_asking_until_somebody_is_named(desk: Desk) -> None:
    assert "没找到“欧阳无名”这个人" in desk.say("转办 1 转给欧阳无名 归他管")
    assert "转给 联五 了" in desk.say("lianwu")


def test_what_is_no_name_can_be_all_reason(desk: Desk) -> None:
    desk.say("转办 1 联网 办手续归行政服务中心")

    desk.press("不是人名")

    assert desk.log()[-1].words == "联网 办手续归行政服务中心"


def test_of_two_with_one_name_the_unit_tells(desk: Desk, county: Cast) -> None:
    with writing(desk.engine) as session:
        make_person(session, "lianwu2", "联五", session.get_one(Unit, county.nanqiao_officer.unit_id))

    assert "叫联五的有 2 位，是哪一位？" in desk.say("转办 1 联五 归他管")
    desk.say("lianwu2")
    assert desk.log()[-1].owner_after_id != desk.cast.other_contact.id


def test_more_time_is_asked_of_the_leader_who_decides_by_card(desk: Desk) -> None:
    desk.say("接单 1")
    assert "已经请网格长定：多 3 个工作日：等图纸" in desk.say("延期 1 3天 等图纸")
    assert "联三申请多给 3 个工作日：等图纸" in desk.last("wangzhang")
    assert desk.chat.buttons("wangzhang") == ["同意延期", "不同意延期", "催办", "改派", "看详情"]

    assert "同意了，办结时间改到 12月2日 17:30" in desk.press("同意延期", sender="wangzhang")
    assert "网长同意延期 3 个工作日" in desk.last("liansan")


def test_a_refusal_of_more_time_says_why(desk: Desk) -> None:
    desk.say("接单 1")
    assert "延几个工作日、为什么？" in desk.press("延期")
    assert "为什么要延？" in desk.press("2天")
    desk.say("等图纸")

    assert "为什么不同意？" in desk.press("不同意延期", sender="wangzhang")
    assert "没有延期" in desk.say("材料早就齐了", sender="wangzhang")
    assert "网长没有同意延期：材料早就齐了" in desk.last("liansan")


@pytest.mark.parametrize("said", ["延期 1 0天 等图纸", "延期 1 等图纸", "延期 1 三五天 等图纸"])
def test_days_that_are_no_number_are_asked_for(desk: Desk, said: str) -> None:
    desk.say("接单 1")
    assert "延几个工作日、为什么？" in desk.say(said)


def test_more_days_than_may_be_asked_for_leave_the_question_open(desk: Desk) -> None:
    desk.say("接单 1")
    desk.say("延期 1")
    assert "一次最多延 30 个工作日" in desk.say("99天 等图纸")
    assert "多 3 个工作日：等图纸" in desk.say("3天 等图纸")


def test_waiting_for_the_enterprise_stops_the_clock_until_it_goes_on(desk: Desk) -> None:
    desk.say("接单 1")
    assert "先停表，等对方回话：等企业补图纸" in desk.say("挂起 1 等企业补图纸")
    assert desk.chat.buttons("liansan") == ["首联", "办结", "恢复", "看详情"]
    assert "接着办" in desk.press("恢复")


def test_the_second_return_is_decided_by_the_leader(desk: Desk) -> None:
    desk.say("退回 1 不在本网格")
    assert desk.owner() == "联四"
    desk.say("退回 1 我也不是", sender="liansi")
    assert "已经是第二次" in desk.last("wangzhang")

    assert "交给谁、为什么？" in desk.press("仲裁", sender="wangzhang")
    assert "为什么？一句话" in desk.press("联三", sender="wangzhang")
    assert "定下由 联三 来办" in desk.say("企业在他网格", sender="wangzhang")
    assert desk.owner() == "联三"


def test_a_leader_gives_it_to_somebody_else_and_the_former_owner_is_told_whose_it_is(desk: Desk) -> None:
    desk.say("改派 1 联五 原承办人出差", sender="wangzhang")

    assert "这件改由 联五 来办" in desk.last("liansan")
    assert desk.say("接单 Q261120-0001") == "Q261120-0001 已经改由 联五 来办，你不用管了。"


def test_of_two_leaders_at_once_the_second_is_told_who_was_first(desk: Desk) -> None:
    desk.say("接单 1")
    desk.say("延期 1 3天 等图纸")
    desk.say("同意延期 1", sender="wangzhang")

    assert "网长 今天 15:07 已经同意延期" in desk.say("同意延期 1", sender="zhizhang")


def test_an_open_question_ends_when_somebody_else_has_acted_meanwhile(desk: Desk) -> None:
    desk.say("接单 1")
    desk.press("延期")
    desk.say("改派 1 联五 出差", sender="wangzhang")

    assert "已经改由 联五 来办" in desk.say("3天 等图纸")
    assert "没听懂" in desk.say("3天 等图纸")


def test_a_button_pressed_twice_acts_once_and_another_on_the_card_is_refused(desk: Desk) -> None:
    desk.say("转办 1 联五 归他管")
    desk.press("接单", sender="lianwu")

    assert [one.action for one in desk.log()].count("accept") == 1
    assert "联五 今天 15:07 已经接单" in desk.say("接单 1", sender="lianwu")


def test_a_note_is_for_staff_and_a_reply_for_the_enterprise(desk: Desk) -> None:
    desk.say("接单 1")
    before = len(desk.chat.customer_inbox())
    assert desk.say("补充 1 老板不好说话") == "补充到 Q261120-0001 里了。"
    assert len(desk.chat.customer_inbox()) == before

    assert "转给对方了" in desk.say("回复 1 师傅下午到")
    assert "联三就您的事（Q261120-0001）说：师傅下午到" in desk.chat.customer_inbox()[-1].text


def test_a_leader_hurries_the_owner_once(desk: Desk) -> None:
    assert "已经提醒联三了" in desk.say("催办 1", sender="wangzhang")
    assert "网长在催这件" in desk.last("liansan")
    assert "刚催过了" in desk.say("催办 1", sender="wangzhang")


@pytest.mark.parametrize("stranger", ["lianwu", "lihua", "nanqiao01"])
@pytest.mark.parametrize("said", ["接单 Q261120-0001", "接单 1", "看 1"])
def test_a_ticket_of_another_grid_does_not_exist(desk: Desk, stranger: str, said: str) -> None:
    assert "没找到" in desk.say(said, sender=stranger)
    assert desk.state() == "unaccepted"


def test_words_that_only_begin_like_a_command_stay_reports(desk: Desk) -> None:
    assert "KR4 案件办结率" in desk.say("办结率 85", sender="lihua")
    assert "KR4 案件办结率" in desk.say("案件办结率到86", sender="lihua")
    assert "没听懂" in desk.say("转办给人社局了", sender="liansan")


def test_a_word_alone_that_answers_which_key_result_is_meant_is_no_command(desk: Desk) -> None:
    with writing(desk.engine) as session:
        session.get_one(Ticket, 1).owner_id = (
            session.exec(select(Person.id).where(Person.account == "lihua")).one() or 0
        )
    assert "是哪一项" in desk.say("率 85", sender="lihua")

    assert "KR4 案件办结率 85/90%" in desk.say("办结", sender="lihua")


def test_a_reason_that_begins_like_a_name_is_a_reason(desk: Desk) -> None:
    desk.say("转办 1 由于场地不在本网格")
    assert desk.log()[-1].words == "由于场地不在本网格"


def test_the_process_is_whole_in_the_commands(desk: Desk) -> None:
    for code in ("accept", "contact", "finish", "pause"):
        word = TICKET.actions[code].word
        assert "没听懂" not in desk.say(f"{word} 99")


def test_a_ticket_of_a_deleted_grid_goes_on_with_its_owner(desk: Desk) -> None:
    with writing(desk.engine) as session:
        grid = session.get_one(Grid, desk.cast.micro.id)
        grid.contact_id = grid.deputy_id = None
    assert "接下了" in desk.say("接单 1")
    assert "转给 网长 了" in desk.say("转办 1 没有别人了")


def test_a_note_begun_without_words_is_for_staff_too(desk: Desk) -> None:
    assert "只有自己人看得到" in desk.say("补充")
    desk.say("老板不好说话")
    assert desk.log()[-1].is_internal

    assert desk.say("回复").startswith("回复 Q261120-0001")
    desk.say("师傅下午到")
    assert not desk.log()[-1].is_internal


def test_when_time_has_run_out_the_leader_may_hurry_or_reassign_from_the_card(
    desk: Desk, service: Service, clock: MovableClock
) -> None:
    clock.set(at("2026-11-23 11:00"))
    service.scheduler.run_now("escalate_tickets")
    desk.chat.work_off()

    assert "接单时间（今天 10:07）已过，还没有办" in desk.last("wangzhang")
    assert desk.chat.buttons("wangzhang") == ["催办", "改派", "看详情"]
    assert "交给谁、为什么？" in desk.press("改派", sender="wangzhang")
    desk.press("联四", sender="wangzhang")
    assert "改派给 联四 了" in desk.say("原承办人没接", sender="wangzhang")
    assert "网长转来一件：原承办人没接" in desk.last("liansi")
