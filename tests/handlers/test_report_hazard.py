"""A resident's photo with a few words reaches the grid worker, who sorts it; every reporter hears how it ends."""

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.audit import AuditEntry
from models.engine import reading, writing
from models.estate import Estate
from models.grid import Grid, GridKind
from models.report_follower import ReportFollower
from models.routing import DutyLeader
from models.ticket import Ticket, TicketClock, TicketEvent
from simulator import World
from tests.chat import Chat
from tests.factories import DAMA, DOORS, RESIDENTS, Cast, make_person
from tests.times import FRIDAY, MovableClock, at

DAYE = "wmDaYe"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 64
WIRE = "虹桥佳苑3幢楼道口电线掉下来了"


@pytest.fixture
def village(engine: Engine, county: Cast, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """南河头一网格 with 虹桥佳苑, held by 联十 and led by 网长; 大爷 is a second resident."""
    with writing(engine) as session:
        lianshi = make_person(session, "lianshi", "联十", county.station)
        leader = make_person(session, "wangzhang", "网长", county.station)
        top = make_person(session, "zhizhang", "值长", county.station)
        grid = Grid(
            code="J1", name="南河头一网格", kind=GridKind.RESIDENTIAL, contact_id=lianshi.id, supervisor_id=leader.id
        )
        session.add(grid)
        session.flush()
        assert grid.id is not None
        assert top.id is not None
        session.add(Estate(name="虹桥佳苑", aliases="老虹桥", grid_id=grid.id, households=209))
        session.add(DutyLeader(person_id=top.id, starts_on=FRIDAY.date(), ends_on=FRIDAY.date()))
    for account, name in (("lianshi", "联十"), ("wangzhang", "网长"), ("zhizhang", "值长")):
        world.directory.add_member(account, name, departments=[1])
    world.customers.add("大爷", DAYE)
    monkeypatch.setitem(DOORS, DAYE, RESIDENTS)


@pytest.fixture
def chat(chat: Chat, village: None) -> Chat:
    return chat


def ask(chat: Chat, text: str, customer: str = DAMA) -> str:
    return chat.customer_say(text, customer=customer)


def reports(engine: Engine) -> list[Ticket]:
    with reading(engine) as session:
        found = list(session.exec(select(Ticket).order_by(col(Ticket.id))))
        session.expunge_all()
        return found


def test_a_danger_is_told_to_keep_away_from_and_reaches_the_grid_worker(chat: Chat, engine: Engine) -> None:
    answer = ask(chat, f"上报 {WIRE}")

    assert answer.startswith(
        "怕有危险，请先别靠近；冒火花、着火请拨 119。收到，已报给网格员 联十，1 小时内给您回音。编号 R261120-0001。"
    )
    card = "\n".join(post.text for post in chat.inbox("lianshi"))
    assert "新上报（急） R261120-0001｜居民｜虹桥佳苑3幢楼道口电线掉下来了" in card
    assert "看着是大事，你来定" in card
    assert [one.is_urgent for one in reports(engine)] == [True]


def test_it_is_to_be_answered_within_a_working_hour(chat: Chat, engine: Engine) -> None:
    ask(chat, "上报 虹桥佳苑门口路灯不亮")

    with reading(engine) as session:
        clocks = {one.which.value: one.due_at for one in session.exec(select(TicketClock))}
    assert clocks["accept"] == clocks["contact"] == at("2026-11-20 16:07")


def test_a_photo_waits_for_its_words_and_goes_with_them(chat: Chat, engine: Engine) -> None:
    assert "图片收到了。是什么事、在哪里？" in chat.customer_send("image", PICTURE, customer=DAMA)

    assert "已报给网格员 联十" in ask(chat, WIRE)
    with reading(engine) as session:
        assert [len(event.media) for event in session.exec(select(TicketEvent))] == [1]


def test_a_photo_that_follows_is_added(chat: Chat, engine: Engine) -> None:
    ask(chat, f"上报 {WIRE}")

    assert "补充到 R261120-0001 里了" in chat.customer_send("image", PICTURE, customer=DAMA)
    assert len(reports(engine)) == 1


def test_more_photos_than_a_report_takes_are_declined_kindly(chat: Chat) -> None:
    for _ in range(20):
        chat.customer_send("image", PICTURE, customer=DAMA)

    assert "一件事最多收 20 份照片材料" in chat.customer_send("image", PICTURE, customer=DAMA)


def test_words_without_a_place_are_asked_where(chat: Chat, engine: Engine) -> None:
    assert "在哪里？" in ask(chat, "上报 路灯不亮")
    assert "已报给网格员 联十" in ask(chat, "老虹桥3幢门口")
    assert [one.summary for one in reports(engine)] == ["老虹桥3幢门口，路灯不亮"]


def test_a_place_that_nobody_knows_goes_to_the_leader_on_duty(chat: Chat) -> None:
    ask(chat, "上报 路灯不亮")

    assert "已报给值班领导 值长" in ask(chat, "外滩花园3幢")


def test_words_out_of_the_blue_are_offered_to_be_filed(chat: Chat, engine: Engine) -> None:
    assert "您是要报这件事吗：虹桥佳苑门口的垃圾没人清" in ask(chat, "虹桥佳苑门口的垃圾没人清")
    assert reports(engine) == []

    assert "已报给网格员 联十" in chat.customer_press("报上去", customer=DAMA)


def test_an_offer_can_be_let_go(chat: Chat, engine: Engine) -> None:
    ask(chat, "虹桥佳苑门口的垃圾没人清")

    assert chat.customer_press("不报", customer=DAMA) == "好，没有报。有事随时说一句。"
    assert reports(engine) == []


@pytest.mark.parametrize(("words", "number"), [("着火了", "119"), ("楼下打架了", "110"), ("有人晕倒了", "120")])
def test_an_emergency_is_first_told_whom_to_call_and_filed_at_once(
    chat: Chat, engine: Engine, words: str, number: str
) -> None:
    assert ask(chat, words).startswith(f"请立即拨打 {number}，人先到安全的地方。")
    assert len(reports(engine)) == 1


def test_an_insult_is_answered_politely(chat: Chat, engine: Engine) -> None:
    assert "让您着急了" in ask(chat, "你们都是废物")
    assert reports(engine) == []


def test_the_grid_worker_sorts_a_small_matter_and_does_it_and_the_resident_confirms(chat: Chat, engine: Engine) -> None:
    ask(chat, "上报 虹桥佳苑门口路灯不亮")

    chat.press("小事", sender="lianshi")
    assert "联十在办您报的事（R261120-0001）了" in chat.customer_inbox(DAMA)[-1].text
    chat.say("办结 1 灯泡换好了", sender="lianshi")
    assert chat.customer_inbox(DAMA)[-1].text.startswith("联十说办好了：灯泡换好了。解决了吗？")
    assert "办结了" in chat.customer_press("已解决", customer=DAMA)
    assert [(one.state, one.category) for one in reports(engine)] == [("solved", "小事")]


def test_a_big_matter_goes_to_the_leader_of_the_grid_who_accepts_it(chat: Chat, engine: Engine) -> None:
    ask(chat, f"上报 {WIRE}")

    chat.press("大事", sender="lianshi")
    assert "现在由负责人 网长 负责" in chat.customer_inbox(DAMA)[-1].text
    chat.press("接单", sender="wangzhang")
    assert [(one.state, one.category) for one in reports(engine)] == [("in_hand", "大事")]


def test_what_is_not_solved_goes_back(chat: Chat, engine: Engine) -> None:
    ask(chat, "上报 虹桥佳苑门口路灯不亮")
    chat.press("私事", sender="lianshi")
    chat.say("办结 1 灯泡换好了", sender="lianshi")

    assert "已退回给联十继续办" in ask(chat, "没解决 还是不亮")
    assert [one.state for one in reports(engine)] == ["in_hand"]


def test_a_step_that_reports_do_not_have_is_refused(chat: Chat) -> None:
    ask(chat, "上报 虹桥佳苑门口路灯不亮")

    assert "没有这一步" in chat.say("延期 1 3天 等灯泡", sender="lianshi")


def test_neighbours_join_what_was_reported_and_all_hear_the_end(chat: Chat, engine: Engine) -> None:
    ask(chat, f"上报 {WIRE}")

    assert "附近已经有 1 位邻居报了差不多的" in ask(chat, "上报 虹桥佳苑3幢楼道电线掉了", DAYE)
    assert "前面还有 1 位邻居也报了这处" in chat.customer_press("是，一起等结果", customer=DAYE)
    assert "一共 2 位" in chat.inbox("lianshi")[-1].text
    chat.press("小事", sender="lianshi")
    chat.say("办结 1 已断电包扎", sender="lianshi")
    assert len(reports(engine)) == 1
    assert "联十说办好了：已断电包扎" in chat.customer_inbox(DAMA)[-1].text
    assert "联十说办好了：已断电包扎" in chat.customer_inbox(DAYE)[-1].text
    with reading(engine) as session:
        assert len(session.exec(select(ReportFollower)).all()) == 1


def test_another_thing_nearby_is_filed_apart(chat: Chat, engine: Engine) -> None:
    ask(chat, f"上报 {WIRE}")
    ask(chat, "上报 虹桥佳苑3幢楼道电线掉了", DAYE)

    assert "已报给网格员 联十" in chat.customer_press("不是，另报一件", customer=DAYE)
    assert len(reports(engine)) == 2


@pytest.mark.parametrize("words", ["上报 虹桥佳苑5幢楼道口电线掉下来了", "上报 虹桥佳苑3幢垃圾没清"])
def test_another_house_or_another_matter_is_not_the_same(chat: Chat, engine: Engine, words: str) -> None:
    ask(chat, f"上报 {WIRE}")

    assert "已报给网格员 联十" in ask(chat, words, DAYE)
    assert len(reports(engine)) == 2


def test_a_day_later_it_is_a_new_report(chat: Chat, engine: Engine, clock: MovableClock) -> None:
    ask(chat, f"上报 {WIRE}")
    clock.advance(hours=25)

    assert "已报给" in ask(chat, "上报 虹桥佳苑3幢楼道电线掉了", DAYE)
    assert len(reports(engine)) == 2


def test_whoever_reports_the_same_again_is_told_that_it_goes_on(chat: Chat, engine: Engine) -> None:
    ask(chat, f"上报 {WIRE}")
    ask(chat, f"上报 {WIRE}")

    assert "这件您已经报过了（R261120-0001）" in ask(chat, "是")
    assert len(reports(engine)) == 1


def test_a_report_can_go_without_a_name(chat: Chat, engine: Engine) -> None:
    ask(chat, f"上报 {WIRE}")

    assert "R261120-0001 不留名" in chat.customer_press("不留名", customer=DAMA)
    with reading(engine) as session:
        assert session.exec(select(Ticket.requester_name)).one() == "居民（不留名）"
        assert len(session.exec(select(AuditEntry).where(AuditEntry.action == "ticket.hide_name")).all()) == 1


def test_nobody_else_can_touch_a_report(chat: Chat) -> None:
    ask(chat, f"上报 {WIRE}")

    assert "没找到" in ask(chat, "不留名 R261120-0001", DAYE)
    assert "没找到" in ask(chat, "撤销 R261120-0001", DAYE)


def test_progress_is_told(chat: Chat) -> None:
    ask(chat, f"上报 {WIRE}")

    assert "R261120-0001｜虹桥佳苑3幢楼道口电线掉下来了\n待受理 · 联十" in ask(chat, "进度")


def test_at_night_what_is_dangerous_reaches_the_grid_worker_at_once(chat: Chat, clock: MovableClock) -> None:
    clock.set(at("2026-11-20 22:40"))

    assert "1 小时内" not in ask(chat, "上报 虹桥佳苑门口路灯不亮")
    assert chat.inbox("lianshi") == []
    ask(chat, f"上报 {WIRE}", DAYE)
    assert any("R261120-0002" in post.text for post in chat.inbox("lianshi"))
