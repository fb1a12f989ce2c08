"""The documents tell the truth about commands, files and links."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from tallywire.cli import app

ROOT = Path(__file__).parent.parent
DOCUMENTS = {path.name: path for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))}
COMMAND = re.compile(r"(?:\.venv/bin/|`)tallywire (?:--prefix \S+ )?([a-z]+)(?: ([a-z]+))?")
LINK = re.compile(r"\]\((?!https?://)([^)#]+)")
MAKE = re.compile(r"(?:^|`)make ([a-z]+)", re.MULTILINE)


def command_names() -> dict[str, set[str]]:
    """Return every command of the command line with its subcommands."""
    group = typer.main.get_command(app)
    return {name: set(getattr(command, "commands", {})) for name, command in group.commands.items()}  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_command_named_exists(path: Path) -> None:
    """A reader can type what a document says."""
    known = command_names()
    for name, below in COMMAND.findall(path.read_text("utf-8")):
        assert name in known
        assert not known[name] or not below or below in known[name]


@pytest.mark.parametrize("path", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_link_leads_somewhere(path: Path) -> None:
    """No document points at a file that isn't there."""
    for target in LINK.findall(path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_make_target_named_exists(path: Path) -> None:
    """`make X` in a document is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(MAKE.findall(path.read_text("utf-8"))) <= targets


def test_the_offline_example_works() -> None:
    """The README's example gives what it promises."""
    readme = (ROOT / "README.md").read_text("utf-8")
    (line,) = re.findall(r"^echo '(\{.*\})' \\$", readme, re.MULTILINE)
    ended = subprocess.run(
        [sys.executable, "-m", "tallywire", "extract"], input=line, capture_output=True, text=True, check=True
    )
    assert '"Bukoba"' in ended.stdout
    assert '"low":23' in ended.stdout


def test_every_command_has_help() -> None:
    """`--help` of each command ends well and says what it is for."""
    for name, below in command_names().items():
        for words in ([name], *([name, sub] for sub in sorted(below))):
            ended = subprocess.run(
                [sys.executable, "-m", "tallywire", *words, "--help"], capture_output=True, text=True, check=True
            )
            assert "Usage:" in ended.stdout
