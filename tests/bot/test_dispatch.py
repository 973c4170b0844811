"""Who handles what: a command first, then the open question, then the kind, else the nearest command."""

from collections.abc import Iterator

import pytest

from bot.context import Context, NotUnderstood
from bot.dispatch import find_command
from bot.message import Answer, Audience, Sender
from bot.registry import COMMANDS, command
from models.person import Person, Role
from tests.bot.callbacks import ON_SQLITE
from tests.chat import Chat

NOTHING = "没听懂，先没记。报进展可以说“KR1 35”，看自己的说“我的”，能说什么都在“帮助”里。"


def officer(*roles: Role) -> Sender:
    person = Person(account="lihua", account_key="lihua", name="李花", unit_id=1, rank="", track="")
    return Sender("lihua", Audience.STAFF, person, frozenset({Role.MEMBER, *roles}))


@pytest.fixture
def words() -> Iterator[None]:
    """A few commands of every sort, only for a test."""
    before = dict(COMMANDS)
    command("试试", help="", takes="什么")(lambda context: f"试试：{context.argument}")
    command("试试看", help="")(lambda _: "试试看")
    command("试独", help="", aliases=("try it",))(lambda _: "试独")
    command("试权", help="", allow=frozenset({Role.SYSTEM_ADMIN}))(lambda _: "试权")
    both = frozenset({Role.OFFICE, Role.UNIT_LEADER})
    command("试问", help="", aliases=("试问一下",), takes="什么", allow=both)(lambda _: "试问")
    command("试错", help="", takes="什么")(decline)
    yield
    COMMANDS.clear()
    COMMANDS.update(before)


def decline(_context: Context) -> Answer:
    raise NotUnderstood


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("试试", ("试试", "")),
        ("试试 甲 乙", ("试试", "甲 乙")),
        ("试试甲", ("试试", "甲")),
        ("试试：甲", ("试试", "甲")),
        ("试试\n甲\n乙", ("试试", "甲\n乙")),
        ("试试看", ("试试看", "")),
        ("试试看。", ("试试看", "")),
        ("试试看看", ("试试", "看看")),
        ("试独", ("试独", "")),
        ("试独！", ("试独", "")),
        ("试独 甲", None),
        ("试独甲", None),
        ("甲试独", None),
        ("TRY IT", ("试独", "")),
        ("ＴＲＹ　ＩＴ", ("试独", "")),
        ("", None),
        ("试", None),
        ("试权", None),
    ],
)
def test_the_longest_word_that_fits_is_found(text: str, found: tuple[str, str] | None) -> None:
    command_and_argument = find_command(text, officer())
    assert (command_and_argument and (command_and_argument[0].word, command_and_argument[1])) == found


@pytest.mark.usefixtures("words")
def test_a_command_is_for_those_who_have_the_right() -> None:
    found = find_command("试权", officer(Role.SYSTEM_ADMIN))
    assert found is not None
    assert found[0].word == "试权"


@ON_SQLITE
@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("试权", "“试权”是系统管理员用的，你能说的都在“帮助”里。"),
        ("试权。", "“试权”是系统管理员用的，你能说的都在“帮助”里。"),
        ("试问", "“试问”是单位负责人和绩效管理员用的，你能说的都在“帮助”里。"),
        ("试问 张山 KR1 35", "“试问”是单位负责人和绩效管理员用的，你能说的都在“帮助”里。"),
        ("试问：张山", "“试问”是单位负责人和绩效管理员用的，你能说的都在“帮助”里。"),
        ("试问一下，张山", "“试问一下”是单位负责人和绩效管理员用的，你能说的都在“帮助”里。"),
    ],
)
def test_a_command_one_may_not_use_is_answered_with_those_who_may(chat: Chat, said: str, answer: str) -> None:
    assert chat.say(said) == answer


@ON_SQLITE
@pytest.mark.usefixtures("words")
def test_words_that_only_begin_like_a_command_one_may_not_use_are_read_as_usual(chat: Chat) -> None:
    assert "试问" not in chat.say("试问题不大")
    assert chat.say("试权 张山").startswith("没听懂")
    assert "KR1 入户走访 35/50 户" in chat.say("问题不大，KR1 35")
    assert chat.say("试权", sender="yunwei") == "试权"


@ON_SQLITE
@pytest.mark.usefixtures("words")
def test_a_command_one_may_not_use_may_answer_an_open_question(chat: Chat) -> None:
    chat.say("意见反馈")
    assert chat.say("试权").startswith("收到")


@ON_SQLITE
@pytest.mark.usefixtures("words")
def test_a_command_that_declines_leaves_the_words_to_the_open_question(chat: Chat) -> None:
    assert chat.say("试错 今天").startswith("没听懂")
    chat.say("意见反馈")
    assert chat.say("试错 今天").startswith("收到")


@ON_SQLITE
@pytest.mark.parametrize(("said", "near"), [("帮住", "帮助"), ("我得", "我的"), ("周抱", "周报"), ("取肖", "取消")])
def test_a_slip_gets_the_nearest_command_to_press(chat: Chat, said: str, near: str) -> None:
    answer = chat.say(said)
    assert answer.startswith(f"没听懂“{said}”。是想说“{near}”")
    assert near in chat.buttons()


@ON_SQLITE
def test_the_nearest_command_works_at_a_press(chat: Chat) -> None:
    chat.say("我得")
    assert "KR1 入户走访" in chat.press("我的")


@ON_SQLITE
@pytest.mark.parametrize("said", ["今天天气不错", "……", "哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈"])
def test_words_near_nothing_get_the_way_to_the_help(chat: Chat, said: str) -> None:
    assert chat.say(said).replace("\n", "") == NOTHING
    assert chat.buttons() == ["我的", "帮助"]


@ON_SQLITE
def test_a_menu_entry_is_said_for_whoever_taps_it(chat: Chat) -> None:
    chat.world.menus[chat.world.app.agentid] = {"button": [{"type": "click", "name": "我的", "key": "我的"}]}
    assert "KR1 入户走访" in chat.click("我的")


@ON_SQLITE
def test_an_event_nobody_waits_for_is_silent(chat: Chat) -> None:
    chat.world.people.report_position("lihua", 30.1, 120.2)
    chat.world.people.subscribe("lihua", left=True)
    chat.work_off()
    assert chat.inbox("lihua") == []
