"""Pushes callbacks: encrypted, in order per person, with the platform's deadline and retries."""

import http.client
import random
import re
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from simulator.call_log import CallLog
from simulator.callback_xml import document
from simulator.cipher import Cipher, CipherError
from simulator.clock import Clock
from simulator.corp import App, Corp
from simulator.delivery import Delivery
from simulator.transport import Transport

TRIES = 4
THREADS = 32
REPLY_FIELD = re.compile(rb"<(Encrypt|MsgSignature|TimeStamp|Nonce)>(?:<!\[CDATA\[)?([^<\]]*)")


class Pusher:
    """Delivers callbacks in the caller's thread (`inline`) or in the background, one at a time per person.

    `duplicates` posts every callback twice, `duplicate_rate` a share of them (repeatable after `seed`).
    `retry_pause` is the time in seconds before a failed callback is tried again; WeCom documents none.
    """

    def __init__(self, corp: Corp, app: App, clock: Clock, log: CallLog) -> None:
        self.inline = False
        self.retry_pause = 1.0
        self.duplicates = False
        self.duplicate_rate = 0.0
        self.accepted = 0
        self.given_up: list[Delivery] = []
        self.transport: Transport | None = None
        self._corp = corp
        self._cipher = Cipher(app.token, app.aes_key, corp.corp_id)
        self._clock = clock
        self._log = log
        self._random = random.Random(0)  # noqa: S311 - repeatable chance, no secret
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)
        self._quiet = threading.Condition(self._lock)
        self._waiting: dict[str, deque[Delivery]] = {}
        self._ready: deque[str] = deque()
        self._threads: list[threading.Thread] = []
        self._held: list[Delivery] | None = None
        self._closed = False

    def seed(self, seed: int) -> None:
        """Make the random duplicates and the shuffling repeatable."""
        self._random.seed(seed)

    def push(self, delivery: Delivery) -> Delivery:
        """Send a callback a person caused; inline it is over when this returns."""
        if self._held is not None:
            self._held.append(delivery)
        elif self.inline and not self._queued(delivery.key):
            self._deliver(delivery)
        else:
            self.enqueue(delivery)
            if self.inline:
                self.settle()
        return delivery

    def enqueue(self, delivery: Delivery) -> None:
        """Send a callback later: in the background, or with inline delivery at the next `settle` or `push`."""
        with self._lock:
            queue = self._waiting.setdefault(delivery.key, deque())
            queue.append(delivery)
            if len(queue) == 1:
                self._ready.append(delivery.key)
                self._work.notify()
            if not self.inline and len(self._threads) < THREADS:
                self._start_thread()

    def settle(self, seconds: float = 30) -> bool:
        """Wait until nothing is on its way; false when `seconds` were not enough."""
        if self.inline:
            while self._deliver_next(wait=False):
                pass
            return True
        with self._lock:
            return self._quiet.wait_for(lambda: not self._waiting, timeout=seconds)

    @contextmanager
    def shuffled(self) -> Iterator[None]:
        """Hold all callbacks inside the block and push them in a random order at its end."""
        self._held = []
        yield
        held, self._held = self._held, None
        self._random.shuffle(held)
        for delivery in held:
            self.push(delivery)

    def verify_url(self) -> bool:
        """Whether the service answers the verification with the decrypted random number alone, within a second."""
        assert self.transport is not None
        number = str(secrets.randbelow(10**19))
        echo = self._cipher.encrypt(number)
        try:
            status, body = self.transport.get({**self._signed(echo), "echostr": echo})
        except (OSError, http.client.HTTPException):
            return False
        return status == 200 and body == number.encode()

    def close(self) -> None:
        """Stop pushing: what is on its way is dropped."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
            self._ready.clear()
            self._work.notify_all()
            self._quiet.notify_all()
        for thread in self._threads:
            thread.join(timeout=6)
        if self.transport is not None:
            self.transport.close()

    def _queued(self, key: str) -> bool:
        return key in self._waiting

    def _start_thread(self) -> None:
        thread = threading.Thread(target=self._run, name=f"callback-{len(self._threads)}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self) -> None:
        while self._deliver_next(wait=True):
            pass

    def _deliver_next(self, *, wait: bool) -> bool:
        with self._lock:
            if wait:
                self._work.wait_for(lambda: self._ready or self._closed)
            if not self._ready:
                return False
            key = self._ready.popleft()
            delivery = self._waiting[key][0]
        try:
            self._deliver(delivery)
        finally:
            self._next_of(key)
        return True

    def _next_of(self, key: str) -> None:
        with self._lock:
            queue = self._waiting.get(key, deque())
            if queue:
                queue.popleft()
            if queue:
                self._ready.append(key)
                self._work.notify()
            else:
                self._waiting.pop(key, None)
            if not self._waiting:
                self._quiet.notify_all()

    def _deliver(self, delivery: Delivery) -> None:
        for attempt in range(TRIES):
            if self._try(delivery) == 200 or self._closed:
                break
            if attempt < TRIES - 1:
                time.sleep(self.retry_pause)
        if delivery.accepted:
            self.accepted += 1
            if self.duplicates or (self.duplicate_rate and self._random.random() < self.duplicate_rate):
                self._try(delivery)
        else:
            self.given_up.append(delivery)
        delivery.finish()

    def _try(self, delivery: Delivery) -> int:
        if self.transport is None:
            raise RuntimeError("the world is not connected: call world.connect(...)")
        started = time.perf_counter()
        encrypted = self._cipher.encrypt(delivery.inner)
        envelope = {"ToUserName": self._corp.corp_id, "Encrypt": encrypted}
        if delivery.agentid is not None:
            envelope["AgentID"] = str(delivery.agentid)
        status, body = 0, b""
        try:
            status, body = self.transport.post(self._signed(encrypted), document(envelope).encode())
        except (OSError, http.client.HTTPException) as error:
            self._log.add("callback", delivery.name, type(error).__name__, started)
        else:
            self._log.add("callback", delivery.name, str(status), started)
        delivery.statuses.append(status)
        if status == 200 and body not in (b"", b"success"):
            delivery.replies.append(self._open_reply(body))
        return status

    def _open_reply(self, body: bytes) -> str:
        found = {name.decode(): value.decode() for name, value in REPLY_FIELD.findall(body)}
        try:
            return self._cipher.open(found["MsgSignature"], found["TimeStamp"], found["Nonce"], found["Encrypt"])
        except (KeyError, CipherError):
            return f"not a sealed reply: {body[:200]!r}"

    def _signed(self, encrypted: str) -> dict[str, str]:
        timestamp, nonce = str(int(self._clock.timestamp())), str(secrets.randbelow(10**10))
        signature = self._cipher.sign(timestamp, nonce, encrypted)
        return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}
