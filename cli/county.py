"""Commands that bring the county in and out as a workbook."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from cli.runtime import command, current_runtime

WORKBOOK = click.Path(dir_okay=False, path_type=Path)


@command()
@click.argument("file", type=WORKBOOK)
@click.option("--template", "is_template", is_flag=True, help="Write an empty workbook to FILE instead of reading it.")
def load(file: Path, is_template: bool) -> None:
    """Load or update the county from the workbook FILE: all of it, or nothing. Brings the database up to date first."""
    from bot.enqueue import enqueue_notices
    from jobs.tell import notices_of
    from migrations import migrate
    from models.engine import writing
    from services.workbook import load_workbook, write_template

    if is_template:
        if file.exists():
            raise click.ClickException(f"{file} 已经有了，没有动它。请换个文件名。")
        with writing_file(file):
            write_template(file)
        click.echo(f"空白工作簿写好了：{file}。填好后运行 flask load {file}")
        return
    runtime = current_runtime()
    migrate(runtime.engine)
    with click.progressbar(length=1, label="读取工作簿", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        with writing(runtime.engine) as session:
            now = runtime.clock()
            result = load_workbook(file, session, by="flask load", now=now, progress=show)
            enqueue_notices(session, notices_of(session, result.tellings), now=now)
    for sheet, count in result.counts.items():
        click.echo(f"{sheet}\t新增 {count.new}\t更新 {count.changed}\t没变 {count.unchanged}")
    for hint in result.hints:
        click.echo(f"提示：{hint}")


@command()
@click.argument("what", type=click.Choice(["county", "results", "tickets", "audit"]))
@click.argument("file", type=WORKBOOK)
@click.option(
    "--period", default="", help="A period's code (2026Q3), for results and tickets; for tickets a month too."
)
def export(what: str, file: Path, period: str) -> None:
    """Write every table of a family to the workbook FILE."""
    from models.engine import reading
    from services.audit_export import export_audit
    from services.workbook import export_county

    if what == "tickets":
        _export_tickets(file, period)
    elif what == "results":
        _export_results(file, period)
    else:
        write = {"county": export_county, "audit": export_audit}[what]
        with reading(current_runtime().engine) as session, writing_file(file):
            write(session, file)
    click.echo(f"写好了：{file}")


def _export_tickets(file: Path, period: str) -> None:
    from models.engine import reading, writing
    from services import audit
    from services.ticket.export import export_tickets
    from services.ticket.span import span_of

    runtime = current_runtime()
    # What leaves the house is noted first, whatever becomes of the file.
    with writing(runtime.engine) as session:
        audit.record(session, "ticket.export", "tickets", by="flask export", now=runtime.clock(), period=period)
    with reading(runtime.engine) as session, writing_file(file):
        span = span_of(session, period) if period else None
        if period and span is None:
            raise click.ClickException(f"没有“{period}”这个周期。写周期的编号，例如 2026Q3，或者月份 2026-11。")
        export_tickets(session, file, span, now=runtime.clock())


def _export_results(file: Path, period: str) -> None:
    from models.engine import reading, writing
    from services import audit
    from services.assessment import export_result, result_named

    runtime = current_runtime()
    with writing(runtime.engine) as session:
        result = result_named(session, period)
        assert result.id is not None
        # What leaves the house is noted first, whatever becomes of the file.
        audit.record(session, "result.export", f"result:{result.id}", by="flask export", now=runtime.clock())
        result_id = result.id
    with reading(runtime.engine) as session, writing_file(file):
        export_result(session, file, result_id)


@contextmanager
def writing_file(file: Path) -> Iterator[None]:
    """Says in a sentence why a file cannot be written."""
    from xlsxwriter.exceptions import FileCreateError

    try:
        yield
    except FileCreateError:
        raise click.ClickException(f"{file} 写不了：请看文件夹在不在、有没有写的权限、文件是不是正开着。") from None
