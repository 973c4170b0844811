"""The real commands as a person types them: a process each, from the project's root, with a clean environment."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator import World
from tests.keys import DATA_KEYS

ROOT = Path(__file__).parents[2]
SECRET_KEY = "a-secret-for-tests-only"


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


@dataclass(frozen=True)
class Terminal:
    """Runs commands; `environment` holds the settings and nothing of the developer's own."""

    environment: Mapping[str, str]
    folder: Path = ROOT

    def flask(self, *words: str | Path, **settings: str) -> Ended:
        """Runs `flask …` to its end."""
        return self.run(*flask(*words), **settings)

    def run(self, *command: str | Path, **settings: str) -> Ended:
        """Runs a command to its end."""
        done = subprocess.run(
            [str(word) for word in command],
            cwd=self.folder,
            env={**self.environment, **settings},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def start(self, log: Path, *command: str | Path, **settings: str) -> "subprocess.Popen[bytes]":
        """Starts a command that goes on; all it prints goes to the file `log`."""
        with log.open("ab") as output:
            return subprocess.Popen(
                [str(word) for word in command],
                cwd=self.folder,
                env={**self.environment, **settings},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )


def flask(*words: str | Path) -> list[str]:
    """The command line of `flask …`."""
    return [sys.executable, "-m", "flask", *map(str, words)]


def clean_environment(home: Path) -> dict[str, str]:
    """What a new account's shell has, without any setting of ours."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}"
    return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "FLASK_APP": "app"}


def settings_of(world: World, database_url: str) -> dict[str, str]:
    """The settings of a service that talks to a simulated corp."""
    return {
        "DATABASE_URL": database_url,
        "SECRET_KEY": SECRET_KEY,
        "DATA_KEYS": DATA_KEYS,
        "WECOM_CORP_ID": world.corp.corp_id,
        "WECOM_AGENT_ID": str(world.app.agentid),
        "WECOM_SECRET": world.app.secret,
        "WECOM_TOKEN": world.app.token,
        "WECOM_AES_KEY": world.app.aes_key,
        "WECOM_API_URL": world.url,
    }
