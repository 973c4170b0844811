"""Every setting: read from the environment, a file or .env, and refused by name, never by value."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import EXPECTED, NEEDED_TO_SERVE, BadSettings, Settings, load_settings

ROOT = Path(__file__).parents[2]
GOOD = {
    "WECOM_CORP_ID": "ww1436e0e65a779aee",
    "WECOM_AGENT_ID": "1000002",
    "WECOM_SECRET": "7_tHe-SeCrEt",
    "WECOM_TOKEN": "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo",
    "WECOM_AES_KEY": "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt",
}
SECRETS = ("WECOM_SECRET", "WECOM_TOKEN", "WECOM_AES_KEY", "SECRET_KEY", "DATA_KEYS", "METRICS_TOKEN")


@pytest.fixture(autouse=True)
def empty_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without .env, and an environment without settings."""
    for name in (*EXPECTED, "DEMO_CLOCK", "DEMO_COUNTY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def set_all(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in {**GOOD, **values}.items():
        monkeypatch.setenv(name, value)


def test_without_any_setting_everything_has_its_default() -> None:
    settings = load_settings()
    assert settings.database_url == "sqlite:///var/linge.db"
    assert settings.wecom_api_url == "https://qyapi.weixin.qq.com"
    assert (settings.port, settings.address) == (8000, "http://127.0.0.1:8000")


def test_all_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, PORT="8123", PUBLIC_URL="https://linge.example.gov.cn/", SECRET_KEY="0123456789abcdef")
    settings = load_settings()
    settings.require_wecom()
    assert (settings.wecom_corp_id, settings.wecom_agent_id) == (GOOD["WECOM_CORP_ID"], 1000002)
    assert settings.wecom_secret is not None
    assert settings.wecom_secret.get_secret_value() == GOOD["WECOM_SECRET"]
    assert (settings.port, settings.address) == (8123, "https://linge.example.gov.cn")


@pytest.mark.parametrize("name", NEEDED_TO_SERVE)
@pytest.mark.parametrize("absent", [None, ""])
def test_what_is_missing_is_named_with_what_it_should_be(
    monkeypatch: pytest.MonkeyPatch, name: str, absent: str | None
) -> None:
    set_all(monkeypatch, **{name: ""})
    if absent is None:
        monkeypatch.delenv(name)
    with pytest.raises(BadSettings) as complaint:
        load_settings().require_wecom()
    assert str(complaint.value) == f"{name} 没有设置：应当是 {EXPECTED[name]}"


WRONG = [
    ("DATABASE_URL", "mysql://user:Geheim@host/linge"),
    ("DATABASE_URL", "sqlite:///"),
    ("DATABASE_URL", "sqlite:///:memory:"),
    ("DATABASE_URL", "postgresql+psycopg://user:Geheim@host:port/linge"),
    ("DATABASE_URL", "postgresql+psycopg://user:Geheim@host"),
    ("DATABASE_URL", "Geheim"),
    ("WECOM_CORP_ID", "ww Geheim"),
    ("WECOM_CORP_ID", "ww" + "Geheim" * 20),
    ("WECOM_AGENT_ID", "Geheim"),
    ("WECOM_AGENT_ID", "0"),
    ("WECOM_AGENT_ID", "1.5"),
    ("WECOM_SECRET", "Ge heim"),
    ("WECOM_SECRET", "密Geheim"),
    ("WECOM_TOKEN", "Geheim" * 6),
    ("WECOM_TOKEN", "密Geheim"),
    ("WECOM_AES_KEY", "Geheim"),
    ("WECOM_AES_KEY", "Geheim" + "x" * 38),
    ("WECOM_AES_KEY", "Geheim!" + "x" * 36),
    ("WECOM_AES_KEY", "Geheim=" + "x" * 36),
    ("WECOM_API_URL", "Geheim"),
    ("WECOM_API_URL", "ftp://Geheim"),
    ("WECOM_API_URL", "https://"),
    ("WECOM_API_URL", "https://[Geheim"),
    ("WECOM_API_URL", "https://qyapi.weixin.qq.com/cgi-bin"),
    ("WECOM_API_URL", "https://qyapi.weixin.qq.com/cgi-bin/"),
    ("PUBLIC_URL", "linge.example.gov.cn"),
    ("PUBLIC_URL", "https://"),
    ("SECRET_KEY", "Geheim"),
    ("DATA_KEYS", "Geheim"),
    ("DATA_KEYS", "k1:Geheim"),
    ("DATA_KEYS", "k1:" + "Geheim" * 8),
    ("PORT", "Geheim"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("PORT", "-1"),
    ("METRICS_TOKEN", "Ge heim"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_is_wrong_is_named_with_what_it_should_be_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    set_all(monkeypatch, **{name: value})
    with pytest.raises(BadSettings) as complaint:
        load_settings()
    assert str(complaint.value) == f"{name} 不对：应当是 {EXPECTED[name]}"


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, PORT="Geheim", WECOM_AES_KEY="Geheim", DATABASE_URL="Geheim")
    with pytest.raises(BadSettings) as complaint:
        load_settings()
    assert sorted(line.split()[0] for line in str(complaint.value).splitlines()) == [
        "DATABASE_URL",
        "PORT",
        "WECOM_AES_KEY",
    ]


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@host/db", "postgresql+psycopg://u:p@host/db"),
        ("postgresql://u:p@host:5433/db?sslmode=require", "postgresql+psycopg://u:p@host:5433/db?sslmode=require"),
        ("postgresql+psycopg://u:p%40@host/db", "postgresql+psycopg://u:p%40@host/db"),
        ("sqlite:////srv/linge.db", "sqlite:////srv/linge.db"),
    ],
)
def test_every_usual_way_to_name_a_database_is_taken(monkeypatch: pytest.MonkeyPatch, given: str, used: str) -> None:
    monkeypatch.setenv("DATABASE_URL", given)
    assert load_settings().database_url == used


