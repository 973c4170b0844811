"""The review after a period: scores and sentences of the owner, scores of the leader, and what goes on."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.audit import AuditEntry
from models.engine import reading, writing
from models.okr import KeyResult, Objective, ObjectiveState, Review
from models.period import Period
from tests.chat import Chat
from tests.factories import Cast
from tests.times import MovableClock, at

ALL = "复盘 KR1 0.8 走访覆盖到位\nKR2 0.5 下雨耽误\nKR3 1.0\nKR4 0.7 还差一点\nKR5 0.3 只办了一场"
IN_REVIEW = at("2027-01-04 09:10")


@pytest.fixture
def ended(chat: Chat, clock: MovableClock, engine: Engine) -> Chat:
    """李花 has reported, the period is over, and the next one has begun."""
    with writing(engine) as session:
        session.add(Period(code="2027Q1", name="2027年第一季度", starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 31)))
    chat.say("KR1 45\nKR2 80\nKR3 完成\nKR5 1")
    clock.set(IN_REVIEW)
    return chat


def reviews(engine: Engine, county: Cast) -> dict[int, Review]:
    with reading(engine) as session:
        query = (
            select(KeyResult.number, Review)
            .join(Review, col(Review.key_result_id) == col(KeyResult.id))
            .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
            .where(Objective.person_id == county.lihua.id)
        )
        found = dict(session.exec(query).all())
        session.expunge_all()
        return found


def test_before_the_periods_end_it_says_when_the_review_opens(chat: Chat) -> None:
    answer = chat.say("复盘")
    assert "2026年第四季度还没结束，复盘 1月1日开始，1月" in answer


def test_after_publication_it_says_that_the_past_review_is_closed(ended: Chat, clock: MovableClock) -> None:
    clock.set(at("2027-01-09 09:10"))
    assert ended.say("复盘").startswith("2026年第四季度的复盘已经截止。2027年第一季度还没结束，复盘 4月1日开始")


def test_a_score_that_is_still_missing_reads_as_such(ended: Chat) -> None:
    ended.say("复盘 KR1 0.8 走访覆盖到位")
    seen = len(ended.inbox("lihua"))
    ended.say("评分 李花 KR1 0.7", sender="wangsuo")
    told = ended.inbox("lihua")[seen].text
    assert "KR1 入户走访 自评 0.8，负责人评 0.7\nKR2 反诈宣传覆盖率 没有自评，负责人还没评" in told


def test_what_is_carried_over_is_named_with_its_measure(ended: Chat) -> None:
    ended.say(ALL)
    answer = ended.say("结转 KR2 KR5")
    assert "KR2 结转到下期了，从 80% 接着算。" in answer
    assert "KR5 结转到下期了，从 1 场 接着算。" in answer


def test_key_results_are_reviewed_one_by_one(ended: Chat, county: Cast, engine: Engine) -> None:
    answer = ended.say("复盘")
    assert "KR1 入户走访 45/50 户 · 90%" in answer
    assert ended.buttons() == ["0.3", "0.5", "0.7", "1.0"]
    assert "KR2 反诈宣传覆盖率 80/95% · 57%" in ended.say("0.8 走访覆盖到位")
    assert "KR2 打 0.5。为什么，一句话？" in ended.press("0.5")
    assert "KR2 记好了。\nKR3" in ended.say("下雨耽误")
    ended.press("1.0")
    assert "KR4" in ended.press("跳过")
    ended.say("0.7 还差一点")
    answer = ended.say("0.3 只办了一场")
    assert "复盘写完了，交给 王所 评分" in answer
    kept = reviews(engine, county)
    assert [(n, r.self_score, r.sentence) for n, r in sorted(kept.items())] == [
        (1, Decimal("0.8"), "走访覆盖到位"),
        (2, Decimal("0.5"), "下雨耽误"),
        (3, Decimal(1), ""),
        (4, Decimal("0.7"), "还差一点"),
        (5, Decimal("0.3"), "只办了一场"),
    ]
    assert "KR1 入户走访 90%，自评 0.8：走访覆盖到位" in "\n".join(post.text for post in ended.inbox("wangsuo"))


def test_all_may_come_in_one_message(ended: Chat, county: Cast, engine: Engine) -> None:
    assert "复盘写完了" in ended.say(ALL)
    assert len(reviews(engine, county)) == 5


def test_progress_confidence_and_score_stay_three_things(ended: Chat, county: Cast, engine: Engine) -> None:
    ended.say(ALL)
    with reading(engine) as session:
        one = session.exec(
            select(KeyResult).join(Objective).where(Objective.person_id == county.lihua.id, KeyResult.number == 1)
        ).one()
        assert (one.current, one.confidence) == (Decimal(45), None)


@pytest.mark.parametrize("words", ["80%", "8分", "80", "八成"])
def test_a_score_that_may_be_meant_otherwise_is_asked_back(
    ended: Chat, county: Cast, engine: Engine, words: str
) -> None:
    ended.say("复盘")
    assert f"“{words}”是 0.8 吗？" in ended.say(words)
    assert reviews(engine, county) == {}
    ended.press("是 0.8")
    ended.press("跳过")
    assert reviews(engine, county)[1].self_score == Decimal("0.8")


@pytest.mark.parametrize("words", ["1.5", "-0.2", "120分", "还行", "0.8333"])
def test_what_is_no_score_is_refused(ended: Chat, county: Cast, engine: Engine, words: str) -> None:
    ended.say("复盘")
    assert "比如" in ended.say(words)
    assert reviews(engine, county) == {}


def test_of_several_lines_the_clear_ones_are_kept(ended: Chat, county: Cast, engine: Engine) -> None:
    answer = ended.say("复盘 KR1 0.8 好\nKR2 80%\nKR9 0.5")
    assert "KR1 0.8 记好了。" in answer
    assert "KR2“80%”是 0.8 吗？" in answer
    assert "没有 KR9" in answer
    assert set(reviews(engine, county)) == {1}
    assert "KR3" in ended.say("0.8 还可以")


def test_a_review_may_be_repeated_and_the_audit_keeps_both_scores(ended: Chat, county: Cast, engine: Engine) -> None:
    ended.say(ALL)
    ended.say("复盘 KR1 0.9 后来又补了")
    assert reviews(engine, county)[1].self_score == Decimal("0.9")
    with reading(engine) as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "review.self_score")).all()
        assert [(entry.details["old"], entry.details["new"]) for entry in entries][-1] == ("0.8", "0.9")
        assert "走访" not in str([entry.details for entry in entries])


def test_a_finished_review_is_shown_and_can_be_changed(ended: Chat, county: Cast, engine: Engine) -> None:
    ended.say(ALL)
    assert "KR1 入户走访 90%，自评 0.8：走访覆盖到位" in ended.say("复盘")
    ended.say("KR1 0.6 冷静想想")
    assert reviews(engine, county)[1].self_score == Decimal("0.6")


def test_after_the_due_day_nothing_can_be_changed(ended: Chat, clock: MovableClock, engine: Engine) -> None:
    with writing(engine) as session:
        period = session.exec(select(Period).where(Period.code == "2026Q4")).one()
        period.review_due_on, period.publish_on = date(2027, 1, 5), date(2027, 1, 20)
    clock.set(at("2027-01-06 09:00"))
    assert "1月5日已经截止" in ended.say("复盘")


def test_somebody_without_key_results_has_nothing_to_review(ended: Chat) -> None:
    assert "不用复盘" in ended.say("复盘", sender="nanqiao01")


def test_the_leader_agrees_to_all_self_scores_with_one_press(ended: Chat, county: Cast, engine: Engine) -> None:
    ended.say(ALL)
    assert "同意自评，都评好了" in ended.press("同意自评", sender="wangsuo")
    kept = reviews(engine, county)
    assert [one.leader_score for _, one in sorted(kept.items())] == [one.self_score for _, one in sorted(kept.items())]
    assert kept[1].leader_id == county.wangsuo.id
    assert "KR1 入户走访 自评 0.8，负责人评 0.8" in ended.inbox("lihua")[-1].text


def test_the_leader_scores_one_by_one(ended: Chat, county: Cast, engine: Engine) -> None:
    ended.say(ALL)
    assert "KR1 入户走访 90%，自评 0.8：走访覆盖到位" in ended.press("逐项评", sender="wangsuo")
    assert ended.buttons("wangsuo")[0] == "0.8"
    ended.press("0.8", sender="wangsuo")
    heard = len(ended.inbox("lihua"))
    for _ in range(3):
        ended.say("0.6", sender="wangsuo")
    assert len(ended.inbox("lihua")) == heard
    assert "已经告诉 李花" in ended.say("0.4", sender="wangsuo")
    assert "KR5 组织法制培训 自评 0.3，负责人评 0.4" in "\n".join(p.text for p in ended.inbox("lihua")[heard:])
    assert reviews(engine, county)[2].leader_score == Decimal("0.6")


def test_the_leader_scores_by_words(ended: Chat, county: Cast, engine: Engine) -> None:
    ended.say(ALL)
    assert "KR1 评了 0.7。" in ended.say("评分 李花 KR1 0.7 KR2 0.5", sender="wangsuo")
    kept = reviews(engine, county)
    assert (kept[1].leader_score, kept[2].leader_score) == (Decimal("0.7"), Decimal("0.5"))
    assert kept[3].leader_score is None


def test_an_old_card_agrees_to_no_score_the_leader_has_not_seen(ended: Chat, county: Cast, engine: Engine) -> None:
    ended.say(ALL)
    old = next(post for post in reversed(ended.inbox("wangsuo")) if post.content.get("button_list"))
    ended.say("复盘 KR1 1.0 改主意了")
    ended.world.people.press("wangsuo", old, old.content["button_list"][0]["key"])
    ended.work_off()
    assert "李花后来改过自评" in "\n".join(post.text for post in ended.inbox("wangsuo")[-3:])
    assert reviews(engine, county)[1].leader_score is None


def test_nobody_else_can_score(ended: Chat, county: Cast, engine: Engine) -> None:
    ended.say(ALL)
    assert "没有找到“李花" in ended.say("评分 李花 KR1 0.7", sender="nansuo")
    assert "没有找到“lihua" in ended.say("评分 lihua 同意自评", sender="jixiao")
    ended.say("评分 李花 KR1 0.7", sender="zhangsan")
    assert all(one.leader_score is None for one in reviews(engine, county).values())


def test_before_the_owner_nobody_scores(ended: Chat, county: Cast, engine: Engine) -> None:
    assert "还没写 KR1 的复盘" in ended.say("评分 李花 KR1 0.7", sender="wangsuo")
    assert reviews(engine, county) == {}


def test_a_published_score_stays(ended: Chat, county: Cast, clock: MovableClock, engine: Engine) -> None:
    ended.say(ALL)
    clock.set(at("2027-01-25 09:00"))
    ended.press("同意自评", sender="wangsuo")
    assert reviews(engine, county)[1].leader_score is None


def test_the_leader_sees_who_waits(ended: Chat) -> None:
    assert ended.say("评分", sender="wangsuo") == "现在没有等你评分的复盘。"
    ended.say(ALL)
    assert "等你评分的有 1 位：李花。" in ended.say("评分", sender="wangsuo")


def test_what_goes_on_is_proposed_for_the_next_period_from_where_it_stands(
    ended: Chat, county: Cast, engine: Engine
) -> None:
    ended.say(ALL)
    assert "KR2 结转到下期了，从 80% 接着算。" in ended.press("结转 KR2")
    assert "KR4" in ended.say("结转 KR4 KR5")
    with reading(engine) as session:
        (objective,) = session.exec(
            select(Objective).where(Objective.person_id == county.lihua.id, Objective.period_id != county.period.id)
        )
        assert (objective.title, objective.state) == ("守好一方平安", ObjectiveState.PROPOSED)
        new = session.exec(
            select(KeyResult).where(KeyResult.objective_id == objective.id).order_by(col(KeyResult.number))
        ).all()
        assert [(one.number, one.title, one.start, one.current, one.target) for one in new] == [
            (1, "反诈宣传覆盖率", Decimal(80), Decimal(80), Decimal(95)),
            (2, "案件办结率", Decimal(70), Decimal(70), Decimal(90)),
            (3, "组织法制培训", Decimal(1), Decimal(1), Decimal(4)),
        ]
        assert reviews(engine, county)[2].carried_to_id == new[0].id
        session.expunge(objective)
    ended.press("同意", sender="wangsuo")
    with reading(engine) as session:
        assert session.get_one(Objective, objective.id).state is ObjectiveState.APPROVED


@pytest.mark.parametrize(
    ("first", "words", "answer"),
    [
        (ALL, "结转 KR3", "KR3 已经做到目标"),
        (ALL, "结转 KR9", "没有 KR9"),
        (ALL + "\n", "结转", "结转哪几条？"),
        ("复盘 KR1 0.8 好", "结转 KR2", "先给 KR2 打个分"),
    ],
)
def test_what_cannot_go_on_is_said(ended: Chat, first: str, words: str, answer: str) -> None:
    ended.say(first)
    assert answer in ended.say(words)


def test_nothing_is_carried_twice(ended: Chat) -> None:
    ended.say(ALL)
    ended.say("结转 KR2")
    assert "KR2 已经结转过了" in ended.say("结转 KR2")


def test_without_a_next_period_nothing_is_carried(chat: Chat, clock: MovableClock) -> None:
    clock.set(IN_REVIEW)
    chat.say(ALL)
    assert "下个周期还没建好" in chat.say("结转 KR2")


def test_the_leader_may_score_again_and_on_another_scale_is_asked_back(
    ended: Chat, county: Cast, engine: Engine
) -> None:
    ended.say(ALL)
    assert "先没记" in ended.say("评分 李花 KR1 0.7 KR2 80%", sender="wangsuo")
    assert reviews(engine, county)[1].leader_score is None
    ended.press("逐项评", sender="wangsuo")
    assert "“80%”是 0.8 吗？" in ended.say("80%", sender="wangsuo")
    ended.press("是 0.8", sender="wangsuo")
    assert "KR2 评了 0.6。" in ended.say("KR2 0.6", sender="wangsuo")
    ended.say("评分 李花 同意自评", sender="wangsuo")
    assert "李花的都评过了" in ended.say("评分 李花", sender="wangsuo")
    ended.say("评分 李花 KR1 0.9", sender="wangsuo")
    assert reviews(engine, county)[1].leader_score == Decimal("0.9")
