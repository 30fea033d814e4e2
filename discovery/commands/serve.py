"""`guanlian serve`: answers over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from discovery.commands import options as opt


def serve(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PATH]",
            help="Facts package; without it the store is served. / 事实包",
            show_default=False,
        ),
    ] = None,
    host: Annotated[str, typer.Option(help="The loopback address to listen at. / 本机地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port; 0 takes a free one. / 端口")] = 8000,
    policy: opt.PolicyName = opt.DEFAULT_POLICY,
) -> None:
    """Answer over HTTP on this machine until interrupted. / HTTP服务"""
    from api.serve import run  # noqa: PLC0415  the library knows no HTTP until it is asked to serve

    run(host=host, port=port, path=path, policy=policy)
