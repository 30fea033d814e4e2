"""`guanlian publish`: the list of recognised groups, dated, hashed and chained to the one before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from discovery.commands import options as opt
from discovery.commands.asking import Question, facts_of, reading_of
from discovery.commands.terminal import Language, language, say, say_json
from discovery.service import answers, lists

REJECTED = 1


def publish(
    *,
    path: opt.FactsPath = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The folder that holds the lists. / 名单目录")
    ],
    verify: Annotated[
        bool, typer.Option("--verify", help="Publish nothing: check the lists of the folder. / 核验名单链")
    ] = False,
    policy: opt.PolicyName = opt.DEFAULT_POLICY,
    as_of: opt.AsOf = None,
    known_at: opt.KnownAt = None,
    set_: opt.SetValues = None,
    source: opt.Source = None,
    encoding: opt.Encoding = "utf-8",
    keep_good: opt.KeepGood = False,
    no_stubs: opt.NoStubs = False,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Publish the list of groups of a day as JSON and CSV, chained to the list before. / 发布集团名单

    Nothing is written if the last list is of that day and says the same. --verify ends with 1 if a list
    was altered or is missing.
    """
    tongue = language(lang)
    if verify:
        _verified(out.expanduser(), tongue, as_json=as_json)
        return
    asked = Question(policy, set_, as_of, known_at).asked()
    reading = reading_of(source, encoding, keep_good=keep_good, no_stubs=no_stubs, lang=tongue)
    with facts_of(path, reading, known_at=asked.known_at, as_json=as_json, quiet=quiet) as (there, show):
        done = lists.publish(answers.groups(there.facts, asked, progress=show), out.expanduser(), tongue)
    if as_json:
        told = {
            name: done.document[name]
            for name in ("number", "policy", "as_of", "sha256", "previous", "changes")
        }
        say_json({**told, "new": done.new, "json": str(done.json), "csv": str(done.csv)})
    else:
        say(_lines(done, tongue))


def _lines(done: lists.Published, tongue: Language) -> Iterator[str]:
    found, zh = done.document, tongue == "zh"
    count = len(found["groups"])
    if not done.new:
        yield f"名单未变：{done.json}" if zh else f"Nothing has changed since {done.json}"
        return
    yield (
        f"第{found['number']}期，{count:,} 个集团：{done.json}"
        if zh
        else f"List {found['number']}, {count:,} groups: {done.json}"
    )
    yield f"SHA-256 {found['sha256']}"
    if found["changes"] is not None:
        numbers = {name: len(rows) for name, rows in found["changes"].items()}
        yield (
            "新增集团 {formed:,}，解散 {dissolved:,}，成员加入 {joined:,}，退出 {left:,}"
            if zh
            else "{formed:,} groups formed, {dissolved:,} dissolved, {joined:,} members joined, {left:,} left"
        ).format_map(numbers)


def _verified(folder: Path, tongue: Language, *, as_json: bool) -> None:
    count, faults = lists.verify(folder)
    if as_json:
        say_json({"accepted": not faults, "lists": count, "faults": faults})
    else:
        say(_verdict(count, faults, tongue))
    if faults:
        raise typer.Exit(REJECTED)


def _verdict(count: int, faults: list[dict[str, Any]], tongue: Language) -> Iterator[str]:
    zh = tongue == "zh"
    yield from (f"{one['file']}: {one['fault']}" for one in faults)
    if faults:
        yield f"{len(faults):,} 处不符" if zh else f"{len(faults):,} faults"
    else:
        yield f"{count:,} 期名单完整，链条无误" if zh else f"{count:,} lists are whole, and so is their chain"
