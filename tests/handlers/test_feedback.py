"""意见反馈 reaches the performance office."""

from sqlalchemy import Engine
from sqlmodel import select

from models.engine import reading
from models.voice import Feedback
from tests.chat import Chat


def test_feedback_is_thanked_for_and_reaches_the_office_once(chat: Chat, engine: Engine) -> None:
    assert chat.say("意见反馈 提醒太晚了") == "收到，谢谢你说出来，已经转给绩效管理员了。"
    assert [post.text for post in chat.inbox("jixiao")] == ["李花对邻格的意见：\n提醒太晚了"]
    with reading(engine) as session:
        assert [one.text for one in session.exec(select(Feedback))] == ["提醒太晚了"]


def test_without_words_they_are_asked_for(chat: Chat) -> None:
    assert "你说" in chat.say("意见反馈")
    assert chat.say("字太小").startswith("收到")
    assert "字太小" in chat.inbox("jixiao")[-1].text


def test_nobody_else_hears_of_it(chat: Chat) -> None:
    chat.say("意见反馈 提醒太晚了")
    assert chat.inbox("wangsuo") == []
