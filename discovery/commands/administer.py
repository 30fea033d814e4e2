"""`guanlian administer`: type, leading unit, totals, limits and their use, guarantees, warnings of groups."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from discovery.commands import options as opt
from discovery.commands.asking import Question, facts_of, reading_of
from discovery.commands.terminal import binary_stdout, language, say
from discovery.groups import Answer
from discovery.service import administration, administration_reports, answers
from discovery.service.parties import resolve_party


def administer(
    *,
    path: opt.FactsPath = None,
    policy: opt.PolicyName = opt.DEFAULT_POLICY,
    as_of: opt.AsOf = None,
    known_at: opt.KnownAt = None,
    group: Annotated[
        str | None,
        typer.Option("--group", metavar="ID", help="This group alone. / 只看该集团", show_default=False),
    ] = None,
    party: opt.Party = None,
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
    """How groups are administered: type, lead, totals, limits and their use, guarantees, warnings. / 集团管理

    Prints one page of groups; --json streams all that are asked for.
    """
    tongue = language(lang)
    asked = Question(policy, set_, as_of, known_at).asked()
    reading = reading_of(source, encoding, keep_good=keep_good, no_stubs=no_stubs, lang=tongue)
    with facts_of(path, reading, known_at=asked.known_at, as_json=as_json, quiet=quiet) as (there, show):
        about = None if party is None else resolve_party(there.facts, party)
        answer = answers.groups(there.facts, asked, progress=show)
        if show is not None:
            show("administration", 0, 0)
        total, documents = administration.administered(answer, group=group, party=about)
        if as_json:
            _write_json(answer, documents)
        else:
            lines = list(
                administration_reports.administration_lines(
                    answer, total, documents, tongue, limit=limit, page=page
                )
            )
    if not as_json:
        say(lines)


def _write_json(answer: Answer, documents: Iterable[dict[str, Any]]) -> None:
    """The head, then groups one a line, then the names of all who stand in them."""
    import orjson  # noqa: PLC0415  not needed for --help

    stream = binary_stdout()
    head = orjson.dumps(administration.head_of(answer), option=orjson.OPT_INDENT_2)
    stream.write(head[:-2] + b',\n"groups": [')
    lead = b"\n"
    parties: dict[str, Any] = {}
    for document in documents:
        stream.write(lead + orjson.dumps(document))
        parties |= administration.parties_of(answer, [document])
        lead = b",\n"
    stream.write(b'\n],\n"parties": ' + orjson.dumps(parties, option=orjson.OPT_SORT_KEYS) + b"\n}\n")
    sys.stdout.flush()
