"""`guanlian resolve`: who a new client may be, and in which group it would stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from discovery.commands import options as opt
from discovery.commands.asking import Question
from discovery.commands.terminal import Language, language, say, say_json, shown
from discovery.errors import UsageError
from discovery.service import query_files
from discovery.service.resolving import Asked


def resolve(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="Queries as JSON ({queries: ...}) or as CSV (id and columns of parties.csv). / 查询文件",
            show_default=False,
        ),
    ] = None,
    *,
    name: Annotated[str | None, typer.Option(help="One client's name. / 名称", show_default=False)] = None,
    schema: Annotated[str, typer.Option(help="Company or Person. / 类型")] = "Company",
    having: Annotated[
        list[str] | None,
        typer.Option(
            "--having",
            metavar="KEY=VALUE",
            help="More of that client, like uscc=...; repeatable. / 其他属性",
            show_default=False,
        ),
    ] = None,
    facts: Annotated[
        Path | None,
        typer.Option(
            "--facts", metavar="PATH", help="Ask a facts package, not the store. / 事实包", show_default=False
        ),
    ] = None,
    no_membership: Annotated[
        bool, typer.Option("--no-membership", help="Candidates alone, no groups. / 不判断集团")
    ] = False,
    policy: opt.PolicyName = opt.DEFAULT_POLICY,
    set_: opt.SetValues = None,
    as_of: opt.AsOf = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Results a query. / 每项结果数")] = 5,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Who a client may be among those on file, and its groups as if it were. Nothing is stored. / 识别客户

    A JSON query may state holders, officers and holdings; the answer has the shape of POST /v1/resolve.
    """
    tongue = language(lang)
    if (file is None) == (name is None and not having):
        raise UsageError("Whom do you mean?", remedy="Give FILE, or --name and --having.")
    queries = (
        query_files.read_queries(file)
        if file is not None
        else query_files.one_query(name, schema, having or [])
    )
    asked = Question(policy, set_, as_of, None).asked()
    wanted = Asked(limit, membership=not no_membership)
    with shown(quiet=quiet) as show:
        found = query_files.resolved(queries, asked, wanted, facts, show)
    if as_json:
        say_json(found)
    else:
        say(_lines(found, tongue))


def _lines(found: dict[str, Any], tongue: Language) -> Iterator[str]:
    for key, answer in found["responses"].items():
        yield key
        if answer["status"] != 200:
            yield f"  {answer['error']['detail']} {answer['error']['remedy']}"
            continue
        for one in answer["results"]:
            said = "; ".join(f"{part}: {why['state']}" for part, why in one["explanations"].items())
            decision = _decision(one["decision"], tongue)
            yield f"  {one['score']:.3f}  {decision}  {one['caption']} ({one['id']})"
            yield f"         {said}"
        if not answer["results"]:
            yield "  没有候选" if tongue == "zh" else "  Nobody on file is like it."
        for finding in answer["findings"]:
            yield f"  ! {finding['code']} {finding['detail'] or finding['field'] or ''}".rstrip()
        if "membership" in answer:
            yield from _groups(answer["membership"], tongue)


def _groups(told: dict[str, Any], tongue: Language) -> Iterator[str]:
    zh = tongue == "zh"
    names = {party: row["name"] or party for party, row in told["parties"].items()}
    for group in (*told["groups"], *told["exempt"]):
        heads = ", ".join(names.get(party, party) for party in group["controller"]["parties"])
        count = len(group["members"]) + len(group["non_client_members"])
        if told["hypothetical"]:
            word = "若入库则属" if zh else "would stand in"
        else:
            word = "属于" if zh else "stands in"
        yield f"  {word} {group['id']} {group['outcome']}  {heads}: " + (
            f"{count} 个成员" if zh else f"{count} members"
        )
    for pair in told["review"]:
        who = ", ".join(names.get(one, one) for one in (*pair["parties"], *pair["with"]))
        yield f"  REVIEW {pair['reason']}  {who}"
    if not any((told["groups"], told["exempt"], told["review"])):
        yield "  不属于任何集团" if zh else "  In no group."
    if told["truncated"]:
        yield "  （较远的关联未全部查看）" if zh else "  (not all that is further off was looked at)"


def _decision(decision: str, tongue: Language) -> str:
    if tongue == "en":
        return decision
    return {"merge": "同一主体", "review": "待判", "apart": "不同"}[decision]
