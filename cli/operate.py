"""Commands for those who look after the service."""

from pathlib import Path

import click

from cli.runtime import command, current_runtime


@command()
def migrate() -> None:
    """Bring the database to the newest schema; safe to run twice."""
    from migrations import migrate as bring_up

    bring_up(current_runtime().engine)
    click.echo("数据库已是最新。")


@command()
def doctor() -> None:
    """Check settings, database, token, callback address and clock; one line each, with the cure."""
    from bot.doctor import Verdict, examine

    findings = examine(current_runtime(checks_keys=False))
    for finding in findings:
        click.echo(f"{finding.verdict}\t{finding.subject}\t{finding.text}")
    if any(finding.verdict is Verdict.WRONG for finding in findings):
        raise click.exceptions.Exit(1)


@command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the SQLite database to FILE while the service goes on; the copy sends nothing until `flask release`."""
    from bot.backup import back_up
    from bot.data_keys import key_place

    runtime = current_runtime()
    back_up(runtime.engine, file)
    click.echo(f"备份好了：{file}。恢复后先核对，再运行 flask release 开始发送。")
    click.echo(
        f"恢复时还要有密钥 {runtime.keys.first.id}（在{key_place(runtime.settings)}里）：请另外保管，别和备份放在一起。"
    )


@command()
def rekey() -> None:
    """Encrypt everything with the first key of DATA_KEYS; safe to run twice and while the service runs."""
    from bot.rekey import rekey as encrypt_again

    runtime = current_runtime()
    changed = encrypt_again(runtime.engine, runtime.keys)
    click.echo(f"全部内容都用密钥 {runtime.keys.first.id} 加密了，这次换了 {changed} 处。")


@command()
def hold() -> None:
    """Send nothing until `flask release`."""
    from bot.backup import hold as hold_outbox

    hold_outbox(current_runtime().engine)
    click.echo("先不发送。核对好后运行 flask release。")


@command()
def release() -> None:
    """Let a held database send again, and lift every other pause once its cause is mended."""
    from bot.backup import release as release_outbox

    lifted = release_outbox(current_runtime().engine)
    for reason in lifted:
        click.echo(f"解除暂停：{reason}")
    click.echo("开始发送。" if lifted else "本来就没有暂停。")
