"""Answers as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from discovery.evidence.wording import decision_sentence, finding_sentence, group_tree, outcome_sentence
from discovery.evidence.words import Language, say
from discovery.facts.codes import FINDINGS, Wording
from discovery.service.digest import Digest

LIST_NAMES: Final[dict[str, Wording]] = {
    "groups": Wording("集团", "groups"),
    "exempt": Wording("豁免", "exempt"),
    "review": Wording("待核", "for review"),
    "related": Wording("关联", "related"),
    "links": Wording("线索", "links"),
    "dependent_sets": Wording("经济依存", "dependent sets"),
    "findings": Wording("数据提示", "findings"),
}


def answer_lines(found: Digest, language: Language) -> Iterator[str]:
    """Counts, then one page of every list: groups as trees with their proofs, the rest as sentences."""
    zh = language == "zh"
    yield (
        f"办法 {found.policy}，基准日 {found.as_of}" if zh else f"Policy {found.policy}, as of {found.as_of}"
    )
    counts = (f"{say(LIST_NAMES, name, language)} {found.totals[name]:,}" for name in LIST_NAMES)
    yield ("，" if zh else ", ").join(counts)
    for name in ("groups", "exempt"):
        yield from _heading(found, name, language)
        for group in found.shown[name]:
            yield ""
            yield str(group["id"])
            yield from group_tree(group, found.names, language)
    for name in ("review", "related", "links", "dependent_sets"):
        yield from _heading(found, name, language)
        for one in found.shown[name]:
            yield f"{one['key']}  {outcome_sentence(one, found.names, language)}"
    yield from _decisions(found, language)
    for code, count in sorted(found.findings_by_code.items()):
        yield from ("",) if code == min(found.findings_by_code) else ()
        yield f"{code} {count:,}: {getattr(FINDINGS[code], language)}"
    yield from _heading(found, "findings", language)
    yield from (f"  {finding_sentence(one, found.names, language)}" for one in found.shown["findings"])


def _decisions(found: Digest, language: Language) -> Iterator[str]:
    if found.decisions:
        word = "人工决定" if language == "zh" else "recorded decisions"
        yield from ("", f"== {word}: {len(found.decisions):,} ==")
        yield from (decision_sentence(entry, found.names, language) for entry in found.decisions)


def _heading(found: Digest, name: str, language: Language) -> Iterator[str]:
    return heading(name, found.totals[name], found.first, len(found.shown[name]), language)


def heading(name: str, total: int, first: int, returned: int, language: Language) -> Iterator[str]:
    """A list's title with how much of it follows, from the place `first` (from 0); none for an empty list."""
    if not total:
        return
    word = say(LIST_NAMES, name, language)
    yield ""
    if returned == total:
        yield f"== {word}：共 {total:,} ==" if language == "zh" else f"== {word}: {total:,} =="
        return
    rows = f"{first + 1:,}–{first + returned:,}" if returned else "0"
    if language == "zh":
        yield f"== {word}：列出 {rows}，共 {total:,}，已截断（--limit、--page）=="
    else:
        yield f"== {word}: {rows} of {total:,}, truncated (--limit, --page) =="
