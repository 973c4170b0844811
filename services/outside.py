"""Outside systems: who they are, the key that each is known by, and the secret that signs what we tell them."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from domain.errors import DomainError
from domain.text import normalise
from models.outside import OutsideSystem
from services import audit

LONGEST_NAME, LONGEST_ADDRESS = 64, 500
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
# Compared with when there is no such system, so that a guess takes as long either way.
_NO_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class NewSystem:
    """A system just added, with its secrets in clear: they are shown once and cannot be read again."""

    system: OutsideSystem
    key: str
    webhook_secret: str


def add_system(session: Session, code: str, name: str, *, webhook: str = "", by: str, now: datetime) -> NewSystem:
    """Adds an outside system and makes its key, and a secret for its webhook if it has one.

    Refuses a code that is taken or has other signs than a–z, 0–9 and -, and a webhook that is not https; http is
    taken for this very machine.
    """
    if not _CODE.fullmatch(code):
        raise DomainError("系统编号用小写字母、数字和 -，最多 32 个，比如 hotline-96871。")
    said = normalise(name)
    if not 0 < len(said) <= LONGEST_NAME:
        raise DomainError(f"系统名称要有，最多 {LONGEST_NAME} 个字。")
    if session.exec(select(OutsideSystem.id).where(OutsideSystem.code == code)).first() is not None:
        raise DomainError(f"系统编号 {code} 已经有了，请换一个。")
    if webhook:
        check_address(webhook)
    key, secret = f"{code}.{secrets.token_urlsafe(32)}", secrets.token_urlsafe(32) if webhook else ""
    system = OutsideSystem(
        code=code,
        name=said,
        key_hash=_hash(key),
        webhook_url=webhook,
        webhook_secret=secret,
        created_at=now,
    )
    session.add(system)
    session.flush()
    audit.record(session, "outside.add", f"outside_system:{system.id}", by=by, now=now, has_webhook=bool(webhook))
    return NewSystem(system, key, secret)


def disable_system(session: Session, code: str, *, by: str, now: datetime) -> OutsideSystem:
    """Ends a system's access and what we tell it, at once; refuses a code that nobody has."""
    system = session.exec(select(OutsideSystem).where(OutsideSystem.code == code)).first()
    if system is None:
        raise DomainError(f"没有编号是 {code} 的系统，用 flask system list 看有哪些。")
    if system.is_active:
        system.is_active = False
        audit.record(session, "outside.disable", f"outside_system:{system.id}", by=by, now=now)
    return system


def systems(session: Session) -> list[OutsideSystem]:
    """Every outside system, by code."""
    return list(session.exec(select(OutsideSystem).order_by(col(OutsideSystem.code))))


def find_system(session: Session, key: str) -> OutsideSystem | None:
    """Whose key this is, disabled or not; None when it is nobody's. Takes equally long for every wrong key."""
    code = key.partition(".")[0]
    system = None
    if _CODE.fullmatch(code):
        system = session.exec(select(OutsideSystem).where(OutsideSystem.code == code)).first()
    is_theirs = hmac.compare_digest(system.key_hash if system is not None else _NO_HASH, _hash(key))
    return system if is_theirs else None


def check_address(address: str) -> None:
    """Refuses a webhook's address that is neither https nor on this very machine, or that carries a login."""
    try:
        parts = urlsplit(address)
        host, is_odd = parts.hostname or "", parts.port == 0
    except ValueError:  # an odd port or a broken IPv6 address
        host, is_odd = "", True
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host)) if host else False
    is_odd = is_odd or not address.isascii() or " " in address or not address.isprintable()
    if is_odd or not is_safe or "@" in parts.netloc or parts.fragment or len(address) > LONGEST_ADDRESS:
        raise DomainError("回调地址要以 https:// 开头，不带用户名和 #；只有本机可以用 http://。")


def _hash(key: str) -> str:
    """What is kept of a key; it is too long to be guessed, so that a slow hash would protect nothing more."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
