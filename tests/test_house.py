"""What the packages promise about themselves: layers, sizes, names, registrations and help."""

import ast
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import handlers
import jobs
from bot.dispatch import find_command
from bot.message import Audience, Sender
from bot.registry import COMMANDS, JOBS, MESSAGES, STEPS
from models.person import Person
from tests.cli.terminal import ROOT

LONGEST_FILE = 300
MEANINGLESS = {"util", "utils", "common", "helper", "helpers", "manager", "base"}
# Packages of tools around the service, which no import contract speaks of.
TOOLS = {"tests", "benchmarks"}
PRODUCT = sorted(
    path
    for path in ROOT.glob("*/**/*.py")
    if path.relative_to(ROOT).parts[0].isidentifier()
    and path.relative_to(ROOT).parts[0] not in {"tests", "node_modules"}
)
PRODUCT.append(ROOT / "app.py")
OURS = [*PRODUCT, *sorted((ROOT / "tests").rglob("*.py"))]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_import_contract_knows_every_package() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert set(contract) == packages - TOOLS


@pytest.mark.parametrize(("package", "tables"), [(handlers, (COMMANDS, STEPS, MESSAGES)), (jobs, (JOBS,))])
def test_every_file_registers_something_or_is_shared_by_those_that_do(
    package: ModuleType, tables: tuple[Mapping[Any, Any], ...]
) -> None:
    folder = Path(package.__path__[0])
    texts = {path.stem: path.read_text() for path in folder.glob("*.py") if path.stem != "__init__"}
    registers = re.compile(r"^@(command|step|message|job)\(", re.MULTILINE)

    silent = {name for name, text in texts.items() if not registers.search(text)}
    shared = {
        name for name in silent if sum(f"from {package.__name__}.{name} import" in text for text in texts.values()) > 1
    }

    assert silent == shared
    assert all(table for table in tables)


def test_no_file_is_too_long_to_read_at_once() -> None:
    lengths = {named(path): len(path.read_text().splitlines()) for path in OURS if "versions" not in path.parts}

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [named(path) for path in OURS if path.stem in MEANINGLESS] == []


def test_every_word_and_every_job_explains_itself() -> None:
    assert [command.word for command in COMMANDS.values() if not command.help.strip()] == []
    assert [name for name, job in JOBS.items() if not job.help.strip()] == []


@pytest.mark.parametrize(("audience", "word"), sorted(COMMANDS), ids=str)
def test_every_word_and_its_example_find_the_handler(audience: Audience, word: str) -> None:
    command = COMMANDS[audience, word]
    entitled = Sender(
        "lihua", audience, Person(account="lihua", account_key="lihua", name="李花", unit_id=1), command.allow
    )

    found = [find_command(text, entitled) for text in (word, command.example)]

    assert [spoken and spoken[0] for spoken in found] == [command, command]


def test_the_product_prints_nothing() -> None:
    printing = [
        f"{named(path)}:{node.lineno}"
        for path in PRODUCT
        if path.relative_to(ROOT).parts[0] != "benchmarks"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]

    assert printing == []


def test_every_exception_to_a_rule_gives_its_reason() -> None:
    exception = re.compile(r"# (?:noqa: [A-Z0-9, ]+?|type: ignore\[[a-z0-9, -]+\])(?P<reason>$| .*$)")
    without = [
        f"{named(path)}:{number}"
        for path in OURS
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if (found := exception.search(line)) and not re.search(r"[A-Za-z]{3,}", found["reason"])
    ]

    assert without == []
