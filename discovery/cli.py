"""The command `guanlian`: what there is to call, and how every failure reaches the user.

Exit codes: 0 done, 1 rejected (check), 2 usage, 3 bad input, 4 store, 70 a fault of ours, 130 interrupted.
A command's module is imported only when it is called, so that `--help` answers at once.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any, Final, NamedTuple

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from discovery.commands.terminal import INTERRUPTED, UNEXPECTED, note, say_error, say_json_error
from discovery.errors import BadInput, GuanlianError, UsageError


class Entry(NamedTuple):
    """A command: the module and what of it (a function, or a Typer app of sub commands); one line of help."""

    module: str
    name: str
    help: str


COMMANDS: Final[dict[str, Entry]] = {
    "demo": Entry("discovery.commands.demo", "demo", "A sample, discovered, loaded and served. / 演示"),
    "groups": Entry("discovery.commands.groups", "groups", "Which clients belong together. / 集团客户认定"),
    "why": Entry("discovery.commands.why", "why", "Why a party is in a group. / 认定依据"),
    "why-not": Entry(
        "discovery.commands.why", "why_not", "Why a company is not controlled. / 为何不构成控制"
    ),
    "owners": Entry(
        "discovery.commands.owners", "owners", "Who stands behind a party. / 实际控制人与受益所有人"
    ),
    "administer": Entry(
        "discovery.commands.administer", "administer", "Type, lead, limits, warnings of groups. / 集团管理"
    ),
    "control": Entry("discovery.commands.control", "control", "Who controls what, as pairs. / 控制关系对"),
    "check": Entry("discovery.commands.check", "check", "Check an answer from the facts alone. / 独立核验"),
    "decide": Entry("discovery.commands.decide", "decide", "A person's word on a question. / 人工决定"),
    "changes": Entry("discovery.commands.changes", "changes", "What changed between two days. / 集团变动"),
    "what-if": Entry("discovery.commands.changes", "what_if", "If some facts were so. / 假设分析"),
    "publish": Entry("discovery.commands.publish", "publish", "Publish the list of groups. / 发布名单"),
    "load": Entry("discovery.commands.loads", "load", "Load facts into the store. / 载入图库"),
    "loads": Entry("discovery.commands.loads", "loads", "List the loads of the store. / 载入记录"),
    "unload": Entry("discovery.commands.loads", "unload", "Withdraw a load, deleting nothing. / 撤回载入"),
    "import": Entry("discovery.commands.importing", "import_", "Any CSV or JSON to a facts package. / 导入"),
    "policy": Entry("discovery.commands.policy", "app", "The policies there are, in words. / 办法"),
    "names": Entry("discovery.commands.naming", "app", "Compare, link, search names. / 名称"),
    "resolve": Entry("discovery.commands.resolving", "resolve", "Who a new client may be. / 识别客户"),
    "merge": Entry("discovery.commands.merging", "app", "Make one party of several. / 主体合并"),
    "unmerge": Entry("discovery.commands.merging", "unmerge", "Undo a merge, split a party. / 撤销合并"),
    "apart": Entry("discovery.commands.merging", "apart", "Keep two parties apart. / 判定不是同一主体"),
    "review": Entry("discovery.commands.reviewing", "app", "Decide what is doubtful. / 待判事项"),
    "store": Entry("discovery.commands.store", "app", "Start, stop, fetch, reset the local store. / 图库"),
    "serve": Entry("discovery.commands.serve", "serve", "Answer over HTTP on this machine. / HTTP服务"),
}


class Commands(TyperGroup):
    """The commands by name, imported when called; listed from the table above."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A stand-in that knows its one line of help: enough to be listed."""
        if cmd_name not in COMMANDS:
            return None
        listed = typer.Typer()
        listed.command(cmd_name, help=COMMANDS[cmd_name].help)(lambda: None)
        return typer.main.get_command(listed)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; if the reader of its output has gone meanwhile, that is no error."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _close_quietly()
            raise typer.Exit from None

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, rest = args[0], args[1:]
        if name not in COMMANDS:
            near = get_close_matches(name, COMMANDS, n=3, cutoff=0.5)
            known = f"Did you mean {', '.join(near)}?" if near else f"Commands: {', '.join(COMMANDS)}."
            raise UsageError(f"There is no command {name!r}.", remedy=known, command=name)
        return name, loaded(name), rest


