"""`guanlian merge`, `unmerge` and `apart`: which parties are one, and which are not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from discovery.commands import options as opt
from discovery.commands.asking import Question
from discovery.commands.terminal import Language, language, note, say, say_json, shown
from discovery.errors import UsageError
from discovery.service import changing, identity, linking
from discovery.service.loads import shown_moment

DEFAULT: Final = "parties"  # `guanlian merge A B` is `guanlian merge parties A B`


class Merging(TyperGroup):
    """The sub commands of merge; without one of their names two parties are meant."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, "--help"}:
            args = [DEFAULT, *args]
        return list(super().parse_args(ctx, args))


app = typer.Typer(
    cls=Merging,
    help="Make one party of several, see what became of parties. / 主体合并",
    no_args_is_help=True,
)

A_PARTY = "A party: id, source/id, client number, USCC or LEI. / 主体"
One = Annotated[str, typer.Argument(metavar="A", help=A_PARTY)]
Other = Annotated[str, typer.Argument(metavar="B", help=A_PARTY)]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides. / 决定人")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why. / 理由")]
NoGroups = Annotated[
    bool,
    typer.Option("--no-groups", help="Leave the groups in the store as they are. / 不更新图库中的集团"),
]


@app.command(DEFAULT)
def merge(
    one: One,
    other: Other,
    *,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who decides. / 决定人", show_default=False)
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Why. / 理由", show_default=False)
    ] = None,
    preview: Annotated[
        bool,
        typer.Option("--preview", help="Only show what it would do to groups. / 仅预览对集团的影响"),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="On a terminal: neither preview nor question. / 不再询问")
    ] = False,
    policy: opt.PolicyName = opt.DEFAULT_POLICY,
    set_: opt.SetValues = None,
    as_of: opt.AsOf = None,
    no_groups: NoGroups = False,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Make one party of two; records stay, old ids are understood, `unmerge` restores it. / 合并两个主体

    On a terminal what it would do to groups is shown first, and then asked.
    """
    tongue = language(lang)
    if not preview and (by is None or reason is None):
        raise UsageError("Who decides, and why?", remedy="Say --by NAME and --reason TEXT, or --preview.")
    ask = not (yes or as_json) and sys.stdin.isatty() and sys.stderr.isatty()
    if preview or ask:
        asked = Question(policy, set_, as_of, None).asked()
        with shown(quiet=quiet) as show:
            found = changing.previewed(asked, one, other, show)
        if preview:
            say_json(found) if as_json else say(preview_lines(found, tongue))
            return
        for line in preview_lines(found, tongue):
            note(line)
        if not typer.confirm("合并？" if tongue == "zh" else "Merge them?", err=True):
            return
    with shown(quiet=quiet) as show:
        done = changing.changed(
            lambda graph: changing.merge(graph, one, other, by=str(by), reason=str(reason)),
            with_groups=not no_groups,
            progress=show,
        )
    _say(done, tongue, as_json=as_json)


def unmerge(
    what: Annotated[
        str, typer.Argument(metavar="CHANGE|PARTY", help="A change (c_...), or a party. / 变更编号或主体")
    ],
    records: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RECORD]...", help="Records that leave the party. / 移出的记录", show_default=False
        ),
    ] = None,
    *,
    by: By,
    reason: Reason,
    no_groups: NoGroups = False,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Undo a merge, a split or a keep-apart exactly; or let records leave a party. / 撤销合并、拆分

    Records that leave a party stay together as one and are kept apart from it from then on.
    """
    tongue = language(lang)
    with shown(quiet=quiet) as show:
        done = changing.changed(
            lambda graph: identity.unmerge(graph, what, tuple(records or ()), by=by, reason=reason),
            with_groups=not no_groups,
            progress=show,
        )
    _say(done, tongue, as_json=as_json)


