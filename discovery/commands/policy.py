"""`guanlian policy`: the policies there are, and one in words."""

from __future__ import annotations

from typing import Annotated

import typer

from discovery.commands import options as opt
from discovery.commands.terminal import assignments, language, say, say_json
from discovery.service import policies as service

app = typer.Typer(no_args_is_help=True, help="The policies there are, in words. / 办法")


@app.command("list")
def list_(lang: opt.Lang = None, as_json: opt.Json = False) -> None:
    """The policies that come with Guanlian. / 列表"""
    tongue = language(lang)
    found = service.policy_list()
    if as_json:
        say_json({"total": len(found), "returned": len(found), "truncated": False, "policies": found})
    else:
        say(f"{one['slug']:<18} {one['title'][tongue]}" for one in found)


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="SLUG|FILE", help="A policy, or a file of your own. / 办法")],
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
