"""Composition root: the web application and the `flask …` commands are put together here and nowhere else."""

import click
from flask import Flask

from bot.callback import CallbackDoor
from bot.health import health_pages
from bot.inbox_writer import InboxWriter
from bot.logs import configure_logs
from bot.runtime import Runtime, build_runtime
from bot.settings import load_settings
from bot.wecom.crypto import CallbackCipher


def create_app(runtime: Runtime | None = None) -> Flask:
    """The web application; under a server it refuses to start without the settings it takes to talk to WeCom.

    A `flask …` command gets the same app, but only `serve`, `worker` and `clock` need WeCom.
    """
    configure_logs()
    runtime = runtime or build_runtime(load_settings())
    app = Flask("linge", root_path=__file__.rpartition("/")[0], static_folder=None)
    app.extensions["runtime"] = runtime
    metrics_token = runtime.settings.metrics_token
    app.register_blueprint(
        health_pages(runtime.engine, runtime.clock, metrics_token.get_secret_value() if metrics_token else "")
    )
    is_command = click.get_current_context(silent=True) is not None
    if not is_command:
        runtime.settings.require_wecom()
        _open_callback(app, runtime)
    return app


def _open_callback(app: Flask, runtime: Runtime) -> None:
    settings = runtime.settings
    assert settings.wecom_token is not None
    assert settings.wecom_aes_key is not None
    cipher = CallbackCipher(
        settings.wecom_token.get_secret_value(), settings.wecom_aes_key.get_secret_value(), settings.wecom_corp_id
    )
    writer = InboxWriter(runtime.engine)
    app.extensions["inbox_writer"] = writer
    app.wsgi_app = CallbackDoor(app.wsgi_app, cipher, writer, runtime.clock)  # type: ignore[method-assign]  # Flask's documented way to wrap itself
