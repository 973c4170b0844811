"""External contacts: WeChat users the corp talks with, and who of the members follows whom."""

import itertools
from dataclasses import dataclass, field

from simulator.clock import Clock


@dataclass
class Follow:
    """A member's relation to a customer."""

    userid: str
    created_at: int
    remark: str = ""
    description: str = ""
    state: str = ""
    add_way: int = 1
    tags: list[str] = field(default_factory=list)
    mobiles: list[str] = field(default_factory=list)
    company: str = ""


@dataclass
class Customer:
    """A customer; `follows` by userid.

    `place`, `position` and `open_kfid` are for the chat page: where they belong, as what, and the KF account they use.
    """

    external_userid: str
    name: str
    place: str = ""
    position: str = ""
    open_kfid: str = ""
    gender: int = 0
    unionid: str = ""
    follows: dict[str, Follow] = field(default_factory=dict)


class Customers:
    """The corp's customers and the members who may have some (客户联系使用范围: None for all)."""

    def __init__(self, clock: Clock) -> None:
        self.allowed_members: set[str] | None = None
        self._clock = clock
        self._customers: dict[str, Customer] = {}
        self._numbers = itertools.count(1)

    def add(
        self, name: str, external_userid: str = "", *, place: str = "", position: str = "", open_kfid: str = ""
    ) -> Customer:
        """A new WeChat user."""
        number = next(self._numbers)
        identity = external_userid or f"wmSIM{number:027d}"
        self._customers[identity] = Customer(
            identity, name, place=place, position=position, open_kfid=open_kfid, unionid=f"oSIM{number:024d}"
        )
        return self._customers[identity]

    def find(self, external_userid: str) -> Customer | None:
        """The customer with this id (case matters)."""
        return self._customers.get(external_userid)

    def all(self) -> list[Customer]:
        """All customers in the order they were added."""
        return list(self._customers.values())

    def follow(self, customer: Customer, userid: str, *, state: str = "", add_way: int = 1) -> Follow:
        """Let a member and a customer know each other."""
        customer.follows[userid] = Follow(userid, int(self._clock.timestamp()), state=state, add_way=add_way)
        return customer.follows[userid]
