"""A visit to an enterprise is one message; what was heard is filed with a tap, and reports of visits stay reports."""

import pytest
from sqlmodel import select

from models.engine import reading, writing
from models.enterprise_visit import EnterpriseVisit
from models.okr import CountedSource, KeyResult
from models.ticket import Ticket
from tests.factories import Cast
from tests.handlers.conftest import Desk


def visits(desk: Desk) -> list[str]:
    with reading(desk.engine) as session:
        return list(session.exec(select(EnterpriseVisit.words)))


def summaries(desk: Desk) -> list[str]:
    with reading(desk.engine) as session:
        tickets = session.exec(select(Ticket)).all()
        return sorted(one.summary for one in tickets if one.source == "入企听诉")


def test_a_visit_is_noted_and_each_request_in_it_is_offered(desk: Desk) -> None:
    told = desk.say("走访 固电 订单比去年多；还缺30个普工；门口停电两天了")

    assert told.startswith("记好了：今天走访 固电电子有限公司。")
    assert "听到 2 件事，要提交成诉求吗？\n1 用工｜招普工 30 人" in told
    assert visits(desk) == ["订单比去年多；还缺30个普工；门口停电两天了"]

    assert "已提交 Q261120-0002" in desk.press("提交 1")
    assert summaries(desk) == ["招普工 30 人"]
    assert "还剩" in desk.last("liansan")
    desk.press("提交 1")
    assert len(summaries(desk)) == 2


def test_all_or_nothing_of_it_can_be_filed(desk: Desk) -> None:
    desk.say("走访 固电 缺30个普工；门口停电两天了")
    desk.press("都提交")
    assert len(summaries(desk)) == 2

    desk.say("走访 虹桥布厂 想贷款500万周转")
    assert desk.press("都不提") == "好，只记走访。"
    assert len(summaries(desk)) == 2
    assert len(visits(desk)) == 2


def test_a_visit_counts_by_itself_once_with_what_was_filed_from_it(desk: Desk, county: Cast) -> None:
    with writing(desk.engine) as session:
        one = session.exec(select(KeyResult).where(KeyResult.title == "组织法制培训")).one()
        one.source = CountedSource.VISITED
    desk.say("走访 固电 缺30个普工", sender="lihua")
    desk.press("提交 1", sender="lihua")

    with reading(desk.engine) as session:
        assert session.exec(select(KeyResult).where(KeyResult.title == "组织法制培训")).one().current == 1


@pytest.mark.parametrize(
    "said", ["走访35户", "走访 35户", "走访又跑了3户", "走访了三十五户", "入户走访 35", "走访 再跑 2户"]
)
def test_reports_of_visits_stay_reports(desk: Desk, said: str) -> None:
    assert "KR1 入户走访" in desk.say(said, sender="lihua")
    assert visits(desk) == []


def test_a_visit_without_words_asks_for_them(desk: Desk) -> None:
    assert "在固电电子有限公司听到了什么？" in desk.say("走访 固电")
    assert "没有要办的事" in desk.say("走访 固电 一切正常")


def test_an_enterprise_that_may_be_several_is_asked_back(desk: Desk) -> None:
    assert "“固电电”是哪一家？" in desk.say("走访 固电电 一切正常")
    desk.press(desk.chat.buttons("liansan")[0])
    assert len(visits(desk)) == 1


@pytest.mark.parametrize("said", ["走访", "走访 子虚乌有", "走访 子虚乌有 一切正常"])
def test_what_names_no_enterprise_is_no_visit(desk: Desk, said: str) -> None:
    assert "没听懂" in desk.say(said)
    assert visits(desk) == []
