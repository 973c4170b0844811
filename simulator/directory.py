"""The corp's departments, members and tags."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from simulator.corp import App


@dataclass
class Department:
    """A department; the root has id 1."""

    id: int
    name: str
    parentid: int = 1
    order: int = 0
    leaders: list[str] = field(default_factory=list)


@dataclass
class Member:
    """A member of the corp; `status` is 1 active, 2 disabled, 4 not activated, 5 left."""

    userid: str
    name: str
    departments: list[int] = field(default_factory=lambda: [1])
    position: str = ""
    leads: list[int] = field(default_factory=list)
    status: int = 1
    mobile: str = ""
    email: str = ""
    licensed: bool = True


@dataclass
class Tag:
    """A tag; only the app that made it may change it."""

    id: int
    name: str
    users: list[str] = field(default_factory=list)
    parties: list[int] = field(default_factory=list)
    agentid: int = 0


class Directory:
    """Looks members up without regard to case, and says who an app may see."""

    def __init__(self, corp_name: str) -> None:
        self.departments: dict[int, Department] = {1: Department(1, corp_name, parentid=0)}
        self.tags: dict[int, Tag] = {}
        self._members: dict[str, Member] = {}

    def add_department(self, name: str, *, id: int | None = None, parentid: int = 1) -> Department:  # noqa: A002 - WeCom's own name
        """Add a department under an existing one; `id` defaults to the next free one."""
        if parentid not in self.departments:
            raise ValueError(f"no department {parentid}")
        number = id or max(self.departments) + 1
        self.departments[number] = Department(number, name, parentid, order=number)
        return self.departments[number]

    def add_member(self, userid: str, name: str = "", **fields: object) -> Member:
        """Add or replace a member; `fields` are those of Member."""
        member = Member(userid, name or userid, **fields)  # type: ignore[arg-type]  # checked by the dataclass's own fields
        self._members[userid.lower()] = member
        return member

    def remove_member(self, userid: str) -> None:
        """Let a member leave the corp."""
        del self._members[userid.lower()]

    def add_tag(self, name: str, users: Iterable[str] = (), *, id: int | None = None, agentid: int = 0) -> Tag:  # noqa: A002 - WeCom's own name
        """Add a tag; `id` defaults to the next free one."""
        number = id or max(self.tags, default=0) + 1
        self.tags[number] = Tag(number, name, list(users), agentid=agentid)
        return self.tags[number]

    @property
    def members(self) -> list[Member]:
        """All members in the order they were added."""
        return list(self._members.values())

    def find(self, userid: str) -> Member | None:
        """The member with this id in any case."""
        return self._members.get(userid.lower())

    def subtree(self, department: int) -> set[int]:
        """A department and all below it."""
        found = {department}
        grown = True
        while grown:
            below = {d.id for d in self.departments.values() if d.parentid in found} - found
            found |= below
            grown = bool(below)
        return found

    def inside(self, department: int) -> list[Member]:
        """The members of a department and of all below it."""
        wanted = self.subtree(department)
        return [m for m in self._members.values() if wanted.intersection(m.departments)]

    def tagged(self, tag: Tag) -> list[Member]:
        """The members a tag names, by themselves or through a department."""
        named = [m for m in map(self.find, tag.users) if m]
        return named + [m for party in tag.parties for m in self.inside(party) if m not in named]

    def sees_department(self, app: App, department: int) -> bool:
        """Whether a department is inside the app's visible range."""
        current = department
        while current in self.departments:
            if current in app.visible_departments:
                return True
            current = self.departments[current].parentid
        return False

    def sees(self, app: App, member: Member) -> bool:
        """Whether a member is inside the app's visible range and still in the corp."""
        if member.status == 5:
            return False
        if 1 in app.visible_departments or member.userid.lower() in {u.lower() for u in app.visible_users}:
            return True
        return any(self.sees_department(app, department) for department in member.departments)
