"""Tickets: filed per second, the console's pages over 100 000 of them, and the sweep of their due times; both databases."""

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from statistics import quantiles

from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import select

import tests.keys  # noqa: F401 importing it gives this process its keys
from app import create_app
from benchmarks.callbacks import AES_KEY, CORP, TOKEN
from benchmarks.service import SECRET
from benchmarks.ticket_county import CLERK, DUE_AT_ONCE, make_grids, make_tickets
from bot.clock import system_clock
from bot.runtime import build_runtime
from bot.settings import Settings
from domain.calendar import Duty, at, local_date
from migrations import migrate
from models.engine import open_database, writing
from models.enterprise import Enterprise
from services.login import sign_in
from services.ticket.deed import Doer
from services.ticket.escalate import due_notices
from services.ticket.filing import Draft, file
from tests.databases import create_database, postgres_server
from tests.keys import DATA_KEYS

TICKETS = 100_000
FILED = 300

PAGES = (
    ("board of all grids", "/grids"),
    ("board, the late ones", "/grids?late=1"),
    ("board of one grid", "/grids/Q01"),
    ("a ticket", "/tickets/{number}"),
    ("three rates by grid, the year", "/rates?period=BENCH"),
    ("three rates by unit, the year", "/rates?period=BENCH&by=unit"),
    ("three rates by grid, a month", "/rates?period={month}"),
    ("requests that say the same thing", "/rates/alike"),
    ("cases behind a number, the year", "/rates/cases?period=BENCH&what=late"),
)


def main() -> None:
    """Prints milliseconds per page (median, p95, and the CPU of this process, which on SQLite is the database too), seconds per sweep and tickets per second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=TICKETS)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{folder}/linge.db", given.tickets, given.rounds)
    with postgres_server(speed="") as server:
        measure("PostgreSQL", create_database(server.url, "tickets"), given.tickets, given.rounds)


def measure(name: str, url: str, tickets: int, rounds: int) -> None:
    """Fills one database and prints its rows."""
    engine = open_database(url)
    migrate(engine)
    # The middle of a working day, so that the sweep has somebody to tell.
    now = at(Duty().workdays.previous_working_day(local_date(system_clock())), "15:07")
    with writing(engine) as session:
        make_grids(session, now=now)
    spent = time.process_time()
    rate = filed(engine, now)
    spent = (time.process_time() - spent) * 1000 / FILED
    print(f"{name}, filed                                    {rate:8.0f} a second, {spent:.1f} ms of own CPU each")
    with writing(engine) as session:
        make_tickets(session, tickets, now=now)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    client = signed_in(engine, url, now)
    print(f"{name}, {tickets} open tickets, ms           median      p95   own CPU")
    for label, path in PAGES:
        number = f"Q{local_date(now) - timedelta(days=300):%y%m%d}-0001"
        spent = time.process_time()
        took = timed(partial(opened, client, path.format(number=number, month=f"{now:%Y-%m}")), rounds)
        spent = (time.process_time() - spent) * 1000 / rounds
        print(f"{label:44} {quantiles(took, n=20)[9]:8.1f} {quantiles(took, n=20)[18]:8.1f} {spent:9.1f}")
    for label, wait in (
        ("sweep, nothing due, s", timedelta(0)),
        (f"sweep, {DUE_AT_ONCE} due, s", timedelta(minutes=1)),
    ):
        with writing(engine) as session:
            began, spent = time.perf_counter(), time.process_time()
            told = due_notices(session, now=now + wait)
            lasted, spent = time.perf_counter() - began, time.process_time() - spent
            print(f"{label:44} {lasted:8.2f} {spent:17.2f}   {len(told)} told")
    engine.dispose()


def filed(engine: Engine, now: datetime, many: int = FILED) -> float:
    """Tickets filed per second, each in a transaction of its own."""
    with writing(engine) as session:
        ids = list(session.exec(select(Enterprise.id)))
    began = time.perf_counter()
    for number in range(many):
        draft = Draft("缺普工 30 人", category="用工", enterprise_id=ids[number % len(ids)])
        with writing(engine) as session:
            file(session, draft, by=Doer(), now=now)
    return many / (time.perf_counter() - began)


def signed_in(engine: Engine, url: str, now: datetime) -> FlaskClient:
    """The clerk's browser."""
    settings = Settings.model_validate(
        {"database_url": url, "wecom_corp_id": CORP, "wecom_agent_id": 1000002, "wecom_secret": SECRET}
        | {
            "wecom_token": TOKEN,
            "wecom_aes_key": AES_KEY,
            "secret_key": "a-secret-for-measuring",
            "data_keys": DATA_KEYS,
        }
    )
    app = create_app(build_runtime(settings, engine=engine, clock=lambda: now))
    with writing(engine) as session:
        token = sign_in(session, CLERK, now=now)
    assert token is not None
    client = app.test_client()
    client.set_cookie("linge", token)
    return client


def opened(client: FlaskClient, path: str) -> None:
    """Opens a page; it must be there."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def timed(ask: Callable[[], None], rounds: int) -> list[float]:
    """Milliseconds of each round."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        took.append((time.perf_counter() - began) * 1000)
    return took


if __name__ == "__main__":
    main()
