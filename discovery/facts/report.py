"""What reading a package found, as plain data and as lines for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from discovery.facts.codes import FINDINGS
from discovery.facts.facts import STUB
from discovery.facts.findings import Finding, Problem
from discovery.facts.package import Package
from discovery.facts.problems import Language, problems

LIMIT: Final = 1_000


def report(package: Package, *, language: Language = "en", limit: int = LIMIT) -> dict[str, object]:
    """Counts, problems and findings as JSON types; `truncated` says that only the first are listed."""
    wrong = package.problem_frame
    return {
        "package": package.name,
        "source": package.source,
        "rows": {stem: frame.height for stem, frame in package.facts.frames.items()},
        "stubs": int(package.facts["parties"][STUB].sum()),
        "problem_count": wrong.height,
        "problems": [problem.to_dict() for problem in problems(wrong.head(limit), language)],
        "finding_count": len(package.findings),
        "findings": [finding.to_dict() for finding in package.findings[:limit]],
        "truncated": wrong.height > limit or len(package.findings) > limit,
    }


def report_lines(package: Package, *, language: Language = "en", limit: int = 20) -> Iterator[str]:
    """The same for reading: every kind of finding with its number, problems up to the limit."""
    chinese = language == "zh"
    for stem, frame in package.facts.frames.items():
        yield f"{stem}: {frame.height:,} 行" if chinese else f"{stem}: {frame.height:,} rows"
    total = package.problem_frame.height
    if total:
        yield f"错误 {total:,} 处" if chinese else f"{total:,} problems"
        yield from map(problem_line, problems(package.problem_frame.head(limit), language))
        yield from _rest(total - limit, language)
    if package.findings:
        yield f"提示 {len(package.findings):,} 条" if chinese else f"{len(package.findings):,} findings"
        yield from finding_lines(package.findings, language=language, limit=limit)


def problem_line(problem: Problem) -> str:
    """One problem: where, why, what to do."""
    return f"  {_place(problem.file, problem.row, problem.field)}: {problem.reason}. {problem.remedy}."


def finding_lines(
    findings: Iterable[Finding], *, language: Language = "en", limit: int = 20
) -> Iterator[str]:
    """Findings by code: the sentence, how many, and the first places."""
    found = list(findings)
    for code, count in Counter(finding.code for finding in found).items():
        yield f"  {getattr(FINDINGS[code], language)} ({code}, {count:,})"
        of_code = (finding for finding in found if finding.code == code)
        yield from (f"    {_where(finding)}" for finding in islice(of_code, limit))
        yield from _rest(count - limit, language)


def _where(finding: Finding) -> str:
    parts = (_place(finding.file, finding.row, finding.field), finding.party, finding.detail)
    return " · ".join(part for part in parts if part)


def _place(file: str | None, row: int | None, field: str | None) -> str:
    return " ".join(part for part in (f"{file}:{row}" if row else file, field) if part)


def _rest(count: int, language: Language) -> Iterator[str]:
    if count > 0:
        yield f"    …另有 {count:,} 处" if language == "zh" else f"    … and {count:,} more"
