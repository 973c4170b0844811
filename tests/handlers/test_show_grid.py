"""Who stands for an enterprise, and the board of one's own grids."""

from models.engine import writing
from models.grid import Grid
from tests.handlers.conftest import Desk
from tests.times import MovableClock, at


def test_an_enterprise_s_grid_is_told_with_its_people(desk: Desk) -> None:
    assert desk.say("查网格 固电").splitlines() == [
        "固电电子有限公司 在 东湖一网格 1 微网格",
        "东湖一网格 1 微网格：联系人 联三｜副联系人 联四",
        "东湖一网格：网格长 网长",
        "没办完的诉求 1 件",
    ]


def test_a_loose_name_is_asked_back_and_never_taken_for_one_of_several(desk: Desk) -> None:
    answer = desk.say("查网格 固电电")

    assert "“固电电”是哪一家？" in answer
    desk.press("固电电子贸易有限公司")
    assert "没有没办完的诉求" in desk.last("liansan")


def test_a_name_that_is_left_out_is_asked_for(desk: Desk) -> None:
    assert "查哪家企业？" in desk.say("查网格")
    assert "没找到“子虚乌有”这家企业" in desk.say("子虚乌有")
    assert "虹桥纺织有限公司 在 东湖一网格 2 微网格" in desk.say("虹桥布厂")


def test_a_grid_nobody_holds_says_so(desk: Desk) -> None:
    with writing(desk.engine) as session:
        grid = session.get_one(Grid, desk.cast.micro.id)
        grid.contact_id = grid.deputy_id = None

    assert "东湖一网格 1 微网格：联系人 空缺" in desk.say("查网格 固电")


def test_a_leader_sees_the_grid_s_board_with_the_overdue_first(desk: Desk, clock: MovableClock) -> None:
    desk.file("厂门口路灯不亮")
    desk.say("接单 1")
    clock.set(at("2026-11-23 11:00"))

    lines = desk.say("本网格", sender="wangzhang").splitlines()

    assert lines[:3] == [
        "东湖一网格：没办完的诉求 2 件，1 件已超时。",
        "待接单 1｜办理中 1",
        "1120-2 固电电子有限公司｜厂门口路灯不亮｜接单 今天 10:07（已超时）｜联三",
    ]
    assert desk.chat.buttons("wangzhang") == ["催办", "改派", "看详情"]
    assert "已经提醒联三了" in desk.press("催办", sender="wangzhang")


def test_the_board_fits_one_screen(desk: Desk) -> None:
    for place in range(14):
        desk.file(f"第 {place} 盏路灯不亮")

    answer = desk.say("网格", sender="wangzhang")

    assert "没办完的诉求 15 件" in answer
    assert len(answer.splitlines()) <= 12


def test_everybody_sees_only_their_own_grids(desk: Desk) -> None:
    assert desk.say("网格", sender="lianwu") == "东湖一网格 2 微网格现在没有没办完的诉求。"
    assert "全县：没办完的诉求 1 件" in desk.say("网格", sender="zhizhang")
    assert "没听懂" in desk.say("网格", sender="nanqiao01")
