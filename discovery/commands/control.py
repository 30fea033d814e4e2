"""`guanlian control`: all pairs of controller and controlled company."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from discovery.commands import options as opt
from discovery.commands.asking import facts_of, reading_of
from discovery.commands.terminal import binary_stdout, language, say, say_json
from discovery.control.pairs import MOST_PAIRS
from discovery.service import pairs as service
from discovery.service.days import day, moment


def control(
    *,
    path: opt.FactsPath = None,
    threshold: Annotated[
        str | None,
        typer.Option(
            metavar='">50"|">=50"', help="The share that is control (>50). / 控制比例", show_default=False
        ),
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option(
            metavar="voting|equity", help="What is added up (voting). / 表决权或股权", show_default=False
        ),
    ] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.csv", help="The file to write; without it stdout. / 输出文件", show_default=False
        ),
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option(
            metavar="SLUG|FILE",
            help="Add the policy's agreements, powers and families. / 按办法计入协议、权力与家庭",
            show_default=False,
        ),
    ] = None,
    party: Annotated[
        str | None, typer.Option(help="Only what this party controls. / 只看该当事人", show_default=False)
    ] = None,
    as_of: opt.AsOf = None,
    known_at: opt.KnownAt = None,
    limit: Annotated[int, typer.Option(min=1, help="Stop past that many pairs. / 上限")] = MOST_PAIRS,
    source: opt.Source = None,
    encoding: opt.Encoding = "utf-8",
    keep_good: opt.KeepGood = False,
    rejects: opt.Rejects = None,
    no_stubs: opt.NoStubs = False,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Who controls what: a CSV with the header controller,company, sorted. / 控制关系对

    Single parties and holdings only, nominees looked through; --policy adds the rest.
    """
    tongue = language(lang)
    reading = reading_of(source, encoding, rejects, keep_good=keep_good, no_stubs=no_stubs, lang=tongue)
    test = service.threshold(threshold) if threshold is not None else None
    asked = service.Control(day(as_of), moment(known_at), test, measure, policy)
    with facts_of(path, reading, known_at=asked.known_at, as_json=as_json, quiet=quiet) as (there, show):
        if show:
            show("control", 0, 0)
        found = service.pairs(there.facts, asked, party=party, limit=limit)
        if pairs is not None:
            service.write(found, pairs)
        elif not as_json:
            found.write_csv(binary_stdout())
            return
    if pairs is None:
        say_json({"total": found.height, "returned": found.height, "truncated": False, "pairs": found.rows()})
    elif as_json:
        say_json({"file": str(pairs), "total": found.height, "returned": found.height, "truncated": False})
    else:
        say(
            [
                f"{pairs}: {found.height:,} 对控制关系"
                if tongue == "zh"
                else f"{pairs}: {found.height:,} pairs"
            ]
        )
