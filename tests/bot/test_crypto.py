"""The callback cipher against the platform's own examples, at the edges of its padding, and against forgery."""

import base64
import secrets

import pytest

from bot.wecom.crypto import BadCallback, BadEnvelope, CallbackCipher, encrypted_of
from bot.wecom.parse import parse_callback
from tests.bot.callbacks import AES_KEY, CORP, NONCE, TIMESTAMP, TOKEN, envelope, seal, signed

# From WeCom's page on encryption (90968), from its Python sample, and one of our own, in this order.
PAGE = CallbackCipher("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
SAMPLE = CallbackCipher(
    "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo", "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt", "ww1436e0e65a779aee"
)
OURS = CallbackCipher(TOKEN, AES_KEY, CORP)


def opened(encrypted: str, **changed: str) -> bytes:
    query = {**signed(encrypted), **changed}
    return OURS.open(query["msg_signature"], query["timestamp"], query["nonce"], encrypted)


VECTORS = [
    pytest.param(
        PAGE,
        ("477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149"),
        "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3"
        "TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gs"
        "ijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUa"
        "x5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIG"
        "HBZZIs2pDBS8R07+qN+E7Q==",
        ("mycreate", "hello", "4561255354251345929:218:mycreate"),
        id="the page on encryption",
    ),
    pytest.param(
        SAMPLE,
        ("0c3914025cb4b4d68103f6bfc8db550f79dcf48e", "1476422779", "1597212914"),
        "Kl7kjoSf6DMD1zh7rtrHjFaDapSCkaOnwu3bqLc5tAybhhMl9pFeK8NslNPVdMwmBQTNoW4mY7AIjeLvEl3NyeTkAgGzBhzTtRLNshw2AEew+kkY"
        "cD+Fq72Kt00fT0WnN87hGrW8SqGc+NcT3mu87Ha3dz1pSDi6GaUA6A0sqfde0VJPQbZ9U+3JWcoD4Z5jaU0y9GSh010wsHF8KZD24YhmZH4ch4Ka"
        "7ilEbjbfvhKkNL65HHL0J6EYJIZUC2pFrdkJ7MhmEbU2qARR4iQHE7wy24qy0cRX3Mfp6iELcDNfSsPGjUQVDGxQDCWjayJOpcwocugux082f49H"
        "KYg84EpHSGXAyh+/oxwaWbvL6aSDPOYuPDGOCI8jmnKiypE+",
        ("ChenJiaShun", "你好", "1456453720:1000002:chenjiashun"),
        id="the Python sample",
    ),
    pytest.param(
        OURS,
        ("3f2f20fb0a90ac674659d527fdb236c972c22c43", TIMESTAMP, NONCE),
        "4j/AuRx71kQlxVlzbpsMWFuDnQgvKpMbbXk1wcNuCzwCci4TkB5XMZDUpET0Hl5ZC5iqWZFYwe0AYrIM1ng2sP/96clxVpfaaznsVchDNL6YElcI"
        "IB3Wlt1H4KaGiBzyvQa8dB6fCnRTsQSYo1O+eHzpY3dtrNVx1DHLr0oln+tk6+8tXbCUdqy4Ri7wECEMUy/ONoWWDZydp2+nNJgidqghz4wtibRE"
        "fuSwcUOx0DKDdGpcmWgPOd6pEWLryw8mNsqfy0aGcH4adxm6SvY9vElYAu3vPmXPwlElSc1DNMxSQO2Ewzfh2Q4QPaPWoCFSeJI2Zw8j5m8JNgP2"
        "0ucQMDkcJWHIMckHjPgKEPlbwMmNVioSBjtqEKIXpkqVvO2h",
        ("zhangsan", "进度 80%", "7300000000000000001:1000002:zhangsan"),
        id="our own",
    ),
]


@pytest.mark.parametrize(("cipher", "query", "encrypted", "said"), VECTORS)
def test_known_messages_open(
    cipher: CallbackCipher, query: tuple[str, str, str], encrypted: str, said: tuple[str, str, str]
) -> None:
    parsed = parse_callback(cipher.open(*query, encrypted_of(envelope(encrypted))))
    assert (parsed.sender, parsed.fields["Content"], parsed.key) == said


@pytest.mark.parametrize(
    ("cipher", "query", "echo", "plain"),
    [
        (
            SAMPLE,
            ("012bc692d0a58dd4b10f8dfe5c4ac00ae211ebeb", "1476416373", "47744683"),
            "fsi1xnbH4yQh0+PJxcOdhhK6TDXkjMyhEPA7xB2TGz6b+g7xyAbEkRxN/3cNXW9qdqjnoVzEtpbhnFyq6SVHyA==",
            b"1288432023552776189",
        ),
        (
            OURS,
            ("2887b57fc217754ac12f9cff0a08981f586a6516", TIMESTAMP, NONCE),
            "4j/AuRx71kQlxVlzbpsMWF8P2xX8TcR5hJDVaDemXHwG8RvEUn42LGQTvaj9rOJCSxHE2+7QB51eKLXzwz20CA==",
            b"5201314",
        ),
    ],
)
def test_known_echoes_open(cipher: CallbackCipher, query: tuple[str, str, str], echo: str, plain: bytes) -> None:
    assert cipher.open(*query, echo) == plain


@pytest.mark.parametrize("length", range(34))
def test_every_length_of_padding_opens_a_whole_block_of_it_too(length: int) -> None:
    plain = secrets.token_bytes(length)
    assert opened(seal(plain)) == plain


def test_no_single_changed_bit_opens() -> None:
    encrypted = seal(b"KR1 35")
    data = base64.b64decode(encrypted)
    query = signed(encrypted)["msg_signature"], TIMESTAMP, NONCE
    for place in range(len(data) * 8):
        changed = bytearray(data)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(BadCallback):
            OURS.open(*query, base64.b64encode(changed).decode())


@pytest.mark.parametrize(
    ("field", "value"),
    [("msg_signature", "é"), ("msg_signature", "\udcc3"), ("timestamp", "\udcff"), ("nonce", "\0😀")],
)
def test_no_character_breaks_the_comparison(field: str, value: str) -> None:
    encrypted = seal(b"KR1 35")
    with pytest.raises(BadCallback):
        opened(encrypted, **{field: value})


def test_all_refusals_are_the_same_error_without_a_word() -> None:
    """What differs between them would tell a forger how far a forgery got."""
    for encrypted in (
        "",
        "A",
        "A" * 44,
        seal(b"x", receiver="wwother"),
        seal(b"x", length=99),
        seal(b"x", pad=b"\0" * 10),
    ):
        with pytest.raises(BadCallback) as caught:
            opened(encrypted)
        assert (caught.value.args, caught.value.__cause__) == ((), None)


@pytest.mark.parametrize(
    "body",
    [
        b"<xml><Encrypt>AA/+==</Encrypt></xml>",
        b"<xml><Encrypt><![CDATA[AA/+==]]></Encrypt></xml>",
        b"<xml>\n <Encrypt>\n  <![CDATA[AA/+==]]>\n </Encrypt>\n</xml>",
        b"<xml>\n <Encrypt>\n  AA/+==\n </Encrypt>\n</xml>",
        b'\xef\xbb\xbf<?xml version="1.0"?><xml><AgentID></AgentID><Encrypt>AA/+==</Encrypt><ToUserName/></xml>',
    ],
)
def test_the_envelope_may_be_written_in_any_style(body: bytes) -> None:
    assert encrypted_of(body) == "AA/+=="


@pytest.mark.parametrize(
    "body",
    [
        b"<xml><encrypt>A</encrypt></xml>",
        b"<xml><Encrypt/></xml>",
        b"<xml><Encrypt><b>A</b></Encrypt></xml>",
        b"<xml><Encrypt>&e;<x/></Encrypt></xml>",
        b"<xml><Encrypt>A</Encrypt><Encrypt/></xml>",
        b"<xml><Encrypt>A</Encrypt ></xml>",
        b"<xml><Encrypts>A</Encrypts></xml>",
    ],
)
def test_an_envelope_has_one_plain_encrypt_element(body: bytes) -> None:
    with pytest.raises(BadEnvelope):
        encrypted_of(body)
