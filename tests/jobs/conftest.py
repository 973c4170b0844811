"""A running clock for the jobs' tests, and time that passes."""

from collections.abc import Callable

import pytest

import jobs  # noqa: F401 importing it registers every job
from tests.conftest import Service
from tests.times import MovableClock, at

PassTime = Callable[..., None]


@pytest.fixture
def pass_time(service: Service, clock: MovableClock) -> PassTime:
    """Moves to each moment in turn; the clock ticks, and what is due leaves in the minutes after."""
    clock.set(at("2026-11-20 09:01"))
    service.scheduler.tick()
    service.worker.work_off()

    def pass_time(*moments: str) -> None:
        for moment in moments:
            clock.set(at(moment))
            service.scheduler.tick()
            for _ in range(3):
                service.worker.work_off()
                clock.advance(minutes=3)

    return pass_time
