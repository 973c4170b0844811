"""The only reader of the environment: every setting, what it must be, and a clear refusal when it is not."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from models.secrecy import KEY

OFFICIAL_API_URL = "https://qyapi.weixin.qq.com"

# What each setting should be, for whoever has to mend it; the value itself is never shown.
EXPECTED = {
    "DATABASE_URL": "sqlite:///路径 或 postgresql+psycopg://用户@主机/库名",
    "WECOM_CORP_ID": "企业 ID，ww 或 wx 开头，在管理后台“我的企业”里",
    "WECOM_AGENT_ID": "自建应用的 AgentId，一个整数",
    "WECOM_SECRET": "自建应用的 Secret",
    "WECOM_TOKEN": "“接收消息”里的 Token，最多 32 个字母和数字",
    "WECOM_AES_KEY": "“接收消息”里的 EncodingAESKey，正好 43 个字母和数字",
    "WECOM_API_URL": "接口地址，如 https://qyapi.weixin.qq.com，不带 /cgi-bin",
    "PUBLIC_URL": "用户和企业微信访问本服务的地址，如 https://linge.example.gov.cn",
    "SECRET_KEY": "至少 16 个字符的随机串",
    "DATA_KEYS": "编号:密钥，第一个用来加密，几个之间用逗号隔开；密钥是 32 个随机字节的 base64（SM4 的是 16 个）",
    "PORT": "1 到 65535 之间的端口",
    "METRICS_TOKEN": "只有看得见的英文字符，没有空格",
}
NEEDED_TO_SERVE = ("WECOM_CORP_ID", "WECOM_AGENT_ID", "WECOM_SECRET", "WECOM_TOKEN", "WECOM_AES_KEY")


class BadSettings(Exception):
    """One or more settings are missing or wrong; the text names each one and what it should be."""


def _database(url: str) -> str:
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("neither SQLite nor PostgreSQL")
    try:
        name = make_url(url).database
    except ArgumentError:
        raise ValueError("not an address") from None
    # Every process would have a database in memory to itself, and lose it.
    if not name or name == ":memory:":
        raise ValueError("no database is named")
    return url


def _http(url: str) -> str:
    if url:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("not an http address")
    return url.rstrip("/")


def _api(url: str) -> str:
    if _http(url).endswith("/cgi-bin"):
        raise ValueError("the client adds this path itself")
    return _http(url)


def _like(pattern: str) -> AfterValidator:
    """Refuses a text, or the text of a secret, that does not match as a whole."""

    def check(value: V) -> V:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(text, str) and not re.fullmatch(pattern, text):
            raise ValueError("not as it is issued")
        return value

    return AfterValidator(check)


V = TypeVar("V")
Secret = SecretStr | None
# What a header, a query or a signature can carry: visible ASCII.
VISIBLE = _like(r"[!-~]+")


class Settings(BaseSettings):
    """Every setting, read once at the start; secrets print as stars."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    database_url: Annotated[str, AfterValidator(_database)] = "sqlite:///var/linge.db"
    wecom_corp_id: Annotated[str, _like(r"[A-Za-z0-9_-]{0,64}")] = ""
    wecom_agent_id: int | None = Field(default=None, ge=1)
    wecom_secret: Annotated[Secret, VISIBLE] = None
    wecom_token: Annotated[Secret, _like(r"[!-~]{1,32}")] = None
    wecom_aes_key: Annotated[Secret, _like(r"[A-Za-z0-9+/]{43}")] = None
    wecom_api_url: Annotated[str, AfterValidator(_api)] = OFFICIAL_API_URL
    public_url: Annotated[str, AfterValidator(_http)] = ""
    secret_key: Annotated[Secret, Field(min_length=16)] = None
    data_keys: Annotated[Secret, _like(rf"{KEY.pattern}(,\s*{KEY.pattern})*")] = None
    port: int = Field(default=8000, ge=1, le=65535)
    media_dir: Path = Path("var/media")
    demo_clock: Path | None = None
    demo_county: Path | None = None
    metrics_token: Annotated[Secret, VISIBLE] = None

    @property
    def address(self) -> str:
        """Where people and WeCom reach us, without a slash at the end."""
        return self.public_url or f"http://127.0.0.1:{self.port}"

    def require_wecom(self) -> None:
        """Refuses to go on without what it takes to talk to WeCom."""
        values = {name: getattr(self, name.lower()) for name in NEEDED_TO_SERVE}
        missing = [name for name, value in values.items() if not value]
        if missing:
            raise BadSettings(complaint(missing, "没有设置"))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, FileNamedByVariable(settings_cls), dotenv_settings


class FileNamedByVariable(EnvSettingsSource):
    """Reads `NAME` from the file that `NAME_FILE` points to, as container platforms hand out secrets."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"{field_name.upper()}_FILE")
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip() or None, field_name, False
        except (OSError, UnicodeDecodeError):
            raise BadSettings(complaint([f"{field_name.upper()}_FILE"], "指向的文件读不出来")) from None


def load_settings(**given: Any) -> Settings:
    """The settings from arguments, the environment, `NAME_FILE` files and `.env`, in that order.

    Raises `BadSettings`, which names each wrong one and what it should be, and never its value.
    """
    try:
        return Settings(**given)
    except SettingsError as error:
        # pydantic wraps what a source raises; the cause is the sentence for whoever has to mend it.
        raise error.__cause__ or error from None
    except ValidationError as error:
        names = [str(fault["loc"][0]).upper() for fault in error.errors()]
        raise BadSettings(complaint(names, "不对")) from None
    except (OSError, UnicodeDecodeError):
        raise BadSettings(complaint([".env"], "读不出来")) from None


def complaint(names: list[str], what: str) -> str:
    """A line for each of these settings: what is wrong, and what it should be."""
    return "\n".join(f"{name} {what}：应当是 {EXPECTED.get(name, '一个可读的文件')}" for name in dict.fromkeys(names))
