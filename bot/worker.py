"""The loops that work off the inbox and the outbox until they are told to stop."""

import threading
from collections.abc import Callable

import structlog
from sqlalchemy import Engine

from bot.clock import Clock
from bot.group.pull import GroupReader
from bot.heartbeat import CUSTOMERS, INBOX, MEDIA, OUTBOX
from bot.inbox import Inbox
from bot.kf.pull import KfPuller
from bot.media.fetch import MediaFetcher
from bot.media.folder import MediaFolder
from bot.outbox import Outbox
from bot.pulse import Pulse
from bot.set_back import BackwardClock
from bot.webhook import Webhooks
from bot.wecom.client import WeComClient

# How soon a message is seen that another process stored, in seconds.
LOOKS_EVERY = 0.02
# How soon news of customers is seen that another process heard of, in seconds.
PULLS_EVERY = 0.25
# How soon a picture is fetched, in seconds.
FETCHES_EVERY = 1.0
# How long answers gather before the next are claimed, in seconds.
GATHERS = 0.02
# How long a loop rests after a fault that was not the message's own, such as a database away.
RESTS = 1.0

log = structlog.get_logger(__name__)


class Worker:
    """Handles messages in one thread, sends answers in another, reads 微信客服 and groups in a third, fetches files in a fourth.

    So a slow platform never delays an effect.
    """

    def __init__(
        self, engine: Engine, client: WeComClient, clock: Clock, *, media: MediaFolder, supervisor: int | None = None
    ) -> None:
        """`media` is where fetched files go, `supervisor` the pipe to the process that restarts this one when stuck."""
        self._pulses = {loop: Pulse(engine, clock, loop, supervisor) for loop in (INBOX, OUTBOX, CUSTOMERS, MEDIA)}
        self.inbox = Inbox(engine, clock)
        self.outbox = Outbox(engine, client, clock)
        self.webhooks = Webhooks(engine, clock)
        self.kf = KfPuller(engine, client, clock)
        self.media = MediaFetcher(engine, client, clock, media)
        self.groups = GroupReader(engine, client, clock)
        self._something_to_send = threading.Event()
        self._backward_clock = BackwardClock(engine, clock)
        self._something_to_pull = threading.Event()

    def run(self, stop: threading.Event) -> None:
        """Works until `stop` is set; what is in hand is finished first."""
        sender = threading.Thread(target=self._loop, args=(stop, self._send, self._pulses[OUTBOX]), name="outbox")
        reader = threading.Thread(target=self._loop, args=(stop, self._pull, self._pulses[CUSTOMERS]), name="kf")
        fetcher = threading.Thread(target=self._loop, args=(stop, self._fetch, self._pulses[MEDIA]), name="media")
        fetcher.start()
        sender.start()
        reader.start()
        self._loop(stop, self._handle, self._pulses[INBOX])
        self._something_to_send.set()
        self._something_to_pull.set()
        fetcher.join()
        reader.join()
        sender.join()
        self.outbox.close()
        self.webhooks.close()

    def work_off(self) -> None:
        """Handles and sends everything that is due now, then returns; for tests and one-off commands."""
        busy = True
        while busy:
            busy = (
                self.inbox.handle_due()
                or self.kf.pull_next()
                or self.media.fetch_next()
                or self.groups.read_next()
                or self.outbox.send_due() > 0
                or self.webhooks.send_due() > 0
            )
            self.webhooks.wait()

    def _loop(self, stop: threading.Event, act: Callable[[threading.Event], None], pulse: Pulse) -> None:
        while not stop.is_set():
            pulse.tell()
            try:
                pulse.note()
                act(stop)
            except Exception as error:
                log.exception("worker_loop_failed", error=type(error).__name__)
                stop.wait(RESTS)

    def _handle(self, stop: threading.Event) -> None:
        self._backward_clock.look()
        if self.inbox.handle_due():
            self._something_to_send.set()
            if self.inbox.has_kf_news:
                self.inbox.has_kf_news = False
                self._something_to_pull.set()
        else:
            stop.wait(LOOKS_EVERY)

    def _pull(self, _stop: threading.Event) -> None:
        if not self.kf.pull_next() and not self.groups.read_next():
            self._something_to_pull.wait(timeout=PULLS_EVERY)
            self._something_to_pull.clear()

    def _fetch(self, stop: threading.Event) -> None:
        if not self.media.fetch_next():
            stop.wait(FETCHES_EVERY)

    def _send(self, stop: threading.Event) -> None:
        if self.outbox.send_due() + self.webhooks.send_due() == 0:
            self._something_to_send.wait(timeout=0.1)
            self._something_to_send.clear()
        else:
            # Claiming a few together costs hardly more than claiming one.
            stop.wait(GATHERS)
