"""Queries of resolve from files and words, and the world they are asked of when no service is running."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from discovery.errors import BadInput, UsageError
from discovery.facts.graph import fact_graph
from discovery.groups import discover_in
from discovery.names.files import refuse_ids
from discovery.names.tables import read_table
from discovery.service import kept
from discovery.service.answers import Asked as Day
from discovery.service.entities import CALLED, SCHEMAS
from discovery.service.groups import Groups
from discovery.service.neighbourhood import Neighbourhood
from discovery.service.resolving import Asked, World, refuse_queries, resolve
from discovery.service.sources import Progress

Document = dict[str, Any]
MOST_BYTES: Final = 64 * 1024 * 1024


def read_queries(file: Path) -> Document:
    """Queries by key: of a JSON file its `queries`, of a CSV one a row; BadInput names what is wrong.

    UsageError if there is no such file.
    """
    if file.suffix.lower() != ".json":
        table = read_table(file, ("id", "name"))
        refuse_ids(table, file)
        return {"queries": {row["id"]: _of_row(row) for row in table.to_dicts()}}
    if not file.is_file():
        raise UsageError(f"There is no file {file}.", remedy="Check the path.", file=str(file))
    try:
        if file.stat().st_size > MOST_BYTES:
            raise BadInput(
                f"{file} is larger than 64 MB.", remedy="Send the queries in parts.", file=str(file)
            )
        found = orjson.loads(file.read_bytes().removeprefix(BOM_UTF8))
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}.", remedy="Check the path.", file=str(file)) from error
    except orjson.JSONDecodeError as error:
        raise BadInput(
            f"{file} is no JSON: {error.msg}, line {error.lineno}.", remedy="Correct it.", file=str(file)
        ) from error
    if not isinstance(found, dict) or "queries" not in found:
        raise BadInput(
            f"{file} has no `queries`.", remedy='Write {"queries": {"q1": {...}}}.', file=str(file)
        )
    return found


def _of_row(row: dict[str, str]) -> Document:
    schema = "Person" if row.get("kind") == "natural_person" else "Company"
    values = {name: text for name, text in row.items() if name not in {"id", "kind"} and text}
    return {"schema": schema, "properties": values}


def one_query(name: str | None, schema: str, having: Sequence[str]) -> Document:
    """One query from words; UsageError for a schema or a property that is not known."""
    if schema not in SCHEMAS:
        raise UsageError(f"There is no schema {schema!r}.", remedy=f"Say one of {', '.join(SCHEMAS)}.")
    properties: dict[str, list[str]] = {"name": [name]} if name is not None else {}
    for word in having:
        key, mark, value = word.partition("=")
        if not mark or key.strip() not in CALLED:
            raise UsageError(
                f"--having {word[:60]!r} is no known KEY=VALUE.", remedy=f"Keys: {', '.join(CALLED)}."
            )
        properties.setdefault(key.strip(), []).append(value)
    return {"queries": {"query": {"schema": schema, "properties": properties}}}


def resolved(
    queries: Document, day: Day, asked: Asked, path: Path | None, progress: Progress | None = None
) -> Document:
    """The answers, over a facts package or the store as they are now; BadInput before either is read."""
    refuse_queries(queries["queries"])
    facts, origin = kept.given(path, progress)
    candidates = kept.candidates(facts, origin, progress)
    graph = fact_graph(facts, day.as_of, day.known_at)
    if progress is not None:
        progress("discover", 0, 0)
    groups = Groups(discover_in(graph, day.rules()))
    return resolve(queries["queries"], World(candidates, groups, Neighbourhood(graph)), asked)
