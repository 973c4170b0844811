"""Texts that stand encrypted in the database: the keys of this process, and the column types that use them.

A stored text is `key id:base64 of nonce and cipher text`; the column's name is bound to it, so that a text moved to
another column is refused. Empty texts stand as they are: they say nothing, and indexes look for them.
"""

import base64
import binascii
import hmac
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

# What is left of a text that was let go.
EMPTY = "{}"
NOTHING = frozenset(("", EMPTY))
NONCE_BYTES = 12  # NIST SP 800-38D, 8.2.2: random nonces of 96 bits serve 2**32 texts per key
TAG_BYTES = 16
AES_KEY_BYTES, SM4_KEY_BYTES = 32, 16
KEY = re.compile(r"([A-Za-z0-9_-]{1,16}):([A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{22}==)")


class Unreadable(Exception):
    """A stored text cannot be read: its key is not here, or it was altered. Never says anything of the text."""


class BadKeys(ValueError):
    """The keys are not written as `id:base64,id:base64`."""


class _Aead(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...


class _Sm4Gcm:
    """SM4 (GB/T 32907) in the same mode and with the same shape as `AESGCM`: the tag follows the cipher text."""

    def __init__(self, key: bytes) -> None:
        self._key = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        encryptor = Cipher(self._key, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        decryptor = Cipher(self._key, modes.GCM(nonce, data[-TAG_BYTES:])).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(data[:-TAG_BYTES]) + decryptor.finalize()


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """A key with its cipher; `fingerprint` tells keys apart and says nothing about them."""

    id: str
    cipher: str
    fingerprint: str
    aead: _Aead
    index_key: bytes


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """The keys of a process: the first encrypts, every one reads."""

    keys: Mapping[str, Key]

    @property
    def first(self) -> Key:
        return next(iter(self.keys.values()))


_in_use: KeyRing | None = None


def parse_keys(text: str) -> KeyRing:
    """The keys in `id:base64,id:base64`: 32 bytes are a key of AES-256-GCM, 16 bytes one of SM4-GCM.

    Raises `BadKeys`, which quotes nothing.
    """
    keys: dict[str, Key] = {}
    for part in text.split(","):
        found = KEY.fullmatch(part.strip())
        if found is None or found[1] in keys:
            raise BadKeys("not id:base64, or an id twice")
        keys[found[1]] = _key(found[1], base64.b64decode(found[2]))
    return KeyRing(keys)


def new_key() -> str:
    """A fresh random key of AES-256-GCM as `id:base64`; its id is one that no other key is likely to have."""
    return f"{os.urandom(4).hex()}:{base64.b64encode(os.urandom(AES_KEY_BYTES)).decode()}"


def use_keys(keys: KeyRing) -> None:
    """Gives this process its keys; before that no text can be stored or read."""
    global _in_use  # noqa: PLW0603 column types are made before any setting is read, and know no engine
    _in_use = keys


def keys_in_use() -> KeyRing | None:
    """The keys given to this process."""
    return _in_use


def seal(column: str, text: str) -> str:
    """The text as it is stored in `table.column`, encrypted with the first key; empty texts stay as they are."""
    if text in NOTHING:
        return text
    key = _keys().first
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + key.aead.encrypt(nonce, text.encode(), column.encode())
    return f"{key.id}:{binascii.b2a_base64(sealed, newline=False).decode()}"


def unseal(column: str, stored: str) -> str:
    """The text behind what `table.column` stores; raises `Unreadable`."""
    if stored in NOTHING:
        return stored
    id_, separator, encoded = stored.partition(":")
    if not separator:
        raise Unreadable(f"{column} holds a text that is not encrypted")
    key = _keys().keys.get(id_)
    if key is None:
        raise Unreadable(f"{column} holds a text of a key that is not in DATA_KEYS")
    try:
        sealed = base64.b64decode(encoded, validate=True)
        return key.aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], column.encode()).decode()
    except (InvalidTag, ValueError):
        raise Unreadable(f"{column} holds a text that was altered, or DATA_KEYS has another key of its id") from None


def is_readable(column: str, stored: str) -> bool:
    """Whether `unseal` would give the text."""
    try:
        unseal(column, stored)
    except Unreadable:
        return False
    return True


def blind_index(column: str, text: str) -> str:
    """What equal texts of a column have in common and nobody without the key can compute; 64 hexadecimal digits."""
    return next(blind_indexes(column, text))


def blind_indexes(column: str, text: str) -> Iterator[str]:
    """The blind index of a text under each key, the first key's first: look up any of them, store the first."""
    message = f"{column}\0{text}".encode()
    for key in _keys().keys.values():
        yield hmac.digest(key.index_key, message, "sha256").hex()


class EncryptedText(TypeDecorator[str]):
    """A text that only a process with the key can read; made by `encrypted`."""

    impl = Text
    cache_ok = True
    name: str

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else seal(self.name, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else unseal(self.name, value)


class EncryptedJson(TypeDecorator[dict[str, Any]]):
    """A JSON object that only a process with the key can read; made by `encrypted_json`."""

    impl = Text
    cache_ok = True
    name: str

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        return None if value is None else seal(self.name, json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:
        if value is None:
            return None
        found: dict[str, Any] = json.loads(unseal(self.name, value))
        return found


def encrypted(name: str) -> type[EncryptedText]:
    """The type of the text column `table.column`: it cannot be searched, sorted or compared in the database."""
    return type("EncryptedText", (EncryptedText,), {"name": name, "cache_ok": True})


def encrypted_json(name: str) -> type[EncryptedJson]:
    """The type of the column `table.column` that holds a JSON object nobody asks the database about."""
    return type("EncryptedJson", (EncryptedJson,), {"name": name, "cache_ok": True})


def _keys() -> KeyRing:
    if _in_use is None:
        raise Unreadable("this process was given no keys: see models.secrecy.use_keys")
    return _in_use


def _key(id_: str, secret: bytes) -> Key:
    is_sm4 = len(secret) == SM4_KEY_BYTES
    return Key(
        id_,
        "SM4-GCM" if is_sm4 else "AES-256-GCM",
        hmac.digest(secret, b"linge fingerprint", "sha256").hex(),
        _Sm4Gcm(secret) if is_sm4 else AESGCM(secret),
        hmac.digest(secret, b"linge blind index", "sha256"),
    )