def loaded(name: str) -> Any:
    """The command itself, its module imported."""
    entry = COMMANDS[name]
    found = getattr(import_module(entry.module), entry.name)
    if isinstance(found, typer.Typer):
        return typer.main.get_group(found)
    app = typer.Typer(add_completion=False)
    app.command(name)(found)
    return typer.main.get_command(app)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Finds which clients of a bank belong together, under the bank's own measures, with proof. / "
    "按本行办法认定集团客户，逐项给出依据。",
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # noqa: PLC0415  only this option needs it

        typer.echo(version("guanlian"))
        raise typer.Exit


@app.callback()
def guanlian(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version. / 版本"
    ),
) -> None:
    """Options before the command."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else list(arguments)))


def run(arguments: list[str]) -> int:
    """Run one command; its exit code. No error passes as a traceback unless GUANLIAN_DEBUG is set."""
    as_json = "--json" in arguments
    _tolerant_output()
    logging.getLogger("neo4j").addHandler(logging.NullHandler())  # its retries are not for the user to read
    try:
        code = app(args=arguments, prog_name="guanlian", standalone_mode=False)
        sys.stdout.flush()
        if code == INTERRUPTED:
            _say_interrupted(as_json=as_json)
    except BrokenPipeError:
        _close_quietly()
        return 0
    except KeyboardInterrupt:
        _say_interrupted(as_json=as_json)
        return INTERRUPTED
    except GuanlianError as error:
        _debug()
        say_error(error, as_json=as_json)
        return error.exit_code
    except TyperException as error:
        return _misused(error, as_json=as_json)
    except Exception as error:  # noqa: BLE001  the last resort: one line, never a traceback
        return _unexpected(error, as_json=as_json)
    return code if isinstance(code, int) else 0


def _tolerant_output() -> None:
    """A terminal that lacks a character shows its code instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _close_quietly() -> None:
    """The reader has gone (as `| head` does): nothing more is written, and nobody complains at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def _say_interrupted(*, as_json: bool) -> None:
    detail = "Interrupted; nothing half done is kept. / 已中断，未留下未完成的内容。"
    if as_json:
        say_json_error("Interrupted", detail, "", {})
    else:
        note(detail)


def _misused(error: TyperException, *, as_json: bool) -> int:
    """A command line that cannot be read: what is wrong, the nearest options, where help is."""
    code = int(getattr(error, "exit_code", UsageError.exit_code))
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "guanlian"
    near = _nearest_options(error, context)
    detail = error.format_message() if hasattr(error, "format_message") else str(error)
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()  # type: ignore[attr-defined]  # it prints the help
        return code
    remedy = (f"Did you mean {near}? " if near else "") + f"See `{path} --help`."
    if as_json:
        say_json_error("UsageError", detail, remedy, {})
    else:
        note(f"{detail}\n{remedy}")
    return code


def _nearest_options(error: TyperException, context: Any) -> str:
    option = getattr(error, "option_name", None)
    if option is None or context is None:
        return ""
    error.possibilities = None  # type: ignore[attr-defined]  # told once
    known = [name for param in context.command.params for name in param.opts if name.startswith("--")]
    return ", ".join(get_close_matches(option, known, n=3, cutoff=0.5))


def _unexpected(error: Exception, *, as_json: bool) -> int:
    _debug()
    refused = _file_refused(error)
    if refused is not None:
        say_error(refused, as_json=as_json)
        return refused.exit_code
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(place.filename)}:{place.lineno}"  # noqa: PTH119  text only
    detail = f"This should not have happened: {type(error).__name__} at {where}. / 程序内部错误。"
    remedy = "Please report this line with the command; GUANLIAN_DEBUG=1 shows all of it."
    if as_json:
        say_json_error("Unexpected", detail, remedy, {})
    else:
        note(f"{detail}\n{remedy}")
    return UNEXPECTED


def _file_refused(error: Exception) -> BadInput | None:
    """A disk that is full or a file that may not be read or written, wherever it turned up."""
    if isinstance(error, OSError) and error.filename is not None:
        return BadInput(
            f"{error.filename}: {error.strerror}.", remedy="Check the path, its permissions and the disk."
        )
    return None


def _debug() -> None:
    if os.environ.get("GUANLIAN_DEBUG"):
        traceback.print_exc()


if __name__ == "__main__":
    main()
