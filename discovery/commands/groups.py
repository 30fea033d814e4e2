"""`guanlian groups`: which clients belong together, with the evidence."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from discovery.commands import options as opt
from discovery.commands.asking import Question, facts_of, reading_of
from discovery.commands.several import say_table, write_answers
from discovery.commands.terminal import (
    Language,
    Show,
    binary_stdout,
    language,
    say,
    say_json,
)
from discovery.errors import UsageError
from discovery.groups import Answer
from discovery.service import answers, reports
from discovery.service.digest import digest
from discovery.service.members import members_file
from discovery.service.parties import resolve_party
from discovery.service.several import named, several
from discovery.service.sources import Reading, staged


def groups(
    *,
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
    --policy all, or slugs with commas, asks several policies at once.
    """
    tongue = language(lang)
    question = Question(policy, set_, as_of, known_at)
    reading = reading_of(source, encoding, rejects, keep_good=keep_good, no_stubs=no_stubs, lang=tongue)
    many = named(policy)
    if many is not None:
        _several(path, [replace(question, policy=one) for one in many], reading, party=party, csv=csv,
                 tongue=tongue, as_json=as_json, quiet=quiet)  # fmt: skip
        return
    asked = question.asked()
    with facts_of(path, reading, known_at=asked.known_at, as_json=as_json, quiet=quiet) as (there, show):
        about = None if party is None else resolve_party(there.facts, party)
        answer = answers.groups(there.facts, asked, about=about, progress=show)
        with members_file(csv, answer) if csv else nullcontext() as each:
            if as_json:
                _write_json(answer, about, show)
                found = digest(answer, limit=0, each=each) if each else None
            else:
                found = digest(answer, limit=limit, page=page, each=each, progress=show)
    if not as_json and found is not None:
        say(reports.answer_lines(found, tongue))


def _several(
    path: Path | None,
    questions: list[Question],
    reading: Reading,
    *,
    party: str | None,
    csv: Path | None,
    tongue: Language,
    as_json: bool,
    quiet: bool,
) -> None:
    if party is not None or csv is not None:
        raise UsageError("--party and --csv are about one policy.", remedy="Name one with --policy.")
    asked = [question.asked() for question in questions]
    known_at = asked[0].known_at
    with facts_of(path, reading, known_at=known_at, as_json=as_json, quiet=quiet) as (there, show):
        found = several(there.facts, asked, progress=show)
        if as_json:
            write_answers(found, show)
            return
        rows = [one.to_dict() for one in found]
    say_table(rows, tongue)


def _write_json(answer: Answer, about: str | None, show: Show | None) -> None:
    """The whole answer as a stream; an answer about one party, which is small, with that party's id."""
    if about is not None:
        say_json({**answer.document(), "about": about})
        return
    answer.write(binary_stdout(), staged(show, "groups"))
    sys.stdout.flush()
