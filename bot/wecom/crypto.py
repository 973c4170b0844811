"""The callback cipher: AES-256-CBC over length-prefixed XML, signed with SHA-1.

Source: WeCom's developer documentation, page 90968. All failures look the same from outside. wechatpy reads the same
format, but compares signatures in unequal time, decodes base64 leniently and takes any padding; this door must not.
"""

import base64
import binascii
import hashlib
import hmac
import re

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_OPENING = re.compile(rb"<Encrypt[\s/>]")
# Possessive (`*+`): a megabyte of spaces must not make the search go back and forth.
_ENCRYPT_NODE = re.compile(rb"<Encrypt>\s*+(?:<!\[CDATA\[)?([^<>\]]*+)(?:\]\]>)?\s*+</Encrypt>")
_BLOCK = 32


class BadEnvelope(Exception):
    """The body is not an envelope at all: it has no single Encrypt node."""


class BadCallback(Exception):
    """The signature, the cipher text or the receiver is not ours."""


class CallbackCipher:
    """Opens and checks what WeCom posts; one instance serves all threads."""

    def __init__(self, token: str, aes_key: str, receiver: str) -> None:
        self._token = token.encode()
        # The 43rd character may carry spare bits, which a strict decoder would refuse.
        key = base64.b64decode(aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._receiver = receiver.encode()

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """The signature of an encrypted text: SHA-1 over the four sorted strings, in lower-case hex."""
        parts = sorted([self._token, _bytes(timestamp), _bytes(nonce), _bytes(encrypted)])
        # SHA-1 is what the platform signs with; the text itself is encrypted.
        return hashlib.sha1(b"".join(parts), usedforsecurity=False).hexdigest()

    def open(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> bytes:
        """The plain XML (or echo string) of a signed text; raises `BadCallback` for whatever is wrong with it."""
        if not hmac.compare_digest(self.sign(timestamp, nonce, encrypted).encode(), _bytes(signature)):
            raise BadCallback
        try:
            data = base64.b64decode(_bytes(encrypted), validate=True)
        except binascii.Error:
            raise BadCallback from None
        if not data or len(data) % _BLOCK:
            raise BadCallback
        decryptor = self._cipher.decryptor()
        return self._unpack(decryptor.update(data) + decryptor.finalize())

    def _unpack(self, packed: bytes) -> bytes:
        pad = packed[-1]
        if not 1 <= pad <= _BLOCK or packed[-pad:] != bytes([pad]) * pad:
            raise BadCallback
        content = packed[16:-pad]
        if len(content) < 4:
            raise BadCallback
        length = int.from_bytes(content[:4], "big")
        plain, receiver = content[4 : 4 + length], content[4 + length :]
        if len(plain) != length or not hmac.compare_digest(receiver, self._receiver):
            raise BadCallback
        return plain


def encrypted_of(body: bytes) -> str:
    """The text of a posted envelope's Encrypt node; raises `BadEnvelope` unless there is exactly one.

    The node is sliced out instead of parsed: the body is not trusted yet, and no XML parser need see it.
    """
    found = _ENCRYPT_NODE.search(body)
    if found is None or len(_OPENING.findall(body)) != 1 or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise BadEnvelope
    return str(found[1].rstrip(), "utf-8", "replace")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
