"""Commands that close a period and announce its result."""

import click

from cli.runtime import command, current_runtime


@command()
@click.argument("period")
def close(period: str) -> None:
    """Draft the result of PERIOD (2026Q4) and say what is missing; the same data give the same version again."""
    from models.engine import writing
    from services.assessment import draft, period_named
    from services.assessment.show import summary

    runtime = current_runtime()
    with writing(runtime.engine) as session:
        found = period_named(session, period)
        drafted = draft(session, found, by="flask close", now=runtime.clock())
        lines = summary(session, found, drafted)
    for line in lines:
        click.echo(line)


@command()
@click.argument("period")
@click.option(
    "--hold", "is_held", is_flag=True, help="Keep the clock from announcing it, until it is announced by hand."
)
def announce(period: str, is_held: bool) -> None:
    """Announce the newest version of the result of PERIOD: everybody hears their own place and why."""
    from bot.enqueue import enqueue_notices
    from jobs.announce_ranking import result_notices
    from models.engine import writing
    from services.assessment import announce as make_known
    from services.assessment import hold, period_named

    runtime = current_runtime()
    now = runtime.clock()
    with writing(runtime.engine) as session:
        found = period_named(session, period)
        if is_held:
            held = hold(session, found, by="flask announce", now=now)
            click.echo(
                f"{found.name}第 {held.version} 版先扣住，到时间也不公布。要公布，运行 flask announce {found.code}"
            )
            return
        result = make_known(session, found, by="flask announce", now=now)
        notices = result_notices(session, found, result)
        enqueue_notices(session, notices, now=now)
        click.echo(
            f"{found.name}第 {result.version} 版公布了（校验值 {result.hash[:16]}），告诉 {len(notices)} 人各自的名次。"
        )
