"""What every command starts from, and what it says instead of a stack."""

import functools
from typing import Any

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from bot.runtime import Runtime
from bot.settings import BadSettings
from domain.errors import DomainError
from models.key_check import confirm_keys


class PlainCommand(click.Command):
    """A command that ends with a sentence when a person can mend the fault; only a fault of ours shows a stack."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except (DomainError, BadSettings) as refusal:
            raise click.ClickException(str(refusal)) from None
        except SQLAlchemyError:
            from bot.doctor import Verdict, examine_database

            finding = examine_database(current_runtime(checks_keys=False))
            if finding.verdict is Verdict.RIGHT:
                raise
            raise click.ClickException(f"{finding.subject}{finding.text}") from None


command = functools.partial(click.command, cls=PlainCommand)


def current_runtime(*, needs_wecom: bool = False, checks_keys: bool = True) -> Runtime:
    """The runtime of this command; refuses with a list of what is missing when it needs WeCom's settings.

    Refuses as well when the database was encrypted with a key that is not here.
    """
    runtime: Runtime = current_app.extensions["runtime"]
    if needs_wecom:
        runtime.settings.require_wecom()
    if checks_keys:
        confirm_keys(runtime.engine)
    return runtime
