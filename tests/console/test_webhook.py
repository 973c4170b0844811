"""Outside systems are told of each change of their tickets: signed, once it is true, again until they take it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.backup import hold, release
from bot.outcome import BACKOFF
from bot.webhook import signature
from console.api_body import ChangeOut
from domain.ticket import TicketAction
from models.engine import reading, writing
from models.message import WEBHOOK, OutboxMessage, OutboxState
from models.outside import OutsideSystem
from models.person import Person
from models.ticket import Ticket
from services.outside import disable_system
from tests.bot.listener import Listener, listening
from tests.conftest import Service
from tests.console.conftest import NewBrowser
from tests.console.outside import HOTLINE, REPORT, Outside, let_in
from tests.factories_ticket import TicketCast, do
from tests.times import MovableClock

Move = Callable[..., None]


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


@pytest.fixture
def secret(service: Service, engine: Engine, clock: MovableClock, ticket_cast: TicketCast, listener: Listener) -> str:
    """The webhook's secret of a system that has filed its usual report."""
    key, secret = let_in(engine, clock, webhook=listener.url)
    assert Outside(service.app.test_client(), key).file().status_code == 201
    return secret


@pytest.fixture
def move(engine: Engine, clock: MovableClock) -> Move:
    def act(action: TicketAction, by: Person, **given: Any) -> None:
        with writing(engine) as session:
            do(session, session.exec(select(Ticket)).one(), action, by, clock(), **given)

    return act


def news(engine: Engine) -> list[OutboxMessage]:
    with reading(engine) as session:
        found = list(session.exec(select(OutboxMessage).where(OutboxMessage.channel == WEBHOOK)))
        session.expunge_all()
    return found


def test_a_change_reaches_the_system_once_and_signed(
    service: Service, secret: str, move: Move, ticket_cast: TicketCast, listener: Listener, clock: MovableClock
) -> None:
    move(TicketAction.ACCEPT, ticket_cast.liansan)
    service.worker.work_off()
    service.worker.work_off()

    ((path, headers, body),) = listener.came
    told = ChangeOut.model_validate_json(body, strict=True, extra="forbid")
    assert path == "/linge"
    assert (told.outside_id, told.before, told.state_label) == (REPORT["outside_id"], "unaccepted", "办理中")
    assert headers["Linge-Timestamp"] == str(int(clock().timestamp()))
    assert headers["Linge-Signature"] == signature(secret, headers["Linge-Timestamp"], body.decode())


def test_filing_and_what_leaves_the_state_as_it_was_is_no_news(
    service: Service, secret: str, move: Move, ticket_cast: TicketCast, engine: Engine
) -> None:
    move(TicketAction.URGE, ticket_cast.grid_leader)

    assert news(engine) == []


def test_a_change_that_is_undone_is_no_news(
    secret: str, ticket_cast: TicketCast, engine: Engine, clock: MovableClock
) -> None:
    with Session(engine) as session:
        do(session, session.exec(select(Ticket)).one(), TicketAction.ACCEPT, ticket_cast.liansan, clock())
        session.rollback()

    assert news(engine) == []


@pytest.mark.parametrize("status", [302, 400, 410, 500])
def test_what_is_not_taken_is_tried_again_with_growing_waits_and_then_rests(
    service: Service,
    secret: str,
    move: Move,
    ticket_cast: TicketCast,
    listener: Listener,
    engine: Engine,
    clock: MovableClock,
    status: int,
) -> None:
    listener.status, listener.location = status, f"{listener.url}/elsewhere" if status == 302 else ""
    move(TicketAction.ACCEPT, ticket_cast.liansan)

    for pause in BACKOFF:
        service.worker.work_off()
        clock.advance(seconds=pause.total_seconds() - 0.5)
        service.worker.work_off()
        clock.advance(seconds=0.5)
    service.worker.work_off()

    assert len(listener.came) == len(BACKOFF) + 1
    assert {path for path, _, _ in listener.came} == {"/linge"}
    assert len({(headers["Linge-Delivery"], body) for _, headers, body in listener.came}) == 1
    (row,) = news(engine)
    assert (row.state, row.error) == (OutboxState.DEAD, f"对方回答 HTTP {status}，稍后会自动再试")


