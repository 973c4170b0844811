"""Alembic's entry: works on the connection that `migrate` or the developer's command opened."""

from alembic import context
from sqlmodel import SQLModel

import models  # noqa: F401 importing it fills the metadata
from models.engine import open_database


def run(connection: object) -> None:
    """Applies the changes within the caller's transaction."""
    context.configure(
        connection=connection,  # type: ignore[arg-type]  # handed over untyped through the config
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=False,
    )
    context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with open_database(context.get_x_argument(as_dictionary=True)["url"]).begin() as opened:
        run(opened)
