"""Data flows one way: a room of the house imports only rooms above it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = (
    "facts",
    "exchange",
    "names",
    "kinship",
    "policies",
    "evidence",
    "control",
    "connections",
    "groups",
    "exposure",
    "graph",
    "service",
)
DOORS = ("cli", "commands", "api")  # what people and programs call; they ask the service
FOR_ALL = {"errors"}
WORDS = {"discovery.evidence.models", "discovery.evidence.wording", "discovery.evidence.words"}
SHOWN = WORDS | {"discovery.facts.report"}
HANDED_ON = {  # values that are handed on as they are
    ("discovery.control.pairs", "MOST_PAIRS"),
    ("discovery.exchange.importing", "ImportReport"),
    ("discovery.groups", "Answer"),
    ("discovery.names.commands", "app"),
}


class Use(NamedTuple):
    """One import: which module, which name of it, and where it stands."""

    module: str
    name: str
    place: str


def modules() -> list[Path]:
    return sorted([*(ROOT / "discovery").rglob("*.py"), *(ROOT / "api").rglob("*.py")])


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return "api" if parts[0] == "api" else parts[1]


@cache
def uses(path: Path) -> tuple[Use, ...]:
    """All imports of a file, also those inside functions."""
    return tuple(_uses(path))


def _uses(path: Path) -> Iterator[Use]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            assert not node.level, f"{place}: imports name the whole way"
            yield from (Use(module, alias.name, place) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (Use(alias.name, "", place) for alias in node.names)


def room_named(use: Use) -> str | None:
    """The room that an import enters; None for code that is not ours and for the package itself."""
    top, _, rest = use.module.partition(".")
    if top == "api":
        return "api"
    if top != "discovery":
        return None
    return rest.partition(".")[0] or (use.name if use.name in {*ROOMS, *DOORS} else None)


def may(room: str, use: Use, target: str) -> bool:
    """May that room import this?"""
    if target == room or target in FOR_ALL:
        return True
    if room in DOORS:
        return (
            target in {"service", "commands", "api"}
            or use.module in SHOWN
            or (use.module, use.name) in HANDED_ON
        )
    if room == "graph":
        return target == "facts" or use.module in WORDS
    return target in ROOMS and ROOMS.index(target) < ROOMS.index(room)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_rooms_above_its_own(path):
    """The order of the rooms; the doors ask the service; the store's room knows facts and evidence models."""
    room = room_of(path)
    if room in FOR_ALL | {"__init__"}:
        assert [] == [use for use in uses(path) if room_named(use)]
        return
    assert room in {*ROOMS, *DOORS}, f"{room} has no place in the order of the rooms"

    wrong = [
        f"{use.place} imports {use.module}"
        for use in uses(path)
        if (target := room_named(use)) is not None and not may(room, use, target)
    ]

    assert [] == wrong


def test_the_order_is_held_by_this_test():
    """A wrong import is seen: the engine may not know the store, nor the store the engine."""
    assert not may("groups", Use("discovery.graph.snapshot", "snapshot", ""), "graph")
    assert not may("graph", Use("discovery.groups", "discover", ""), "groups")
    assert not may("api", Use("discovery.groups", "discover", ""), "groups")
    assert may("service", Use("discovery.graph.snapshot", "snapshot", ""), "graph")


def test_the_driver_is_imported_by_the_graph_room_alone():
    """Nothing else talks to Neo4j."""
    wrong = [
        use.place
        for path in modules()
        if room_of(path) != "graph"
        for use in uses(path)
        if use.module.partition(".")[0] == "neo4j"
    ]

    assert [] == wrong


def test_the_library_knows_no_http():
    """FastAPI and its kin stay in the API; a command starts the service through the API's one function."""
    web = {"fastapi", "starlette", "uvicorn", "httpx"}
    wrong = [
        use.place
        for path in modules()
        if room_of(path) != "api"
        for use in uses(path)
        if use.module.partition(".")[0] in web
    ]

    assert [] == wrong


UNSAID = re.compile(r"#\s*(?:ruff: )?(?:noqa(?::[\sA-Z0-9,]+)?|type: ignore(?:\[[\w\-, ]+\])?)[\s#-]*$")


def test_whatever_is_not_checked_has_its_reason_beside_it():
    """A `noqa` or `type: ignore` names the rule and says in a word why it does not hold there."""
    places = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("discovery", "api", "benchmarks", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNSAID.search(line)
    ]

    assert [] == places
    assert UNSAID.search("x = 1  # noqa: S311")
    assert UNSAID.search("x = 1  # type: ignore[arg-type]")
    assert not UNSAID.search("x = 1  # noqa: S311  not a secret")
