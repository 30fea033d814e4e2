"""`guanlian groups`: which clients belong together, with the evidence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from discovery.commands import options as opt
from discovery.commands.asking import Question
from discovery.commands.terminal import binary_stdout, language, note, say, shown
from discovery.service import answers, reports
from discovery.service.sources import facts_of


def groups(
    path: opt.FactsPath = None,
    policy: opt.PolicyName = opt.DEFAULT_POLICY,
    as_of: opt.AsOf = None,
    known_at: opt.KnownAt = None,
    party: opt.Party = None,
    set_: opt.SetValues = None,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Also write all members as CSV. / 成员另存为CSV"),
    ] = None,
    source: opt.Source = None,
    encoding: opt.Encoding = "utf-8",
    keep_good: opt.KeepGood = False,
    rejects: opt.Rejects = None,
    no_stubs: opt.NoStubs = False,
    limit: opt.Limit = 20,
    page: opt.Page = 1,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Which clients belong together under a policy on a day, each member with its proof. / 集团客户认定

    Prints counts, then groups as trees and the other outcomes; --json streams the whole answer.
    """
    tongue = language(lang)
    question = Question(policy, set_, as_of, known_at)
    reading = question.reading(source, encoding, rejects, keep_good=keep_good, stubs=not no_stubs, lang=tongue)
    asked = question.asked()
    with shown(quiet=quiet) as show:
        facts = facts_of(path, reading=reading, known_at=asked.known_at, progress=show)
        answer = answers.groups(facts, asked, party=party, progress=show)
        if as_json and csv is None:
            answer.write(binary_stdout(), (lambda done, total: show("groups", done, total)) if show else None)
            sys.stdout.flush()
            return
        document = answer.document()
    if csv is not None:
        count = reports.write_members(document, csv)
        note(f"{csv}: {count:,}")
    if as_json:
        answer.write(binary_stdout())
        return
    say(reports.answer_lines(document, tongue, limit=limit, page=page))
