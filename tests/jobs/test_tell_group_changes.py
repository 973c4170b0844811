"""The holder of a grid hears once a day how its groups changed: counts, never persons."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from models.engine import writing
from models.estate import Estate
from models.grid import Grid, GridKind
from models.group import CustomerGroup, GroupMember
from tests.chat import Chat
from tests.factories import Cast
from tests.times import at


@pytest.fixture
def groups(engine: Engine, county: Cast) -> None:
    """李花's grid of 4 households: one came on Friday and is there, one left on Saturday, one is there since long."""
    with writing(engine) as session:
        grid = Grid(code="J1", name="南河头一网格", kind=GridKind.RESIDENTIAL, contact_id=county.lihua.id)
        session.add(grid)
        session.flush()
        assert grid.id is not None
        session.add(Estate(name="虹桥佳苑", grid_id=grid.id, households=4))
        group = CustomerGroup(chat_id="wr1", name="居民群", grid_id=grid.id, due_at=at("2027-01-01 09:00"))
        session.add(group)
        session.flush()
        assert group.id is not None
        for name, joined, left in (
            ("wm1", "2026-11-20 15:00", None),
            ("wm2", "2026-11-01 15:00", at("2026-11-21 10:00")),
            ("wm3", "2026-11-01 15:00", None),
        ):
            session.add(GroupMember(group_id=group.id, external_userid=name, joined_at=at(joined), left_at=left))


def test_the_holder_hears_of_the_weekend_on_monday_and_then_no_more(
    chat: Chat, groups: None, pass_time: Callable[..., None]
) -> None:
    pass_time("2026-11-23 09:14", "2026-11-24 09:14")

    told = [post.text for post in chat.inbox("lihua") if "居民群" in post.text]
    assert told == ["南河头一网格的居民群：新进 1 人，退出 1 人，现在 2 人，4 户里约 50%。"]
