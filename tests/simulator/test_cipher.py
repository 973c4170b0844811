"""The callback cipher against the published vectors and its edge cases."""

import pytest

from simulator.cipher import Cipher, CipherError

VECTORS = {
    "A": (
        ("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"),
        ("477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149"),
        "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvu"
        "JTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwG"
        "c2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9"
        "EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0"
        "lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==",
        "<Content><![CDATA[hello]]></Content>",
    ),
    "B": (
        ("hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo", "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt", "ww1436e0e65a779aee"),
        ("012bc692d0a58dd4b10f8dfe5c4ac00ae211ebeb", "1476416373", "47744683"),
        "fsi1xnbH4yQh0+PJxcOdhhK6TDXkjMyhEPA7xB2TGz6b+g7xyAbEkRxN/3cNXW9qdqjnoVzEtpbhnFyq6SVHyA==",
        "1288432023552776189",
    ),
    "C": (
        ("hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo", "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt", "ww1436e0e65a779aee"),
        ("0c3914025cb4b4d68103f6bfc8db550f79dcf48e", "1476422779", "1597212914"),
        "Kl7kjoSf6DMD1zh7rtrHjFaDapSCkaOnwu3bqLc5tAybhhMl9pFeK8NslNPVdMwmBQTNoW4mY7AIjeLvEl3NyeTkAgGzBhzTtRLNshw2AEew"
        "+kkYcD+Fq72Kt00fT0WnN87hGrW8SqGc+NcT3mu87Ha3dz1pSDi6GaUA6A0sqfde0VJPQbZ9U+3JWcoD4Z5jaU0y9GSh010wsHF8KZD24Yhm"
        "ZH4ch4Ka7ilEbjbfvhKkNL65HHL0J6EYJIZUC2pFrdkJ7MhmEbU2qARR4iQHE7wy24qy0cRX3Mfp6iELcDNfSsPGjUQVDGxQDCWjayJOpcwo"
        "cugux082f49HKYg84EpHSGXAyh+/oxwaWbvL6aSDPOYuPDGOCI8jmnKiypE+",
        "<MsgId>1456453720</MsgId>",
    ),
    "D": (
        ("okrtoken01", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "wwsimulated000001"),
        ("3f2f20fb0a90ac674659d527fdb236c972c22c43", "1700000000", "424242"),
        "4j/AuRx71kQlxVlzbpsMWFuDnQgvKpMbbXk1wcNuCzwCci4TkB5XMZDUpET0Hl5ZC5iqWZFYwe0AYrIM1ng2sP/96clxVpfaaznsVchDNL6Y"
        "ElcIIB3Wlt1H4KaGiBzyvQa8dB6fCnRTsQSYo1O+eHzpY3dtrNVx1DHLr0oln+tk6+8tXbCUdqy4Ri7wECEMUy/ONoWWDZydp2+nNJgidqgh"
        "z4wtibREfuSwcUOx0DKDdGpcmWgPOd6pEWLryw8mNsqfy0aGcH4adxm6SvY9vElYAu3vPmXPwlElSc1DNMxSQO2Ewzfh2Q4QPaPWoCFSeJI2"
        "Zw8j5m8JNgP20ucQMDkcJWHIMckHjPgKEPlbwMmNVioSBjtqEKIXpkqVvO2h",
        "<Content>进度 80%</Content>",
    ),
    "D echo": (
        ("okrtoken01", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "wwsimulated000001"),
        ("2887b57fc217754ac12f9cff0a08981f586a6516", "1700000000", "424242"),
        "4j/AuRx71kQlxVlzbpsMWF8P2xX8TcR5hJDVaDemXHwG8RvEUn42LGQTvaj9rOJCSxHE2+7QB51eKLXzwz20CA==",
        "5201314",
    ),
}
OURS = Cipher("okrtoken01", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "wwsimulated000001")
PREFIX = b"0123456789abcdef"


@pytest.mark.parametrize("name", VECTORS)
def test_a_published_vector_opens_to_its_text(name: str) -> None:
    configuration, (signature, timestamp, nonce), encrypted, expected = VECTORS[name]

    assert expected in Cipher(*configuration).open(signature, timestamp, nonce, encrypted)


@pytest.mark.parametrize("name", ["D", "D echo"])
def test_the_vector_with_a_fixed_prefix_is_written_to_the_byte(name: str) -> None:
    configuration, (signature, timestamp, nonce), encrypted, _ = VECTORS[name]
    cipher = Cipher(*configuration)

    text = cipher.decrypt(encrypted)

    assert cipher.encrypt(text, PREFIX) == encrypted
    assert cipher.sign(timestamp, nonce, encrypted) == signature


@pytest.mark.parametrize("length", range(80))
def test_every_length_survives_also_where_a_whole_block_of_padding_is_added(length: int) -> None:
    assert OURS.decrypt(OURS.encrypt("x" * length)) == "x" * length


def test_a_text_that_fills_its_blocks_gets_a_block_of_padding() -> None:
    filling = "x" * (64 - 20 - len("wwsimulated000001"))

    assert len(OURS.encrypt(filling)) == len(OURS.encrypt(filling + "x")) > len(OURS.encrypt(filling[:-1]))


@pytest.mark.parametrize(
    ("encrypted", "code"),
    [
        ("not base64!", -40010),
        ("", -40008),
        ("AAAA", -40008),
        ("A" * 43 + "=", -40008),
        (
            Cipher("okrtoken01", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "ww-other").encrypt(
                "hi", b"0123456789abcdef"
            ),
            -40005,
        ),
    ],
)
def test_what_is_not_for_us_is_refused_with_its_code(encrypted: str, code: int) -> None:
    with pytest.raises(CipherError) as refusal:
        OURS.decrypt(encrypted)

    assert refusal.value.code == code


def test_a_wrong_signature_is_refused_also_one_that_is_not_ascii() -> None:
    encrypted = OURS.encrypt("hi")

    for signature in ("0" * 40, "é"):
        with pytest.raises(CipherError) as refusal:
            OURS.open(signature, "1", "2", encrypted)
        assert refusal.value.code == -40001
