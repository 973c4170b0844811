"""`flask doctor`: whether settings, database, token, callback address and clock are right, one line each with the cure."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

import requests
from sqlalchemy.exc import SQLAlchemyError
from wechatpy.enterprise.crypto import PrpCrypto
from wechatpy.utils import WeChatSigner

from bot.data_keys import key_place
from bot.runtime import Runtime
from bot.settings import BadSettings
from bot.wecom.errors import WeComError
from domain.calendar import Workdays, local_date
from migrations import is_newest
from models.key_check import WrongKeys, confirm_keys

TIMEOUT = (3.05, 8)
# Signatures and tokens are lenient about minutes; a larger gap makes due times and windows wrong.
TOLERATED = timedelta(seconds=60)
LOOKS_AHEAD = timedelta(days=60)


class Verdict(StrEnum):
    """How something was found."""

    RIGHT = "好"
    HINT = "提醒"  # works, and will work better once somebody has done something
    WRONG = "要处理"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what was found or what to do."""

    subject: str
    verdict: Verdict
    text: str


def examine(runtime: Runtime) -> list[Finding]:
    """Looks at everything that has to be right; what needs WeCom's settings is left out when they are missing."""
    try:
        runtime.settings.require_wecom()
    except BadSettings as complaint:
        missing = [Finding("设置", Verdict.WRONG, line) for line in str(complaint).splitlines()]
        return [*missing, examine_database(runtime), _keys(runtime), _calendar(runtime)]
    checks: tuple[Callable[[Runtime], Finding], ...] = (examine_database, _keys, _token, _callback, _clock, _calendar)
    return [Finding("设置", Verdict.RIGHT, "齐全"), *(check(runtime) for check in checks)]


def examine_database(runtime: Runtime) -> Finding:
    """Whether the database can be reached and has the newest schema."""
    try:
        is_migrated = is_newest(runtime.engine)
    except SQLAlchemyError as error:
        return Finding(
            "数据库", Verdict.WRONG, f"连不上（{type(error).__name__}）：请核对 DATABASE_URL 和数据库是否开着"
        )
    if not is_migrated:
        return Finding("数据库", Verdict.WRONG, "还没有建表，或表是旧的：请先运行 flask migrate")
    return Finding("数据库", Verdict.RIGHT, f"{runtime.engine.dialect.name}，表齐全")


def _keys(runtime: Runtime) -> Finding:
    try:
        confirm_keys(runtime.engine)
    except WrongKeys as refusal:
        return Finding("密钥", Verdict.WRONG, str(refusal))
    first, *others = runtime.keys.keys.values()
    also = f"，还有 {'、'.join(key.id for key in others)} 只用来读" if others else ""
    return Finding("密钥", Verdict.RIGHT, f"{first.id}（{first.cipher}，在{key_place(runtime.settings)}里）{also}")


def _token(runtime: Runtime) -> Finding:
    try:
        runtime.client.get("getcallbackip")
    except WeComError as error:
        return Finding("企业微信", Verdict.WRONG, error.explanation)
    except SQLAlchemyError:
        return Finding("企业微信", Verdict.WRONG, "凭证存不下：请先看数据库那一行")
    return Finding("企业微信", Verdict.RIGHT, "凭证有效，接口可用")


def _callback(runtime: Runtime) -> Finding:
    """Knocks at our own door the way WeCom does when the callback is saved, with wechatpy's cipher instead of ours."""
    address = f"{runtime.settings.address}/wecom/callback"
    number = str(secrets.randbelow(10**12))
    try:
        answer = requests.get(address, params=_knock(runtime, number), timeout=TIMEOUT)
    except requests.RequestException:
        return Finding("回调地址", Verdict.WRONG, f"{address} 打不开：请核对 PUBLIC_URL、反向代理和服务是否在运行")
    if answer.status_code != 200 or answer.text != number:
        return Finding("回调地址", Verdict.WRONG, f"{address} 应答不对：请核对 WECOM_TOKEN 和 WECOM_AES_KEY")
    return Finding("回调地址", Verdict.RIGHT, f"{address} 应答正确")


def _knock(runtime: Runtime, number: str) -> dict[str, str]:
    settings = runtime.settings
    assert settings.wecom_token is not None
    assert settings.wecom_aes_key is not None
    token, corp_id = settings.wecom_token.get_secret_value(), settings.wecom_corp_id
    cipher = PrpCrypto(base64.b64decode(settings.wecom_aes_key.get_secret_value() + "="))
    echo, timestamp, nonce = cipher.encrypt(number, corp_id).decode(), str(int(runtime.clock().timestamp())), number
    signer = WeChatSigner()
    signer.add_data(token, timestamp, nonce, echo)
    return {"msg_signature": signer.signature, "timestamp": timestamp, "nonce": nonce, "echostr": echo}


def _clock(runtime: Runtime) -> Finding:
    try:
        stated = requests.head(runtime.settings.wecom_api_url, timeout=TIMEOUT).headers.get("Date", "")
        gap = abs(runtime.clock() - parsedate_to_datetime(stated))
    except (requests.RequestException, ValueError):
        return Finding("时钟", Verdict.WRONG, "问不到企业微信的时间：请核对 WECOM_API_URL 和网络")
    if gap > TOLERATED:
        return Finding("时钟", Verdict.WRONG, f"与企业微信差 {int(gap.total_seconds())} 秒：请开启服务器的时间同步")
    return Finding("时钟", Verdict.RIGHT, "与企业微信一致")


def _calendar(runtime: Runtime) -> Finding:
    last = local_date(runtime.clock()) + LOOKS_AHEAD
    if not Workdays().is_known(last):
        return Finding(
            "工作日历",
            Verdict.HINT,
            f"没有 {last.year} 年的放假安排，先按周一至周五算：国务院公布后请升级 chinesecalendar",
        )
    return Finding("工作日历", Verdict.RIGHT, f"已知到 {last:%Y-%m-%d} 以后")
