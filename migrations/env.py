"""Alembic's entry: works on the connection that `migrate` or the developer's command opened."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import types
from sqlmodel import SQLModel

import models  # noqa: F401 importing it fills the metadata
from models.engine import open_database


def plain_type(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Writes our own column types down as what the database stores: a migration must outlive the models."""
    if kind != "type":
        return False
    stored = thing.impl_instance if isinstance(thing, types.TypeDecorator) else thing
    if isinstance(stored, types.DateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(stored, types.Text):
        return "sa.Text()"
    if isinstance(stored, types.String):
        return f"sa.String({stored.length})"
    if isinstance(stored, types.LargeBinary):
        return "sa.LargeBinary()"
    return "sa.BigInteger()" if isinstance(thing, types.TypeDecorator) else False


def run(connection: object) -> None:
    """Applies the changes within the caller's transaction."""
    context.configure(
        connection=connection,  # type: ignore[arg-type]  # handed over untyped through the config
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        render_item=plain_type,
    )
    context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with open_database(context.get_x_argument(as_dictionary=True)["url"]).begin() as opened:
        run(opened)
