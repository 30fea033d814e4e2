"""Every command has help, stands in docs/commands.md, and the list of commands tells the truth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from discovery.cli import COMMANDS, loaded, run

DOCS = (Path(__file__).parent.parent / "docs" / "commands.md").read_text(encoding="utf-8")


def _all() -> Iterator[tuple[str, Any]]:
    """Each command with its sub commands, by the words that call it."""
    for name in COMMANDS:
        command = loaded(name)
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, command
        else:
            yield from ((f"{name} {sub}", found) for sub, found in inner.items())


EVERY = dict(_all())


@pytest.mark.parametrize("words", EVERY)
def test_a_command_is_helped_and_documented(words: str) -> None:
    """It has a sentence of help, each of its options one too, and a section that names every option."""
    command = EVERY[words]
    section = DOCS.partition(f"## `guanlian {words}")[2].partition("\n## ")[0]

    assert command.help
    assert section, words
    for param in command.params:
        assert param.help or param.name == "help", (words, param.name)
        for option in param.opts:
            if option.startswith("--") and option != "--help":
                assert f"`{option}" in section or f"`{option}" in DOCS.partition("\n## ")[0], (words, option)


def test_the_documented_commands_exist() -> None:
    """No section is about a command that is not there."""
    named = re.findall(r"^## `guanlian ([a-z -]+?)(?:`| [\[A-Z])", DOCS, re.MULTILINE)

    assert sorted(EVERY) == sorted(name.strip() for name in named)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_answered(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`guanlian NAME --help` ends with 0."""
    assert run([name, "--help"]) == 0
    assert "Usage: guanlian" in capsys.readouterr().out


def test_the_contracts_commands_are_there() -> None:
    """The commands others script against."""
    asked = "demo load loads unload import groups why why-not control check serve names"

    assert {*asked.split(), "store", "policy"} <= COMMANDS.keys()
    assert {"store start", "store stop", "store status", "store fetch", "store reset"} <= EVERY.keys()
    assert {"policy list", "policy show"} <= EVERY.keys()
