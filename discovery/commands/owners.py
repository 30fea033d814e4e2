"""`guanlian owners`: who stands behind a party, by control chain and by multiplication."""

from __future__ import annotations

from typing import Annotated

import typer

from discovery.commands import options as opt
from discovery.commands.asking import Question, facts_of, path_and, reading_of
from discovery.commands.terminal import language, say, say_json
from discovery.service import owners as service


def owners(
    *,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[PATH] PARTY", help="The facts package, unless the store is asked; the party. / 当事人"
        ),
    ],
    threshold: Annotated[
        str | None,
        typer.Option(
            metavar="PERCENT",
            help="Instead of the rule's figure for shares. / 替代办法规定的比例",
            show_default=False,
        ),
    ] = None,
    policy: opt.PolicyName = opt.DEFAULT_POLICY,
    as_of: opt.AsOf = None,
    known_at: opt.KnownAt = None,
    set_: opt.SetValues = None,
    source: opt.Source = None,
    encoding: opt.Encoding = "utf-8",
    keep_good: opt.KeepGood = False,
    no_stubs: opt.NoStubs = False,
    limit: opt.Limit = service.OWNERS_SHOWN,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Who ultimately controls and owns a party, with exact shares and the ways down. / 实际控制人与受益所有人

    PARTY is an id, source/id, client number, USCC, LEI or exact name. `--policy bo-cn-2024`, `amlr-2024`
    and `bo-cn-calc` say which owners count; other policies take 25 % of the higher of equity and votes.
    """
    tongue = language(lang)
    path, (party,) = path_and(words, ("PARTY",))
    asked = Question(policy, set_, as_of, known_at).asked()
    percent = service.threshold_of(threshold)
    reading = reading_of(source, encoding, keep_good=keep_good, no_stubs=no_stubs, lang=tongue)
    with facts_of(path, reading, known_at=asked.known_at, as_json=as_json, quiet=quiet) as (there, show):
        found = service.owners(there.facts, asked, party, threshold=percent, limit=limit, progress=show)
    if as_json:
        say_json(found)
    else:
        say(service.owner_lines(found, tongue))
