"""`guanlian import`: any CSV or JSON into a facts package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from discovery.commands import options as opt
from discovery.commands.terminal import Language, language, say, say_json, shown
from discovery.exchange.importing import ImportReport
from discovery.facts.report import finding_lines, problem_line
from discovery.service.importing import import_file


def import_(
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV or JSON, or a folder of them. / 文件")],
    mapping: Annotated[
        str,
        typer.Option(
            "--mapping", "-m", metavar="M.yaml", help="A mapping file, or gleif, nic, idx, a-share. / 映射"
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="The facts package to write. / 输出")
    ],
    source: opt.Source = None,
    encoding: Annotated[
        str | None,
        typer.Option(help="Encoding of the file, if not the mapping's. / 文件编码", show_default=False),
    ] = None,
    keep_good: opt.KeepGood = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a package that is there. / 覆盖")
    ] = False,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Turn a CSV or JSON of any shape into a facts package by a mapping, whole or not at all. / 导入"""
    tongue = language(lang)
    with shown(quiet=quiet) as show:
        report = import_file(
            file, mapping, out, source=source, encoding=encoding, keep_good=keep_good, overwrite=overwrite,
            progress=show,
        )  # fmt: skip
    if as_json:
        say_json({"folder": str(out), **report.to_dict()})
    else:
        say(_lines(report, out, tongue))


def _lines(report: ImportReport, out: Path, tongue: Language) -> Iterator[str]:
    zh = tongue == "zh"
    head = (
        f"读取 {report.rows:,} 行，{report.seconds:.1f} 秒"
        if zh
        else f"{report.rows:,} rows read in {report.seconds:.1f} s"
    )
    yield f"{out}: {head}"
    for stem, count in report.facts.items():
        again = report.repeated.get(stem, 0)
        more = (f"（另有 {again:,} 条重复）" if zh else f" ({again:,} more said the same)") if again else ""
        yield f"  {stem}: {count:,}{more}"
    if report.rows_without_fact:
        n = report.rows_without_fact
        yield f"未陈述任何事实的行：{n:,}" if zh else f"rows that state nothing: {n:,}"
    for place, count in report.filtered.items():
        yield f"  {place}: {count:,} {'行被筛除' if zh else 'rows filtered out'}"
    if report.ignored_files:
        yield ("未读取的文件：" if zh else "files not read: ") + ", ".join(report.ignored_files)
    if report.problem_count:
        yield (
            f"错误 {report.problem_count:,} 处，相应行已略去"
            if zh
            else f"{report.problem_count:,} problems; their rows are left out"
        )
        yield from (problem_line(problem) for problem in report.problems[:20])
    if report.findings:
        yield from finding_lines(report.findings, language=tongue, limit=5)
