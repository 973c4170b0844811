"""The docs against the project: what they name exists, and their examples work."""

import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from sqlmodel import SQLModel

import handlers  # noqa: F401 importing it registers every handler
import jobs  # noqa: F401 importing it registers every job
import models  # noqa: F401 importing it fills the metadata
from bot.registry import COMMANDS, JOBS, Command
from bot.settings import Settings, load_settings
from cli import COMMANDS as FLASK_COMMANDS
from models.person import Role

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
GUIDE = DOCS / "user-guide.md"
EXTENDING = DOCS / "extending.md"
CODE = ["cli", "bot", "handlers", "jobs", "console", "services", "models", "domain", "simulator", "migrations", "tests"]
OF_FLASK = {"run", "shell", "routes"}
SECONDS_FOR_THE_EXAMPLES = 110

EXAMPLES = dict(
    re.findall(r"^`([\w/.]+)`\n\n```(?:python|html)\n(.*?)^```$", EXTENDING.read_text(encoding="utf-8"), re.M | re.S)
)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def without_examples(text: str) -> str:
    """The prose: what is made up inside a fence need not exist."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, made the way GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", without_examples(read(page)), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


@every_page
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    lost = []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_examples(read(page))):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        if not found.exists() or (anchor and anchor not in anchors(found)):
            lost.append(target)

    assert lost == []


def test_every_picture_is_used_and_small() -> None:
    pictures = {path.name for path in (DOCS / "pictures").glob("*.png")}
    shown = {Path(target).name for page in PAGES for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", read(page))}

    assert pictures == shown
    assert [name for name in pictures if (DOCS / "pictures" / name).stat().st_size >= 150_000] == []


@every_page
def test_every_flask_command_exists(page: Path) -> None:
    named = set(re.findall(r"(?:`|bin/|^)flask ([a-z]+)", read(page), re.M))

    assert named <= {command.name for command in FLASK_COMMANDS} | OF_FLASK


def test_operations_tell_of_every_flask_command() -> None:
    text = read(DOCS / "operations.md")

    assert [command.name for command in FLASK_COMMANDS if f"`flask {command.name}" not in text] == []


@every_page
def test_every_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read(ROOT / "Makefile"), re.M))

    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", read(page), re.M)) <= targets


@every_page
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]*\.(?:py|md|html|env|toml|mako|css))\b", without_examples(read(page)))

    assert [path for path in named if path not in EXAMPLES and not (ROOT / path).exists()] == []


@every_page
def test_every_name_beside_a_file_is_in_that_file(page: Path) -> None:
    pairs = re.findall(r"`((?:\w+/)+\w+\.py): ?([\w.]+)`", without_examples(read(page)))

    def is_there(path: str, name: str) -> bool:
        source = read(ROOT / path)
        return all(re.search(rf"\b{part}\b", source) for part in name.split("."))

    assert [pair for pair in pairs if not is_there(*pair)] == []


@pytest.mark.parametrize("page", [DOCS / "architecture.md", DOCS / "glossary.md"], ids=name_of)
def test_every_table_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"tables? `([a-z_]+)`", read(page)))

    assert named
    assert named <= set(SQLModel.metadata.tables)


def test_the_guide_tells_of_every_command_and_of_no_other() -> None:
    told = [said.lower() for said in re.findall(r"^\| `([^`]+)` ", read(GUIDE), re.M)]

    def tells_of(said: str, command: Command) -> bool:
        return said.startswith((command.word, *command.aliases))

    assert [said for said in told if not any(tells_of(said, command) for command in COMMANDS.values())] == []
    assert {command.word for command in COMMANDS.values() if not any(tells_of(said, command) for said in told)} == set()


def test_the_guide_names_roles_as_the_workbook_does() -> None:
    named = set(re.findall(r"（角色：([^）]+)）", read(GUIDE)))

    assert named
    assert {role for roles in named for role in roles.split("、")} <= {role.value for role in Role}


def test_every_job_is_told_of() -> None:
    text = read(DOCS / "operations.md")

    assert [name for name in JOBS if f"`{name}`" not in text] == []


@pytest.mark.parametrize("page", [ROOT / ".env.example", DOCS / "operations.md"], ids=name_of)
def test_every_setting_is_told_of(page: Path) -> None:
    text = read(page)

    assert [name for name in Settings.model_fields if name.upper() not in text] == []


def test_the_example_settings_are_taken_as_they_stand() -> None:
    load_settings(_env_file=ROOT / ".env.example").require_wecom()


def test_operations_tell_of_every_log_event() -> None:
    folders = ("bot", "console", "cli", "services", "jobs", "handlers")
    sources = "\n".join(read(path) for folder in folders for path in (ROOT / folder).rglob("*.py"))
    events = set(re.findall(r"\blog\.(?:info|warning|error|exception)\(\s*\"(\w+)\"", sources))
    told = read(DOCS / "operations.md")

    assert events
    assert [event for event in events if f"`{event}`" not in told] == []


def test_the_tree_in_the_readme_is_the_tree_on_disk() -> None:
    tree = re.search(r"^```text\n(.*?)^```$", read(ROOT / "README.md"), re.M | re.S)
    assert tree is not None
    told = set(re.findall(r"^([a-z]+)/", tree[1], re.M))
    on_disk = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))}

    assert told == on_disk - {"var", "htmlcov"}


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((DOCS / "adr").glob("*.md"))]

    assert numbers[0] == 1
    assert all(later - earlier == 1 for earlier, later in pairwise(numbers))


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the examples in it, and their migration drafted the way the page says."""
    copy = tmp_path_factory.mktemp("extended")
    for name in (*CODE, "app.py", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy(source, copy / name)
    for path, text in EXAMPLES.items():
        assert not (copy / path).exists(), f"{path} is in the project already"
        (copy / path).write_text(text, encoding="utf-8")
    registry = copy / "models" / "__init__.py"
    registry.write_text(
        read(registry)
        .replace("    voice,\n", "    visit,\n    voice,\n")
        .replace('    "voice",\n', '    "visit",\n    "voice",\n'),
        encoding="utf-8",
    )
    drafted = run(copy, "migrations", "add_visits")
    assert drafted.returncode == 0, drafted.stderr
    return copy


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A module of the copy, with nothing of this shell's settings."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=SECONDS_FOR_THE_EXAMPLES,
        check=False,
    )


def test_the_drafted_migration_makes_the_example_table(extended: Path) -> None:
    (draft,) = (extended / "migrations" / "versions").glob("*_add_visits.py")

    assert re.findall(r"create_table\(\s*['\"](\w+)", read(draft)) == ["visit"]


def test_the_examples_pass_their_own_tests(extended: Path) -> None:
    done = run(extended, "pytest", "tests/handlers/test_visits.py", "-q", "-p", "no:randomly", "-k", "sqlite")

    assert done.returncode == 0, done.stdout[-3000:]


def test_the_examples_are_typed_and_tidy(extended: Path) -> None:
    paths = [path for path in EXAMPLES if path.endswith(".py")]

    for checker in (("ruff", "check"), ("ruff", "format", "--check")):
        done = run(extended, *checker, *paths)
        assert done.returncode == 0, done.stdout
