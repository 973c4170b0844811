"""取消 ends whatever is being asked."""

from tests.chat import Chat


def test_with_nothing_open_it_says_so(chat: Chat) -> None:
    assert chat.say("取消") == "现在没有在问你的事，不用取消。"


def test_an_open_question_is_closed(chat: Chat) -> None:
    chat.say("请假")
    assert chat.say("取消") == "好，不问了。已经记好的不变。"
    assert "没听懂" in chat.say("明天")


def test_what_was_clear_stays_kept(chat: Chat) -> None:
    chat.say("KR1 5000\nKR5 2")
    chat.say("取消")
    mine = chat.say("我的")
    assert "KR5 组织法制培训 2/4 场" in mine
    assert "KR1 入户走访 0/50 户" in mine
