"""`guanlian demo`: the whole way on data that ships with Guanlian."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from discovery.commands import options as opt
from discovery.commands.terminal import Language, language, say, say_json, shown
from discovery.evidence.wording import group_tree, names_of
from discovery.service.days import day
from discovery.service.demo import LISTS, run_demo
from discovery.service.reports import LIST_NAMES

DIFFERENT = 1


def demo(
    *,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="End after the store was checked. / 不启动服务")
    ] = False,
    no_store: Annotated[bool, typer.Option("--no-store", help="Only what needs no Neo4j. / 不使用图库")] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="The port to serve at; 0 takes a free one. / 端口")
    ] = 8000,
    policy: opt.PolicyName = opt.DEFAULT_POLICY,
    as_of: opt.AsOf = None,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Discover a fictional sample, show proofs, load it into Neo4j, compare, serve on a terminal. / 演示"""
    tongue = language(lang)

    def discovered(document: dict[str, Any], told: list[dict[str, Any]], path: str) -> None:
        if not as_json:
            say(_discovered_lines(document, told, path, tongue))

    with shown(quiet=quiet) as show:
        found = run_demo(
            policy=policy, as_of=day(as_of), with_store=not no_store, discovered=discovered, progress=show
        )
    if as_json:
        say_json(found)
    elif not no_store:
        say(_stored_lines(found, tongue))
    if not found.get("same", True):
        raise typer.Exit(DIFFERENT)
    if not (no_store or no_serve or as_json) and sys.stdout.isatty():
        from api.serve import run  # noqa: PLC0415  the library knows no HTTP until it is asked to serve

        run(host="127.0.0.1", port=port, path=None, policy=policy)


def _discovered_lines(
    document: dict[str, Any], told: list[dict[str, Any]], path: str, tongue: Language
) -> Iterator[str]:
    zh = tongue == "zh"
    yield f"办法 {document['policy']}，基准日 {document['as_of']}" if zh else (
        f"Policy {document['policy']}, as of {document['as_of']}"
    )
    yield ("，" if zh else ", ").join(
        f"{getattr(LIST_NAMES[name], tongue)} {len(document[name]):,}" for name in LISTS
    )
    names = names_of(document)
    for group in told:
        yield ""
        yield str(group["id"])
        yield from group_tree(group, names, tongue)
    yield ""
    yield f"全部结果：guanlian groups {path}" if zh else f"All of it: guanlian groups {path}"


def _stored_lines(found: dict[str, Any], tongue: Language) -> Iterator[str]:
    zh = tongue == "zh"
    for one in found["loads"]:
        rows, seconds = f"{one['rows']:,}", f"{one['seconds']:.1f}"
        yield f"{one['source']}：{rows} 行，{seconds} 秒" if zh else f"{one['source']}: {rows} rows in {seconds} s"
    if found["same"]:
        yield "图库与文件得出相同的结果。" if zh else "The store gives the same answer as the files."
    else:
        lists = ", ".join(found["differing"])
        yield f"图库与文件的结果不同：{lists}" if zh else f"The store's answer differs in: {lists}"
    store = found["store"]
    if "browser" in store:
        yield f"Neo4j Browser: {store['browser']}"
        user, file = store["user"], store["password_file"]
        yield f"  用户 {user}，密码见 {file}" if zh else f"  user {user}, password in {file}"
