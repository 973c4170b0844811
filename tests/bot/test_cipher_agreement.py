"""Our cipher, the simulator's, wechatpy's and npm's @wecom/crypto open what each other sealed, and sign alike."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.wecom.crypto import CallbackCipher
from simulator.cipher import Cipher
from tests.bot.callbacks import AES_KEY, CORP, NONCE, TIMESTAMP, TOKEN, envelope, event, text_message

NODE = Path(__file__).parents[1] / "node"
MISSING = "" if shutil.which("node") else "node is not installed: apt-get install nodejs npm"
MISSING = MISSING or ("" if (NODE / "node_modules/@wecom/crypto").exists() else "run npm ci --prefix tests/node")

# Every length of the padding, Chinese, emoji, line ends, markup, nothing at all, and something long.
MESSAGES = [
    *("a" * length for length in range(34)),
    text_message("KR1 35，走访完成 😀👮‍♀️\r\n第二行 ]]> <&>"),
    event("enter_agent", EventKey=""),
    "",
    "长" * 100_000,
]

ours = CallbackCipher(TOKEN, AES_KEY, CORP)
simulated = Cipher(TOKEN, AES_KEY, CORP)


def open_ours(signature: str, encrypted: str) -> str:
    return ours.open(signature, TIMESTAMP, NONCE, encrypted).decode()


@pytest.fixture(scope="module")
def node() -> dict[str, Any]:
    """What the other implementation makes of our messages."""
    question = {
        "aesKey": AES_KEY,
        "token": TOKEN,
        "timestamp": TIMESTAMP,
        "nonce": NONCE,
        "seal": [[message, CORP] for message in MESSAGES],
        "open": [simulated.encrypt(message) for message in MESSAGES],
    }
    command = ["node", str(NODE / "agree.cjs")]
    run = subprocess.run(command, input=json.dumps(question), capture_output=True, text=True, check=True, timeout=30)
    return {"asked": question, **json.loads(run.stdout)}


@pytest.mark.skipif(bool(MISSING), reason=MISSING)
def test_we_open_what_the_node_library_sealed_and_signed(node: dict[str, Any]) -> None:
    assert [open_ours(one["signature"], one["encrypted"]) for one in node["sealed"]] == MESSAGES


@pytest.mark.skipif(bool(MISSING), reason=MISSING)
def test_the_node_library_opens_what_the_simulator_sealed(node: dict[str, Any]) -> None:
    assert [(one["message"], one["id"]) for one in node["opened"]] == [(message, CORP) for message in MESSAGES]
    sealed = node["asked"]["open"]
    assert [ours.sign(TIMESTAMP, NONCE, one) for one in sealed] == [one["signature"] for one in node["opened"]]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: f"{len(message)} characters")
def test_we_open_what_the_simulator_sealed(message: str) -> None:
    encrypted = simulated.encrypt(message)
    assert open_ours(simulated.sign(TIMESTAMP, NONCE, encrypted), encrypted) == message


def test_wechatpy_opens_what_the_simulator_sealed_and_we_open_what_it_seals() -> None:
    wechatpy = WeChatCrypto(TOKEN, AES_KEY, CORP)
    message = text_message("KR1 35 😀")
    encrypted = simulated.encrypt(message)
    assert (
        wechatpy.decrypt_message(envelope(encrypted), ours.sign(TIMESTAMP, NONCE, encrypted), TIMESTAMP, NONCE)
        == message
    )
    reply = wechatpy.encrypt_message(message, NONCE, TIMESTAMP)
    encrypted, signature = (
        reply.split(f"<{name}><![CDATA[")[1].split("]]>")[0] for name in ("Encrypt", "MsgSignature")
    )
    assert open_ours(signature, encrypted) == message
