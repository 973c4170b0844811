"""Wrong usage and missing or wrong settings: a sentence that says what to do, never a stack and never a value."""

import socket
import sys

import pytest

from tests.cli.terminal import Ended, Terminal

# What must never be seen, whatever is wrong.
VALUE = "hunter2-hunter2"


def assert_plain(ended: Ended) -> None:
    assert "Traceback" not in ended.text
    assert VALUE not in ended.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nosuch",), "No such command"),
        (("load",), "Missing argument"),
        (("export", "everything", "out.xlsx"), "'county'"),
        (("load", "--unknown", "x.xlsx"), "No such option"),
    ],
)
def test_wrong_words_are_answered_with_the_usage(terminal: Terminal, words: tuple[str, ...], said: str) -> None:
    ended = terminal.flask(*words)

    assert ended.status == 2
    assert said in ended.err
    assert_plain(ended)


@pytest.mark.parametrize("command", ["serve", "worker", "clock", "job sync_contacts"])
def test_a_process_that_talks_to_wecom_does_not_start_without_its_settings(bare: Terminal, command: str) -> None:
    ended = bare.flask(*command.split(), WECOM_SECRET=VALUE)

    assert ended.status == 1
    for name in ("WECOM_CORP_ID", "WECOM_AGENT_ID", "WECOM_TOKEN", "WECOM_AES_KEY"):
        assert f"{name} 没有设置" in ended.err
    assert "WECOM_SECRET" not in ended.err
    assert_plain(ended)


def test_gunicorn_ends_at_once_without_the_settings(bare: Terminal) -> None:
    gunicorn = f"{sys.executable} -m gunicorn --no-control-socket -w 2 -b 127.0.0.1:0 app:create_app()"

    ended = bare.run(*gunicorn.split(), WECOM_SECRET=VALUE)

    assert ended.status != 0
    assert "WECOM_CORP_ID 没有设置" in ended.err
    # gunicorn may show a stack of its own when a worker ends this early; none of ours is in it, and no value.
    assert "create_app" not in ended.err
    assert VALUE not in ended.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", VALUE),
        ("DATABASE_URL", f"mysql://linge:{VALUE}@db/linge"),
        ("WECOM_AES_KEY", VALUE),
        ("WECOM_API_URL", VALUE),
        ("SECRET_KEY", "hunter2"),
        ("WECOM_SECRET_FILE", f"/no/such/{VALUE}"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(bare: Terminal, name: str, value: str) -> None:
    ended = bare.flask("worker", **{name: value})

    assert ended.status == 1
    assert f"{name} " in ended.err
    assert "应当是" in ended.err
    assert "hunter2" not in ended.text
    assert_plain(ended)


@pytest.mark.parametrize("command", ["jobs", "export county out.xlsx", "hold", "release", "backup copy.db"])
def test_a_database_without_tables_is_answered_with_the_command_that_makes_them(bare: Terminal, command: str) -> None:
    ended = bare.flask(*command.split())

    assert ended.status == 1
    assert "请先运行 flask migrate" in ended.err
    assert not (bare.folder / "copy.db").exists()
    assert_plain(ended)


@pytest.mark.parametrize("command", ["migrate", "jobs"])
def test_a_database_that_is_away_is_answered_with_what_to_look_at(bare: Terminal, command: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        ended = bare.flask(command, DATABASE_URL=f"postgresql://linge:{VALUE}@127.0.0.1:{port}/linge")

    assert ended.status == 1
    assert "请核对 DATABASE_URL" in ended.err
    assert_plain(ended)


def test_a_job_that_asks_wecom_nothing_needs_none_of_its_settings(terminal: Terminal) -> None:
    ended = terminal.flask("job", "remind_checkin", "--at", "2026-11-20T15:07")

    assert ended.status == 0, ended.text
    assert "remind_checkin（2026-11-20 15:07）跑完了" in ended.out


def test_the_commands_say_what_people_can_say_and_need_no_settings(bare: Terminal) -> None:
    ended = bare.flask("commands")

    assert ended.status == 0, ended.text
    words = [line.split("\t")[1] for line in ended.out.splitlines()]
    assert any(word.startswith("我的") for word in words)
    assert all(len(line.split("\t")) == 5 for line in ended.out.splitlines())


@pytest.mark.parametrize("command", ["load", "job"])
def test_a_command_explains_itself(bare: Terminal, command: str) -> None:
    ended = bare.flask(command, "--help")

    assert ended.status == 0
    assert "Usage: " in ended.out
