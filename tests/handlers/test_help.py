"""帮助: what one may say, and nothing else."""

from bot.message import Audience
from bot.registry import COMMANDS
from tests.chat import Chat

SCREEN = 16


def test_every_command_an_officer_may_use_is_in_the_help(chat: Chat) -> None:
    answer = chat.say("帮助")
    for (audience, _), entry in COMMANDS.items():
        if audience is Audience.STAFF and not entry.allow and not entry.shown_to and not entry.topic:
            assert f"{entry.example}：{entry.help}" in answer


def test_a_command_for_others_is_not_in_the_help(chat: Chat) -> None:
    answer = chat.say("帮助")
    for (audience, _), entry in COMMANDS.items():
        of_others = audience is not Audience.STAFF and (Audience.STAFF, entry.word) not in COMMANDS
        if of_others or entry.allow or entry.shown_to or entry.topic:
            assert f"{entry.example}：{entry.help}" not in answer


def test_a_leader_is_told_what_only_leaders_do(chat: Chat) -> None:
    answer = chat.say("帮助", sender="wangsuo")
    for word in (
        "本单位：",
        "问 张三 KR2 为什么停了：",
        "待确认：",
        "同意 目标12：",
        "退回 目标12 指标太低：",
        "评分 张三 KR1 0.7：",
    ):
        assert f"\n{word}" in answer


def test_what_the_week_needs_comes_first(chat: Chat) -> None:
    lines = chat.say("帮助").splitlines()
    assert [line.split("：")[0] for line in lines[1:4]] == ["周报", "我的", "撤销"]
    assert len(lines) <= SCREEN


def test_the_help_fits_one_message_and_names_no_command_twice(chat: Chat) -> None:
    lines = chat.say("帮助").splitlines()
    assert len(lines) == len(set(lines))
    assert len(chat.inbox("lihua")) == 1