@pytest.mark.parametrize("name", [*GOOD, "DATABASE_URL", "SECRET_KEY"])
def test_each_may_stand_in_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch, empty_place: Path, name: str) -> None:
    value = {**GOOD, "DATABASE_URL": "sqlite:///other.db", "SECRET_KEY": "0123456789abcdef"}[name]
    (empty_place / "given").write_text(f"{value}\n")
    monkeypatch.setenv(f"{name}_FILE", str(empty_place / "given"))
    found = getattr(load_settings(), name.lower())
    assert str(found.get_secret_value() if name in SECRETS else found) == value


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, empty_place: Path, content: bytes | None
) -> None:
    if content is not None:
        (empty_place / "Geheim").write_bytes(content)
    monkeypatch.setenv("WECOM_SECRET_FILE", str(empty_place / "Geheim"))
    with pytest.raises(BadSettings) as complaint:
        load_settings()
    assert str(complaint.value) == "WECOM_SECRET_FILE 指向的文件读不出来：应当是 一个可读的文件"


def test_a_wrong_value_in_a_file_is_named_and_never_shown(monkeypatch: pytest.MonkeyPatch, empty_place: Path) -> None:
    (empty_place / "given").write_text("Geheim")
    monkeypatch.setenv("WECOM_AES_KEY_FILE", str(empty_place / "given"))
    with pytest.raises(BadSettings) as complaint:
        load_settings()
    assert str(complaint.value) == f"WECOM_AES_KEY 不对：应当是 {EXPECTED['WECOM_AES_KEY']}"


def test_the_file_of_settings_counts_last(monkeypatch: pytest.MonkeyPatch, empty_place: Path) -> None:
    (empty_place / ".env").write_text("PORT=8111\nWECOM_SECRET=from-the-file\n# 说明\nUNKNOWN=1\nWECOM_TOKEN=\n")
    assert load_settings().port == 8111
    monkeypatch.setenv("PORT", "8222")
    settings = load_settings()
    assert settings.port == 8222
    assert settings.wecom_secret is not None
    assert settings.wecom_secret.get_secret_value() == "from-the-file"
    assert settings.wecom_token is None


def test_a_file_of_settings_that_is_no_text_is_named(empty_place: Path) -> None:
    (empty_place / ".env").write_bytes(b"PORT=\xff\xfe\n")
    with pytest.raises(BadSettings) as complaint:
        load_settings()
    assert str(complaint.value).startswith(".env ")


def test_secrets_print_as_stars(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, SECRET_KEY="7_kEy-of-sessions", METRICS_TOKEN="7_mEtrics")
    shown = f"{load_settings()!r} {load_settings()}"
    for value in (*(GOOD[name] for name in SECRETS[:3]), "7_kEy-of-sessions", "7_mEtrics"):
        assert value not in shown


@pytest.mark.parametrize(
    ("values", "named"), [({"WECOM_TOKEN": ""}, "WECOM_TOKEN"), ({"WECOM_AES_KEY": "Geheim"}, "WECOM_AES_KEY")]
)
def test_the_start_ends_with_the_complaint_alone(tmp_path: Path, values: dict[str, str], named: str) -> None:
    environment = {**os.environ, **GOOD, "DATABASE_URL": f"sqlite:///{tmp_path}/linge.db", **values}  # noqa: TID251 what a started program inherits
    start = [sys.executable, "-c", "from app import create_app; create_app()"]
    ended = subprocess.run(start, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode != 0
    assert (
        ended.stdout + ended.stderr == f"{named} {'不对' if values[named] else '没有设置'}：应当是 {EXPECTED[named]}\n"
    )


def test_every_setting_that_can_be_wrong_says_what_it_should_be() -> None:
    free = {"DEMO_CLOCK", "DEMO_COUNTY", "MEDIA_DIR"}
    assert {name.upper() for name in Settings.model_fields} - free == set(EXPECTED)
