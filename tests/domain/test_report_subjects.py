"""Figures of a subject that is none of the person's key results, in other units, or only leading to the value."""

import pytest

from domain.report import read_report
from tests.domain.reporters import STATION, TALKS, TRAFFIC, describe

TALKS_SAID = (
    ("kr1 35户 覆盖率到了80，下雨影响有点慢 培训办了两场", "3=2; ?unit_differs 1=35; ?unknown_line"),
    ("KR1 35户", "?unit_differs 1=35"),
    ("KR1 5人", "1=5"),
    ("KR1 5 覆盖率80", "1=5; ?unknown_line"),
    ("KR1 5，满意度95%", "1=5; ?unknown_line"),
    ("KR1 5，满意度95%的小区2个", "1=5 「满意度95%的小区2个」"),
    ("KR1 5，其中满意度95%", "1=5 「其中满意度95%」"),
    ("KR1 5，因覆盖率80%", "1=5 「因覆盖率80%」"),
    ("谈话5人，调研3次，覆盖率80%", "1=5; 2=3; ?unknown_line"),
    ("KR1 5 满意度到了90 培训2场", "1=5; 3=2; ?unknown_line"),
    ("KR1 5\n办结率 80\n培训2场", "1=5; 3=2; ?unknown_line"),
    ("KR3 2场 到了80", "?two_values 3=2|3=80"),
    ("KR1 5 收入80万", "1=5 「收入80万」"),
    ("KR1 覆盖率80", "?no_value 1=3"),
    ("KR1 谈话覆盖率80%", "?no_value 1=3"),
    ("KR1 谈话率50%", "1=6"),
    ("走访35户 培训2场", "3=2; ?unknown_line"),
)

STATION_SAID = (
    ("KR1 完成率70", "?two_values 1=35|1=70"),
    ("KR1 完成率70%", "1=35"),
    ("KR1 进度70", "?two_values 1=35|1=70"),
    ("KR1 走访率70", "?two_values 1=35|1=70"),
    ("KR1 35户，走访率70%", "1=35 「走访率70%」"),
    ("KR1 35户，满意度95%", "1=35; ?unknown_line 3=95|4=95"),
    ("KR1 35户，满意度98", "1=35; ?unknown_line 3=98|4=98"),
    ("KR1 35户（满意度98）", "1=35 「满意度98」"),
    ("KR3 满意度90", "?no_value 3=90"),
    ("KR3 宣传率80", "3=80"),
    ("案件数9", "?no_value 4=9"),
    ("办结案件85件", "?unit_differs 4=85"),
    ("案件办结85%", "4=85"),
    ("KR4 办结17件，办结率85%", "4=85"),
    ("KR3 80分", "?unit_differs 3=80"),
    ("KR1 35户，剩下15户在外地", "1=35 「剩下15户在外地」"),
    ("KR1 截至11.20 35户", "1=35 「截至11.20」"),
    ("KR1 20国道35户", "1=35"),
)

TRAFFIC_SAID = (
    ("KR1 查处25起（酒驾20，醉驾5）", "1=25 「酒驾20，醉驾5」"),
    ("KR1 40中的25", "?two_values 1=40|1=25"),
    ("KR1 应查40实查25", "1=25"),
    ("KR1 25起 22:00-24:00设卡", "1=25 「22:00-24:00设卡」"),
    ("KR1 25起（122）", "1=25 「122」"),
    ("KR1 25起，群众打110投诉", "1=25 「群众打110投诉」"),
    ("KR1 318国道25起", "1=25 「318国道25起」"),
    ("KR1 同比上升10%，25起", "1=25"),
    ("KR1 25起，同比上升10%", "1=25 「同比上升10%」"),
    ("KR4 A企业、B企业等5家", "4=5 「A企业、B企业等5家」"),
    ("KR5 8500万人民币", "5=8500 「人民币」"),
    ("KR5 1.2亿", "5=12000"),
    ("KR5 1.2个亿", "5=12000"),
    ("KR5 一点二亿", "5=12000"),
    ("KR5 一亿二", "5=12000"),
    ("KR5 1亿2千万", "5=12000"),
    ("KR5 1亿2000万", "5=12000"),
    ("KR5 一亿两千万", "5=12000"),
    ("KR5 亿亿", "?no_value 5=3000"),
    ("KR5 三五亿", "?no_value 5=3000"),
    ("KR5 3.5万户", "?unit_differs 5=35000"),
    ("KR5 本周到账500万，累计5500万", "5=5500"),
    ("KR5 本周到账500万", "5=3500"),
)

ALONE_SAID = (
    ("走访35户", "?unknown_line"),
    ("破案率85", "?unknown_line"),
    ("覆盖率到了80", "?unknown_line"),
    ("破案率 85%", "?unknown_line"),
    ("走访完成35户", "?unknown_line"),
    ("走访了三十五户。", "?unknown_line"),
    ("矛盾化解：12件", "?unknown_line"),
    ("我请假3天", "-"),
    ("请假3天", "-"),
    ("今天出警3次", "-"),
    ("昨晚出警3次", "-"),
    ("接到报警3起", "-"),
    ("抓了3个嫌疑人", "-"),
    ("验证码 123456", "-"),
    ("会议室3", "-"),
    ("房间 302", "-"),
    ("明天开会8点", "-"),
    ("食堂还有3个菜", "-"),
    ("午饭25元", "-"),
    ("走访35户吗", "-"),
    ("下周走访35户", "-"),
    ("准备走访35户", "-"),
    ("因为加班3次", "-"),
    ("等我5分钟", "-"),
    ("你好 3", "-"),
    ("李主任3", "-"),
    ("天气35", "-"),
    ("群里有200人", "-"),
    ("快递到了3个", "-"),
    ("加班3次", "-"),
)


@pytest.mark.parametrize(("text", "expected"), ALONE_SAID)
def test_a_lone_sentence_of_a_title_and_a_figure_is_named_and_chat_is_not(text: str, expected: str) -> None:
    assert describe(read_report(text, TALKS)) == expected


@pytest.mark.parametrize(("text", "expected"), TALKS_SAID)
def test_a_subject_that_is_not_ours_never_becomes_our_value(text: str, expected: str) -> None:
    assert describe(read_report(text, TALKS)) == expected


@pytest.mark.parametrize(("text", "expected"), STATION_SAID)
def test_a_rate_is_no_count_and_a_count_no_rate(text: str, expected: str) -> None:
    assert describe(read_report(text, STATION)) == expected


@pytest.mark.parametrize(("text", "expected"), TRAFFIC_SAID)
def test_details_beside_a_value_stay_details(text: str, expected: str) -> None:
    assert describe(read_report(text, TRAFFIC)) == expected
