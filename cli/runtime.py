"""What every command starts from."""

import click
from flask import current_app

from bot.runtime import Runtime
from bot.settings import BadSettings


def current_runtime(*, needs_wecom: bool = False) -> Runtime:
    """The runtime of this command; ends it with a list of what is missing when it needs WeCom's settings."""
    runtime: Runtime = current_app.extensions["runtime"]
    if needs_wecom:
        try:
            runtime.settings.require_wecom()
        except BadSettings as complaint:
            raise click.ClickException(str(complaint)) from None
    return runtime
