"""The same words to many people leave in one call, and every one of them keeps a row of their own."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.claim import LEASE, Claim
from bot.message import Button, Notice, Purpose, Reply
from bot.outbox import Outbox, enqueue_notices, resend
from models.engine import writing
from models.message import OutboxMessage, OutboxState
from models.person import Person
from models.unit import Unit
from simulator import World
from tests.bot.sending import Desk
from tests.factories import make_person

CALL = "message/send"


@pytest.fixture
def people(engine: Engine, station: Unit, world: World) -> list[Person]:
    return hire(engine, station, world, 5)


def hire(engine: Engine, station: Unit, world: World, number: int) -> list[Person]:
    with writing(engine) as session:
        found = [make_person(session, f"P{each}", f"赵{each}", station) for each in range(number)]
    for person in found:
        world.directory.add_member(person.account, person.name, departments=[1])
    return found


def tell(
    desk: Desk,
    people: Sequence[Person],
    text: str = "明天停电",
    *,
    key: str = "power",
    buttons: tuple[str, ...] = (),
    purpose: Purpose = Purpose.REMINDER,
) -> None:
    reply = Reply(text, tuple(Button(label, label) for label in buttons))
    with writing(desk.engine) as session:
        notices = [Notice(person, f"{key}:{person.id}", reply, purpose) for person in people]
        assert enqueue_notices(session, notices, now=desk.clock()) == len(people)


def calls(desk: Desk) -> int:
    return desk.world.log.calls[CALL]


def test_the_same_words_to_many_are_one_call(desk: Desk, people: list[Person]) -> None:
    tell(desk, people)
    desk.send()
    assert calls(desk) == 1
    assert [desk.texts(person.account) for person in people] == [["明天停电"]] * 5
    assert [(row.state, row.person_id) for row in desk.rows()] == [(OutboxState.SENT, person.id) for person in people]


def test_a_call_names_a_thousand_people_at_most(desk: Desk, engine: Engine, station: Unit, world: World) -> None:
    tell(desk, hire(engine, station, world, 1_001))
    desk.send()
    assert calls(desk) == 2
    assert set(desk.states()) == {OutboxState.SENT}


def test_different_words_go_their_own_ways(desk: Desk, people: list[Person]) -> None:
    tell(desk, people[:2])
    tell(desk, people[2:4], "后天停水", key="water")
    desk.reply("记好了", to=people[4].account)
    desk.send()
    assert calls(desk) == 3
    assert desk.texts("P2") == ["后天停水"]
    assert desk.texts("P4") == ["记好了"]


def test_equal_answers_to_two_people_stay_two_calls(desk: Desk, people: list[Person]) -> None:
    desk.reply("记好了", to="P0")
    desk.reply("记好了", to="P1")
    desk.send()
    assert calls(desk) == 2


def test_who_was_not_reached_is_named_and_the_others_have_it(desk: Desk, people: list[Person]) -> None:
    desk.world.directory.remove_member("P1")
    unlicensed = desk.world.directory.find("P3")
    assert unlicensed
    unlicensed.licensed = False
    tell(desk, people)
    desk.send()
    assert calls(desk) == 1
    states = [OutboxState.SENT, OutboxState.DEAD, OutboxState.SENT, OutboxState.DEAD, OutboxState.SENT]
    assert desk.states() == states
    assert "可见范围" in desk.rows()[1].error
    assert "许可" in desk.rows()[3].error
    assert all(row.unreached == "" for row in desk.rows())


def test_who_was_not_reached_can_be_sent_to_again_alone(desk: Desk, people: list[Person]) -> None:
    desk.world.directory.remove_member("P1")
    tell(desk, people, buttons=("知道了",))
    desk.send()
    desk.world.directory.add_member("P1", "赵1", departments=[1])
    with writing(desk.engine) as session:
        assert resend(session, desk.rows()[1].id or 0, desk.clock())
    desk.send()
    assert set(desk.states()) == {OutboxState.SENT}
    assert [len(desk.texts(person.account)) for person in people] == [1] * 5


def test_an_answer_lost_after_acceptance_is_repeated_with_the_same_bytes(desk: Desk, people: list[Person]) -> None:
    desk.world.faults.add("drop_after_accept", path=CALL, times=1)
    tell(desk, people[:3])
    desk.send()
    tell(desk, people[3:], key="late")  # the same words: they must not join the call that may have arrived
    desk.let_pass(step=1, times=5)
    assert [desk.texts(person.account) for person in people] == [["明天停电"]] * 5
    assert set(desk.states()) == {OutboxState.SENT}
    assert desk.world.messages.suppressed == 1


def test_a_worker_that_died_leaves_the_same_call_to_the_next(desk: Desk, people: list[Person]) -> None:
    tell(desk, people)
    with writing(desk.engine) as session:
        lost = Claim(session, desk.clock()).take(50)
    desk.clock.advance(seconds=LEASE.total_seconds() + 1)
    with writing(desk.engine) as session:
        again = Claim(session, desk.clock()).take(50)
    assert [one.payload for one in again] == [one.payload for one in lost]
    assert len(lost) == 1


def test_a_busy_platform_is_asked_again_for_all_of_them(desk: Desk, people: list[Person]) -> None:
    desk.world.faults.add("errcode", path=CALL, errcode=-1, times=1)
    tell(desk, people)
    desk.let_pass(step=1, times=3)
    assert calls(desk) == 2
    assert set(desk.states()) == {OutboxState.SENT}


def test_who_is_over_their_pace_waits_while_the_others_are_told(desk: Desk, people: list[Person]) -> None:
    for number in range(15):
        desk.reply(f"第{number}条", to="P0")
    desk.send()
    before = calls(desk)
    tell(desk, people)
    desk.send()
    assert calls(desk) - before == 1
    assert desk.texts("P1") == ["明天停电"]
    assert len(desk.texts("P0")) == 15
    desk.let_pass(step=1, times=5)
    assert desk.texts("P0")[-1] == "明天停电"
    assert desk.world.messages.dropped == 0


def test_who_has_left_is_not_named(desk: Desk, people: list[Person]) -> None:
    with writing(desk.engine) as session:
        session.get_one(Person, people[2].id).left_at = desk.clock()
    tell(desk, people)
    desk.send()
    assert calls(desk) == 1
    assert desk.states()[2] is OutboxState.EXPIRED
    assert desk.texts("P2") == []


def test_who_lately_got_the_same_words_gets_them_with_the_time(desk: Desk, people: list[Person]) -> None:
    tell(desk, people[:2], purpose=Purpose.CARRIED)
    desk.send()
    tell(desk, people, key="again", purpose=Purpose.CARRIED)
    desk.send()
    assert desk.texts("P0") == ["明天停电", "明天停电\n〔15:07〕"]
    assert desk.texts("P4") == ["明天停电"]
    assert set(desk.states()) == {OutboxState.SENT}


def test_a_card_for_many_closes_for_whoever_pressed_it(desk: Desk, people: list[Person]) -> None:
    tell(desk, people, "目标还没定。", buttons=("定目标", "以后再说"))
    desk.send()
    assert calls(desk) == 1
    card = desk.world.inbox("P3")[0].content["task_id"]
    with writing(desk.engine) as session:
        row = session.exec(select(OutboxMessage).where(OutboxMessage.call_id == card, OutboxMessage.recipient == "p3"))
        assert row.one().closes_when_pressed


def test_two_workers_never_share_a_call(desk: Desk, people: list[Person], outbox: Outbox) -> None:
    tell(desk, people)
    with writing(desk.engine) as session:
        first = Claim(session, desk.clock()).take(50)
    with writing(desk.engine) as session:
        assert Claim(session, desk.clock()).take(50) == []
    assert [len(one.all) for one in first] == [5]
