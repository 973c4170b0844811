"""`python -m migrations NAME` drafts the next change: what the models have and the newest schema lacks."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from migrations import alembic_config, migrate
from models.engine import open_database


def draft(name: str) -> None:
    """Writes the next file in `versions`, numbered on."""
    number = len(list((Path(__file__).parent / "versions").glob("*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/empty.db")
        if number > 1:
            migrate(engine)
        with engine.begin() as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            command.revision(config, name, autogenerate=True, rev_id=f"{number:04d}")
        engine.dispose()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("say what changes: make migration name=add_visits")
    draft(sys.argv[1])
