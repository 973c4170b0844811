"""Customer groups and the codes by which people join them or add a member."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from simulator.clock import Clock
from simulator.errors import ApiError

BY_INVITATION, BY_LINK, BY_CODE = 1, 2, 3


@dataclass
class GroupMember:
    """Somebody in a group; `external` for a customer."""

    person: str
    external: bool
    joined_at: int
    join_scene: int
    state: str = ""


@dataclass
class CustomerGroup:
    """A customer group; `most` is how many people it holds before its code leads elsewhere."""

    chat_id: str
    name: str
    owner: str
    created_at: int
    most: int
    notice: str = ""
    status: int = 0
    version: int = 1
    admins: list[str] = field(default_factory=list)
    members: dict[str, GroupMember] = field(default_factory=dict)

    @property
    def full(self) -> bool:
        """Whether nobody more can join."""
        return len(self.members) >= self.most


@dataclass
class JoinWay:
    """A code that leads into one of several groups."""

    config_id: str
    chat_ids: list[str]
    settings: dict[str, Any]
    next_number: int

    @property
    def qr_code(self) -> str:
        """The address of the code's picture."""
        return f"https://wework.qpic.cn/sim/{self.config_id}"

    def as_json(self) -> dict[str, Any]:
        """The answer of get_join_way."""
        return {
            "config_id": self.config_id,
            **self.settings,
            "chat_id_list": list(self.chat_ids),
            "qr_code": self.qr_code,
        }


@dataclass
class ContactWay:
    """A code that adds one of several members."""

    config_id: str
    settings: dict[str, Any]

    @property
    def qr_code(self) -> str:
        """The address of the code's picture."""
        return f"https://wework.qpic.cn/sim/{self.config_id}"


class CustomerGroups:
    """All customer groups; new ones hold `most` people."""

    def __init__(self, clock: Clock) -> None:
        self.most = 200
        self.groups: dict[str, CustomerGroup] = {}
        self.join_ways: dict[str, JoinWay] = {}
        self.contact_ways: dict[str, ContactWay] = {}
        self._clock = clock
        self._numbers = itertools.count(1)

    def add(self, name: str, owner: str, chat_id: str = "") -> CustomerGroup:
        """A new group with its owner in it (only people make groups: there is no API for it)."""
        identity = chat_id or f"wrSIM{next(self._numbers):027d}"
        now = int(self._clock.timestamp())
        group = CustomerGroup(identity, name, owner, now, self.most)
        group.members[owner] = GroupMember(owner, external=False, joined_at=now, join_scene=BY_INVITATION)
        self.groups[identity] = group
        return group

    def find(self, chat_id: str) -> CustomerGroup:
        """The group with this id; 90501 for an unknown one."""
        if chat_id not in self.groups:
            raise ApiError(90501)
        return self.groups[chat_id]

    def join(self, group: CustomerGroup, person: str, scene: int, *, external: bool = True, state: str = "") -> None:
        """Put somebody into a group."""
        now = int(self._clock.timestamp())
        group.members[person] = GroupMember(person, external, now, scene, state)
        group.version += 1

    def leave(self, group: CustomerGroup, person: str) -> None:
        """Take somebody out of a group."""
        del group.members[person]
        group.version += 1

    def add_join_way(self, chat_ids: list[str], settings: dict[str, Any]) -> JoinWay:
        """A new join code."""
        config_id = f"SIMJOIN{next(self._numbers):08d}"
        number = settings.get("room_base_id") or 1
        self.join_ways[config_id] = JoinWay(config_id, list(chat_ids), settings, number)
        return self.join_ways[config_id]

    def add_contact_way(self, settings: dict[str, Any]) -> ContactWay:
        """A new contact code."""
        config_id = f"SIMWAY{next(self._numbers):08d}"
        self.contact_ways[config_id] = ContactWay(config_id, settings)
        return self.contact_ways[config_id]

    def room_for(self, way: JoinWay, person: str) -> tuple[CustomerGroup | None, bool]:
        """The group a code leads a person to, and whether it was made for them; None when all are full."""
        groups = [self.groups[chat_id] for chat_id in way.chat_ids if chat_id in self.groups]
        for group in groups:
            if person in group.members or not group.full:
                return group, False
        if not way.settings["auto_create_room"] or not groups:
            return None, False
        base = way.settings.get("room_base_name") or groups[0].name
        group = self.add(f"{base}{way.next_number}", groups[0].owner)
        way.next_number += 1
        way.chat_ids.append(group.chat_id)
        return group, True
