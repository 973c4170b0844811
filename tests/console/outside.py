"""An outside system as the tests play it: over HTTP, with its key, and every filing sent twice."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import select
from werkzeug.test import TestResponse

from models.engine import reading, writing
from models.ticket import Ticket
from services.outside import add_system
from tests.times import MovableClock

HOME = "https://linge.example.gov.cn"
HOTLINE = "hotline-96871"
REPORT: dict[str, Any] = {
    "outside_id": "96871-20261120-0001",
    "enterprise": "固电电子有限公司",
    "text": "我们想扩产，还缺30个普工，能不能帮忙招工",
    "contact_name": "固小姐",
    "category": "用工",
}


class Outside:
    """A program elsewhere with its key."""

    def __init__(self, client: FlaskClient, key: str) -> None:
        self.client, self.key = client, key

    def post(self, body: Any) -> TestResponse:
        """Sends a filing once; bytes go out as they are."""
        given: dict[str, Any] = {"data": body} if isinstance(body, bytes) else {"json": body}
        content_type = {"content_type": "application/json"} if isinstance(body, bytes) else {}
        return self.client.post("/api/tickets", base_url=HOME, headers=self.headers, **given, **content_type)

    def file(self, **changes: Any) -> TestResponse:
        """Files the usual report with changes, twice: the first answer, of which the second is a repetition."""
        first = self.post(REPORT | changes)
        second = self.post(REPORT | changes)
        if first.status_code == 201:
            assert (second.status_code, told(second)) == (200, told(first))
        else:
            assert (second.status_code, second.data) == (first.status_code, first.data)
        return first

    def get(self, path: str, **query: str) -> TestResponse:
        """The answer to a question."""
        return self.client.get(path, base_url=HOME, headers=self.headers, query_string=query or None)

    @property
    def headers(self) -> dict[str, str]:
        """What shows who asks."""
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}


def let_in(engine: Engine, clock: MovableClock, code: str = HOTLINE, webhook: str = "") -> tuple[str, str]:
    """Adds a system; its key and the secret of its webhook."""
    with writing(engine) as session:
        added = add_system(session, code, "热线 96871", webhook=webhook, by="flask system", now=clock())
    return added.key, added.webhook_secret


def told(answer: TestResponse) -> Any:
    """What an answer says."""
    return answer.get_json(force=True)


def tickets(engine: Engine) -> list[Ticket]:
    """Every ticket there is."""
    with reading(engine) as session:
        found = list(session.exec(select(Ticket)))
        session.expunge_all()
    return found
