"""Voice, pictures, places: kept, and told what works."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.engine import reading
from models.message import InboxMessage, InboxState
from models.okr import Report
from simulator.people import People
from tests.chat import Chat
from tests.pictures import photo

SENT: dict[str, Callable[[People], object]] = {
    "voice": lambda people: people.send_media("lihua", "voice", b"#!AMR voice"),
    "image": lambda people: people.send_media("lihua", "image", photo()),
    "video": lambda people: people.send_media("lihua", "video", b"video"),
    "location": lambda people: people.send_place("lihua", 30.1, 120.2, "城关镇"),
    "link": lambda people: people.send_link("lihua", "KR1 35", "说明", "https://example.cn/"),
}


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("voice", "语音存下了，可我还听不懂。按住语音选“转文字”发给我，或者报进展打一句话就行，比如“KR1 35”。"),
        ("image", "图片存下了，没有当进展记。报进展打一句话就行，比如“KR1 35”。"),
        ("video", "视频存下了，没有当进展记。报进展打一句话就行，比如“KR1 35”。"),
        ("location", "位置存下了，没有当进展记。报进展打一句话就行，比如“KR1 35”。"),
        ("link", "链接存下了，没有当进展记。报进展打一句话就行，比如“KR1 35”。"),
    ],
)
def test_what_is_not_text_is_kept_and_answered_with_what_works(
    chat: Chat, engine: Engine, kind: str, answer: str
) -> None:
    SENT[kind](chat.world.people)
    chat.work_off()
    assert [post.text for post in chat.inbox("lihua")] == [answer]
    with reading(engine) as session:
        assert [(one.kind, one.state) for one in session.exec(select(InboxMessage))] == [(kind, InboxState.HANDLED)]
        assert session.exec(select(Report)).all() == []


def test_it_leaves_an_open_question_open(chat: Chat) -> None:
    chat.say("请假")
    SENT["voice"](chat.world.people)
    assert "11月20日到11月22日请假" in chat.say("3天")


def test_being_located_on_entering_is_not_answered(chat: Chat) -> None:
    chat.world.people.report_position("lihua", 30.1, 120.2)
    chat.work_off()
    assert chat.inbox("lihua") == []
