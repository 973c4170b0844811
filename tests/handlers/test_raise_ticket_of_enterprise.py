"""An enterprise asks in one sentence: understood, filed with a tap or a word, and owned at once."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.engine import reading, writing
from models.ticket import TicketEvent
from tests.chat import Chat
from tests.factories import KUAIJI, LAOBAN
from tests.factories_ticket import TicketCast
from tests.handlers.shop import let_speak, tickets
from tests.times import MovableClock, at

WANTED = "我们想扩产，还缺30个普工，能不能帮忙招工"


def test_one_sentence_and_one_word_make_a_ticket_with_an_owner(shop: Chat, engine: Engine) -> None:
    assert "我理解的是：用工 · 招普工 30 人 · 不急。对吗？" in shop.customer_say(WANTED)
    assert shop.customer_buttons() == ["对，提交", "改一下"]

    answer = shop.customer_say("对")

    assert answer == (
        "已提交，编号 Q261120-0001。由联系人 联三 负责，周一（23日）下班前会联系您。有照片、材料直接发来就行。"
    )
    card = shop.inbox("liansan")[-1].text
    assert "新诉求 Q261120-0001｜固电电子有限公司｜招普工 30 人" in card
    assert "接单" in shop.buttons("liansan")
    [ticket] = tickets(engine)
    assert (ticket.category, ticket.is_urgent, ticket.is_unverified) == ("用工", False, False)


def test_a_tap_files_once_however_often_it_is_tapped(shop: Chat, engine: Engine) -> None:
    shop.customer_say(WANTED)
    shop.customer_press("对，提交")

    assert "已经过去了" in shop.customer_press("对，提交")
    assert len(tickets(engine)) == 1


@pytest.mark.parametrize("said", ["嗯", "是的", "对，提交", "好的", "嗯嗯", "OK", "没错，提交吧"])
def test_any_yes_files(shop: Chat, engine: Engine, said: str) -> None:
    shop.customer_say(WANTED)

    assert "已提交" in shop.customer_say(said)
    assert len(tickets(engine)) == 1


def test_thanks_alone_are_no_yes(shop: Chat, engine: Engine) -> None:
    shop.customer_say(WANTED)

    assert "对吗" in shop.customer_say("谢谢")
    assert tickets(engine) == []
    assert "已提交" in shop.customer_say("对，谢谢")


@pytest.mark.parametrize("said", ["在吗", "你好", "……", "哈哈", "谢谢", "[捂脸]", "[玫瑰][OK]", "😀"])
def test_words_without_a_matter_make_no_ticket(shop: Chat, engine: Engine, said: str) -> None:
    assert "您想反映什么" in shop.customer_say(said)
    assert tickets(engine) == []


def test_abuse_is_answered_politely_and_makes_no_ticket(shop: Chat, engine: Engine) -> None:
    assert "您说说是什么事" in shop.customer_say("你们这帮废物")
    assert tickets(engine) == []


def test_at_night_somebody_answers_and_says_when_staff_come(shop: Chat, clock: MovableClock, engine: Engine) -> None:
    clock.set(at("2026-11-19 22:40"))

    assert shop.customer_say("在吗") == (
        "在的。夜里我先记下，您说的事工作人员明早 8:30 起处理；着急的安全问题请直接拨打 110/119。您想反映什么？"
    )
    shop.customer_say(WANTED)
    assert "工作人员明早 8:30 起处理" in shop.customer_press("对，提交")
    assert shop.inbox("liansan") == []
    clock.set(at("2026-11-20 08:40"))
    shop.work_off()
    assert "新诉求" in shop.inbox("liansan")[-1].text


def test_what_is_urgent_reaches_its_owner_at_night(shop: Chat, clock: MovableClock) -> None:
    clock.set(at("2026-11-19 22:40"))
    shop.customer_say("厂里停电了，赶不出货，急")
    shop.customer_say("对")

    assert "（急）" in shop.inbox("liansan")[-1].text


def test_an_emergency_is_told_whom_to_call_and_filed_without_a_question(shop: Chat, engine: Engine) -> None:
    answer = shop.customer_say("车间着火了，快来人")

    assert answer.startswith("怕有危险，请您先拨 119")
    assert "已提交，编号 Q261120-0001。按急件转给了联系人 联三，最晚周一（23日）下班前联系您。" in answer
    assert tickets(engine)[0].is_urgent


def test_category_and_urgency_are_changed_before_it_is_filed(shop: Chat, engine: Engine) -> None:
    shop.customer_say(WANTED)
    assert "哪里不对" in shop.customer_press("改一下")
    assert "类别：政策咨询" in shop.customer_buttons()

    assert "政策咨询 · 招普工 30 人 · 不急。对吗" in shop.customer_press("类别：政策咨询")
    shop.customer_say("改一下")
    assert "政策咨询 · 招普工 30 人 · 急。对吗" in shop.customer_press("这是急事")
    shop.customer_say("对")
    assert (tickets(engine)[0].category, tickets(engine)[0].is_urgent) == ("政策咨询", True)


def test_other_words_replace_what_was_misunderstood(shop: Chat) -> None:
    shop.customer_say(WANTED)
    shop.customer_say("不对")

    assert "融资" in shop.customer_say("想问问银行贷款怎么申请")


def test_further_words_before_the_yes_belong_to_the_same_matter(shop: Chat, engine: Engine) -> None:
    shop.customer_say(WANTED)
    assert "用工" in shop.customer_say("最好是有经验的，12月1日前到岗")
    shop.customer_say("对")

    [ticket] = tickets(engine)
    with reading(engine) as session:
        event = session.exec(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)).one()
        assert event.words == f"{WANTED}。最好是有经验的，12月1日前到岗"


def test_what_is_thought_better_of_is_not_filed(shop: Chat, engine: Engine) -> None:
    shop.customer_say(WANTED)

    assert "不问了" in shop.customer_say("算了")
    assert "您想反映什么" in shop.customer_say("对")
    assert tickets(engine) == []


def test_whoever_is_not_bound_may_ask_and_is_marked(chat: Chat, cast: TicketCast, engine: Engine) -> None:
    chat.customer_say(WANTED, customer=KUAIJI)
    answer = chat.customer_say("对", customer=KUAIJI)

    assert "您还没绑定企业" in answer
    assert tickets(engine)[0].is_unverified
    assert "（未绑定）" in chat.inbox("zhizhang")[-1].text


def test_one_person_of_two_enterprises_says_whose_it_is(shop: Chat, cast: TicketCast, engine: Engine) -> None:
    with writing(engine) as session:
        let_speak(session, LAOBAN, cast.hongqiao)

    assert "是哪家企业的事" in shop.customer_say(WANTED)
    assert shop.customer_buttons() == ["虹桥纺织有限公司", "固电电子有限公司", "改一下"]
    assert "是哪家企业的事" in shop.customer_say("对")
    assert "联五" in shop.customer_press("虹桥纺织有限公司")
    assert tickets(engine)[0].enterprise_id == cast.hongqiao.id


def test_the_same_matter_again_is_offered_the_ticket_there_is(shop: Chat, clock: MovableClock, engine: Engine) -> None:
    shop.customer_say(WANTED)
    shop.customer_say("对")
    clock.advance(days=1)

    assert "您有一件差不多的：Q261120-0001" in shop.customer_say("还是缺30个普工，招工怎么弄")
    assert shop.customer_press("是，并到 Q261120-0001") == "补充到 Q261120-0001 里了。"
    shop.customer_say("还是缺30个普工，招工怎么弄")
    assert "编号 Q261121-0001" in shop.customer_press("不是，新提一件")
    assert len(tickets(engine)) == 2


def test_a_remark_just_after_filing_belongs_to_the_ticket_unless_they_say_otherwise(shop: Chat, engine: Engine) -> None:
    shop.customer_say(WANTED)
    shop.customer_say("对")

    assert "补充到 Q261120-0001 里了。" in shop.customer_say("到了找门卫老李")
    assert "到了找门卫老李" in shop.inbox("liansan")[-1].text
    assert "我理解的是" in shop.customer_press("另提一件")


def test_ten_tickets_in_a_minute_are_asked_to_merge(shop: Chat, clock: MovableClock, engine: Engine) -> None:
    for matter in ("招普工3人", "想贷款50万", "申报高新技术企业补贴", "商标被人仿冒", "厂门口道路都是坑"):
        shop.customer_say(matter)
        shop.customer_say("对")
    shop.customer_say("厂里自来水管没水")

    assert "并到一起" in shop.customer_say("对")
    assert len(tickets(engine)) == 5
    clock.advance(minutes=2)
    assert "已提交" in shop.customer_press("不是，新提一件")


def test_too_many_words_are_asked_to_be_fewer(shop: Chat, engine: Engine) -> None:
    shop.customer_say(WANTED)

    assert "最多 1000 个字" in shop.customer_say("招工" * 600)
    assert "已提交" in shop.customer_say("对")


def test_too_many_words_at_once_leave_nobody_before_a_question_that_cannot_be_answered(
    shop: Chat, engine: Engine
) -> None:
    assert "最多 1000 个字" in shop.customer_say("厂里停电了，" * 3000)
    assert shop.customer_buttons() == []

    shop.customer_say(WANTED)
    assert "已提交" in shop.customer_say("对")
    assert "已提交" in shop.customer_say("车间着火了，" * 3000)
    assert len(tickets(engine)) == 2


def test_a_telephone_number_belongs_to_what_is_being_talked_about(shop: Chat, engine: Engine) -> None:
    shop.customer_say(WANTED)
    shop.customer_say("13900000000")
    shop.customer_press("改一下")
    shop.customer_say("找门卫老李")
    shop.customer_say("对")
    shop.customer_say("13911111111")

    with reading(engine) as session:
        words = [event.words for event in session.exec(select(TicketEvent))]
    assert words == [f"{WANTED}。13900000000。找门卫老李", "13911111111"]
