"""Commands for those who look after the service: jobs, doctor, backup, hold and release."""

from pathlib import Path

import pytest

from benchmarks.process import free_port
from simulator import RunningSimulator
from tests.cli.service import answers, serving, wait_until
from tests.cli.terminal import Terminal, flask
from tests.keys import DATA_KEYS

DUE = "2026-11-20T15:07"

ANOTHER_KEY = "another:YW5vdGhlciBrZXksIGZvciB0ZXN0cyBhbmQgbm8gbW8="


def test_a_job_runs_once_for_a_time_and_says_so_the_second_time(connected: Terminal) -> None:
    first, second = (
        connected.flask("job", "publish_menu", "--at", DUE),
        connected.flask("job", "publish_menu", "--at", DUE),
    )

    assert (first.status, second.status) == (0, 0), first.text + second.text
    assert "publish_menu（2026-11-20 15:07）跑完了" in first.out
    assert "已经跑过，这次没有再跑" in second.out


def test_a_job_nobody_knows_and_a_time_nobody_can_read_are_answered_with_what_there_is(connected: Terminal) -> None:
    unknown, bad = connected.flask("job", "nosuch"), connected.flask("job", "sweep", "--at", "Friday")

    assert (unknown.status, bad.status) == (1, 2)
    assert "没有叫“nosuch”的定时任务。现有：" in unknown.err
    assert "sweep" in unknown.err
    assert "时间请写成 2026-11-20T15:07" in bad.err
    assert "Traceback" not in unknown.text + bad.text


def test_the_jobs_are_listed_with_their_next_times(terminal: Terminal) -> None:
    ended = terminal.flask("jobs")

    assert ended.status == 0, ended.text
    names = [line.split("\t")[0] for line in ended.out.splitlines()]
    assert {"sweep", "seal_audit", "remind_checkin"} <= set(names)
    assert all(len(line.split("\t")) == 4 for line in ended.out.splitlines())


def test_doctor_finds_nothing_wrong_with_a_running_service(connected: Terminal) -> None:
    with serving(connected) as service:
        ended = connected.flask("doctor", PORT=str(service.port))

    assert ended.status == 0, ended.text
    found = [line.split("\t")[:2] for line in ended.out.splitlines()]
    assert found[:6] == [["好", one] for one in ("设置", "数据库", "密钥", "企业微信", "回调地址", "时钟")]
    # Each autumn next year's holidays are not known yet, which is nobody's fault.
    assert found[6:] in ([["好", "工作日历"]], [["提醒", "工作日历"]])


@pytest.mark.parametrize(
    ("setting", "value", "found"),
    [
        ("DATA_KEYS", ANOTHER_KEY, "密钥\tDATA_KEYS 不对：这个数据库里的内容是用密钥 test 加密的"),
        ("WECOM_SECRET", "not-the-secret", "企业微信\t应用的 Secret 不对，请核对 WECOM_SECRET"),
        ("WECOM_API_URL", "http://127.0.0.1:9", "企业微信\t连不上企业微信"),
        ("PUBLIC_URL", "http://127.0.0.1:9", "回调地址\thttp://127.0.0.1:9/wecom/callback 打不开：请核对 PUBLIC_URL"),
        ("WECOM_CORP_ID", "", "设置\tWECOM_CORP_ID 没有设置"),
        ("DATABASE_URL", "sqlite:///FOLDER/empty.db", "数据库\t还没有建表，或表是旧的：请先运行 flask migrate"),
    ],
)
def test_doctor_names_what_is_wrong_with_its_cure(
    connected: Terminal, tmp_path: Path, setting: str, value: str, found: str
) -> None:
    settings = {"PORT": str(free_port()), setting: value.replace("FOLDER", str(tmp_path))}

    ended = connected.flask("doctor", **settings)

    assert ended.status == 1
    assert f"要处理\t{found}" in ended.out
    assert "Traceback" not in ended.text
    assert "not-the-secret" not in ended.text


def test_a_backup_is_a_whole_copy_that_sends_nothing_until_released(terminal: Terminal, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"

    made, again = terminal.flask("backup", copy), terminal.flask("backup", copy)
    restored = {"DATABASE_URL": f"sqlite:///{copy}"}
    released, twice = terminal.flask("release", **restored), terminal.flask("release", **restored)

    assert made.status == 0, made.text
    assert "密钥 test（在DATA_KEYS 里）：请另外保管" in made.out
    assert again.status == 1
    assert "已经有了" in again.err
    assert [path.name for path in tmp_path.glob("*.part*")] == []
    assert released.out.startswith("解除暂停：这是恢复的备份")
    assert released.out.endswith("\n开始发送。\n")
    assert twice.out == "本来就没有暂停。\n"


@pytest.mark.parametrize("command", [("hold",), ("worker",), ("serve",), ("migrate",), ("job", "sweep"), ("rekey",)])
def test_a_process_with_another_key_ends_at_the_start_with_a_sentence(
    connected: Terminal, command: tuple[str, ...]
) -> None:
    ended = connected.flask(*command, DATA_KEYS=ANOTHER_KEY)

    assert ended.status == 1
    assert "DATA_KEYS 不对：这个数据库里的内容是用密钥 test 加密的" in ended.err
    assert "Traceback" not in ended.text
    assert ANOTHER_KEY.partition(":")[2] not in ended.text


def test_keys_are_changed_with_one_command(connected: Terminal) -> None:
    both = f"{ANOTHER_KEY},{DATA_KEYS}"

    first, again = connected.flask("rekey", DATA_KEYS=both), connected.flask("rekey", DATA_KEYS=both)
    alone, old = connected.flask("hold", DATA_KEYS=ANOTHER_KEY), connected.flask("hold")

    assert "密钥 another 加密了" in first.out, first.text
    assert (again.status, alone.status, old.status) == (0, 0, 1)


def test_a_held_database_says_how_to_let_it_send_again(terminal: Terminal) -> None:
    held, released = terminal.flask("hold"), terminal.flask("release")

    assert "flask release" in held.out
    assert released.out.endswith("\n开始发送。\n")


def test_the_simulator_runs_alone_and_ends_on_sigterm(bare: Terminal, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "simulator.log"
    process = bare.start(log, *flask("simulate"), SIMULATOR_PORT=str(port))
    try:
        wait_until(lambda: answers(port, "/"), seconds=20, about=log.read_text)
    finally:
        process.terminate()

    assert process.wait(timeout=5) == 0
    assert "Traceback" not in log.read_text()


def test_worker_and_clock_end_cleanly_on_sigterm(
    connected: Terminal, platform: RunningSimulator, tmp_path: Path
) -> None:
    logs = {command: tmp_path / f"{command}.log" for command in ("worker", "clock")}
    processes = {command: connected.start(log, *flask(command)) for command, log in logs.items()}

    # The clock publishes the menu when it first sees a new database: by then both are well up.
    wait_until(lambda: platform.world.log.calls["menu/create"] > 0, seconds=20, about=logs["clock"].read_text)
    for process in processes.values():
        process.terminate()

    assert {command: process.wait(timeout=10) for command, process in processes.items()} == {"worker": 0, "clock": 0}
    assert "Traceback" not in "".join(log.read_text() for log in logs.values())
