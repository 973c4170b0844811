"""What changed in a customer group, by what WeCom has of it now: who came, who went, and the code that leads there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from models.group import CustomerGroup, GroupMember

EXTERNAL = 2
# A code's `state` says by which group's code somebody came; WeCom keeps 30 characters.
STATE = "linge-group-"
LONGEST_ID, LONGEST_NAME = 64, 128


@dataclass(frozen=True, slots=True)
class Joined:
    """A customer in a group: since when, and by which code (empty: by an invitation)."""

    external_userid: str
    at: datetime
    state: str


def read_members(chat: dict[str, Any]) -> list[Joined]:
    """The customers in an answer of groupchat/get; the county's own people and whatever is misshapen are left out."""
    found = {}
    for row in chat.get("member_list", ()):
        name, at = row.get("userid"), row.get("join_time")
        is_known = isinstance(name, str) and 0 < len(name) <= LONGEST_ID and isinstance(at, int)
        if row.get("type") == EXTERNAL and is_known:
            state = row.get("state")
            came_by = state[:32] if isinstance(state, str) else ""
            found[name] = Joined(name, datetime.fromtimestamp(at, UTC), came_by)
    return list(found.values())


def store_members(session: Session, group: CustomerGroup, members: Iterable[Joined], *, now: datetime) -> None:
    """Makes our list of a group what WeCom's is; whoever is gone has left at `now`, whoever is back stays one person."""
    query = select(GroupMember).where(GroupMember.group_id == group.id)
    known = {one.external_userid: one for one in session.exec(query)}
    here = {one.external_userid: one for one in members}
    new = [
        {"group_id": group.id, "external_userid": name, "state": one.state, "joined_at": one.at}
        for name, one in here.items()
        if name not in known
    ]
    if new:
        session.connection().execute(insert(GroupMember), new)
    gone = [row.id for name, row in known.items() if row.left_at is None and name not in here]
    for start in range(0, len(gone), 500):
        part = col(GroupMember.id).in_(gone[start : start + 500])
        session.connection().execute(update(GroupMember).where(part).values(left_at=now))
    for name in here.keys() & known.keys():
        row = known[name]
        if row.left_at is not None or row.joined_at != here[name].at:
            row.left_at, row.joined_at, row.state = None, here[name].at, here[name].state
            session.add(row)


def follow_code(session: Session, group: CustomerGroup, members: Iterable[Joined]) -> None:
    """A group that nobody tied to a grid, made by WeCom because another was full, is of the grid of that one's code."""
    if group.grid_id is not None:
        return
    origins = {int(one.state.removeprefix(STATE)) for one in members if _is_ours(one.state)}
    grids = session.exec(select(CustomerGroup.grid_id).where(col(CustomerGroup.id).in_(origins))).all()
    if len(set(grids)) == 1:
        group.grid_id = grids[0]


def _is_ours(state: str) -> bool:
    number = state.removeprefix(STATE)
    return state.startswith(STATE) and number.isascii() and number.isdigit() and len(number) <= 9
