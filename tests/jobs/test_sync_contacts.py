"""Contacts: leavers lose access at once, returners are back, and a list that looks wrong changes nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from models.engine import reading, writing
from models.login import Login
from models.person import Person
from services.contact import SyncResult, sync_contacts
from simulator import World
from tests.chat import Chat
from tests.conftest import Service
from tests.factories import Cast, make_person, make_unit
from tests.times import FRIDAY, MovableClock


def names(session: Session) -> dict[str, str]:
    """Everybody in the county, as WeCom would list them."""
    return {person.account: person.name for person in session.exec(select(Person))}


def active(session: Session) -> set[str]:
    return set(session.exec(select(Person.account).where(col(Person.left_at).is_(None))))


def test_a_leaver_is_out_at_once_with_every_sign_in(
    service: Service, chat: Chat, county: Cast, world: World, engine: Engine
) -> None:
    with writing(engine) as session:
        for account, person in (("a", county.zhangsan), ("b", county.lihua)):
            expires_at = FRIDAY + timedelta(days=1)
            session.add(Login(token_hash=account, person_id=person.id or 0, created_at=FRIDAY, expires_at=expires_at))
    world.directory.remove_member("zhangsan")

    told = service.scheduler.run_now("sync_contacts")

    assert told.endswith("跑完了：在册 7 人，离开 1，改名 0，回来 0，通讯录里不在册的 1")
    with reading(engine) as session:
        assert session.exec(select(Login.token_hash)).all() == ["b"]
        assert "ZhangSan" not in active(session)


def test_a_returner_is_back_and_a_new_name_is_taken_over(
    service: Service, county: Cast, world: World, clock: MovableClock, engine: Engine
) -> None:
    world.directory.remove_member("lihua")
    service.scheduler.run_now("sync_contacts")
    world.directory.add_member("LiHua", "李花花", departments=[1])
    clock.advance(days=1)

    service.scheduler.run_now("sync_contacts")

    with reading(engine) as session:
        lihua = session.get_one(Person, county.lihua.id)
        assert (lihua.left_at, lihua.name, lihua.account) == (None, "李花花", "lihua")


@pytest.mark.parametrize(
    ("people", "gone", "is_suspicious"),
    [(40, 8, False), (40, 9, True), (10, 5, False), (10, 6, True), (3, 3, True), (0, 0, False)],
)
def test_a_suspiciously_large_loss_changes_nothing(engine: Engine, people: int, gone: int, is_suspicious: bool) -> None:
    with writing(engine) as session:
        unit = make_unit(session, "CG", "城关所", "派出所")
        for number in range(people):
            make_person(session, f"p{number}", f"民{number}", unit)
        listed = dict(list(names(session).items())[gone:])

        result = sync_contacts(session, listed, now=FRIDAY)

        assert result.is_suspicious is is_suspicious
        assert result.left == gone
        assert len(active(session)) == (people if is_suspicious else people - gone)


def test_a_list_of_others_only_lets_nobody_of_a_small_county_go(engine: Engine) -> None:
    with writing(engine) as session:
        unit = make_unit(session, "CG", "城关所", "派出所")
        for number in range(3):
            make_person(session, f"p{number}", f"民{number}", unit)

        assert sync_contacts(session, {"other": "外人"}, now=FRIDAY).is_suspicious
        assert active(session) == {"p0", "p1", "p2"}


def test_a_comparison_without_news_says_so(engine: Engine, county: Cast) -> None:
    with writing(engine) as session:
        assert sync_contacts(session, {**names(session), "other": "外人"}, now=FRIDAY) == SyncResult(
            active=7, unknown=1
        )


def test_operators_are_told_once_that_the_contacts_look_wrong(
    service: Service, chat: Chat, world: World, clock: MovableClock
) -> None:
    for member in world.directory.members:
        if member.userid != "yunwei":
            world.directory.remove_member(member.userid)

    for _ in range(2):
        service.scheduler.run_now("sync_contacts")
        service.worker.work_off()
        clock.advance(minutes=1)

    told = [post.text for post in chat.inbox("yunwei") if "通讯录" in post.text]
    assert len(told) == 1
    assert "少了 6 人（在册 7 人），先没有停用任何人" in told[0].replace("\n", "")
