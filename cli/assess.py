"""Commands that close a period."""

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
