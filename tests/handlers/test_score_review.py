"""What a leader says about scores in words that hold none."""

from tests.chat import Chat
from tests.times import MovableClock, at


def test_a_score_without_a_number_is_asked_for_in_words(chat: Chat, clock: MovableClock) -> None:
    chat.say("KR1 45")
    clock.set(at("2027-01-04 09:10"))
    assert "没看清评几分" in chat.say("评分 李花 很好", sender="wangsuo")
    assert "李花还没写复盘" in chat.say("评分 李花", sender="wangsuo")
    assert "李花还没写复盘" in chat.say("评分 李花 同意自评", sender="wangsuo")
