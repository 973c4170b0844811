"""A quarter of requests in the sample county, held to what the log says and to a count of every minute."""

from pathlib import Path

import pytest

from models.engine import reading
from tests.simulated.promises import broken
from tests.simulated.quarter import Quarter

# The long one is in `make soak`.
TICKETS = 40


@pytest.mark.timeout(600)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_quarter_keeps_every_promise(database_url: str, tmp_path: Path) -> None:
    quarter = Quarter(database_url, tmp_path, TICKETS)

    quarter.live()

    with reading(quarter.engine) as session:
        found = broken(session, quarter)
    quarter.engine.dispose()
    assert {promise: faults for promise, faults in found.items() if faults} == {}
    assert quarter.restarts > 10
    # The lives were full ones: little of what people wanted was refused.
    assert sum(quarter.refusals.values()) < sum(quarter.acts.values()) / 5