def test_an_operator_sees_it_and_sends_it_again(
    service: Service,
    secret: str,
    move: Move,
    ticket_cast: TicketCast,
    listener: Listener,
    engine: Engine,
    new_browser: NewBrowser,
) -> None:
    listener.status = 500
    move(TicketAction.ACCEPT, ticket_cast.liansan)
    service.worker.work_off()
    with writing(engine) as session:
        row = session.exec(select(OutboxMessage).where(OutboxMessage.channel == WEBHOOK)).one()
        row.state, id_ = OutboxState.DEAD, row.id
    operator = new_browser()
    operator.sign_in("yunwei")
    listener.status = 200

    page = operator.open("/operations/outbox").text
    operator.post(f"/operations/outbox/{id_}/resend")
    operator.post(f"/operations/outbox/{id_}/resend")
    service.worker.work_off()

    assert f"{WEBHOOK}:{HOTLINE}" in page
    assert "外部系统" in page
    assert len(listener.came) == 2
    assert news(engine)[0].state is OutboxState.SENT


def test_a_disabled_system_hears_nothing_more(
    service: Service,
    secret: str,
    move: Move,
    ticket_cast: TicketCast,
    listener: Listener,
    engine: Engine,
    clock: MovableClock,
) -> None:
    move(TicketAction.ACCEPT, ticket_cast.liansan)
    with writing(engine) as session:
        disable_system(session, HOTLINE, by="flask system", now=clock())
    move(TicketAction.FINISH, ticket_cast.liansan, text="招到 30 人")
    service.worker.work_off()

    assert listener.came == []
    assert [(row.state, row.error) for row in news(engine)] == [(OutboxState.DEAD, "这个系统已停用，或没有回调地址")]


def test_an_address_where_nobody_listens_holds_up_nothing_else(
    service: Service, secret: str, move: Move, ticket_cast: TicketCast, listener: Listener, engine: Engine
) -> None:
    with writing(engine) as session:
        session.exec(select(OutsideSystem)).one().webhook_url = "http://127.0.0.1:9/"
    move(TicketAction.ACCEPT, ticket_cast.liansan)

    service.worker.work_off()

    with reading(engine) as session:
        cards = session.exec(select(OutboxMessage.state).where(OutboxMessage.channel == "member")).all()
    assert set(cards) == {OutboxState.SENT}
    (row,) = news(engine)
    assert (row.state, row.error) == (OutboxState.QUEUED, "连不上对方的回调地址，稍后会自动再试")


def test_a_restored_copy_tells_nobody_until_it_is_released(
    service: Service, secret: str, move: Move, ticket_cast: TicketCast, listener: Listener, engine: Engine
) -> None:
    hold(engine)
    move(TicketAction.ACCEPT, ticket_cast.liansan)

    service.worker.work_off()
    before = len(listener.came)
    release(engine)
    service.worker.work_off()

    assert (before, len(listener.came)) == (0, 1)


def test_the_check_in_the_docs_takes_ours_and_nothing_else(
    service: Service, secret: str, move: Move, ticket_cast: TicketCast, listener: Listener
) -> None:
    text = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    example: dict[str, Any] = {}
    exec(text.partition("```python\n")[2].partition("```")[0], example)
    move(TicketAction.ACCEPT, ticket_cast.liansan)
    service.worker.work_off()
    ((_, headers, body),) = listener.came
    example["time"] = type("Then", (), {"time": staticmethod(lambda: int(headers["Linge-Timestamp"]))})
    is_from_linge = example["is_from_linge"]

    assert is_from_linge(secret, headers, body)
    assert not is_from_linge(secret, headers, body.replace(b"in_hand", b"solved"))
    assert not is_from_linge("another", headers, body)
    assert not is_from_linge(secret, headers | {"Linge-Timestamp": "1"}, body)
    assert json.loads(body).keys() == json.loads(text.partition("```json\n")[2].partition("```")[0]).keys()
