"""How reports of residents are sorted and compared by their words."""

import pytest

from domain.errors import DomainError
from domain.process import Actor, Given, allowed, move
from domain.report_case import REPORT, Sort, SortAction, is_danger, is_same_matter, propose_sort
from domain.ticket import TicketAction


@pytest.mark.parametrize(
    ("words", "sort"),
    [
        ("楼道口电线掉下来了", Sort.BIG),
        ("河边有人偷排污水", Sort.BIG),
        ("隔壁半夜太吵", Sort.PRIVATE),
        ("楼上空调外机滴水", Sort.PRIVATE),
        ("门口路灯不亮", Sort.SMALL),
        ("垃圾桶满了", Sort.SMALL),
    ],
)
def test_words_propose_whose_matter_it_is(words: str, sort: Sort) -> None:
    assert propose_sort(words) is sort


@pytest.mark.parametrize(
    ("words", "is_so"), [("井盖没了", True), ("闻到煤气味", True), ("外墙瓷砖脱落，要掉", True), ("路灯不亮", False)]
)
def test_danger_is_seen(words: str, *, is_so: bool) -> None:
    assert is_danger(words) is is_so


@pytest.mark.parametrize(
    ("words", "others", "is_so"),
    [
        ("3幢楼道口电线掉下来了", "3幢电线掉了", True),
        ("3幢楼道口电线掉下来了", "3栋电线掉了", True),
        ("3幢楼道口电线掉下来了", "5幢电线掉了", False),
        ("3幢楼道口电线掉下来了", "3幢垃圾没人清", False),
        ("3幢楼道口电线掉下来了", "的了", False),
    ],
)
def test_two_reports_may_be_of_one_thing(words: str, others: str, *, is_so: bool) -> None:
    assert is_same_matter(words, others) is is_so


def test_a_report_is_sorted_before_it_is_worked_on() -> None:
    assert set(allowed(REPORT, REPORT.first, {Actor.OWNER})) >= set(SortAction)
    with pytest.raises(DomainError, match="不能办结"):
        move(REPORT, REPORT.first, TicketAction.FINISH, {Actor.OWNER}, Given(text="好了"))


def test_what_a_report_does_not_know_is_refused() -> None:
    with pytest.raises(DomainError, match="居民上报没有这一步"):
        move(REPORT, REPORT.first, TicketAction.PAUSE, {Actor.OWNER}, Given(reason="等"))
