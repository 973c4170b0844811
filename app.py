"""Composition root: the web application is put together here and nowhere else."""

import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import ScriptInfo

from bot.logs import configure_logs
from bot.runtime import Runtime, build_runtime
from bot.settings import BadSettings, load_settings
from cli import COMMANDS
from models.key_check import WrongKeys, confirm_keys

ROOT = Path(__file__).parent
# Gunicorn ends on this status of a worker instead of starting it again and again.
GIVE_UP = 4


def create_app(runtime: Runtime | None = None) -> Flask:
    """The web application with its `flask …` commands.

    Under a server it refuses to start without the settings it takes to talk to WeCom; of the commands only those that
    talk to WeCom need them.
    """
    configure_logs()
    terminal = click.get_current_context(silent=True)
    # A server may be a command of its own; only Flask's carry this.
    is_command = terminal is not None and terminal.find_object(ScriptInfo) is not None
    try:
        runtime = runtime or build_runtime(load_settings())
        if not is_command:
            runtime.settings.require_wecom()
            confirm_keys(runtime.engine)
    except (BadSettings, WrongKeys) as complaint:
        # A list of what to mend, not a stack: whoever starts the service need not read Python.
        click.echo(str(complaint), err=True)
        sys.exit(1 if is_command else GIVE_UP)
    app = Flask("linge", root_path=str(ROOT), static_folder=None)
    app.extensions["runtime"] = runtime
    for command in COMMANDS:
        app.cli.add_command(command)
    if not is_command:
        _open_doors(app, runtime)
    return app


def _open_doors(app: Flask, runtime: Runtime) -> None:
    """Adds the callback, the health pages and the console; a command on the terminal needs none of them."""
    # Only the web needs these: without them commands start a sixth sooner, worker and clock take 10 MB less.
    import jobs  # noqa: F401, PLC0415 importing it registers what the console shows as scheduled
    from bot.callback import CallbackDoor  # noqa: PLC0415 see above
    from bot.health import health_pages  # noqa: PLC0415 see above
    from bot.inbox_writer import InboxWriter  # noqa: PLC0415 see above
    from bot.wecom.crypto import CallbackCipher  # noqa: PLC0415 see above
    from console import open_console  # noqa: PLC0415 see above

    settings = runtime.settings
    metrics_token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    app.register_blueprint(health_pages(runtime.engine, runtime.clock, metrics_token))
    open_console(app, runtime)
    assert settings.wecom_token is not None
    assert settings.wecom_aes_key is not None
    cipher = CallbackCipher(
        settings.wecom_token.get_secret_value(), settings.wecom_aes_key.get_secret_value(), settings.wecom_corp_id
    )
    app.wsgi_app = CallbackDoor(app.wsgi_app, cipher, InboxWriter(runtime.engine), runtime.clock)  # type: ignore[method-assign]  # Flask's documented way to wrap itself
