"""`guanlian decide`: a person's word on a question or group, kept in the store as a fact."""

from __future__ import annotations

from typing import Annotated

import typer

from discovery.commands import options as opt
from discovery.commands.asking import Question
from discovery.commands.merging import NoGroups
from discovery.commands.terminal import language, say, say_json, shown
from discovery.errors import UsageError
from discovery.evidence.wording import names_of, outcome_sentence
from discovery.service import answers
from discovery.service.days import day
from discovery.service.decisions import Decision, occurring, record
from discovery.service.parties import resolve_party
from discovery.service.published import publish
from discovery.service.stored import opened_store, store_facts

WORDS = ("accept", "reject", "group")


def decide(
    *,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY accept|reject | group",
            help="The key of a question or group, and the word on it; or `group`. / 结果编号与决定",
        ),
    ],
    by: Annotated[str, typer.Option("--by", help="Who decides. / 决定人")],
    reason: Annotated[str, typer.Option("--reason", help="Why. / 理由")],
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DAY", help="The last day it stands. / 有效期至", show_default=False),
    ] = None,
    party: Annotated[
        list[str] | None,
        typer.Option(
            "--party",
            help="Repeatable: members a group loses, or those `group` ties together. / 涉及的主体",
            show_default=False,
        ),
    ] = None,
    article: Annotated[
        str | None,
        typer.Option("--article", help="The article it rests on. / 依据条款", show_default=False),
    ] = None,
    no_groups: NoGroups = False,
    policy: opt.PolicyName = opt.DEFAULT_POLICY,
    as_of: opt.AsOf = None,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Accept or reject a question, reject members of a group, or tie parties together. / 记录人工决定

    The decision is a fact in the store and a load of its own: `guanlian unload` withdraws it.
    """
    tongue = language(lang)
    key, word = _words(what)
    last = None if until is None else day(until)
    asked = Question(policy, None, as_of, None).asked()
    with shown(quiet=quiet) as show, opened_store(show) as graph:
        facts = store_facts(graph, progress=show)
        answer = answers.groups(facts, asked, progress=show)
        named = tuple(resolve_party(facts, name) for name in party or ())
        about = None if key is None else occurring(answer, key)
        said = Decision(word, by, reason, key, answer.policy.slug, named, article, last)
        fact = record(graph, **vars(said))
        published = None if no_groups else vars(publish(graph, progress=show))
    if as_json:
        say_json({"fact": fact, "decision": word, "about": about, "groups": published})
        return
    say([f"{fact}  {word} {key or '; '.join(named)}"])
    if about is not None and about["question"] is not None:
        say(
            [
                outcome_sentence(
                    about["question"], names_of(answer.about(about["parties"][0]).document()), tongue
                )
            ]
        )


def _words(what: list[str]) -> tuple[str | None, str]:
    """The key, if any, and the decision; UsageError for anything else."""
    if what == ["group"]:
        return None, "group"
    if len(what) == 2 and what[1] in WORDS[:2]:
        return what[0], what[1]
    raise UsageError(
        f"{' '.join(what)!r} is no decision.",
        remedy="Write `guanlian decide KEY accept`, `guanlian decide KEY reject` or `guanlian decide group`.",
    )