def apart(
    one: One,
    other: Other,
    *,
    by: By,
    reason: Reason,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Keep two parties apart, whatever later batches or chains of merges say. / 判定不是同一主体"""
    tongue = language(lang)
    with shown(quiet=quiet) as show:
        done = changing.changed(
            lambda graph: identity.keep_apart(graph, one, other, by=by, reason=reason), progress=show
        )
    _say(done, tongue, as_json=as_json)


@app.command()
def batch(
    *,
    no_groups: NoGroups = False,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Link all records of the store: merge what is certain, ask what is doubtful. / 批量归并

    People's keep-aparts stand. Running it again changes nothing; the order in which records came does not
    matter.
    """
    tongue = language(lang)
    with shown(quiet=quiet) as show:
        done = changing.asked_of_store(
            lambda graph: linking.link_store(graph, with_groups=not no_groups, progress=show), show
        )
    if as_json:
        say_json(done)
    else:
        say(_batch_lines(done, tongue))


def _batch_lines(done: dict[str, Any], tongue: Language) -> Iterator[str]:
    if tongue == "zh":
        yield f"记录 {done['records']:,} 条，图库版本 {done['version']}"
        yield f"  合并 {done['merged']:,} 次，拆分 {done['split']:,} 次，移动记录 {done['moved']:,} 条"
        yield f"  待判 {done['open']:,} 对，其中新增 {done['asked']:,}；不再需要 {done['lapsed']:,}"
    else:
        yield f"{done['records']:,} records, store version {done['version']}"
        yield f"  {done['merged']:,} merged, {done['split']:,} split, {done['moved']:,} records moved"
        yield f"  {done['open']:,} questions open, {done['asked']:,} of them new; {done['lapsed']:,} lapsed"
    if done["not_asked"]:
        n = done["not_asked"]
        yield f"  另有 {n:,} 对未列入" if tongue == "zh" else f"  {n:,} less alike pairs are not asked"


@app.command()
def events(
    *,
    after: Annotated[
        int, typer.Option(min=0, metavar="N", help="Only those after this one (`next`). / 从此序号之后")
    ] = 0,
    limit: Annotated[
        int, typer.Option(min=1, max=identity.MOST_EVENTS, help="How many at most. / 最多条数")
    ] = 100,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """What became of parties: merges and splits in order, with old and new ids. / 合并与拆分记录"""
    tongue = language(lang)
    with shown(quiet=quiet) as show:
        found = changing.asked_of_store(lambda graph: identity.events(graph, after=after, limit=limit), show)
    if as_json:
        say_json(found)
    else:
        say(_event_lines(found, tongue))


def _event_lines(found: dict[str, Any], tongue: Language) -> Iterator[str]:
    for one in found["events"]:
        when, old, new = shown_moment(one["at"]), ", ".join(one["old"]), ", ".join(one["new"])
        yield f"{one['number']}  {when}  {_word(one['type'], tongue)}  {old} -> {new}"
        yield f"   {one['change']}  {one['by']}: {one['reason']}"
    count, behind = found["returned"], found["behind"]
    if tongue == "zh":
        yield f"列出 {count:,} 条，其后还有 {behind:,} 条；下次从 --after {found['next']} 开始"
    else:
        yield f"{count:,} events, {behind:,} more behind them; go on with --after {found['next']}"


def _word(kind: str, tongue: Language) -> str:
    return {"merged": "合并", "split": "拆分"}[kind] if tongue == "zh" else kind


def _say(done: dict[str, Any], tongue: Language, *, as_json: bool) -> None:
    if as_json:
        say_json(done)
    else:
        say(change_lines(done, tongue))


def change_lines(done: dict[str, Any], tongue: Language) -> Iterator[str]:
    """A change in words: its id by which it is undone, and what became of whom."""
    zh = tongue == "zh"
    if not done.get("applied", True):
        yield (
            f"{done['id']}  需第二人同意：guanlian review decide {done['id']} {done['decision']} ..."
            if zh
            else f"{done['id']}  {done['status']}: takes effect once a second person agrees"
        )
        return
    yield f"{done['change']}  " + (
        f"图库版本 {done['version']}" if zh else f"store version {done['version']}"
    )
    for one in done["moved"]:
        yield f"  {_word(one['type'], tongue)}  {', '.join(one['old'])} -> {', '.join(one['new'])}"
    if not done["moved"]:
        yield "  主体没有变化" if zh else "  No party has changed."


def preview_lines(found: dict[str, Any], tongue: Language) -> Iterator[str]:
    """What a merge would do to groups, in words."""
    zh = tongue == "zh"
    names, groups = found["names"], found["groups"]

    def named(party: str) -> str:
        return f"{names.get(party) or party} ({party})" if names.get(party) else party

    yield (
        f"{named(found['former'])} 将并入 {named(found['party'])}；办法 {found['policy']}，{found['as_of']}"
        if zh
        else f"{named(found['former'])} would become part of {named(found['party'])}; "
        f"{found['policy']}, {found['as_of']}"
    )
    for what, word in (("new", "新增集团" if zh else "new group"), ("gone", "消失集团" if zh else "gone")):
        for one in groups[what]:
            heads = ", ".join(named(party) for party in one["controller"])
            yield f"  {word}  {one['group']} {one['outcome']}  {heads}: " + (
                f"成员 {one['member_count']:,} 个" if zh else f"{one['member_count']:,} members"
            )
    for one in groups["changed"]:
        yield f"  {'变化' if zh else 'changed'}  {one['group']} {one['outcome']['after']}"
        for mark, parties in (("+", one["joined"]), ("-", one["left"])):
            for party in parties:
                yield f"    {mark} {named(party)}"
    for mark, pairs in (("+", found["others"]["new"]), ("-", found["others"]["gone"])):
        for one in pairs:
            who = ", ".join(named(party) for party in (*one["parties"], *one["with"]))
            yield f"  {mark} {one['outcome']} {one['reason']}  {who}"
    if not any((groups["new"], groups["gone"], groups["changed"], *found["others"].values())):
        yield "  对集团没有影响" if zh else "  Nothing changes for any group."
