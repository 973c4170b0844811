"""Tickets for outside systems: file one, and ask where one's own stands."""

from collections.abc import Iterable

from flask import Blueprint, Response, abort, request
from pydantic import ValidationError

from bot.enqueue import enqueue_notices
from bot.message import Button, Notice, Purpose, Reply
from console.api_body import TicketOut, TicketReport, faults_of
from console.auth import runtime
from console.key_access import WITH_KEY, calling_system
from console.problem import Fault, as_json, problem
from models.engine import writing
from services.outside_ticket import (
    FieldRefused,
    Standing,
    file_report,
    standing_of_number,
    standing_of_outside_id,
)
from services.ticket.deed import Telling

pages = Blueprint("api", __name__)
pages.before_request(WITH_KEY)


@pages.post("/api/tickets")
def file() -> Response:
    """Files a ticket: 201 when it is new, 200 when this very report was filed before."""
    if request.mimetype != "application/json":
        return problem(415)
    system_id, now = calling_system().id, runtime().clock()
    assert system_id is not None
    try:
        report = TicketReport.model_validate_json(request.get_data()).report()
        with writing(runtime().engine) as session:
            filed = file_report(session, system_id, report, now=now)
            notices = _notices(filed.tellings, is_urgent=filed.standing.ticket.is_urgent)
            enqueue_notices(session, notices, now=now)
            answer = as_json(TicketOut.of(filed.standing).model_dump(), 201 if filed.is_new else 200)
    except ValidationError as error:
        faults = faults_of(error)
        is_json = error.errors(include_url=False, include_input=False)[0]["type"] != "json_invalid"
        return problem(422, "有几项不合要求，没有立件，请改好再发。", faults) if is_json else problem(400)
    except FieldRefused as refusal:
        return problem(422, str(refusal), [Fault(f"#/{refusal.field}", str(refusal))])
    answer.headers["Location"] = f"/api/tickets/{filed.standing.ticket.number}"
    return answer


@pages.get("/api/tickets/<number>")
def show(number: str) -> Response:
    """Where a ticket of one's own stands, by our number."""
    now = runtime().clock()
    with writing(runtime().engine) as session:
        return _answer(standing_of_number(session, calling_system(), number, now=now))


@pages.get("/api/tickets")
def find() -> Response:
    """Where the ticket stands that one filed under `?outside_id=`."""
    outside_id, now = request.args.get("outside_id", ""), runtime().clock()
    if not outside_id:
        return problem(400, "请在地址后面写 ?outside_id= 加本系统的编号。")
    with writing(runtime().engine) as session:
        return _answer(standing_of_outside_id(session, calling_system(), outside_id, now=now))


def _answer(standing: Standing | None) -> Response:
    if standing is None:
        abort(404)
    return as_json(TicketOut.of(standing).model_dump())


def _notices(tellings: Iterable[Telling], *, is_urgent: bool) -> list[Notice]:
    """A program files at any hour: what is not urgent waits for the owner's duty hours."""
    purpose = Purpose.CARRIED if is_urgent else Purpose.DIGEST
    return [
        Notice(one.person, one.key, Reply(one.text, tuple(Button(*button) for button in one.buttons)), purpose)
        for one in tellings
        if one.person is not None
    ]
