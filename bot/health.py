"""`/healthz`, `/readyz` and `/metrics`: for load balancers, operators and Prometheus."""

import hmac
import re
from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address

from flask import Blueprint, Response, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine, func, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from bot.clock import Clock
from bot.heartbeat import LOOPS, is_alive
from models.engine import reading
from models.message import OPEN_INBOX, OPEN_OUTBOX, InboxMessage, InboxState, OutboxMessage
from models.platform import Pause

_PORT = re.compile(r":\d*$")
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def health_pages(engine: Engine, clock: Clock, metrics_token: str) -> Blueprint:
    """The three pages; metrics are shown to this machine, or to whoever carries the token."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def alive() -> str:
        return "ok"

    @pages.get("/readyz")
    def ready() -> tuple[dict[str, bool], int]:
        checks = {"database": False, **dict.fromkeys(LOOPS, False)}
        try:
            with reading(engine) as session:
                session.execute(text("SELECT 1"))
                now = clock()
                checks = {"database": True, **{loop: is_alive(session, loop, now=now) for loop in LOOPS}}
        except SQLAlchemyError:
            return checks, 503
        return checks, 200 if all(checks.values()) else 503

    @pages.get("/metrics")
    def metrics() -> Response:
        if not _may_read_metrics(metrics_token):
            return Response(status=404)
        registry = CollectorRegistry()
        try:
            with reading(engine) as session:
                registry.register(_Queues(session, clock()))
                return Response(generate_latest(registry), content_type=CONTENT_TYPE)
        except SQLAlchemyError:
            return Response(status=503)

    return pages


def _may_read_metrics(token: str) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    return not _came_through_a_proxy() and _is_this_machine(request.remote_addr or "")


def _came_through_a_proxy() -> bool:
    """Whether someone may stand behind the address that connected: a proxy says so, or asks for a public name."""
    headers = {name.lower() for name, _ in request.headers}
    told = headers & {"forwarded", "via", "x-real-ip"} or any(name.startswith("x-forwarded-") for name in headers)
    return bool(told) or not _is_this_machine(_PORT.sub("", request.host))


def _is_this_machine(address: str) -> bool:
    try:
        return address == "localhost" or ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


class _Queues(Collector):
    """Reads the queues' state from the database, so that every process answers for all of them."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, table, states in (("inbox", InboxMessage, OPEN_INBOX), ("outbox", OutboxMessage, OPEN_OUTBOX)):
            meaning = f"Messages in the {name} by state, without those that were handled or sent"
            gauge = GaugeMetricFamily(f"linge_{name}_messages", meaning, labels=["state"])
            query = select(table.state, func.count()).where(col(table.state).in_(states)).group_by(col(table.state))
            for state, count in self._session.exec(query):
                gauge.add_metric([str(state)], count)
            yield gauge
        oldest: datetime | None = self._session.exec(
            select(func.min(InboxMessage.due_at)).where(InboxMessage.state == InboxState.NEW)
        ).one()
        age = 0.0 if oldest is None else max(0.0, (self._now - oldest).total_seconds())
        yield GaugeMetricFamily("linge_inbox_oldest_seconds", "How long the oldest message has been waiting", value=age)
        paused = self._session.exec(
            # A pause of one way out leaves the others going.
            select(func.count()).select_from(Pause).where(Pause.until > self._now, col(Pause.key).not_like("api:%"))
        ).one()
        yield GaugeMetricFamily("linge_sending_paused", "1 while nothing can be sent", value=min(1, paused))
