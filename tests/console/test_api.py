"""Outside systems file tickets and ask after them, over HTTP; nothing they send is a fault of ours."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from domain.ticket import TicketAction
from models.audit import AuditEntry
from models.engine import reading, writing
from models.ticket import Ticket, TicketSource
from tests.chat import Chat
from tests.conftest import Service
from tests.console.conftest import Introduce
from tests.console.outside import HOTLINE, REPORT, Outside, tickets, told
from tests.factories_ticket import TicketCast, do, make_enterprise
from tests.times import MovableClock


def test_a_report_becomes_one_ticket_with_an_owner_and_due_times(
    hotline: Outside, engine: Engine, ticket_cast: TicketCast
) -> None:
    answer = hotline.file()

    assert answer.status_code == 201
    assert told(answer) == {
        "number": "Q261120-0001",
        "outside_id": REPORT["outside_id"],
        "state": "unaccepted",
        "state_label": "待接单",
        "is_open": True,
        "enterprise": {"code": "E1", "name": "固电电子有限公司"},
        "category": "用工",
        "urgent": False,
        "opened_at": "2026-11-20T15:07:00+08:00",
        "contact_due_at": told(answer)["contact_due_at"],
        "resolve_due_at": told(answer)["resolve_due_at"],
        "closed_at": None,
        "result": "",
        "rating": None,
    }
    assert answer.headers["Location"] == "/api/tickets/Q261120-0001"
    (ticket,) = tickets(engine)
    assert (ticket.source, ticket.owner_id) == (TicketSource.OUTSIDE, ticket_cast.liansan.id)
    assert ticket.requester_name == "固小姐"


def test_the_owner_gets_one_card_however_often_it_is_sent(hotline: Outside, chat: Chat, service: Service) -> None:
    hotline.file()
    hotline.file()
    service.worker.work_off()

    (card,) = chat.inbox("liansan")
    assert "固电电子有限公司" in card.text


def test_a_filing_is_in_the_audit_log_under_the_systems_name(hotline: Outside, engine: Engine) -> None:
    hotline.file()

    with reading(engine) as session:
        actors = session.exec(select(AuditEntry.actor).where(AuditEntry.action == "ticket.file")).all()
    assert actors == [f"outside:{HOTLINE}"]


def test_another_report_under_the_same_id_is_refused_and_changes_nothing(hotline: Outside, engine: Engine) -> None:
    hotline.file()

    refused = hotline.file(text="门口的路灯不亮")

    assert refused.status_code == 409
    assert refused.mimetype == "application/problem+json"
    assert "新的诉求请换一个编号" in told(refused)["detail"]
    assert len(tickets(engine)) == 1


def test_two_systems_may_use_the_same_id(hotline: Outside, introduce: Introduce, engine: Engine) -> None:
    platform = introduce("qihu")

    answers = hotline.file(), platform.file()

    assert [answer.status_code for answer in answers] == [201, 201]
    assert len(tickets(engine)) == 2


@pytest.mark.parametrize(
    ("said", "code"), [("E1", "E1"), ("固电", "E1"), ("虹桥布厂", "E3"), ("　固电电子有限公司 ", "E1")]
)
def test_an_enterprise_is_known_by_code_full_name_or_alias(hotline: Outside, said: str, code: str) -> None:
    answer = hotline.file(enterprise=said)

    assert told(answer)["enterprise"]["code"] == code


def test_a_name_that_two_enterprises_have_is_refused(hotline: Outside, engine: Engine, ticket_cast: TicketCast) -> None:
    with writing(engine) as session:
        make_enterprise(session, "E9", "虹桥纺织有限公司", ticket_cast.micro)

    answer = hotline.file(enterprise="虹桥纺织有限公司")

    assert answer.status_code == 422
    assert told(answer)["errors"][0]["pointer"] == "#/enterprise"
    assert "不止一家" in told(answer)["detail"]


def test_an_enterprise_that_nobody_knows_goes_to_the_leader_on_duty_when_that_is_said(
    hotline: Outside, engine: Engine, ticket_cast: TicketCast
) -> None:
    refused, taken = hotline.file(enterprise="无名小店"), hotline.file(enterprise=None)

    assert (refused.status_code, taken.status_code) == (422, 201)
    assert "填 null" in told(refused)["detail"]
    (ticket,) = tickets(engine)
    assert (ticket.owner_id, ticket.is_unverified) == (ticket_cast.duty_leader.id, True)


def test_category_and_urgency_are_proposed_where_none_is_given(hotline: Outside) -> None:
    answer = hotline.file(outside_id="2", category=None, text="停工了，今天就要30个普工，急")

    assert (told(answer)["category"], told(answer)["urgent"]) == ("用工", True)


def test_a_system_follows_its_ticket_by_number_and_by_its_own_id(
    hotline: Outside, engine: Engine, ticket_cast: TicketCast, clock: MovableClock
) -> None:
    number = told(hotline.file())["number"]
    with writing(engine) as session:
        ticket = session.exec(select(Ticket)).one()
        do(session, ticket, TicketAction.ACCEPT, ticket_cast.liansan, clock())
        do(session, ticket, TicketAction.FINISH, ticket_cast.liansan, clock(), text="招到 30 人")

    by_number = hotline.get(f"/api/tickets/{number}")
    by_id = hotline.get("/api/tickets", outside_id=REPORT["outside_id"])

    assert by_number.status_code == 200
    assert told(by_number) == told(by_id)
    assert (told(by_number)["state_label"], told(by_number)["result"]) == ("待确认", "招到 30 人")


def test_what_another_system_or_a_person_filed_is_not_there(
    hotline: Outside, introduce: Introduce, engine: Engine, ticket_cast: TicketCast, clock: MovableClock
) -> None:
    hotline.file()
    with writing(engine) as session:
        ticket_cast.filed(session, clock())
    platform = introduce("qihu")

    found = [
        platform.get("/api/tickets/Q261120-0001"),
        platform.get("/api/tickets", outside_id=REPORT["outside_id"]),
        hotline.get("/api/tickets/Q261120-0002"),
        hotline.get("/api/tickets/Q261120-9999"),
        hotline.get("/api/tickets", outside_id="nobody's"),
    ]

    assert [answer.status_code for answer in found] == [404] * 5
    assert len({answer.data for answer in found}) == 1


BAD_BODIES: dict[str, tuple[bytes | Any, int, str]] = {
    "nothing": (b"", 400, ""),
    "no JSON": (b"{", 400, ""),
    "not UTF-8": (b'{"text":"\xff"}', 400, ""),
    "half a character": (b'{"text":"\\ud800"}', 400, ""),
    "deep": (b"[" * 30_000, 400, ""),
    "deep in a field": (b'{"text":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001, 400, ""),
    "a list": ([REPORT], 422, "#"),
    "a number": (b"1e999", 422, "#"),
    "null": (b"null", 422, "#"),
    "empty": ({}, 422, "#/outside_id"),
    "a number for a text": (REPORT | {"text": 5}, 422, "#/text"),
    "a huge number": (b'{"outside_id":' + b"9" * 4_000 + b"}", 422, "#/outside_id"),
    "a number beyond all reason": (b'{"outside_id":' + b"9" * 9_000 + b"}", 400, ""),
    "a list for a text": (REPORT | {"text": ["x"]}, 422, "#/text"),
    "no text": (REPORT | {"text": "  "}, 422, "#/text"),
    "only NUL": (REPORT | {"text": "\0\0"}, 422, "#/text"),
    "a long text": (REPORT | {"text": "字" * 801}, 422, "#/text"),
    "yes as a word": (REPORT | {"urgent": "true"}, 422, "#/urgent"),
    "1 for yes": (REPORT | {"urgent": 1}, 422, "#/urgent"),
    "a misspelt field": (REPORT | {"enterprize": "E1"}, 422, "#/enterprize"),
    "a field that breaks out": (REPORT | {"a/b~c\0": 1}, 422, "#/a~1b~0c"),
    "an odd id": (REPORT | {"outside_id": "a b"}, 422, "#/outside_id"),
    "an id with a line end": (REPORT | {"outside_id": "a\n"}, 422, "#/outside_id"),
    "a long id": (REPORT | {"outside_id": "x" * 101}, 422, "#/outside_id"),
    "NUL in an id": (REPORT | {"outside_id": "a\0"}, 422, "#/outside_id"),
    "no enterprise": ({k: v for k, v in REPORT.items() if k != "enterprise"}, 422, "#/enterprise"),
    "an unknown category": (REPORT | {"category": "天气"}, 422, "#/category"),
    "a day for an instant": (REPORT | {"reported_at": "2026-11-20"}, 422, "#/reported_at"),
    "no time zone": (REPORT | {"reported_at": "2026-11-20T10:00:00"}, 422, "#/reported_at"),
    "a number for an instant": (REPORT | {"reported_at": 1e30}, 422, "#/reported_at"),
    "tomorrow": (REPORT | {"reported_at": "2026-11-21T15:07:00+08:00"}, 422, "#/reported_at"),
    "the first year": (REPORT | {"reported_at": "0001-01-01T00:00:00+14:00"}, 422, "#/reported_at"),
    "the last year": (REPORT | {"reported_at": "9999-12-31T23:59:59-12:00"}, 422, "#/reported_at"),
    "too much": (b'{"text":"' + b"x" * 70_000 + b'"}', 413, ""),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_what_cannot_be_taken_is_refused_with_a_sentence_and_files_nothing(
    hotline: Outside, engine: Engine, name: str
) -> None:
    body, status, pointer = BAD_BODIES[name]

    answers = [hotline.post(body), hotline.post(body)]

    for answer in answers:
        assert answer.status_code == status, answer.text
        assert answer.mimetype == "application/problem+json"
        assert told(answer)["status"] == status
        assert told(answer)["detail"].endswith("。")
        assert next(fault["pointer"] for fault in told(answer).get("errors", [{"pointer": ""}])) == pointer
    assert tickets(engine) == []


def test_control_characters_in_a_text_are_left_out(hotline: Outside, engine: Engine) -> None:
    answer = hotline.file(text="路灯\0不亮\u202e", category=None, contact_name="固\0小姐")

    assert answer.status_code == 201
    assert tickets(engine)[0].requester_name == "固小姐"


def test_a_form_and_a_text_are_not_json(hotline: Outside) -> None:
    for content_type in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"):
        answer = hotline.client.post("/api/tickets", headers=hotline.headers, data=b"a=1", content_type=content_type)
        assert (answer.status_code, answer.mimetype) == (415, "application/problem+json")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(hotline: Outside, method: str) -> None:
    answer = hotline.client.open("/api/tickets", method=method, headers=hotline.headers, json=REPORT)

    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")


@pytest.mark.parametrize("path", ["/api/tickets/%00", "/api/tickets/%ff", "/api/tickets/" + "x" * 3000, "/api/nothing"])
def test_odd_addresses_get_a_problem(hotline: Outside, path: str) -> None:
    answer = hotline.get(path)

    assert answer.status_code in (400, 404)
    assert answer.mimetype == "application/problem+json"
