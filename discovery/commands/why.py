"""`guanlian why` and `guanlian why-not`: the proof of a place, and how near somebody is to control."""

from __future__ import annotations

from typing import Annotated

import typer

from discovery.commands import options as opt
from discovery.commands.asking import Question, facts_of, path_and, reading_of
from discovery.commands.terminal import language, say, say_json
from discovery.service import answers, proof_reports


def why(
    *,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[PATH] PARTY", help="The facts package, unless the store is asked; the party. / 当事人"
        ),
    ],
    group: Annotated[
        str | None,
        typer.Option("--group", metavar="ID", help="This group alone. / 只看该集团", show_default=False),
    ] = None,
    policy: opt.PolicyName = opt.DEFAULT_POLICY,
    as_of: opt.AsOf = None,
    known_at: opt.KnownAt = None,
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
    """Why a party is in its groups: just the steps that prove it, and whatever else names it. / 认定依据

    PARTY is an id, source/id, client number, USCC, LEI or exact name.
    """
    tongue = language(lang)
    path, (party,) = path_and(words, ("PARTY",))
    asked = Question(policy, set_, as_of, known_at).asked()
    reading = reading_of(source, encoding, keep_good=keep_good, no_stubs=no_stubs, lang=tongue)
    with facts_of(path, reading, known_at=asked.known_at, as_json=as_json, quiet=quiet) as (there, _):
        found = answers.why(there.facts, asked, party, group)
    if as_json:
        say_json(found)
    else:
        say(proof_reports.why_lines(found, tongue, limit=limit))


def why_not(
    *,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[PATH] CONTROLLER COMPANY",
            help="The facts package, unless the store is asked; the two parties. / 控制方与公司",
        ),
    ],
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
    """How near a party comes to controlling a company, ground by ground. / 为何不构成控制"""
    tongue = language(lang)
    path, (controller, company) = path_and(words, ("CONTROLLER", "COMPANY"))
    asked = Question(policy, set_, as_of, known_at).asked()
    reading = reading_of(source, encoding, keep_good=keep_good, no_stubs=no_stubs, lang=tongue)
    with facts_of(path, reading, known_at=asked.known_at, as_json=as_json, quiet=quiet) as (there, _):
        found = answers.why_not(there.facts, asked, controller, company)
    if as_json:
        say_json(found)
    else:
        say(proof_reports.why_not_lines(found, tongue))
