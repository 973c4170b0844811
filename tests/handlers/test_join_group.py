"""A resident finds the group of their estate in one message; who came and went is read from WeCom, never guessed."""

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.engine import reading, writing
from models.estate import Estate
from models.grid import Grid, GridKind
from models.group import CustomerGroup, GroupMember
from services.group import Coverage, coverage_of
from simulator import World
from tests.chat import Chat
from tests.factories import DAMA, LAOBAN, Cast, make_person
from tests.times import MovableClock

CHAT_ID = "wrHongQiao"


@pytest.fixture
def estates(engine: Engine, county: Cast, world: World) -> None:
    """南河头一网格, held by 联十, with 虹桥佳苑 and its group; 虹桥新村 in a grid without any group."""
    with writing(engine) as session:
        lianshi = make_person(session, "lianshi", "联十", county.station)
        grid = Grid(code="J1", name="南河头一网格", kind=GridKind.RESIDENTIAL, contact_id=lianshi.id)
        other = Grid(code="J2", name="南河头二网格", kind=GridKind.RESIDENTIAL, contact_id=lianshi.id)
        session.add_all([grid, other])
        session.flush()
        assert grid.id is not None
        assert other.id is not None
        session.add(Estate(name="虹桥佳苑", aliases="老虹桥", grid_id=grid.id, households=209))
        session.add(Estate(name="虹桥新村", grid_id=other.id))
        session.add(CustomerGroup(chat_id=CHAT_ID, name="虹桥佳苑居民群", grid_id=grid.id))
    world.directory.add_member("lianshi", "联十", departments=[1])
    world.groups.add("虹桥佳苑居民群", "lianshi", CHAT_ID)


@pytest.fixture
def code(estates: None, chat: Chat, engine: Engine) -> str:
    """The config_id of the group's join code, which the worker had made."""
    chat.work_off()
    with reading(engine) as session:
        return session.exec(select(CustomerGroup.config_id).where(CustomerGroup.chat_id == CHAT_ID)).one()


def ask(chat: Chat, text: str) -> str:
    return chat.customer_say(text, customer=DAMA)


def stays(engine: Engine) -> list[tuple[str, bool]]:
    with reading(engine) as session:
        rows = session.exec(select(GroupMember).order_by(col(GroupMember.external_userid))).all()
        return [(row.external_userid, row.left_at is None) for row in rows]


def test_the_name_of_an_estate_gives_the_code_of_its_group(chat: Chat, code: str) -> None:
    answer = ask(chat, "加群 虹桥佳苑")

    assert answer.startswith(
        "虹桥佳苑（南河头一网格）的群码在这里，网格员 联十 管这个群，只发通知和回音，不用打卡接龙。"
    )
    assert "打开群码" in chat.customer_inbox(DAMA)[-1].text


def test_the_code_is_an_entry_to_tap_since_an_address_in_words_leads_nowhere(chat: Chat, code: str) -> None:
    ask(chat, "加群 虹桥佳苑")

    shown = chat.customer_inbox(DAMA)[-1].content
    assert shown["list"] == [
        {"type": "view", "view": {"url": f"https://wework.qpic.cn/sim/{code}", "content": "打开群码"}}
    ]
    assert "wework" not in shown["head_content"]


def test_an_alias_is_as_good_as_the_name(chat: Chat, code: str) -> None:
    assert "打开群码" in ask(chat, "加群老虹桥")


def test_a_name_that_is_only_alike_is_asked_back(chat: Chat, code: str) -> None:
    assert "您是说 虹桥佳苑 吗？" in ask(chat, "加群 红桥佳园")
    assert "打开群码" in chat.customer_press("是", customer=DAMA)


def test_a_no_asks_for_the_whole_name(chat: Chat, code: str) -> None:
    ask(chat, "加群 红桥佳园")

    assert ask(chat, "不是") == "那您把小区的全名写给我，我再找一次。"
    assert "打开群码" in ask(chat, "虹桥佳苑")


def test_a_name_that_fits_two_is_asked_back_with_both(chat: Chat, code: str) -> None:
    assert "您说的是哪一个小区？" in ask(chat, "加群 虹桥")
    assert chat.customer_buttons(DAMA) == ["虹桥佳苑", "虹桥新村", "都不是"]
    assert "打开群码" in chat.customer_press("虹桥佳苑", customer=DAMA)


def test_another_county_s_estate_is_not_found_and_the_next_words_are_tried(chat: Chat, code: str) -> None:
    assert "没找到“外滩花园”这个小区" in ask(chat, "加群 外滩花园")
    assert "打开群码" in ask(chat, "虹桥佳苑")


def test_a_bare_word_asks_for_the_estate(chat: Chat, code: str) -> None:
    assert ask(chat, "加群") == "您住哪个小区？写上小区名，比如“加群 虹桥佳苑”。"
    assert "打开群码" in ask(chat, "虹桥佳苑")


def test_an_estate_without_a_group_is_said_kindly_and_its_holder_told_once(chat: Chat, code: str) -> None:
    for _ in range(2):
        answer = ask(chat, "加群 虹桥新村")

    assert answer == (
        "虹桥新村（南河头二网格）的群码还没备好，已经告诉网格员 联十。您明天再发一次“加群 虹桥新村”就行。"
    )
    assert [post.text for post in chat.inbox("lianshi")] == [
        "有居民想进虹桥新村（南河头二网格）的群，可是还没有群码。"
        "在企业微信里建好居民群，请管理员把它填到“客户群”表的这个网格。"
    ]


def test_whoever_scans_the_code_is_known_with_it_and_whoever_leaves_has_left(
    chat: Chat, code: str, world: World, engine: Engine, clock: MovableClock
) -> None:
    world.people.scan_join_code(DAMA, code)
    world.people.scan_join_code(LAOBAN, code)
    world.people.leave_group(LAOBAN, CHAT_ID)
    chat.work_off()
    clock.advance(seconds=3)
    chat.work_off()

    # LAOBAN came and went before anybody looked: WeCom no longer knows of it, and so do we.
    assert stays(engine) == [(DAMA, True)]
    world.people.leave_group(DAMA, CHAT_ID)
    chat.work_off()
    clock.advance(seconds=3)
    chat.work_off()
    assert stays(engine) == [(DAMA, False)]


def test_the_code_is_made_once_however_often_the_group_is_read(
    chat: Chat, code: str, world: World, clock: MovableClock
) -> None:
    clock.advance(days=2)
    chat.work_off()

    assert list(world.groups.join_ways) == [code]


def test_a_group_that_wecom_makes_for_a_full_one_is_of_the_same_grid_and_gets_a_code(
    chat: Chat, code: str, world: World, engine: Engine, clock: MovableClock
) -> None:
    world.groups.groups[CHAT_ID].most = 2
    world.people.scan_join_code(LAOBAN, code)
    world.people.scan_join_code(DAMA, code)
    chat.work_off()
    clock.advance(seconds=3)
    chat.work_off()

    with reading(engine) as session:
        groups = session.exec(select(CustomerGroup).order_by(col(CustomerGroup.id))).all()
        assert len({group.grid_id for group in groups}) == 1
        assert [bool(group.qr_code) for group in groups] == [True, True]
        assert coverage_of(session, groups[0].grid_id or 0) == Coverage(members=2, households=209)


def test_a_dismissed_group_gives_no_code_any_more(chat: Chat, code: str, world: World, clock: MovableClock) -> None:
    world.people.dismiss_group(CHAT_ID)
    chat.work_off()
    clock.advance(seconds=3)
    chat.work_off()

    assert "群码还没备好" in ask(chat, "加群 虹桥佳苑")
