"""Commands that bring the county in and out as a workbook."""

from pathlib import Path

import click

from cli.runtime import current_runtime
from domain.errors import DomainError

WORKBOOK = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=WORKBOOK, required=False)
@click.option("--template", "as_template", is_flag=True, help="Write an empty workbook to FILE instead.")
def load(file: Path | None, as_template: bool) -> None:
    """Load or update the county from the workbook FILE: all of it, or nothing."""
    from services.workbook import load_workbook, write_template

    from models.engine import writing

    if file is None:
        raise click.UsageError("请给出工作簿：flask load 县.xlsx，或 flask load --template 空表.xlsx")
    if as_template:
        write_template(file)
        click.echo(f"空白工作簿写好了：{file}")
        return
    runtime = current_runtime()
    with click.progressbar(length=0, label="读取", file=_progress_stream()) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        try:
            with writing(runtime.engine) as session:
                result = load_workbook(file, session, by="flask load", now=runtime.clock(), progress=show)
        except DomainError as faults:
            raise click.ClickException(str(faults)) from None
    click.echo(str(result))
