"""The query files under `cypher/`: loaded once, their headers held against their bodies.

A file is one statement below a header of comments, so that code, Neo4j Browser and cypher-shell run it
as it is:

    // Companies a party holds                          the title
    // Purpose: ...                                     why one asks
    // Params:  $party  string  whose holdings          or `none`
    // Returns: company string  the company's id        or `none`
    // Try:     :param party => "p_1"                   JSON; one a line, for every parameter

Its name is its path without suffix. `schema/` holds the migrations, which are no questions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import discovery
from discovery.graph.failures import QueryMisused

FOLDER: Final = Path(discovery.__file__).parent.parent / "cypher"
SCHEMA: Final = "schema"
LANGUAGE: Final = "CYPHER 5\n"  # what 5.26 and the 2026 line both speak
TYPES: Final = ("string", "integer", "boolean", "list", "map", "path", "float")
_SECTION: Final = re.compile(r"^(Purpose|Params|Returns|Try):\s*(.*)$")
_PARAM: Final = re.compile(r"\$(\w+)")
_TRY: Final = re.compile(r"^:param (\w+) => (.+)$")
_WRITES: Final = re.compile(r"\b(CREATE|MERGE|SET|DELETE|REMOVE)\b")
_QUOTED: Final = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`|//[^\n]*")


@dataclass(frozen=True)
class Named:
    """A parameter or a column as the header declares it."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class QueryFile:
    """One question: what it is called, asks for, takes and gives, and its own example."""

    name: str
    title: str
    purpose: str
    params: tuple[Named, ...]
    returns: tuple[Named, ...]
    example: Mapping[str, object]
    body: str

    @property
    def text(self) -> str:
        return LANGUAGE + self.body

    @property
    def columns(self) -> list[str]:
        return [column.name for column in self.returns]

    @property
    def writes(self) -> bool:
        return bool(_WRITES.search(_QUOTED.sub("", self.body)))

    def check(self, given: Mapping[str, object]) -> None:
        """Refuse other parameters than those declared."""
        wanted = {param.name for param in self.params}
        if given.keys() != wanted:
            raise QueryMisused(f"{self.name} takes {sorted(wanted)}, not {sorted(given)}.", query=self.name)


class QueryFiles(Mapping[str, QueryFile]):
    """All query files of a folder, by name."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {
            query.name: query
            for path in sorted(folder.rglob("*.cypher"))
            if path.relative_to(folder).parts[0] != SCHEMA
            for query in [parse(path.relative_to(folder).with_suffix("").as_posix(), path)]
        }

    def __getitem__(self, name: str) -> QueryFile:
        try:
            return self._files[name]
        except KeyError as error:
            raise QueryMisused(f"There is no query file {name}.", query=name) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


@cache
def query_files() -> QueryFiles:
    """The project's own query files, read once."""
    return QueryFiles()


def parse(name: str, path: Path) -> QueryFile:
    """Read one file and hold its header against its body; QueryMisused says what does not fit."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line.removeprefix("//").strip() for line in lines if line.startswith("//")]
    body = "\n".join(line for line in lines if not line.startswith("//")).strip()
    sections = _sections(header[1:])
    query = QueryFile(
        name,
        header[0] if header else "",
        " ".join(sections["Purpose"]),
        tuple(_named(line.removeprefix("$"), name) for line in sections["Params"]),
        tuple(_named(line, name) for line in sections["Returns"]),
        dict(_tried(line, name) for line in sections["Try"]),
        body.removesuffix(";"),
    )
    _hold_together(query)
    return query


def _sections(lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {key: [] for key in ("Purpose", "Params", "Returns", "Try")}
    current = ""
    for line in lines:
        opened = _SECTION.match(line)
        if opened:
            current, line = opened.group(1), opened.group(2)  # noqa: PLW2901  what is left of the line
        if current and line and line != "none":
            found[current].append(line)
    return found


def _named(line: str, query: str) -> Named:
    parts = line.split(None, 2)
    if len(parts) < 3 or parts[1] not in TYPES:
        raise QueryMisused(f"{query}: '{line}' is not `name type meaning`, type one of {TYPES}.", query=query)
    return Named(*parts)


def _tried(line: str, query: str) -> tuple[str, object]:
    found = _TRY.match(line)
    if not found:
        raise QueryMisused(f"{query}: '{line}' is not `:param name => JSON`.", query=query)
    try:
        return found.group(1), json.loads(found.group(2))
    except ValueError as error:
        raise QueryMisused(f"{query}: the value of {found.group(1)} is not JSON.", query=query) from error


def _hold_together(query: QueryFile) -> None:
    declared = {param.name for param in query.params}
    used = set(_PARAM.findall(query.body))
    tried = set(query.example)
    if not query.title or not query.purpose or not query.body:
        raise QueryMisused(f"{query.name}: title, Purpose and one statement are needed.", query=query.name)
    if not declared == used == tried:
        raise QueryMisused(
            f"{query.name}: declared {sorted(declared)}, used {sorted(used)}, tried {sorted(tried)}.",
            query=query.name,
        )
    if ";" in _QUOTED.sub("", query.body):
        raise QueryMisused(f"{query.name}: one statement a file.", query=query.name)
