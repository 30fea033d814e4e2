"""`guanlian load`, `loads` and `unload`: facts into the store, and out of its answers again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from discovery.commands import options as opt
from discovery.commands.asking import reading_of
from discovery.commands.terminal import Language, language, say, say_json, say_left_out, shown
from discovery.facts.report import finding_lines
from discovery.service import loads as service


def load(
    *,
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="Facts package: a folder, .zip or .jsonl. / 事实包")
    ],
    source: opt.Source = None,
    replace_source: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Close what this source stated before and does not state now. / 以本次内容替换该来源",
            show_default=False,
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(help="What `loads` calls it (the package's name). / 名称", show_default=False),
    ] = None,
    no_groups: Annotated[
        bool,
        typer.Option(
            "--no-groups",
            help="Leave the groups in the store as they are; else they follow. / 不更新图库中的集团",
        ),
    ] = False,
    encoding: opt.Encoding = "utf-8",
    keep_good: opt.KeepGood = False,
    rejects: opt.Rejects = None,
    no_stubs: opt.NoStubs = False,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Load facts into the store: all of them or nothing; twice is the same as once. / 载入图库

    If any row is wrong nothing is loaded; --keep-good loads the rest and sets the bad rows aside.
    """
    tongue = language(lang)
    reading = reading_of(source, encoding, rejects, keep_good=keep_good, no_stubs=no_stubs, lang=tongue)
    if keep_good and rejects is None:
        reading = replace(reading, rejects=service.free_rejects_folder(path))
    with shown(quiet=quiet) as show:
        done = service.load(
            path,
            reading,
            replace_source=replace_source,
            name=name,
            with_groups=not no_groups,
            progress=show,
        )
    say_left_out(done.left_out, tongue, as_json=as_json)
    if as_json:
        say_json(done.to_dict())
    else:
        say(_load_lines(done, tongue))


def _load_lines(done: service.Loaded, tongue: Language) -> Iterator[str]:
    zh, found = tongue == "zh", done.summary
    speed = (
        f"{found.rows:,} 行，{found.seconds:.1f} 秒"
        if zh
        else f"{found.rows:,} rows in {found.seconds:.1f} s"
    )
    per_second = f"{done.rows_per_second:,} 行/秒" if zh else f"{done.rows_per_second:,} rows/s"
    yield f"{found.id}  {found.name}  {speed}, {per_second}, {found.way}"
    for stem, counts in found.files.items():
        if zh:
            said = "新增 {new:,}，变更 {changed:,}，关闭 {closed:,}，不变 {unchanged:,}"
        else:
            said = "{new:,} new, {changed:,} changed, {closed:,} closed, {unchanged:,} unchanged"
        yield f"  {stem}: {said.format_map(asdict(counts))}"
    if not found.changes:
        yield "图库没有变化。" if zh else "Nothing changed."
    if done.published is not None:
        groups, members = done.published.groups_written, done.published.members_written
        yield (
            f"集团：写入 {groups:,} 个，成员关系 {members:,} 条"
            if zh
            else f"Groups brought up to date: {groups:,} written, {members:,} memberships"
        )
    if found.unknown_superseded:
        n = found.unknown_superseded
        yield (
            f"{n:,} 行所替代的事实不在图库中"
            if zh
            else f"{n:,} rows replace a fact that the store does not know"
        )
    if done.rejects is not None:
        yield f"未载入的原始行在 {done.rejects}" if zh else f"The rows left out are in {done.rejects}"
    if done.findings:
        yield f"数据提示 {len(done.findings):,} 条" if zh else f"{len(done.findings):,} findings"
        yield from finding_lines(done.findings, language=tongue, limit=5)


def loads(
    limit: opt.Limit = 20,
    page: opt.Page = 1,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """List the loads of the store, the newest first. / 载入记录"""
    tongue = language(lang)
    with shown(quiet=quiet):
        found = service.loads()
    part = found[(page - 1) * limit : page * limit]
    if as_json:
        say_json(
            {"total": len(found), "returned": len(part), "truncated": len(part) < len(found), "loads": part}
        )
    else:
        say(_loads_lines(part, len(found), tongue))


def _loads_lines(part: list[dict[str, Any]], total: int, tongue: Language) -> Iterator[str]:
    for one in part:
        moment = service.shown_moment(one["started_at"])
        yield f"{one['id']}  {moment}  {one['status']:<11}  {one['name']} ({one['source']})"
    if tongue == "zh":
        yield f"共 {total:,} 次载入，列出 {len(part):,}" + ("（已截断）" if len(part) < total else "")
    else:
        yield f"{len(part):,} of {total:,} loads" + (" (truncated)" if len(part) < total else "")


def unload(
    load_id: Annotated[str, typer.Argument(metavar="ID", help="The load, as `loads` names it. / 载入编号")],
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Withdraw a load: what it stated no longer counts; nothing is deleted. / 撤回载入"""
    tongue = language(lang)
    with shown(quiet=quiet):
        version = service.unload(load_id)
    if as_json:
        say_json({"id": load_id, "status": "unloaded", "version": version})
    else:
        said = (
            f"{load_id} 已撤回，图库版本 {version}"
            if tongue == "zh"
            else f"{load_id} unloaded; store version {version}"
        )
        say([said])
