"""Commands that run until they are told to stop."""

import os
import signal
import sys
import threading
from collections.abc import Callable

import click

from cli.runtime import command, current_runtime

# The pipe on which `flask serve` hears that the loops of a child go on.
PULSE = click.option("--pulse", type=int, hidden=True)


@command()
def serve() -> None:
    """Run web, worker and clock together on this machine."""
    from bot.supervisor import run_children, service_children
    from migrations import migrate

    runtime = current_runtime(needs_wecom=True)
    migrate(runtime.engine)
    runtime.engine.dispose()
    run_children(service_children(runtime.settings.port))


@command()
@PULSE
def worker(pulse: int | None) -> None:
    """Handle messages and send answers, as one process."""
    import handlers  # noqa: F401 importing it registers every handler
    from bot.worker import Worker

    runtime = current_runtime(needs_wecom=True)
    worker = Worker(runtime.engine, runtime.client, runtime.clock, media=runtime.media, supervisor=pulse)
    _until_told_to_stop(worker.run)


@command()
@PULSE
def clock(pulse: int | None) -> None:
    """Run the scheduled jobs, as one process."""
    import jobs  # noqa: F401 importing it registers every job
    from bot.scheduler import Scheduler

    runtime = current_runtime(needs_wecom=True)
    scheduler = Scheduler(runtime.engine, runtime.client, runtime.clock)
    _until_told_to_stop(lambda stop: scheduler.run_forever(stop, supervisor=pulse))


@command()
def simulate() -> None:
    """Run the WeCom simulator alone."""
    os.execv(sys.executable, [sys.executable, "-m", "simulator"])  # noqa: S606 our own program in this one's place


@command()
def demo() -> None:
    """Load the sample county and run the service beside the simulator; `make demo` sets what it needs."""
    from bot.supervisor import run_children, service_children, simulator_child
    from domain.calendar import local_date
    from migrations import migrate
    from models.engine import writing
    from services.sample import write_sample_county
    from services.workbook import load_workbook

    runtime = current_runtime(needs_wecom=True)
    if runtime.settings.demo_clock is None or runtime.settings.demo_county is None:
        raise click.ClickException("演示请用 make demo 启动，它会带上演示用的设置。")
    county = runtime.settings.demo_county
    county.parent.mkdir(parents=True, exist_ok=True)
    migrate(runtime.engine)
    now = runtime.clock()
    if not county.exists():
        click.echo("正在生成示例县……")
        write_sample_county(county, period_of=local_date(now))
    with writing(runtime.engine) as session:
        load_workbook(county, session, by="演示", now=now)
    runtime.engine.dispose()
    settings = runtime.settings
    click.echo(
        f"\n  手机（模拟企业微信）  {settings.wecom_api_url}\n  管理台              {settings.address}\n\n  按 Ctrl-C 结束。\n"
    )
    run_children(service_children(settings.port) | simulator_child())


def _until_told_to_stop(run: Callable[[threading.Event], None]) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(stop)
