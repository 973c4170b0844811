"""Browsers that sign in to the console through the simulated WeCom, as people do."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine
from sqlmodel import select
from werkzeug.test import TestResponse

from domain.calendar import at, monday_of
from models.engine import writing
from models.okr import CheckIn, KeyResult, Report
from simulator import World
from tests.conftest import Service
from tests.console.outside import HOME, HOTLINE, Outside, let_in
from tests.factories import Cast, make_objective, make_period
from tests.factories_ticket import TicketCast, make_ticket_cast
from tests.times import MovableClock

IN_WECOM = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) wxwork/4.1.36 MicroMessenger/7.0.1"}


class Browser:
    """One person's browser."""

    def __init__(self, client: FlaskClient, secret: str) -> None:
        self.client, self._secret = client, secret

    def open(self, path: str, **given: Any) -> TestResponse:
        """The answer to a GET."""
        return self.client.get(path, base_url=HOME, buffered=True, **given)

    def post(self, path: str, form: dict[str, str] | None = None, *, token: bool = True) -> TestResponse:
        """The answer to a form, with its token unless told otherwise."""
        fields = {**(form or {}), **({"csrf_token": self.form_token()} if token else {})}
        return self.client.post(path, base_url=HOME, data=fields, headers={"Referer": f"{HOME}/"})

    def form_token(self) -> str:
        """The token that a form of ours would carry."""
        with self.client.session_transaction(base_url=HOME) as kept:
            kept.setdefault("csrf_token", "of-this-browser")
            raw = kept["csrf_token"]
        return str(URLSafeTimedSerializer(self._secret, salt="wtf-csrf-token").dumps(raw))

    def to_wecom(self, path: str = "/login") -> str:
        """Where the sign-in page sends this browser."""
        return self.open(path).headers["Location"]

    def sign_in(self, account: str, path: str = "/login") -> TestResponse:
        """Signs in at WeCom's page as a person and comes back; the last answer is a redirect, or a refusal."""
        return self.come_back(code_for(self.to_wecom(path), account))

    def come_back(self, address: str) -> TestResponse:
        """Follows WeCom's way back to us."""
        parts = urlsplit(address)
        return self.open(parts.path, query_string=dict(parse_qsl(parts.query)))


def code_for(sign_in_page: str, account: str) -> str:
    """Chooses a person on WeCom's sign-in page and returns the address it sends the browser back to."""
    page = sign_in_page.partition("#")[0]
    answer = requests.get(f"{page}&as={account}", allow_redirects=False, timeout=10)
    return answer.headers["Location"]


NewBrowser = Callable[[], Browser]
Introduce = Callable[[str], Outside]


@pytest.fixture
def new_browser(service: Service, county: Cast) -> NewBrowser:
    """Opens browsers that know nobody yet."""
    secret = service.settings.secret_key
    assert secret is not None
    return lambda: Browser(service.app.test_client(), secret.get_secret_value())


@pytest.fixture
def browser(new_browser: NewBrowser) -> Browser:
    return new_browser()


@pytest.fixture
def last_quarter(engine: Engine, county: Cast) -> None:
    """What 李花 had set and reported the quarter before."""
    with writing(engine) as session:
        quarter = make_period(session, "2026Q3", "2026年第三季度", date(2026, 7, 1), date(2026, 9, 30))
        make_period(session, "2027Q1", "2027年第一季度", date(2027, 1, 1), date(2027, 3, 31))
        objective = make_objective(session, quarter, county.lihua, "把夏夜巡好", (("夜间巡查", "0", "20", "次"),))
        (key_result,) = session.exec(select(KeyResult).where(KeyResult.objective_id == objective.id))
        for week, value in (("2026-W37", "9"), ("2026-W38", "15")):
            when = at(monday_of(week) + timedelta(days=4), "15:10")
            report = Report(person_id=county.lihua.id or 0, week=week, text="", sent_at=when)
            session.add(report)
            session.flush()
            given: dict[str, Any] = {"report_id": report.id, "key_result_id": key_result.id, "value": Decimal(value)}
            session.add(CheckIn(**given, week=week, reported_at=when))
        key_result.current, key_result.reported_week = Decimal(15), "2026-W38"


@pytest.fixture
def ticket_cast(engine: Engine, county: Cast, world: World) -> TicketCast:
    with writing(engine) as session:
        made = make_ticket_cast(session, county)
    world.directory.add_member("liansan", "联三", departments=[1])
    return made


@pytest.fixture
def introduce(service: Service, engine: Engine, clock: MovableClock, ticket_cast: TicketCast) -> Introduce:
    return lambda code: Outside(service.app.test_client(), let_in(engine, clock, code)[0])


@pytest.fixture
def hotline(introduce: Introduce) -> Outside:
    return introduce(HOTLINE)
