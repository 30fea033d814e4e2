"""`guanlian demo`: the whole way on the shipped sample."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated, Any, Final

import typer

from discovery.commands import options as opt
from discovery.commands.terminal import Language, language, note, say, say_json, shown
from discovery.evidence.wording import group_tree, names_of, outcome_sentence

Document = dict[str, Any]
QUESTIONS: Final = 4  # REVIEW outcomes that are shown
DIFFERENT: Final = 1


def demo(
    *,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="End after the store was checked. / 不启动服务")
    ] = False,
    no_store: Annotated[
        bool, typer.Option("--no-store", help="Only what needs no Neo4j. / 不使用图库")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port to serve at. / 端口")] = 8000,
    policy: opt.PolicyName = opt.DEFAULT_POLICY,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Discover a fictional sample, show proofs, load it into Neo4j, compare, serve. / 演示

    The store is fetched (155 MB, once) and started meanwhile. On a terminal the answers are then served
    over HTTP until interrupted.
    """
    from discovery.service.demo import run_demo  # noqa: PLC0415  it brings the store's driver

    tongue = language(lang)

    def discovered(document: Document, told: list[Document], place: str) -> None:
        if not as_json:
            say(_first_lines(document, told, place, tongue))
            if not no_store and not quiet:
                note(_text(tongue, "图库正在准备……", "The store is being made ready ..."))

    with shown(quiet=quiet) as show:
        summary = run_demo(policy=policy, with_store=not no_store, discovered=discovered, progress=show)
    if as_json:
        say_json(summary)
    else:
        say(_last_lines(summary, tongue))
    if no_store:
        return
    if not summary["same"]:
        raise typer.Exit(DIFFERENT)
    if not no_serve and not as_json and sys.stdout.isatty():
        from api.serve import run as serve  # noqa: PLC0415  the library knows no HTTP until it is asked to serve

        serve(host="127.0.0.1", port=port, path=None, policy=policy)


def _text(tongue: Language, zh: str, en: str) -> str:
    return zh if tongue == "zh" else en


def _first_lines(document: Document, told: list[Document], place: str, tongue: Language) -> Iterator[str]:
    names = names_of(document)
    count = {name: len(document[name]) for name in ("groups", "exempt", "review", "related", "links")}
    day, policy = document["as_of"], document["policy"]
    yield _text(
        tongue,
        f"虚构样例，办法 {policy}，基准日 {day}：集团 {count['groups']}，豁免 {count['exempt']}，"
        f"待核 {count['review']}，关联 {count['related']}，线索 {count['links']}",
        f"A fictional bank under {policy} on {day}: {count['groups']} groups, {count['exempt']} exempt, "
        f"{count['review']} for review, {count['related']} related, {count['links']} links",
    )
    for group in told:
        yield ""
        yield from group_tree(group, names, tongue)
    yield ""
    yield _text(tongue, "需要人工判断的，例如：", "What asks for a person, for example:")
    for one in document["review"][:QUESTIONS]:
        yield f"  {outcome_sentence(one, names, tongue)}"
    yield ""
    yield _text(tongue, "全部见：", "All of it:") + f" guanlian groups {place} --policy {policy}"


def _last_lines(summary: Document, tongue: Language) -> Iterator[str]:
    if "store" not in summary:
        return
    for one in summary["loads"]:
        yield _text(
            tongue,
            f"已载入 {one['source']}：{one['rows']:,} 行，{one['seconds']:.1f} 秒",
            f"Loaded {one['source']}: {one['rows']:,} rows in {one['seconds']:.1f} s",
        )
    differing = ", ".join(summary["differing"])
    yield (
        _text(tongue, "图库给出的结果与文件完全一致。", "The store gives the same answer as the files.")
        if summary["same"]
        else _text(
            tongue,
            f"图库与文件的结果不一致：{differing}",
            f"The store and the files differ in {differing}. Please report this.",
        )
    )
    store = summary["store"]
    if "browser" in store:
        yield _text(
            tongue,
            f"Neo4j Browser：{store['browser']}，用户 {store['user']}，密码在 {store['password_file']}",
            f"Neo4j Browser: {store['browser']}, user {store['user']}, password in {store['password_file']}",
        )
    yield _text(
        tongue,
        "继续：guanlian groups；guanlian why guanlian/huayue-property；停止图库：guanlian store stop",
        "Go on: guanlian groups; guanlian why guanlian/huayue-property; end the store: guanlian store stop",
    )
