"""The documentation is true: its commands run and end as it says, its links lead somewhere.

In a block fenced as ```console``` every line that begins with `$ guanlian` is run, in the page's order,
in one folder a page that also holds the page's files (`<!-- file: name -->` before a fenced block).
A command ends with code 0 unless `# exit code N` follows it; lines below it, if any, are all that it
prints. ```console store``` needs the store.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from discovery import cli
from discovery.graph.connection import Graph

ROOT: Final = Path(__file__).resolve().parents[1]
PAGES: Final = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])
FILE: Final = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
CONSOLE: Final = re.compile(r"^```console( store)?\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK: Final = re.compile(r"\]\(([^)\s]+)\)")


class Command(NamedTuple):
    """One command of a page: its words, the exit code it tells, what it shows."""

    words: list[str]
    code: int
    shown: str


def commands(page: Path, *, store: bool) -> list[Command]:
    text = page.read_text(encoding="utf-8")
    return [
        command
        for marked, block in CONSOLE.findall(text)
        if bool(marked) == store
        for command in _commands(block)
    ]


def _commands(block: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, shown = part.partition("\n")
        told = re.search(r"# exit code (\d+)$", line)
        words = shlex.split(line, comments=True)
        assert words[0] == "guanlian", f"only guanlian's own commands are run: {line}"
        yield Command(words[1:], int(told[1]) if told else 0, shown)


def pages_with(*, store: bool) -> list[Path]:
    return [page for page in PAGES if commands(page, store=store)]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture
def reader_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Puts a reader in a folder that has the project's sample and the page's own files."""

    def sit(page: Path) -> None:
        (tmp_path / "discovery").symlink_to(ROOT / "discovery")
        for name, text in FILE.findall(page.read_text(encoding="utf-8")):
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    return sit


def run(page: Path, capfd: pytest.CaptureFixture[str], *, store: bool) -> None:
    for command in commands(page, store=store):
        code = cli.run(command.words)
        out, err = capfd.readouterr()

        assert command.code == code, f"guanlian {shlex.join(command.words)}\n{err}"
        if command.shown:
            assert command.shown == out


@pytest.mark.parametrize("page", pages_with(store=False), ids=name_of)
def test_commands_that_need_no_store_do_as_told(page, reader_of, capfd):
    """Exit codes, and the output where the page shows it."""
    reader_of(page)
    run(page, capfd, store=False)


@pytest.mark.parametrize("page", pages_with(store=True), ids=name_of)
def test_commands_on_the_store_do_as_told(page, reader_of, capfd, graph: Graph):
    """The same on a real Neo4j that was empty before."""
    reader_of(page)
    run(page, capfd, store=True)


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_is_documented(command):
    """A command that no page names would never be found."""
    assert any(f"guanlian {command}" in page.read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    """Every relative link names a file that is there."""
    links = LINK.findall(page.read_text(encoding="utf-8"))
    missing = [
        link
        for link in links
        if "://" not in link and not link.startswith("#")
        if not (page.parent / link.partition("#")[0]).exists()
    ]

    assert [] == missing


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=name_of)
def test_every_page_is_reached_from_the_readme(page):
    """A page that nothing links to is not read."""
    assert f"docs/{page.name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_tells_the_test_command():
    """What the project's own check runs is what a reader is told to run."""
    assert "\nbash .ci/run\n" in (ROOT / "README.md").read_text(encoding="utf-8")
