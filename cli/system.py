"""`flask system …`: outside systems that may file tickets."""

import click

from cli.runtime import PlainCommand, current_runtime
from domain.calendar import local

# As the audit log names whoever typed the command.
BY = "flask system"


@click.group()
def system() -> None:
    """Outside systems that may file tickets: add, list, disable."""


@system.command("add", cls=PlainCommand)
@click.argument("code")
@click.argument("name")
@click.option("--webhook", default="", metavar="URL", help="where to tell of changes: https, or http on this machine")
def add(code: str, name: str, webhook: str) -> None:
    """Let a system in; its key is shown this once."""
    from models.engine import writing
    from services.outside import add_system

    runtime = current_runtime()
    with writing(runtime.engine) as session:
        added = add_system(session, code, name, webhook=webhook, by=BY, now=runtime.clock())
    click.echo(f"密钥\t{added.key}")
    if added.webhook_secret:
        click.echo(f"回调签名密钥\t{added.webhook_secret}")
    click.echo("只显示这一次，请当面或用加密的方式交给对方，别发在群里。丢了就停用，再加一个。")


@system.command("list", cls=PlainCommand)
def list_() -> None:
    """Show the systems, one line each, without their keys."""
    from models.engine import reading
    from services.outside import systems

    with reading(current_runtime().engine) as session:
        for one in systems(session):
            used = f"{local(one.last_used_at):%Y-%m-%d %H:%M} 用过" if one.last_used_at else "没用过"
            click.echo(f"{one.code}\t{one.name}\t{'在用' if one.is_active else '已停用'}\t{used}\t{one.webhook_url}")


@system.command("disable", cls=PlainCommand)
@click.argument("code")
def disable(code: str) -> None:
    """End a system's access at once; its tickets go on."""
    from models.engine import writing
    from services.outside import disable_system

    runtime = current_runtime()
    with writing(runtime.engine) as session:
        disable_system(session, code, by=BY, now=runtime.clock())
    click.echo(f"{code} 停用了，它报来的诉求照常办。")
