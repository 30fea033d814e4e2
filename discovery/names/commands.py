"""`guanlian names`: compare, link and search names from files to files; no store is needed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from discovery.errors import GuanlianError
from discovery.facts.codes import FINDINGS
from discovery.names.files import Summary, compare_file, kind_of, link_file, search_file
from discovery.names.splinking import splink_settings

app = typer.Typer(help="Compare, link and search names / 名称的比较、归并与检索", no_args_is_help=True)

Run = Callable[[Callable[[str, int, int], None]], Summary]
INTERRUPTED: Final = 130
Out = Annotated[Path, typer.Option("--out", help="The file to write.")]
Json = Annotated[bool, typer.Option("--json", help="Summary as JSON on stdout, errors as JSON on stderr.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress.")]


@app.command()
def compare(
    pairs: Annotated[Path, typer.Argument(help="A CSV with left, right, kind (company or person).")],
    out: Out,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Score and decide pairs of names: merge, review or apart, with the reason part by part."""
    _run(lambda progress: compare_file(pairs, out, progress), as_json=as_json, quiet=quiet)


@app.command()
def link(  # noqa: PLR0917  a command's options
    records: Annotated[
        Path, typer.Argument(help="A CSV with id, name and columns of parties.csv, employer.")
    ],
    kind: Annotated[str, typer.Option(help="person or company")],
    out: Out,
    pairs: Annotated[Path | None, typer.Option(help="Also write the pairs merged or for review.")] = None,
    homes: Annotated[
        Path | None,
        typer.Option("--households", help="Also write which people share an address or a phone."),
    ] = None,
    engine: Annotated[
        str, typer.Option(help="What finds the pairs: own, or splink (an extra, on DuckDB; the same result).")
    ] = "own",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Put the records that are one party into one cluster."""
    _run(
        lambda progress: link_file(records, kind, out, pairs, progress, homes=homes, engine=engine),
        as_json=as_json,
        quiet=quiet,
    )


@app.command()
def settings(kind: Annotated[str, typer.Option(help="person or company")]) -> None:
    """Print the settings by which Splink links, on DuckDB or Spark."""
    try:
        found = splink_settings(kind_of(kind))
    except GuanlianError as error:
        _say_error(error, as_json=False)
        raise typer.Exit(error.exit_code) from None
    typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())


@app.command()
def search(  # noqa: PLR0917  a command's options
    index: Annotated[Path, typer.Argument(help="A CSV with id, name: what is searched.")],
    queries: Annotated[Path, typer.Argument(help="A CSV with id, name: what is asked.")],
    out: Out,
    k: Annotated[int, typer.Option("-k", help="Names wanted for each query.")] = 20,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find the nearest names for each query."""
    _run(lambda progress: search_file(index, queries, out, k, progress), as_json=as_json, quiet=quiet)


def _run(work: Run, *, as_json: bool, quiet: bool) -> None:
    try:
        with Progress(
            console=Console(stderr=True), disable=quiet or not sys.stderr.isatty(), transient=True
        ) as bars:
            summary = work(_shown_on(bars))
    except GuanlianError as error:
        _say_error(error, as_json=as_json)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        typer.echo("interrupted / 已中断", err=True)
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        typer.echo(orjson.dumps(summary.to_dict(), option=orjson.OPT_INDENT_2).decode())
        return
    typer.echo(", ".join(f"{name} {count}" for name, count in summary.counts.items()))
    for finding in summary.findings:
        place = ", ".join(
            str(x) for x in (finding.file, finding.row and f"row {finding.row}", finding.field) if x
        )
        typer.echo(f"{place}: {FINDINGS[finding.code].en}. {finding.remedy or finding.detail}", err=True)


def _say_error(error: GuanlianError, *, as_json: bool) -> None:
    if as_json:
        body = {"error": type(error).__name__, "detail": error.detail, "remedy": error.remedy, **error.facts}
        typer.echo(orjson.dumps(body, default=str).decode(), err=True)
    else:
        typer.echo(f"{error.detail} {error.remedy}".strip(), err=True)


def _shown_on(bars: Progress) -> Callable[[str, int, int], None]:
    tasks: dict[str, TaskID] = {}

    def show(stage: str, done: int, total: int) -> None:
        if stage not in tasks:
            tasks[stage] = bars.add_task(stage, total=total)
        bars.update(tasks[stage], completed=done, total=total)

    return show
