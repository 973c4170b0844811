"""The callback cipher of WeCom, written from its description and independent of the service's own."""

import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK = 32
PREFIX = 16


class CipherError(ValueError):
    """A text that is not what this cipher would have written; `code` as in WeCom's sample libraries."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Cipher:
    """Encrypts, decrypts and signs for one callback configuration."""

    def __init__(self, token: str, aes_key: str, receive_id: str) -> None:
        if len(aes_key) != 43:
            raise CipherError(-40004)
        key = base64.b64decode(aes_key + "=")
        self._token = token
        self._receive_id = receive_id.encode()
        self._cipher = BlockCipher(AES(key), CBC(key[:PREFIX]))

    def encrypt(self, text: str, prefix: bytes | None = None) -> str:
        """Base64 of the encrypted text; `prefix` fixes the 16 random bytes for test vectors."""
        message = text.encode()
        plain = (prefix or secrets.token_bytes(PREFIX)) + len(message).to_bytes(4, "big") + message + self._receive_id
        pad = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> str:
        """The text inside; refuses bad base64 (-40010), bad cipher text (-40008) and another receiver (-40005)."""
        try:
            sealed = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError) as error:
            raise CipherError(-40010) from error
        if not sealed or len(sealed) % BLOCK:
            raise CipherError(-40008)
        decryptor = self._cipher.decryptor()
        plain = decryptor.update(sealed) + decryptor.finalize()
        pad = plain[-1]
        if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
            raise CipherError(-40008)
        start, end = PREFIX + 4, PREFIX + 4 + int.from_bytes(plain[PREFIX : PREFIX + 4], "big")
        if end > len(plain) - pad:
            raise CipherError(-40008)
        if plain[end:-pad] != self._receive_id:
            raise CipherError(-40005)
        return plain[start:end].decode()

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """The msg_signature of an encrypted text."""
        parts = sorted(part.encode() for part in (self._token, timestamp, nonce, encrypted))
        return hashlib.sha1(b"".join(parts), usedforsecurity=False).hexdigest()

    def open(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> str:
        """The text inside, after checking its signature (-40001)."""
        if not hmac.compare_digest(signature.encode(), self.sign(timestamp, nonce, encrypted).encode()):
            raise CipherError(-40001)
        return self.decrypt(encrypted)
