"""`flask links`: the 微信客服 links of enterprises and grids."""

import sys
import time
from pathlib import Path

import click

from cli.county import WORKBOOK, writing_file
from cli.runtime import command, current_runtime

# Five links a second: far below what WeCom allows to one call of its API.
GAP_SECONDS = 0.2


@command()
@click.argument("file", type=WORKBOOK)
@click.option("--enterprise", "which", flag_value="企业", help="Only those of enterprises.")
@click.option("--grid", "which", flag_value="网格", help="Only those of grids.")
def links(file: Path, which: str | None) -> None:
    """Make the 微信客服 link of every enterprise and grid, each once, and write all of them to the workbook FILE."""
    from bot.wecom.errors import WeComError
    from models.engine import reading, writing
    from services import link

    runtime = current_runtime(needs_wecom=True)
    of = [link.Of(which)] if which else list(link.Of)
    with reading(runtime.engine) as session:
        open_kfid = link.account_for_links(session)
        wanted = link.places(session, of)
        missing = link.scenes_without_link(session, open_kfid, wanted)
    made = 0
    with click.progressbar(missing, label="生成链接", file=sys.stderr) as bar:
        for scene in bar:
            try:
                url = runtime.client.customer_link(open_kfid, scene)
            except WeComError as error:
                raise click.ClickException(f"{error} 已经生成 {made} 个，改好再运行一次就接着来。") from None
            # Each is kept at once, so that whatever stops the command, none is asked for twice.
            with writing(runtime.engine) as session:
                link.keep_link(session, open_kfid, scene, url, now=runtime.clock())
            made += 1
            time.sleep(GAP_SECONDS)
    with reading(runtime.engine) as session, writing_file(file):
        link.write_links(session, file, open_kfid, wanted)
    click.echo(f"写好了：{file}。新生成 {made} 个，一共 {len(wanted)} 个。")
