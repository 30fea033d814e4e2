"""What a command says and where: results alone on stdout, progress and errors on stderr."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Final, Literal

from discovery.errors import GuanlianError, UsageError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Language = Literal["zh", "en"]
Show = Callable[[str, int, int], None]  # stage, done, in all (0 = unknown)
PATIENCE: Final = 1.0  # seconds of work before progress is shown
SHOWN_PROBLEMS: Final = 20
INTERRUPTED: Final = 130
UNEXPECTED: Final = 70  # a fault of ours, beside the documented codes


def language(chosen: str | None) -> Language:
    """The language asked for, else the one of the environment; UsageError for a third one."""
    if chosen is not None:
        if chosen not in {"zh", "en"}:
            raise UsageError(f"There is no language {chosen!r}.", remedy="Say --lang zh or --lang en.")
        return "zh" if chosen == "zh" else "en"
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "zh" if os.environ[name].lower().startswith("zh") else "en"
    return "en"


def assignments(pairs: list[str] | None) -> dict[str, object]:
    """`--set KEY=VALUE` as a mapping, values as YAML says; UsageError for a pair without `=`."""
    import yaml  # noqa: PLC0415  only those who set anything need it

    found: dict[str, object] = {}
    for pair in pairs or ():
        key, mark, value = pair.partition("=")
        if not mark or not key.strip():
            raise UsageError(
                f"--set {pair!r} is not KEY=VALUE.", remedy="Write it as --set control.share.threshold=30."
            )
        try:
            parsed = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise UsageError(
                f"--set {pair!r}: the value cannot be read.", remedy="Quote it, or write a list as [a, b]."
            ) from error
        found[key.strip()] = value.strip() if isinstance(parsed, float) else parsed
    return found


def say(lines: Iterable[str]) -> None:
    """Lines of a result, as they come."""
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say_json(document: object) -> None:
    """A result as one JSON document."""
    import orjson  # noqa: PLC0415  not needed for --help

    binary = binary_stdout()
    binary.write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE, default=str))
    binary.flush()


def binary_stdout() -> IO[bytes]:
    """Stdout for bytes, what was written as text before it flushed."""
    sys.stdout.flush()
    return sys.stdout.buffer


def note(text: str) -> None:
    """A remark beside the result."""
    sys.stderr.write(text + "\n")


@contextmanager
def shown(*, quiet: bool) -> Iterator[Show | None]:
    """Progress on the terminal once work has taken a second; nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    bars = _Bars()
    try:
        yield bars.show
    finally:
        bars.close()


class _Bars:
    """A bar for each stage; drawn only after a while, so that quick work neither flickers nor waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._progress: Progress | None = None
        self._stages: dict[str, tuple[int, int]] = {}
        self._tasks: dict[str, TaskID] = {}
        self._timer = threading.Timer(PATIENCE, self._start)
        self._timer.daemon = True
        self._timer.start()

    def show(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            self._stages[stage] = (done, total)
            if self._progress is not None:
                self._draw(self._progress, stage)

    def close(self) -> None:
        self._timer.cancel()
        with self._lock:
            if self._progress is not None:
                self._progress.stop()

    def _start(self) -> None:
        with self._lock:
            self._progress = _progress()
            for stage in self._stages:
                self._draw(self._progress, stage)
            self._progress.start()

    def _draw(self, progress: Progress, stage: str) -> None:
        done, total = self._stages[stage]
        if stage not in self._tasks:
            self._tasks[stage] = progress.add_task(stage, total=total or None)
        progress.update(self._tasks[stage], completed=done, total=total or None)


def _progress() -> Progress:
    from rich.console import Console  # noqa: PLC0415  only a terminal that waits needs it
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415  too

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(show_speed=True),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def say_left_out(left_out: Mapping[str, Any], tongue: Language, *, as_json: bool) -> None:
    """What was left out of the package and why, beside the result; nothing if nothing was."""
    if not left_out:
        return
    count, files = left_out["total"], ", ".join(left_out["files"])
    if tongue == "zh":
        detail = f"错误 {count:,} 处，相应行已略去。" + (f"整个文件未读入：{files}。" if files else "")
    else:
        detail = f"{count:,} problems; their rows are left out." + (
            f" Left out as a whole: {files}." if files else ""
        )
    if as_json:
        say_json_error("LeftOut", detail, "", left_out)
    else:
        note(detail)
        _say_problems(left_out)


def say_error(error: GuanlianError, *, as_json: bool) -> None:
    """An error on stderr: one sentence, the problems it carries, the remedy."""
    if as_json:
        say_json_error(type(error).__name__, error.detail, error.remedy, error.facts)
        return
    note(error.detail)
    _say_problems(error.facts)
    if error.remedy:
        note(error.remedy)


def _say_problems(facts: Mapping[str, object]) -> None:
    """The first problems that go with an error, and how many more there are."""
    problems = facts.get("problems")
    if isinstance(problems, list):
        for problem in problems[:SHOWN_PROBLEMS]:
            note(f"  {_problem(problem)}")
        total = facts.get("total", facts.get("problem_count", len(problems)))
        more = (total if isinstance(total, int) else len(problems)) - SHOWN_PROBLEMS
        if more > 0:
            note(f"  … {more:,} more")


def say_json_error(kind: str, detail: str, remedy: str, facts: Mapping[str, object]) -> None:
    """An error as one JSON object on stderr."""
    import orjson  # noqa: PLC0415  not needed for --help

    body = {"error": kind, "detail": detail, "remedy": remedy, **facts}
    note(orjson.dumps(body, default=str).decode())


def _problem(problem: Mapping[str, Any]) -> str:
    place = str(problem["file"]) + (f":{problem['row']}" if problem["row"] else "")
    field = f" {problem['field']}" if problem["field"] else ""
    return f"{place}{field}: {problem['reason']}. {problem['remedy']}"
