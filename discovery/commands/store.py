"""`guanlian store`: the local Neo4j."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from discovery.commands import options as opt
from discovery.commands.terminal import Language, language, say, say_json, shown
from discovery.errors import UsageError
from discovery.service import store as service

app = typer.Typer(no_args_is_help=True, help="Start, stop, fetch, reset the local store. / 图库")


@app.command()
def start(lang: opt.Lang = None, as_json: opt.Json = False, quiet: opt.Quiet = False) -> None:
    """Start the local Neo4j, fetched first if need be; prints where Neo4j Browser is. / 启动"""
    tongue = language(lang)
    with shown(quiet=quiet) as show:
        found = service.start(show)
    _say_status(found, tongue, as_json=as_json)


@app.command()
def stop(lang: opt.Lang = None, as_json: opt.Json = False, quiet: opt.Quiet = False) -> None:
    """End the local Neo4j cleanly. / 停止"""
    tongue = language(lang)
    with shown(quiet=quiet):
        was_running = service.stop()
    if as_json:
        say_json({"running": False, "was_running": was_running})
    elif was_running:
        say(["图库已停止。" if tongue == "zh" else "The store is stopped."])
    else:
        say(["图库未在运行。" if tongue == "zh" else "No store was running."])


@app.command()
def status(lang: opt.Lang = None, as_json: opt.Json = False, quiet: opt.Quiet = False) -> None:
    """Where the store is, whether it runs, its version. Starts nothing. / 状态"""
    tongue = language(lang)
    with shown(quiet=quiet):
        found = service.status()
    _say_status(found, tongue, as_json=as_json)


@app.command()
def fetch(
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Fill a folder to be carried to another machine. / 下载到该目录",
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="DIR",
            help="Bring the jars from such a folder. / 取自该目录",
            show_default=False,
        ),
    ] = None,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Bring the files of Neo4j, each checked by its checksum; goes on where it was broken off. / 下载"""
    tongue = language(lang)
    with shown(quiet=quiet) as show:
        found = service.fetch(to=to, source=source, progress=show)
    if as_json:
        say_json(found)
        return
    came, total, folder = found["fetched"], found["jars"], found["folder"]
    said = (
        f"取得 {came}/{total} 个文件，位于 {folder}"
        if tongue == "zh"
        else f"{came} of {total} files came; they are in {folder}"
    )
    say([said])


@app.command()
def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask. / 不再询问")] = False,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Stop the local store and delete everything it holds. / 清空"""
    tongue = language(lang)
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("This deletes the whole store.", remedy="Say so with --yes.")
        asked = (
            "将删除本地图库的全部内容，继续？"
            if tongue == "zh"
            else "Delete everything the local store holds?"
        )
        if not typer.confirm(asked, err=True):
            return
    with shown(quiet=quiet):
        folder = service.reset()
    if as_json:
        say_json({"folder": folder, "empty": True})
    else:
        say([f"{folder} 已清空。" if tongue == "zh" else f"{folder} is empty."])


def _say_status(found: dict[str, Any], tongue: Language, *, as_json: bool) -> None:
    if as_json:
        say_json(found)
    else:
        say(_status_lines(found, zh=tongue == "zh"))


def _status_lines(found: dict[str, Any], *, zh: bool) -> Iterator[str]:
    if not found["running"]:
        yield "图库未在运行。" if zh else "The store is not running."
        yield f"  {found['folder']}"
        if found["jars_missing"]:
            yield (
                "Neo4j 尚未下载：guanlian store fetch"
                if zh
                else "Neo4j is not fetched yet: guanlian store fetch"
            )
        return
    yield (
        f"图库 {found['uri']}，版本 {found['version']}"
        if zh
        else f"Store {found['uri']}, version {found['version']}"
    )
    if found["loading"]:
        loading = ", ".join(found["loading"])
        yield f"  正在载入：{loading}" if zh else f"  being written: {loading}"
    if found["kind"] == "local":
        yield f"  Neo4j Browser: {found['browser']}"
        user, file = found["user"], found["password_file"]
        yield f"  用户 {user}，密码见 {file}" if zh else f"  user {user}, password in {file}"
