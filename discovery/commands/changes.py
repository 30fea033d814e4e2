"""`guanlian changes` and `guanlian what-if`: groups that differ between two days, or under a hypothesis."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from discovery.commands import options as opt
from discovery.commands.asking import Question, facts_of, reading_of
from discovery.commands.terminal import language, say, say_json
from discovery.errors import UsageError
from discovery.service import changes as service
from discovery.service import what_if as supposing
from discovery.service.change_reports import change_lines
from discovery.service.days import day, moment


def changes(
    *,
    path: opt.FactsPath = None,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="DAY", help="The earlier day. / 起始日", show_default=False),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--to", metavar="DAY", help="The later day (today). / 截止日", show_default=False),
    ] = None,
    known_from: Annotated[
        str | None,
        typer.Option(
            metavar="DAY|MOMENT",
            help="The earlier day as it was known then (now). / 起始日的已知时点",
            show_default=False,
        ),
    ] = None,
    known_to: Annotated[
        str | None,
        typer.Option(
            metavar="DAY|MOMENT",
            help="The later day as it was known then (now). / 截止日的已知时点",
            show_default=False,
        ),
    ] = None,
    policy: opt.PolicyName = opt.DEFAULT_POLICY,
    set_: opt.SetValues = None,
    source: opt.Source = None,
    encoding: opt.Encoding = "utf-8",
    keep_good: opt.KeepGood = False,
    no_stubs: opt.NoStubs = False,
    limit: opt.Limit = 20,
    page: opt.Page = 1,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Groups formed, dissolved, merged and split, members joined and left, each with its facts. / 集团变动

    One day with --known-from and --known-to tells what corrections changed. --json gives all of it.
    """
    tongue = language(lang)
    if start is None and known_from is None:
        raise UsageError(
            "Nothing says from when.", remedy="Add --from DAY, or --known-from for a correction."
        )
    last = day(end)
    before = service.Moment(last if start is None else day(start), moment(known_from))
    after = service.Moment(last, moment(known_to))
    rules = Question(policy, set_, end, known_to).asked().rules()
    reading = reading_of(source, encoding, keep_good=keep_good, no_stubs=no_stubs, lang=tongue)
    with facts_of(path, reading, as_json=as_json, quiet=quiet) as (there, show):
        found = service.changes(there.facts, rules, before, after, progress=show)
    if as_json:
        say_json(service.cut(found, len(found["groups"])))
    else:
        say(change_lines(service.cut(found, limit, (page - 1) * limit), tongue))


def what_if(
    *,
    words: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH] [FACTS]...",
            help="The facts package, unless the store is asked; packages of hypotheses. / 事实包与假设事实",
            show_default=False,
        ),
    ] = None,
    store: Annotated[
        bool, typer.Option("--store", help="Ask the store: every path given is a hypothesis. / 查询图库")
    ] = False,
    add: Annotated[
        list[str] | None,
        typer.Option(
            "--add",
            metavar="FILE:COLUMN=VALUE,…",
            help="A hypothetical fact; repeatable. / 增加一条假设事实",
            show_default=False,
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FACT_ID", help="A fact taken away; repeatable. / 去掉一条事实", show_default=False
        ),
    ] = None,
    policy: opt.PolicyName = opt.DEFAULT_POLICY,
    as_of: opt.AsOf = None,
    known_at: opt.KnownAt = None,
    set_: opt.SetValues = None,
    source: opt.Source = None,
    encoding: opt.Encoding = "utf-8",
    keep_good: opt.KeepGood = False,
    limit: opt.Limit = 20,
    page: opt.Page = 1,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Which groups would differ if some facts were so; nothing is stored. / 假设分析

    One package alone is a hypothesis about the store. A supposed holding stands in place of what that
    holder has in that company.
    """
    tongue = language(lang)
    paths = list(words or [])
    if not (paths or add or without):
        raise UsageError("There is no hypothesis.", remedy="Give a package of facts, --add or --without.")
    alone = len(paths) == 1 and not (add or without)
    base, packages = (None, paths) if store or alone or not paths else (paths[0], paths[1:])
    asked = Question(policy, set_, as_of, known_at).asked()
    reading = reading_of(source, encoding, keep_good=keep_good, lang=tongue)
    hypotheses = supposing.supposed_facts(packages, add or (), reading)
    with facts_of(base, reading, known_at=asked.known_at, as_json=as_json, quiet=quiet) as (there, _):
        supposed = supposing.suppose(there.facts, hypotheses, without or ())
        day_before = service.Moment(asked.as_of, asked.known_at).graph(there.facts)
        found = supposing.what_if(day_before, supposed, asked.rules())
    if as_json:
        say_json(service.cut(found, len(found["groups"])))
    else:
        say(change_lines(service.cut(found, limit, (page - 1) * limit), tongue, proofs=True))
