"""`guanlian policy`: the policies there are, one in words, a file checked, two compared."""

from __future__ import annotations

from typing import Annotated

import typer

from discovery.commands import options as opt
from discovery.commands.terminal import assignments, language, say, say_json, shown
from discovery.errors import UsageError
from discovery.service import answers
from discovery.service import policies as service
from discovery.service.answers import Asked
from discovery.service.days import day, moment
from discovery.service.policy_check import check_lines, policy_check
from discovery.service.policy_diff import member_diff, policy_diff
from discovery.service.policy_diff_words import member_lines, value_lines
from discovery.service.sources import Reading, given

app = typer.Typer(
    no_args_is_help=True, help="The policies there are, in words; your own checked and compared. / 办法"
)
Named = Annotated[str, typer.Argument(metavar="SLUG|FILE", help="A policy, or a file of your own. / 办法")]


@app.command("list")
def list_(lang: opt.Lang = None, as_json: opt.Json = False) -> None:
    """The policies that come with Guanlian. / 列表"""
    tongue = language(lang)
    found = service.policy_list()
    if as_json:
        say_json({"total": len(found), "returned": len(found), "truncated": False, "policies": found})
    else:
        say(service.list_lines(found, tongue))


@app.command()
def show(
    name: Named,
    set_: opt.SetValues = None,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
) -> None:
    """One policy in words, each rule with its article; --json gives it as data. / 内容"""
    tongue = language(lang)
    over = assignments(set_)
    if as_json:
        say_json(service.policy_document(name, over))
    else:
        say(service.policy_lines(name, tongue, over))


@app.command()
def check(
    file: Annotated[str, typer.Argument(metavar="FILE|SLUG", help="The policy file. / 办法文件")],
    lang: opt.Lang = None,
    as_json: opt.Json = False,
) -> None:
    """Is this file a policy? If not: file, key, what is allowed; if so: what is presumed. / 检查"""
    found = policy_check(file)
    if as_json:
        say_json(found)
    else:
        say(check_lines(found, language(lang)))


@app.command()
def diff(
    *,
    left: Named,
    right: Named,
    path: opt.FactsPath = None,
    as_of: opt.AsOf = None,
    known_at: opt.KnownAt = None,
    set_: opt.SetValues = None,
    source: opt.Source = None,
    encoding: opt.Encoding = "utf-8",
    limit: opt.Limit = 20,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Where two policies differ: values; with PATH also which members differ on these facts, and why. / 比较

    --set is laid over both. Controllers are compared, so a family counts by its anchor.
    """
    tongue = language(lang)
    over = assignments(set_)
    values = policy_diff(left, right, over)
    if path is None:
        if as_of is not None or known_at is not None:
            raise UsageError("A day says nothing without facts.", remedy="Give PATH, or leave the day out.")
        if as_json:
            say_json(values)
        else:
            say(value_lines(values, tongue))
        return
    when = (day(as_of), moment(known_at))
    with shown(quiet=quiet) as show:
        facts = given(
            path, reading=Reading(source, encoding, language=tongue), known_at=when[1], progress=show
        ).facts
        both = [answers.groups(facts, Asked(name, *when, over), progress=show) for name in (left, right)]
        members = member_diff(*both, limit=limit)
    if as_json:
        say_json({**values, "as_of": when[0].isoformat(), **members})
    else:
        say(value_lines(values, tongue))
        say(member_lines(members, values, tongue))
