"""What people see on their phones: every person has one thread of posts per peer."""

import threading
from collections import defaultdict
from typing import Any

from simulator.clock import Clock
from simulator.post import Post


class Threads:
    """Keeps the posts of all threads and wakes those who wait for news."""

    def __init__(self, lock: threading.RLock, clock: Clock) -> None:
        self.seq = 0
        self._posts: dict[str, Post] = {}
        self._threads: dict[tuple[str, str], list[Post]] = {}
        self._peers: defaultdict[str, list[str]] = defaultdict(list)
        self._read: dict[tuple[str, str], int] = {}
        self._news = threading.Condition(lock)
        self._clock = clock

    def add(self, person: str, peer: str, kind: str, content: dict[str, Any], *, sender: str = "") -> Post:
        """Put a post at the end of a person's thread; without a sender it is the person's own."""
        with self._news:
            self.seq += 1
            post = Post(self.seq, self._clock.timestamp(), person, peer, kind, content, sender)
            thread = self._threads.get((person, peer))
            if thread is None:
                thread = self._threads[(person, peer)] = []
                self._peers[person].append(peer)
            thread.append(post)
            self._posts[post.id] = post
            self._news.notify_all()
            return post

    def open(self, person: str, peer: str) -> None:
        """Make a thread exist though it is still empty."""
        if (person, peer) not in self._threads:
            self._threads[(person, peer)] = []
            self._peers[person].append(peer)

    def touch(self, post: Post) -> None:
        """Show a changed post again: it keeps its id and gets a new seq."""
        with self._news:
            self.seq += 1
            post.seq = self.seq
            self._news.notify_all()

    def find(self, post_id: str) -> Post | None:
        """The post with this id."""
        return self._posts.get(post_id)

    def peers(self, person: str) -> list[str]:
        """The peers a person has a thread with, in the order they first met."""
        return list(self._peers.get(person, ()))

    def posts(self, person: str, peer: str) -> list[Post]:
        """Everything a person can see in one thread now, oldest first."""
        return [post for post in self._threads.get((person, peer), ()) if not post.recalled]

    def received(self, person: str, peer: str | None = None) -> list[Post]:
        """What a person can see now of what others sent, in one thread or in all, oldest first."""
        found = [
            post
            for name in ([peer] if peer else self.peers(person))
            for post in self._threads.get((person, name), ())
            if not post.mine and not post.recalled
        ]
        return sorted(found, key=lambda post: int(post.id[1:]))

    def unread(self, person: str, peer: str) -> int:
        """How many posts of others came since the person last looked."""
        seen = self._read.get((person, peer), 0)
        return sum(1 for post in self.posts(person, peer) if post.seq > seen and not post.mine)

    def look(self, person: str, peer: str, *, after: int = 0, wait: float = 0) -> list[Post]:
        """Posts of a thread newer than seq `after`, waiting up to `wait` seconds for one; marks the thread as read."""

        def newer() -> list[Post]:
            return [post for post in self._threads.get((person, peer), ()) if post.seq > after]

        with self._news:
            if wait and not newer():
                self._news.wait_for(newer, timeout=wait)
            self._read[(person, peer)] = self.seq
            return newer()
