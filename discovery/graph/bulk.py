"""The offline bulk import: a first large load into the empty local store, by files, with the server down.

It gives the same graph as writing over Bolt, an order of magnitude sooner.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final, Literal

import polars as pl

from discovery.errors import UsageError
from discovery.graph.connection import Graph
from discovery.graph.jars import require_space
from discovery.graph.local import DATABASE, LocalServer
from discovery.graph.migrations import migrate
from discovery.graph.plan import IS_PERSON, USES_BOOKS, LoadSummary, Plan, point_id
from discovery.graph.recovery import moment_text
from discovery.graph.rows import RECORD_COLUMNS
from discovery.graph.shape import BOOKS, CONTACTS, Kind

WORTHWHILE_ROWS: Final = 200_000
BYTES_A_ROW: Final = 2_000  # files and store together, measured generously
TYPES: Final = {pl.Int64(): ":long", pl.Boolean(): ":boolean"}


def choose(graph: Graph, way: Literal["auto", "bolt", "bulk"], *, rows: int, empty: bool) -> str:
    """`bulk` or `bolt`; UsageError where `bulk` is asked for and cannot be."""
    possible = graph.local is not None and empty
    if way == "bulk" and not possible:
        raise UsageError(
            "The bulk import works only on the empty local store.",
            remedy="Load without it, or reset the store.",
        )
    return "bulk" if way == "bulk" or (way == "auto" and possible and rows >= WORTHWHILE_ROWS) else "bolt"


def import_all(graph: Graph, plan: Plan, summary: LoadSummary) -> int:
    """Replace the empty database by the plan's graph, its load complete; the store's version.

    A break in the middle leaves an empty store (see `LocalServer.down`).
    """
    server = graph.local
    if server is None:
        raise UsageError("The bulk import works only on the local store.")
    folder = server.folder / "import" / plan.load
    folder.mkdir(mode=0o700, parents=True)
    try:
        require_space(folder, plan.size * BYTES_A_ROW)
        arguments = write_files(folder, plan, summary)
        with server.down():
            _run(server, arguments, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    graph.reopen()
    migrate(graph)
    return int(graph.state()["version"])


def _run(server: LocalServer, arguments: list[str], folder: Path) -> None:
    server.admin(
        "database",
        "import",
        "full",
        DATABASE,
        *arguments,
        "--overwrite-destination=true",
        "--multiline-fields=true",
        "--id-type=string",
        "--bad-tolerance=0",
        f"--report-file={folder / 'report.txt'}",
    )


def write_files(folder: Path, plan: Plan, summary: LoadSummary) -> list[str]:
    """The CSV files of a plan, and the import arguments that name them."""
    files = _Files(folder)
    records = plan.records.with_columns(_node_id().alias(":ID(record)"))
    props = [*RECORD_COLUMNS, "content", *(book for book in BOOKS if book != "version")]
    files.nodes("Record", records.select(":ID(record)", pl.col("id").alias("key"), "version", *props))
    files.rels("OF", records.select(_start("record", ":ID(record)"), _end("party", "party")))
    people = (
        pl.when(IS_PERSON).then(pl.lit("Party;Person")).otherwise(pl.lit("Party;Company")).alias(":LABEL")
    )
    files.nodes("", plan.shown().rename({"id": "id:ID(party)"}).with_columns(people.alias(":LABEL")))
    for column, label in CONTACTS.items():
        _contacts(files, plan, column, label)
    whose = plan.records.select(pl.col("id").alias("_key"), pl.col("party").alias("_party")).unique("_key")
    for kind, rows in plan.facts.items():
        _facts(files, kind, rows, whose)
    finished = moment_text()
    files.nodes("Load", _load_node(plan, summary, finished))
    files.nodes(
        "Store",
        pl.DataFrame({":ID(store)": ["1"], "name": ["guanlian"], "version": [1], "asked_at": [plan.now]}),
    )
    return files.arguments


class _Files:
    """Writes each frame and collects its argument; the header says the type of each column."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.arguments: list[str] = []

    def nodes(self, label: str, frame: pl.DataFrame) -> None:
        self._write("nodes", label, frame)

    def rels(self, kind: str, frame: pl.DataFrame) -> None:
        self._write("relationships", kind, frame)

    def _write(self, what: str, label: str, frame: pl.DataFrame) -> None:
        if frame.is_empty():
            return
        path = self.folder / f"{len(self.arguments):02}-{label or 'Party'}.csv"
        typed = {
            name: name + TYPES.get(dtype, "")
            for name, dtype in frame.schema.items()
            if ":" not in name and dtype in TYPES
        }
        filled = frame.select(column for column in frame.iter_columns() if column.null_count() < len(column))
        filled.rename(typed, strict=False).write_csv(path, quote_style="necessary")
        self.arguments.append(f"--{what}={label}={path}" if label else f"--{what}={path}")


def _contacts(files: _Files, plan: Plan, column: str, label: str) -> None:
    uses = plan.records.filter(pl.col(column).is_not_null())
    points = pl.Series("point", [point_id(text) for text in uses[column]], dtype=pl.String)
    uses = uses.with_columns(points)
    nodes = uses.unique("point", keep="first", maintain_order=True).select(
        pl.col("point").alias(f"id:ID({column})"),
        pl.col(column).alias("text"),
        pl.col("load").alias("first_load"),
    )
    files.nodes(label, nodes)
    files.rels(
        "USES",
        uses.select(
            _start("party", "party"),
            _end(column, "point"),
            pl.concat_str("id", pl.lit("#"), "version", pl.lit(f"#{column}")).alias("use_id"),
            pl.col("id").alias("from_record"),
            pl.col("version").alias("record_version"),
            *USES_BOOKS,
        ),
    )


def _facts(files: _Files, kind: Kind, rows: pl.DataFrame, whose: pl.DataFrame) -> None:
    names = [p.name for p in kind.properties]
    kept: list[str | pl.Expr] = [pl.col("id").alias("fact_id"), *names, *BOOKS]
    for end in ("from_record", "to_record"):
        if end in names:
            rows = rows.join(whose, left_on=end, right_on="_key", how="left", maintain_order="left").rename(
                {"_party": f"_{end}"}
            )
    if not kind.is_node:
        files.rels(
            kind.label, rows.select(_start("party", "_from_record"), _end("party", "_to_record"), *kept)
        )
        return
    space = kind.query
    nodes = rows.with_columns(_node_id().alias(f":ID({space})"))
    files.nodes(kind.label, nodes.select(f":ID({space})", *kept))
    if kind.arrow:
        files.rels(kind.arrow, nodes.select(_start(space, f":ID({space})"), _end("party", "_to_record")))


def _load_node(plan: Plan, summary: LoadSummary, finished: str) -> pl.DataFrame:
    values = {
        ":ID(load)": plan.load,
        "id": plan.load,
        "name": summary.name,
        "source": summary.source,
        "status": "complete",
        "started_at": plan.now,
        "finished_at": finished,
        "counts": summary.counts_text(),
    }
    return pl.DataFrame({name: [value] for name, value in values.items()})


def _node_id() -> pl.Expr:
    return pl.concat_str("id", pl.lit("#"), "version")


def _start(space: str, column: str) -> pl.Expr:
    return pl.col(column).alias(f":START_ID({space})")


def _end(space: str, column: str) -> pl.Expr:
    return pl.col(column).alias(f":END_ID({space})")
