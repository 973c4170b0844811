"""What people say about being away."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.absence import MAX_DAYS, MAX_DAYS_AWAY, Absence, cut_short, doubt_about, is_return, read_absence
from domain.errors import DomainError

FRIDAY = date(2026, 11, 20)


def away(starts_on: str, ends_on: str) -> Absence:
    return Absence(date.fromisoformat(starts_on), date.fromisoformat(ends_on))


@pytest.mark.parametrize(
    ("text", "starts_on", "ends_on"),
    [
        # a number of days, from today on
        ("请假 3天", "2026-11-20", "2026-11-22"),
        ("请假三天", "2026-11-20", "2026-11-22"),
        ("3天", "2026-11-20", "2026-11-22"),
        ("请假 半天", "2026-11-20", "2026-11-20"),
        ("请假 1.5天", "2026-11-20", "2026-11-21"),
        ("请假一天半", "2026-11-20", "2026-11-21"),
        ("请假 两周", "2026-11-20", "2026-12-03"),
        ("请假半个月", "2026-11-20", "2026-12-04"),
        ("请假 一个月", "2026-11-20", "2026-12-19"),
        ("请假一百八十天", "2026-11-20", "2027-05-18"),
        # near days
        ("请假 今天", "2026-11-20", "2026-11-20"),
        ("请假 明天", "2026-11-21", "2026-11-21"),
        ("明天请假", "2026-11-21", "2026-11-21"),
        ("请假 大后天", "2026-11-23", "2026-11-23"),
        ("请假 下午", "2026-11-20", "2026-11-20"),
        ("请假 明天下午", "2026-11-21", "2026-11-21"),
        ("请假从明天到后天", "2026-11-21", "2026-11-22"),
        ("明天起3天", "2026-11-21", "2026-11-23"),
        ("从明天开始请假三天", "2026-11-21", "2026-11-23"),
        ("明天请假一天", "2026-11-21", "2026-11-21"),
        # dates
        ("请假 11月24日到26日", "2026-11-24", "2026-11-26"),
        ("请假 11月24日到11月26日", "2026-11-24", "2026-11-26"),
        ("请假十一月二十四日到二十六日", "2026-11-24", "2026-11-26"),
        ("11.24-11.26", "2026-11-24", "2026-11-26"),
        ("11.24-26", "2026-11-24", "2026-11-26"),
        ("11/24—26", "2026-11-24", "2026-11-26"),
        ("11-24到11-26", "2026-11-24", "2026-11-26"),
        ("11-24~11-26", "2026-11-24", "2026-11-26"),
        ("11月24日 - 11月26日", "2026-11-24", "2026-11-26"),
        ("２４号－２６号", "2026-11-24", "2026-11-26"),
        ("24-26日", "2026-11-24", "2026-11-26"),
        ("24-26", "2026-11-24", "2026-11-26"),
        ("2026-11-24 至 2026-12-01", "2026-11-24", "2026-12-01"),
        ("2026年11月24日至12月1日", "2026-11-24", "2026-12-01"),
        ("二〇二六年十一月二十四日", "2026-11-24", "2026-11-24"),
        ("24号", "2026-11-24", "2026-11-24"),
        ("3号", "2026-12-03", "2026-12-03"),
        ("11月24日起5天", "2026-11-24", "2026-11-28"),
        # over month and year ends
        ("11月28日到3日", "2026-11-28", "2026-12-03"),
        ("1月3日", "2027-01-03", "2027-01-03"),
        ("12.30-1.2", "2026-12-30", "2027-01-02"),
        ("请假到月底", "2026-11-20", "2026-11-30"),
        ("12月7日到月底", "2026-12-07", "2026-12-31"),
        ("请假 2027年2月28日到2027年3月1日", "2027-02-28", "2027-03-01"),
        # weeks and weekdays
        ("这周请假", "2026-11-20", "2026-11-22"),
        ("请假 本周", "2026-11-20", "2026-11-22"),
        ("下周", "2026-11-23", "2026-11-29"),
        ("下下个星期请假", "2026-11-30", "2026-12-06"),
        ("下周一到周三", "2026-11-23", "2026-11-25"),
        ("下周五到周一", "2026-11-27", "2026-11-30"),
        ("下周一到下周三", "2026-11-23", "2026-11-25"),
        ("周一", "2026-11-23", "2026-11-23"),
        ("周五", "2026-11-20", "2026-11-20"),
        ("周3到周5", "2026-11-25", "2026-11-27"),
        ("请假到周三", "2026-11-20", "2026-11-25"),
        ("下周三请假三天", "2026-11-25", "2026-11-27"),
        ("这个星期天", "2026-11-22", "2026-11-22"),
        # people say more than the days
        ("我想请3天假", "2026-11-20", "2026-11-22"),
        ("请病假两天", "2026-11-20", "2026-11-21"),
        ("请假 3天，发烧了", "2026-11-20", "2026-11-22"),
        ("明天请假 家里有点事 麻烦了", "2026-11-21", "2026-11-21"),
        ("下周二请假一天，带孩子看病。", "2026-11-24", "2026-11-24"),
    ],
)
def test_leave_is_read_as_days(text: str, starts_on: str, ends_on: str) -> None:
    assert read_absence(text, FRIDAY) == away(starts_on, ends_on)


@pytest.mark.parametrize(
    ("text", "today", "starts_on", "ends_on"),
    [
        ("本周", "2026-11-23", "2026-11-23", "2026-11-29"),  # Monday
        ("本周", "2026-11-22", "2026-11-22", "2026-11-22"),  # Sunday
        ("下周", "2026-12-28", "2027-01-04", "2027-01-10"),
        ("5号", "2026-12-28", "2027-01-05", "2027-01-05"),
        ("30号", "2026-12-01", "2026-12-30", "2026-12-30"),
        ("2月29日", "2028-02-01", "2028-02-29", "2028-02-29"),
        ("2月29日", "2027-11-01", "2028-02-29", "2028-02-29"),
        ("3天", "2026-12-30", "2026-12-30", "2027-01-01"),
    ],
)
def test_leave_depends_on_the_day_it_is_said(text: str, today: str, starts_on: str, ends_on: str) -> None:
    assert read_absence(text, date.fromisoformat(today)) == away(starts_on, ends_on)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "请假",
        "请假 几天",
        "请假 三四天",  # three or four
        "请假 2 4天",
        "请假 3天家里有事",
        "请假 到",
        "11月24日 11月26日",
        "11月24号、25号",
        "11月24日 到国庆",
        "明天、后天",
        "明天开始",
        "明天起很多天",
        "明天到3天",
        "明天到后天起",
        "下周三天",
        "上周三",
        "周末",
        "2小时",
        "9999-12-20到25号",
        "哈" * 5000,
        "明天 3",
        "1," * 1000,
        "请假 廿零天",
    ],
)
def test_what_is_not_understood_is_answered_with_two_examples(text: str) -> None:
    with pytest.raises(DomainError) as refusal:
        read_absence(text, FRIDAY)

    assert str(refusal.value) == "没看懂请的是哪几天，还没记。可以写：请假 3天，或者 请假 11月21日到11月23日。"


def test_a_date_just_gone_by_is_not_taken_for_next_years() -> None:
    assert read_absence("11月18日", date(2026, 1, 5)) == away("2025-11-18", "2025-11-18")


@pytest.mark.parametrize("examples", ["请假 3天", "请假 2026年12月31日到2027年1月2日"])
def test_the_examples_can_be_sent_as_they_are(examples: str) -> None:
    assert read_absence(examples, date(2026, 12, 30)).days == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2025-11-19", "2025年11月19日过去一年多了，还没记。请假可以写：请假 3天，或者 请假 11月21日到11月23日。"),
        ("请假 0天", "请假最少半天，还没记。可以写：请假 3天，或者 请假 11月21日到11月23日。"),
        ("请假零天", "请假最少半天，还没记。"),
        ("请假 0.0 天", "请假最少半天，还没记。"),
        ("请假 负3天", "请假最少半天，还没记。"),
        ("请假 -3天", "请假最少半天，还没记。"),
        ("请假负三个星期", "请假最少半天，还没记。"),
        ("请假 一万天", "这次一共 10000 天，一次最长 180 天，还没记。"),
        ("请假 10000000000天", "这次一共 10000000000 天，一次最长 180 天，还没记。"),
        ("11.26-11.24", "结束（11月24日）早于开始（11月26日），还没记。跨月、跨年的请写全年月日。"),
        ("26日到24日", "结束（11月24日）早于开始（11月26日）"),
        ("下周三到明天", "结束（11月21日）早于开始（11月25日）"),
        ("请假 181天", "这次一共 181 天，一次最长 180 天，还没记。更长的可以分几次请。"),
        ("请假 99999天", "这次一共 99999 天，一次最长 180 天"),
        ("2026-11-24到2027-06-30", "这次一共 219 天，一次最长 180 天"),
        ("2027-11-21", "2027年11月21日还太远，只能记一年以内的假。到时候再说一声就行。"),
        ("2月30日", "没有 2月30日 这一天，还没记。可以写：请假 3天，或者 请假 11月21日到11月23日。"),
        ("2027年2月29日", "没有 2027年2月29日 这一天"),
        ("11月24日到31日", "没有 31日 这一天"),
        ("13月1日", "没有 13月1日 这一天"),
        ("请假 3日", "“3日”可以是 3天，也可以是 3号，还没记。请回：请假 3天，或者 请假 3号。"),
        ("请假 3", "“3”可以是 3天，也可以是 3号，还没记。"),
        ("请假 40", "没有 40 这一天"),
        (
            "请假 11-24",
            "“11-24”可以是 11月24日，也可以是 11号到24号，还没记。请回：请假 11月24日，或者 请假 11号到24号。",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(text: str, says: str) -> None:
    with pytest.raises(DomainError) as refusal:
        read_absence(text, FRIDAY)

    assert str(refusal.value).startswith(says)


def test_the_first_day_may_be_a_year_away_and_the_leave_180_days_long() -> None:
    assert read_absence("2027-11-20", FRIDAY).starts_on == date(2027, 11, 20)
    assert read_absence("请假 180天", FRIDAY).days == 180


@pytest.mark.parametrize(
    ("text", "starts_on", "ends_on"),
    [
        ("昨天", "2026-11-19", "2026-11-19"),
        ("18号", "2026-11-18", "2026-11-18"),
        ("这周三", "2026-11-18", "2026-11-18"),
        ("11月18日到24日", "2026-11-18", "2026-11-24"),
        ("2025-11-24", "2025-11-24", "2025-11-24"),
    ],
)
def test_leave_may_be_said_afterwards(text: str, starts_on: str, ends_on: str) -> None:
    assert read_absence(text, FRIDAY) == away(starts_on, ends_on)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "asks"),
    [
        ("2026-11-20", "2026-12-19", ""),
        ("2026-11-20", "2026-12-20", "11月20日到12月20日一共 31 天，先没记。是请这么久吗？"),
        ("2026-12-20", "2027-02-18", "12月20日到2027年2月18日一共 61 天，先没记。是请这么久吗？"),
        ("2026-11-13", "2026-11-14", ""),
        ("2026-11-12", "2026-11-13", "11月12日已经过去 8 天了，先没记。是补记这次假吗？"),
        ("2025-11-24", "2025-11-24", "2025年11月24日已经过去 361 天了，先没记。是补记这次假吗？"),
    ],
)
def test_leave_that_is_long_or_long_ago_is_asked_about(starts_on: str, ends_on: str, asks: str) -> None:
    assert doubt_about(away(starts_on, ends_on), FRIDAY) == asks


DAY_WORDS = (
    "请假 我 从 到 至 起 开始 今天 明天 昨天 本周 下周 周三 下周一 月底 半天 上午 个 天 周 月 日 号 年 一 三十 百 零 两"
)
PIECES = [*DAY_WORDS.split(), *("-", "~", "—", ".", "/", "，", " "), *("2026", "11", "24", "31", "3", "99999")]


def read_or_refusal(text: str, today: date) -> Absence | str:
    try:
        return read_absence(text, today)
    except DomainError as refusal:
        return str(refusal)


@given(
    st.lists(st.sampled_from(PIECES), max_size=9).map("".join) | st.text(max_size=30),
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
)
def test_whatever_is_said_is_either_a_sound_leave_or_refused_in_chinese(text: str, today: date) -> None:
    outcome = read_or_refusal(text, today)

    if isinstance(outcome, str):
        assert "记" in outcome
    else:
        assert today - timedelta(days=MAX_DAYS_AWAY) <= outcome.starts_on <= outcome.ends_on
        assert outcome.days <= MAX_DAYS


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(0, 365), st.integers(1, MAX_DAYS))
def test_full_dates_are_read_back_as_they_were(today: date, ahead: int, days: int) -> None:
    starts_on = today + timedelta(days=ahead)
    ends_on = starts_on + timedelta(days=days - 1)

    for text in (f"{starts_on} 至 {ends_on}", f"{starts_on:%Y年%m月%d日}到{ends_on:%Y年%m月%d日}"):
        assert read_absence(text, today) == Absence(starts_on, ends_on)


@pytest.mark.parametrize("text", ["销假", "我要销假。", "取消请假", "取消 请假", "请假取消", "不请假了"])
def test_a_leave_is_ended_by_words(text: str) -> None:
    assert is_return(text)


@pytest.mark.parametrize("text", ["请假 3天", "取消", "销假 3天", ""])
def test_other_words_do_not_end_a_leave(text: str) -> None:
    assert not is_return(text)


@pytest.mark.parametrize(
    ("today", "left"),
    [
        ("2026-11-18", None),
        ("2026-11-20", None),
        ("2026-11-21", ("2026-11-20", "2026-11-20")),
        ("2026-11-24", ("2026-11-20", "2026-11-23")),
        ("2026-11-30", ("2026-11-20", "2026-11-24")),
    ],
)
def test_being_back_keeps_the_days_before(today: str, left: tuple[str, str] | None) -> None:
    assert cut_short(away("2026-11-20", "2026-11-24"), date.fromisoformat(today)) == (away(*left) if left else None)


@pytest.mark.parametrize(
    ("day", "covered"),
    [("2026-11-19", False), ("2026-11-20", True), ("2026-11-22", True), ("2026-11-23", False)],
)
def test_both_ends_of_a_leave_are_away(day: str, covered: bool) -> None:
    assert away("2026-11-20", "2026-11-22").covers(date.fromisoformat(day)) is covered
