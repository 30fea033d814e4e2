"""`guanlian check`: an answer against its facts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from discovery.commands import options as opt
from discovery.commands.asking import facts_of, reading_of
from discovery.commands.terminal import assignments, language, say, say_json
from discovery.service.checking import Fault, check_answer
from discovery.service.days import moment
from discovery.service.files import read_json

REJECTED = 1


def check(
    *,
    answer: Annotated[
        Path, typer.Argument(metavar="ANSWER.json", help="What `groups --json` wrote. / 结果文件")
    ],
    path: opt.FactsPath = None,
    policy: Annotated[
        str | None,
        typer.Option(
            metavar="SLUG|FILE", help="The policy file, if not the one named. / 办法文件", show_default=False
        ),
    ] = None,
    set_: opt.SetValues = None,
    source: opt.Source = None,
    encoding: opt.Encoding = "utf-8",
    keep_good: opt.KeepGood = False,
    no_stubs: opt.NoStubs = False,
    limit: opt.Limit = 20,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Check an answer from the facts and the policy alone; exit code 1 if any of it is wrong. / 独立核验

    The values given by --set when the answer was made are given here again.
    """
    tongue = language(lang)
    document = read_json(answer)
    reading = reading_of(source, encoding, keep_good=keep_good, no_stubs=no_stubs, lang=tongue)
    known_at = moment(document.get("known_at")) if path is None else None
    with facts_of(path, reading, known_at=known_at, as_json=as_json, quiet=quiet) as (there, show):
        if show:
            show("check", 0, 0)
        faults = check_answer(document, there.facts, policy=policy, overrides=assignments(set_))
    if as_json:
        listed = [fault.to_dict() for fault in faults]
        say_json({"accepted": not faults, "total": len(faults), "returned": len(listed), "truncated": False,
                  "faults": listed})  # fmt: skip
    else:
        say(_lines(faults, limit, zh=tongue == "zh"))
    if faults:
        raise typer.Exit(REJECTED)


def _lines(faults: list[Fault], limit: int, *, zh: bool) -> Iterator[str]:
    if not faults:
        yield "核验通过：每一步都能由事实推出。" if zh else "Accepted: every step follows from the facts."
        return
    yield f"不予认可：{len(faults):,} 处" if zh else f"Rejected: {len(faults):,} faults"
    yield from (f"  {fault}" for fault in faults[:limit])
    if len(faults) > limit:
        yield f"  … {len(faults) - limit:,} / {len(faults):,}"
