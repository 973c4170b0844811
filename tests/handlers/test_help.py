"""帮助: what one may say, and nothing else."""

from bot.message import Audience
from bot.registry import COMMANDS
from models.person import Role
from tests.chat import Chat


def test_every_command_an_officer_may_use_is_in_the_help(chat: Chat) -> None:
    answer = chat.say("帮助")
    for (audience, _), entry in COMMANDS.items():
        if audience is Audience.STAFF and (not entry.allow or Role.MEMBER in entry.allow):
            assert f"{entry.example}：{entry.help}" in answer


def test_a_command_for_others_is_not_in_the_help(chat: Chat) -> None:
    answer = chat.say("帮助")
    for (audience, _), entry in COMMANDS.items():
        if audience is not Audience.STAFF or (entry.allow and Role.MEMBER not in entry.allow):
            assert f"{entry.example}：{entry.help}" not in answer


def test_the_help_fits_one_message_and_names_no_command_twice(chat: Chat) -> None:
    lines = chat.say("帮助").splitlines()
    assert len(lines) == len(set(lines))
    assert len(chat.inbox("lihua")) == 1
