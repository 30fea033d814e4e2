"""`guanlian demo`: the whole way on a sample."""

from __future__ import annotations

from typing import Annotated

import typer

from discovery.commands import options as opt
from discovery.commands.terminal import language, note, say, shown
from discovery.service.demo import demo as run_demo


def demo(
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="End after the store was checked. / 不启动服务")
    ] = False,
    no_store: Annotated[
        bool, typer.Option("--no-store", help="Only what needs no Neo4j. / 不使用图库")
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="The port to serve at. / 端口")] = 8000,
    lang: opt.Lang = None,
    quiet: opt.Quiet = False,
) -> None:
    """Discover a fictional sample, show proofs, load it into Neo4j, compare, serve. / 演示"""
    raise NotImplementedError(
        no_serve, no_store, port, lang, quiet, run_demo, language, note, say, shown, opt
    )
