"""A request goes to a unit by its name; more time is asked for without a number where only one request is meant."""

from datetime import date

from models.engine import writing
from models.person import Role
from models.unit import Unit
from tests.factories import Cast, make_person, make_unit
from tests.factories_ticket import take_leave
from tests.handlers.conftest import Desk

TITLE = "Q261120-0001｜固电电子有限公司｜招普工 30 人"


def test_a_transfer_to_a_unit_reaches_its_leader(desk: Desk, county: Cast) -> None:
    assert desk.say("转办 1 南桥所 归他们管") == f"转给 南所 了\n{TITLE}"
    assert desk.log()[-1].words == "归他们管"

    desk.say("转办 1 转给CG 归城关管", sender="nansuo")
    assert desk.owner() == "王所"


def test_a_unit_without_a_leader_is_said_to_have_none_with_its_people(desk: Desk, county: Cast) -> None:
    answer = desk.say("转办 1 绩效办 归他们管")

    assert "绩效办没有设负责人，交给谁？" in answer
    assert desk.owner() == "联三"
    desk.press("纪晓")
    assert (desk.owner(), desk.log()[-1].words) == ("纪晓", "归他们管")


def test_a_unit_whose_leader_is_away_gives_it_to_the_next_one(desk: Desk, county: Cast) -> None:
    with writing(desk.engine) as session:
        unit = session.get_one(Unit, county.nanqiao_officer.unit_id)
        make_person(session, "nanfu", "南副", unit, Role.UNIT_LEADER)
        take_leave(session, county.nanqiao_leader, date(2026, 11, 20), date(2026, 11, 25))

    desk.say("转办 1 南桥所 归他们管")

    assert desk.owner() == "南副"


def test_a_unit_with_nobody_in_it_is_asked_back(desk: Desk, county: Cast) -> None:
    with writing(desk.engine) as session:
        make_unit(session, "RS", "人社局", "局")

    assert "人社局还没有人" in desk.say("转办 1 人社局 归他们管")
    assert "转给 联五 了" in desk.say("联五")


def test_more_time_without_a_number_means_the_only_ticket_it_fits(desk: Desk) -> None:
    desk.say("接单 1")

    assert "多 3 个工作日：等图纸" in desk.say("延期 3天 等图纸")


def test_more_time_without_a_number_asks_which_of_several(desk: Desk) -> None:
    desk.file("厂门口路灯不亮")
    desk.say("接单 1")
    desk.say("接单 2")

    assert "能延期的有 2 件。是哪一件？" in desk.say("延期 3天 等图纸")
    assert "多 3 个工作日：等图纸" in desk.press("延期 1120-2")
    assert desk.state(2) == "extension_asked"


def test_words_behind_more_time_that_are_no_days_stay_what_they_were(desk: Desk) -> None:
    desk.say("接单 1")

    assert "没听懂" in desk.say("延期开学怎么办")
