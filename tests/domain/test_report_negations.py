"""Negations, remainders, surpluses, corrections and changes."""

import pytest

from domain.report import read_report
from tests.domain.reporters import PROJECTS, STATION, describe

STATION_SAID = (
    ("KR1 没完成", "?no_value 1=20"),
    ("KR1 未完成80%", "?not_a_number"),
    ("KR3 未完成80%", "?not_a_number"),
    ("KR1 没完成35户", "?not_a_number"),
    ("KR1 未完成 35/50", "1=35"),
    ("KR1 还没完成，35户", "1=35"),
    ("KR1 还差15户", "1=35"),
    ("KR1 差15户就完成", "1=35"),
    ("KR1 完成了，52户", "1=52"),
    ("KR1 超额完成，55户", "1=55"),
    ("KR1 超额完成55户", "1=55"),
    ("KR1 超额完成5户", "?two_values 1=55|1=5"),
    ("KR1 超额完成10%", "?two_values 1=55|1=5"),
    ("KR5 超额完成1起", "?two_values 5=7|5=1"),
    ("KR5 超额完成7起", "?two_values 5=1|5=7"),
    ("KR1 多完成5户", "?two_values 1=55|1=5"),
    ("KR1 翻番", "?no_value 1=20"),
    ("KR1 多于35户", "?not_a_number"),
    ("KR1 大于35", "?not_a_number"),
    ("KR1 >35", "?not_a_number"),
    ("KR1 ≥35户", "?not_a_number"),
    ("KR1 不止35户", "?not_a_number"),
    ("KR1 不少于35户", "?not_a_number"),
    ("KR1 快35户了", "?not_a_number"),
    ("KR3 八五成", "?no_value 3=75"),
    ("KR3 从80%降到75%", "3=75"),
    ("KR3 从75%提升到80%", "3=80"),
    ("KR1 由20户增加到35户", "1=35"),
    ("KR1 从20到35", "1=35"),
    ("KR1 从22户到35户", "1=35"),
    ("KR1 从35户", "1=35"),
    ("KR1 22→35", "1=35"),
    ("KR1 35改成36", "1=36"),
    ("KR1 35改36", "1=36"),
    ("KR1 35户改为36户，累计36户", "1=36"),
    ("不对，KR1是36", "1=36"),
    ("KR1改成36", "1=36"),
    ("KR1 整改35户", "?no_value 1=20"),
    ("KR1 要走35户", "?no_value 1=20"),
    ("KR1 需要35户", "?no_value 1=20"),
    ("KR1 每周走10户，现在35户", "1=35"),
    ("KR1 退回5户", "?no_value 1=20"),
    ("KR1 35户，退回5户", "1=35 「退回5户」"),
    ("KR1 + 15", "1=35"),
    ("KR1 20+15=35", "1=35"),
    ("KR1 20加15等于35", "1=35"),
    ("KR1 35户，2026年底完成", "1=35 「2026年底完成」"),
    ("昨天走访3户，今天走访5户", "?two_values 1=28|1=23|1=25"),
    ("上周20户，本周15户", "?two_values 1=15|1=35"),
    ("KR1 35户（含上周5户）", "1=35"),
    ("KR2 已完成15件了没", "?asked 2=15"),
    ("1.入户走访35户2.矛盾纠纷化解15件3.反诈宣传覆盖率80%", "1=35; 2=15; 3=80"),
    ("1:35 2:15 3:80%", "1=35; 2=15; 3=80"),
    ("走访35其他照旧", "1=35; 2=12; 3=75; 4=60; 5=11"),
    ("入户走访和矛盾化解都完成了", "1=50; 2=30"),
    ("走访和化解都没变化", "1=20; 2=12"),
    ("走访化解都完成", "?which_key_result 1=50|2=30"),
    ("kr-1 35", "1=35"),
)

PROJECTS_SAID = (
    ("KR1 还有3个没开工", "?no_value 1=2"),
    ("KR1 开工3个，还有3个没开工", "1=3 「还有3个没开工」"),
    ("新开工1个", "1=3"),
    ("项目没开工", "1=0"),
    ("KR2 完成了没", "?asked 2=1"),
    ("党员活动6次，参加党员120人次", "3=6 「参加党员120人次」"),
    ("党员活动6次（参加120人次）", "3=6 「参加120人次」"),
    ("KR4 1亿2千万", "4=1.2"),
    ("KR5 35起，同比下降12.5%", "5=35 「同比下降12.5%」"),
    ("KR5 同比下降12.5%", "?no_value 5=36"),
)


@pytest.mark.parametrize(("text", "expected"), STATION_SAID)
def test_what_is_denied_exceeded_or_corrected_is_told_from_the_value(text: str, expected: str) -> None:
    assert describe(read_report(text, STATION)) == expected


@pytest.mark.parametrize(("text", "expected"), PROJECTS_SAID)
def test_states_of_a_part_are_not_states_of_the_whole(text: str, expected: str) -> None:
    assert describe(read_report(text, PROJECTS)) == expected
