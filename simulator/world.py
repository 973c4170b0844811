"""The simulated platform: one corp, its apps, its people, and everything they sent."""

import itertools
import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from simulator.call_log import CallLog
from simulator.chats import Chats
from simulator.clock import Clock
from simulator.corp import App, Corp
from simulator.customer_groups import CustomerGroups
from simulator.customers import Customers
from simulator.directory import Directory
from simulator.faults import Faults
from simulator.kf import Kf
from simulator.mass_messages import MassMessages
from simulator.media import Media
from simulator.messages import Messages
from simulator.oauth import OAuth
from simulator.people import People
from simulator.post import Post
from simulator.pusher import Pusher
from simulator.reports import Reports
from simulator.threads import Threads
from simulator.tokens import Tokens
from simulator.transport import CallTransport, HttpTransport
from simulator.welcomes import Welcomes


class World:
    """Holds every part of the platform; the API, the people and the chat page all act on it."""

    def __init__(
        self, corp: Corp | None = None, app: App | None = None, clock: Clock | Callable[[], datetime] | None = None
    ) -> None:
        self.lock = threading.RLock()
        self.clock = clock if isinstance(clock, Clock) else Clock(clock)
        self.corp = corp or Corp()
        self.app = app or App()
        self.apps = {self.app.agentid: self.app}
        self.url = ""
        self.console_url = ""
        self.calls_per_minute = 10_000
        self.log = CallLog(self.clock)
        self.faults = Faults(self.clock)
        self.directory = Directory(self.corp.name)
        self.tokens = Tokens(self.corp, self.apps, self.clock)
        self.threads = Threads(self.lock, self.clock)
        self.messages = Messages(self.threads, self.app.agentid)
        self.media = Media(self.clock)
        self.menus: dict[int, dict[str, Any]] = {}
        self.chats = Chats(self.threads, self.clock)
        self.customers = Customers(self.clock)
        self.customer_tags: dict[str, dict[str, str]] = {}
        self.groups = CustomerGroups(self.clock)
        self.mass = MassMessages(self.clock)
        self.welcomes = Welcomes(self.clock)
        self.kf = Kf(self.clock)
        self.reports = Reports(self.clock)
        self.oauth = OAuth(self.clock)
        self.pusher = Pusher(self.corp, self.app, self.clock, self.log)
        self.people = People(self)
        self._numbers = itertools.count(1)
        self._jsapi_tickets: dict[str, str] = {}

    def connect(self, target: str | Callable[[dict[str, str], bytes], int], *, inline: bool = False) -> None:
        """Say where callbacks go: a URL, or a function that takes query and body and returns the status it answers.

        With `inline`, what a person does returns only after its callbacks were delivered.
        """
        self.pusher.transport = HttpTransport(target) if isinstance(target, str) else CallTransport(target)
        self.pusher.inline = inline

    def add_app(self, app: App) -> App:
        """Add another self-built app; its callbacks go nowhere."""
        self.apps[app.agentid] = app
        return app

    def inbox(self, person: str, peer: str | None = None) -> list[Post]:
        """What a person can see now of what others sent, in one thread or in all, oldest first."""
        with self.lock:
            return self.threads.received(self.person_id(person), peer)

    def person_id(self, person: str) -> str:
        """A person's id as it is written in the directory, or as given for a customer."""
        member = self.directory.find(person)
        return member.userid if member else person

    @property
    def dropped(self) -> int:
        """How many copies of messages the pace limits silently dropped."""
        return self.messages.dropped

    @property
    def duplicates(self) -> bool:
        """Whether every callback is posted twice."""
        return self.pusher.duplicates

    @duplicates.setter
    def duplicates(self, on: bool) -> None:
        self.pusher.duplicates = on

    def title(self, peer: str) -> str:
        """The name over a conversation."""
        kind, _, identity = peer.partition(":")
        match kind:
            case "app":
                return self.apps[int(identity)].name if identity else self.app.name
            case "kf" if identity in self.kf.accounts:
                return self.kf.accounts[identity].name
            case "group" if identity in self.groups.groups:
                return self.groups.groups[identity].name
            case "group" if identity in self.chats.chats:
                return self.chats.chats[identity].name or "群聊"
            case "member":
                member = self.directory.find(identity)
                return member.name if member else identity
            case "system":
                return "群发助手"
        return identity

    def settle(self, seconds: float = 30) -> bool:
        """Wait until no callback is on its way; false when `seconds` were not enough."""
        return self.pusher.settle(seconds)

    def new_id(self, prefix: str) -> str:
        """An id nobody had before."""
        return f"{prefix}{next(self._numbers):06d}"

    def new_msgid(self) -> int:
        """The 64-bit id of a message a person sends."""
        return 7_300_000_000_000_000_000 + next(self._numbers)

    def jsapi_ticket(self, owner: str) -> str:
        """The JS-SDK ticket of the corp or an app."""
        return self._jsapi_tickets.setdefault(owner, f"SIMJSAPI-{secrets.token_urlsafe(24)}")

    def close(self) -> None:
        """Stop pushing callbacks and end calls that hang."""
        self.faults.clear()
        self.pusher.close()
