"""Runs the simulator by itself: python -m simulator --port 8001 --county county.xlsx --callback URL."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from simulator.clock import Clock
from simulator.corp import App, Corp
from simulator.county import fill
from simulator.serve import serve
from simulator.world import World

SETTINGS = {
    "port": ("SIMULATOR_PORT", "8001", "port to answer on"),
    "county": ("DEMO_COUNTY", "", "workbook that seeds the directory"),
    "corp-id": ("WECOM_CORP_ID", Corp.corp_id, "the corp"),
    "agent-id": ("WECOM_AGENT_ID", str(App.agentid), "the app"),
    "secret": ("WECOM_SECRET", App.secret, "the app's secret"),
    "token": ("WECOM_TOKEN", App.token, "token of the callback"),
    "aes-key": ("WECOM_AES_KEY", App.aes_key, "EncodingAESKey of the callback"),
}


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """The settings from the command line, else from the environment, else those of the invented corp."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description="A pretend WeCom over HTTP.")
    parser.add_argument("--host", default="127.0.0.1", help="address to answer on")
    public = os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    parser.add_argument("--console", default=public, help="the service's pages, linked on the chat page")
    parser.add_argument("--callback", default=f"{public}/wecom/callback", help="where callbacks go")
    for name, (variable, fallback, text) in SETTINGS.items():
        parser.add_argument(f"--{name}", default=os.environ.get(variable) or fallback, help=f"{text} ({variable})")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> None:
    """Seed a world and serve it."""
    given = read_arguments(arguments)
    app = App(agentid=int(given.agent_id), secret=given.secret, token=given.token, aes_key=given.aes_key)
    world = World(Corp(corp_id=given.corp_id), app, Clock.from_environment())
    if given.county and Path(given.county).exists():
        fill(world, Path(given.county))
    world.console_url = given.console
    world.connect(given.callback)
    serve(world, given.host, int(given.port))


if __name__ == "__main__":
    main(sys.argv[1:])
