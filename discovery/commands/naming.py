"""`guanlian names`: what the room of names does from files to files, and the kept index of candidates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from discovery.commands import options as opt
from discovery.commands.terminal import Language, language, say, say_json, shown
from discovery.names.commands import app as names

app = typer.Typer(
    help="Compare, link, search names; keep their index. / 名称的比较、归并、检索与索引", no_args_is_help=True
)
app.registered_commands += names.registered_commands


@app.command()
def index(
    path: opt.FactsPath = None, *, lang: opt.Lang = None, as_json: opt.Json = False, quiet: opt.Quiet = False
) -> None:
    """Make the index of candidates anew and keep it for resolve and serve. / 重建候选索引"""
    from discovery.service import kept  # noqa: PLC0415  the other commands of names need no store

    tongue = language(lang)
    with shown(quiet=quiet) as show:
        done = kept.indexed(path, show)
    if as_json:
        say_json(done)
    else:
        say(_lines(done, str(path) if path else None, tongue))


def _lines(done: dict[str, Any], folder: str | None, tongue: Language) -> Iterator[str]:
    count, size, seconds = done["records"], done["bytes"] / 1e6, done["seconds"]
    if tongue == "zh":
        where = folder or f"图库，版本 {done['version']}"
        yield f"已索引 {count:,} 条记录（{where}），{size:,.1f} MB，{seconds} 秒"
    else:
        where = folder or f"the store, version {done['version']},"
        yield f"{count:,} records of {where} indexed, {size:,.1f} MB, in {seconds} s"
    yield f"  {done['file']}"
