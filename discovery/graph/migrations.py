"""The store's schema: numbered files under `cypher/schema/`, each applied once and noted in the store."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from discovery.errors import StoreError
from discovery.graph.connection import Graph
from discovery.graph.queries import FOLDER, SCHEMA

_NAME: Final = re.compile(r"^(\d{3})_(\w+)$")


def files(folder: Path = FOLDER / SCHEMA) -> list[tuple[int, str, list[str]]]:
    """Number, name and statements of each migration, in order; numbers run from 1 without a gap."""
    found: list[tuple[int, str, list[str]]] = []
    for path in sorted(folder.glob("*.cypher")):
        named = _NAME.match(path.stem)
        if not named or int(named.group(1)) != len(found) + 1:
            raise StoreError(f"{path.name} is not the migration numbered {len(found) + 1:03}.")
        found.append((int(named.group(1)), path.stem, statements(path.read_text(encoding="utf-8"))))
    return found


def statements(text: str) -> list[str]:
    """The statements of a migration; none of them holds a semicolon of its own."""
    body = "\n".join(line for line in text.splitlines() if not line.startswith("//"))
    return [part.strip() for part in body.split(";") if part.strip()]


def migrate(graph: Graph) -> list[str]:
    """Apply what the store has not had yet; the names applied. Safe to repeat after a break."""
    had = {row["number"] for row in graph.read_anyway("store/migrations")}
    known = files()
    if had - {number for number, _, _ in known}:
        raise StoreError(
            "The store was written by a newer Guanlian.", remedy="Use that version, or another store."
        )
    due = [(number, name, parts) for number, name, parts in known if number not in had]
    for number, name, parts in due:
        graph.run_schema(*parts)
        graph.run_schema("CALL db.awaitIndexes(300)")
        graph.write("store/migrated", number=number, name=name)
    return [name for _, name, _ in due]
