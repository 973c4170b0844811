"""Makes requests that WeCom never sends: signed or forged, spoilt inside or broken on the way, all from one seed."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from benchmarks.callbacks import AES_KEY, CORP, TOKEN
from benchmarks.mutations import BREAKS, METHODS, PATHS, SPOILS, Shot, latin
from simulator.callback_xml import Value, document

SENDERS = ("lihua", "ZhangSan", "wangsuo", "jixiao", "yunwei")
OTHERS = ("nobody", "sys", "", "x" * 300, "李花", "a'b\"c", "@all", "lihua|ZhangSan", "a\tb")
KINDS = ("text", "image", "voice", "video", "location", "link", "file", "emotion", "event", "new", "", "TEXT", "e" * 99)
EVENTS = (
    *("subscribe", "unsubscribe", "enter_agent", "LOCATION", "click", "view", "scancode_waitmsg", "pic_sysphoto", ""),
    *("template_card_event", "template_card_menu_event", "change_contact", "change_external_contact", "e" * 99),
    *("change_external_chat", "kf_msg_or_event", "open_approval_change", "batch_job_result"),
)
NUMBERS = (
    *("35", "-1", "0.8", "1e999", "9" * 400, "NaN", "三十五", "八成", "٣٥", "50/0", "+3", "100%", "1,234", "０", "½"),
    *("完成", "一半", "-0", "1/3", "35/50", "0x10", "11月24日到26日", "3天", "明天", "2026Q4", "第47周"),
)
ODD = (
    *("", " ", "\t\n", "😀👮‍♀️", "<a href='x'>", "]]>", "&amp;", "{{7*7}}", "%s", "'; --", "=1+1", "\u202e", "\u200b"),
    *("长" * 3000, "9" * 5000, "KR" * 5000, "\n" * 2000, "Z͑ͫ̓", "e\u0301", "\ufffd", "@all", "ＫＲ１", "?", "。", "|"),
)
FIELDS = ("MediaId", "Location_X", "Label", "Url", "ChangeType", "UserID", "Latitude", "AgentID", "MsgId", "CreateTime")


@dataclass(frozen=True)
class Card:
    """A card that was sent, to press its buttons."""

    recipient: str
    task_id: str
    keys: Sequence[str]


class Seal:
    """Seals and signs any bytes, as nobody but WeCom can who has all three secrets."""

    def __init__(self, token: str = TOKEN, aes_key: str = AES_KEY, receiver: str = CORP) -> None:
        key = base64.b64decode(aes_key + "=")
        self._token, self._receiver = token, receiver.encode()
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def encrypt(self, plain: bytes) -> str:
        packed = b"0123456789abcdef" + len(plain).to_bytes(4, "big") + plain + self._receiver
        count = 32 - len(packed) % 32
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(packed + bytes([count]) * count) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def sign(self, *parts: str) -> str:
        return hashlib.sha1("".join(sorted((self._token, *parts))).encode(), usedforsecurity=False).hexdigest()


OURS = Seal()
# Each of these is wrong in one thing only.
FORGERS = (Seal(token="othertoken01"), Seal(aes_key=AES_KEY[::-1]), Seal(receiver="wwsomebodyelse001"))


class Gunner:
    """Makes request after request from one seed; `words` are what people can say, `cards` what they can press."""

    def __init__(self, seed: int, words: Sequence[str]) -> None:
        self.random = Random(seed)
        self.cards: list[Card] = []
        self._words = words
        self._number = 0

    def next(self) -> Shot:
        """The next request."""
        self._number += 1
        chance = self.random.random()
        if chance < 0.12:
            return self._stray()
        inner, name = self._inner()
        if chance < 0.5:
            shot = self._request(f"signed, {name}", inner, OURS)
            shot.inner, shot.is_whole = inner, True
            return shot
        if chance < 0.65:
            return self._request("forged", inner, self.random.choice(FORGERS))
        shot = self._request("broken on the way", inner, OURS)
        shot.inner = inner
        for _ in range(self.random.randint(1, 3)):
            self.random.choice(BREAKS)(self.random, shot)
        return shot

    def _inner(self) -> tuple[bytes, str]:
        """The XML of a message, as it should be or not."""
        xml = document(self._fields()).encode()
        if self.random.random() < 0.6:
            return xml, "well-formed"
        for _ in range(self.random.randint(1, 2)):
            xml = self.random.choice(SPOILS)(self.random, xml)
        return xml, "spoilt inside"

    def _fields(self) -> dict[str, Value]:
        one = self.random.choice
        fields = self._press(one(self.cards)) if self.cards and self.random.random() < 0.2 else self._message()
        if self.random.random() < 0.2:
            fields[one(FIELDS)] = one(ODD + NUMBERS)
        return fields

    def _message(self) -> dict[str, Value]:
        one = self.random.choice
        sender = one(SENDERS if self.random.random() < 0.8 else OTHERS)
        kind = "text" if self.random.random() < 0.6 else one(KINDS)
        if kind == "event":
            return {**self._header(sender, kind), "Event": one(EVENTS), "EventKey": self._said(), "TaskId": one(ODD)}
        return {**self._header(sender, kind), "Content": self._said(), "MsgId": str(self._number)}

    def _press(self, card: Card) -> dict[str, Value]:
        one = self.random.choice
        sender = card.recipient if self.random.random() < 0.8 else one(SENDERS)
        items = [self._choice() for _ in range(self.random.randint(0, 2))]
        return {
            **self._header(sender, "event"),
            "Event": "template_card_event",
            "EventKey": one([*card.keys, self._said()]),
            "TaskId": card.task_id,
            "ResponseCode": f"code{self._number}",
            "SelectedItems": {"SelectedItem": items},
        }

    def _header(self, sender: str, kind: str) -> dict[str, Value]:
        stamp = 1_700_000_000 + self._number
        return {"ToUserName": CORP, "FromUserName": sender, "CreateTime": stamp, "MsgType": kind, "AgentID": 1000002}

    def _choice(self) -> dict[str, Value]:
        word = self.random.choice(("OptionId", "OpitonId"))
        options = [self.random.choice(ODD[:6]) for _ in range(self.random.randint(0, 3))]
        return {"QuestionKey": self.random.choice(ODD[:6]), f"{word}s": {word: options}}

    def _said(self) -> str:
        """Words people say, in an order in which nobody says them."""
        one = self.random.choice
        wordings = (
            self._words,
            self._words,
            NUMBERS,
            NUMBERS,
            ODD,
            ("KR1", "KR2", "kr 9", "户", "走访", "目标", "反诈"),
        )
        parts = [one(one(wordings)) for _ in range(self.random.randint(1, 5))]
        return one((" ", "", "\n", "，")).join(parts)

    def _request(self, name: str, inner: bytes, seal: Seal) -> Shot:
        encrypted = seal.encrypt(inner)
        body = f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        stamp, nonce = str(1_700_000_000 + self._number), str(self.random.randrange(10**9))
        query = f"msg_signature={seal.sign(stamp, nonce, encrypted)}&timestamp={stamp}&nonce={nonce}"
        return Shot(name, query=query, body=body.encode())

    def _stray(self) -> Shot:
        """Something that has nothing to do with WeCom."""
        one = self.random.choice
        body = one((b"", b"{}", b"<xml/>", self.random.randbytes(200), b"<xml>" * 5000, b"<Encrypt>" + b" " * 50_000))
        return Shot("no callback", one((*METHODS, "GET", "GET")), one(PATHS), latin(self.random), body)
