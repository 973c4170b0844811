"""Commands that show what the service can do, and run one job by hand."""

from datetime import datetime

import click

from cli.runtime import command, current_runtime
from domain.calendar import SHANGHAI, local


@command()
def commands() -> None:
    """Show what people can say."""
    import handlers  # noqa: F401 importing it registers every handler
    from bot.registry import COMMANDS

    seen: set[int] = set()
    for (audience, _), entry in sorted(COMMANDS.items(), key=lambda item: (item[0][0], item[1].word)):
        if id(entry) in seen:
            continue
        seen.add(id(entry))
        words = "、".join((entry.word, *entry.aliases))
        who = "、".join(sorted(entry.allow)) or "所有人"
        click.echo(f"{audience.label}\t{words}\t{entry.help}\t例：{entry.example}\t{who}")


@command()
def jobs() -> None:
    """Show what the clock does, and when next."""
    import jobs as registered  # noqa: F401 importing it registers every job
    from bot.scheduler import Scheduler

    runtime = current_runtime()
    scheduler = Scheduler(runtime.engine, runtime.client, runtime.clock)
    for upcoming in scheduler.upcoming(runtime.clock()):
        next_at = f"{local(upcoming.next_at):%Y-%m-%d %H:%M}" if upcoming.next_at else "没有排期"
        click.echo(f"{upcoming.job.name}\t{next_at}\t{upcoming.job.schedule.text}\t{upcoming.job.help}")


@command()
@click.argument("name")
@click.option("--at", "at_text", metavar="2026-11-20T15:07", help="As if due then (Asia/Shanghai); now by default.")
def job(name: str, at_text: str | None) -> None:
    """Run one scheduled job as if due now or at a time; a second run for the same time does nothing."""
    import jobs as registered  # noqa: F401 importing it registers every job
    from bot.registry import JOBS
    from bot.scheduler import Scheduler

    asks_wecom = name in JOBS and JOBS[name].gather is not None
    runtime = current_runtime(needs_wecom=asks_wecom)
    due_at = runtime.clock().replace(second=0, microsecond=0) if at_text is None else _read_time(at_text)
    click.echo(Scheduler(runtime.engine, runtime.client, runtime.clock).run_now(name, due_at))


def _read_time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("时间请写成 2026-11-20T15:07", param_hint="--at") from None
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment
