"""A leader's question goes to the officer and the answer comes back, each to the right person and once."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.audit import AuditEntry
from models.engine import reading, writing
from models.person import Person, PersonRole, Role
from models.unit import Unit
from models.voice import Question
from tests.chat import Chat
from tests.factories import Cast, make_person
from tests.times import at


def test_a_question_reaches_the_officer_with_the_figures_and_the_answer_comes_back(chat: Chat) -> None:
    chat.say("KR2 80 有风险 下雨")
    answer = chat.say("问 李花 KR2 为什么停了", sender="wangsuo")
    assert answer == "问过去了，李花一回答就告诉你。"
    asked = "\n".join(post.text for post in chat.inbox("lihua")[-2:])
    assert "王所问你：KR2 为什么停了" in asked
    assert "KR2 反诈宣传覆盖率 80/95% · 57%（第47周报的）有风险" in asked
    assert "你说，我原样转过去" in chat.press("回答")
    assert "转给 王所 了" in chat.say("拆迁停了两周，下周恢复")
    told = chat.inbox("wangsuo")[-1].text
    assert "李花回答了你的问题" in told
    assert "问：KR2 为什么停了" in told
    assert "答：拆迁停了两周，下周恢复" in told


def test_a_typed_answer_needs_no_press(chat: Chat) -> None:
    chat.say("问 lihua 还缺人吗", sender="wangsuo")
    assert "转给 王所 了" in chat.say("答 缺两个")
    assert "答：缺两个" in chat.inbox("wangsuo")[-1].text


def test_the_name_may_stand_without_a_space(chat: Chat) -> None:
    assert "问过去了，张山" in chat.say("问张山KR1怎么样了", sender="wangsuo")
    assert "王所问你：KR1怎么样了" in "\n".join(post.text for post in chat.inbox("ZhangSan"))


def test_what_is_left_out_is_asked_for(chat: Chat) -> None:
    assert "问谁、问什么？" in chat.say("问一句", sender="wangsuo")
    assert "想问李花什么？" in chat.say("李花", sender="wangsuo")
    assert "问过去了" in chat.say("目标 还改吗", sender="wangsuo")
    assert "王所问你：目标 还改吗" in chat.inbox("lihua")[-1].text


def test_of_two_with_one_name_the_leader_chooses_by_unit(chat: Chat, county: Cast, engine: Engine) -> None:
    with writing(engine) as session:
        squad = Unit(code="CG1", name="城关一中队", category="中队", parent_id=county.station.id)
        session.add(squad)
        session.flush()
        make_person(session, "lihua2", "李花", squad)
    chat.world.directory.add_member("lihua2", "李花", departments=[1])
    assert "叫李花的有 2 位，是哪一位？" in chat.say("问 李花 KR2 为什么停了", sender="wangsuo")
    assert chat.buttons("wangsuo") == ["城关所", "城关一中队"]
    chat.press("城关一中队", sender="wangsuo")
    assert "王所问你：KR2 为什么停了" in chat.inbox("lihua2")[-1].text
    assert not any("王所问你" in post.text for post in chat.inbox("lihua"))


def test_a_name_nobody_has_is_answered_with_the_nearest(chat: Chat) -> None:
    assert "没有找到“李华”，是 李花 吗？" in chat.say("问 李华 KR2 为什么停了", sender="wangsuo")
    chat.press("李花", sender="wangsuo")
    assert "王所问你：KR2 为什么停了" in "\n".join(post.text for post in chat.inbox("lihua"))


@pytest.mark.parametrize("words", ["问 南一 怎么样了", "问 nanqiao01 怎么样了"])
def test_other_units_people_cannot_be_asked(chat: Chat, engine: Engine, words: str) -> None:
    assert "没有找到" in chat.say(words, sender="wangsuo")
    with reading(engine) as session:
        assert session.exec(select(Question)).all() == []


def test_an_officer_asks_nobody(chat: Chat, engine: Engine) -> None:
    chat.say("问 张山 怎么样了")
    with reading(engine) as session:
        assert session.exec(select(Question)).all() == []


def test_words_that_only_begin_like_the_command_ask_nobody(chat: Chat) -> None:
    answer = chat.say("问题不大", sender="wangsuo")
    assert "没有找到" not in answer
    assert "问过去了" not in answer


def test_several_questions_are_shown_newest_first(chat: Chat) -> None:
    chat.say("问 李花 第一个问题", sender="wangsuo")
    chat.say("问 李花 第二个问题", sender="wangsuo")
    answer = chat.say("答")
    assert "等你回答的有 2 个" in answer
    assert answer.index("第二个问题") < answer.index("第一个问题")
    answer = chat.say("答 先答新的")
    assert "他问的是：第二个问题" in answer
    assert "第一个问题" in answer


def test_a_question_is_answered_once(chat: Chat) -> None:
    chat.say("问 李花 缺人吗", sender="wangsuo")
    chat.press("回答")
    chat.say("答 不缺")
    heard = len(chat.inbox("wangsuo"))
    assert chat.say("答 还是缺") == "现在没有等你回答的问题。"
    assert len(chat.inbox("wangsuo")) == heard


def test_nobody_answers_for_somebody_else(chat: Chat, engine: Engine) -> None:
    chat.say("问 李花 缺人吗", sender="wangsuo")
    assert chat.say("答 我来答", sender="zhangsan") == "现在没有等你回答的问题。"
    with reading(engine) as session:
        assert session.exec(select(Question)).one().answered_at is None


def test_a_leader_who_left_gets_no_answer(chat: Chat, county: Cast, engine: Engine) -> None:
    chat.say("问 李花 缺人吗", sender="wangsuo")
    with writing(engine) as session:
        session.get_one(Person, county.wangsuo.id).left_at = at("2026-11-20 15:00")
    heard = len(chat.inbox("wangsuo"))
    assert "记下了，问的人已经不在这里了" in chat.say("答 不缺")
    assert len(chat.inbox("wangsuo")) == heard


def test_a_leader_who_lost_the_role_between_two_words_asks_nobody(chat: Chat, county: Cast, engine: Engine) -> None:
    chat.say("问 李花", sender="wangsuo")
    with writing(engine) as session:
        session.delete(session.get_one(PersonRole, (county.wangsuo.id, Role.UNIT_LEADER)))
    assert "已经不在你负责的单位里" in chat.say("缺人吗", sender="wangsuo")
    with reading(engine) as session:
        assert session.exec(select(Question)).all() == []


def test_question_and_answer_are_audited_without_words(chat: Chat, engine: Engine) -> None:
    chat.say("问 李花 缺人吗", sender="wangsuo")
    chat.say("答 不缺")
    with reading(engine) as session:
        entries = session.exec(select(AuditEntry)).all()
        found = {entry.action: entry.actor for entry in entries if entry.action.startswith("question.")}
        assert found == {"question.ask": "wangsuo", "question.answer": "lihua"}
        assert "缺" not in str([entry.details for entry in entries])
