"""Answers as lines for a person and as a CSV of members."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from discovery.evidence.wording import (
    finding_sentence,
    group_tree,
    named,
    names_of,
    outcome_sentence,
    step_sentence,
)
from discovery.evidence.words import Language
from discovery.facts.codes import FINDINGS, Wording
from discovery.service.files import whole_file

Document = Mapping[str, Any]
LISTS: Final[dict[str, Wording]] = {
    "groups": Wording("集团", "groups"),
    "exempt": Wording("豁免", "exempt"),
    "review": Wording("待核", "for review"),
    "related": Wording("关联", "related"),
    "links": Wording("线索", "links"),
    "dependent_sets": Wording("经济依存", "dependent sets"),
    "findings": Wording("数据提示", "findings"),
}
MEMBER_COLUMNS: Final = (
    "group",
    "outcome",
    "controller",
    "controller_name",
    "member",
    "name",
    "client",
    "basis",
    "coverage",
    "flags",
    "reason",
)


def answer_lines(answer: Document, language: Language, *, limit: int = 20, page: int = 1) -> Iterator[str]:
    """Counts, then every list page by page: groups as trees with their proofs, the rest as sentences."""
    zh = language == "zh"
    day, names = answer["as_of"], names_of(answer)
    yield f"办法 {answer['policy']}，基准日 {day}" if zh else f"Policy {answer['policy']}, as of {day}"
    yield "  ".join(f"{getattr(word, language)} {len(answer[name]):,}" for name, word in LISTS.items())
    for name in ("groups", "exempt"):
        shown = _page(answer[name], limit, page)
        yield from _heading(name, len(answer[name]), len(shown), language, page, limit)
        for group in shown:
            yield ""
            yield str(group["id"])
            yield from group_tree(group, names, language)
    for name in ("review", "related", "links", "dependent_sets"):
        shown = _page(answer[name], limit, page)
        yield from _heading(name, len(answer[name]), len(shown), language, page, limit)
        yield from (f"{one['key']}  {outcome_sentence(one, names, language)}" for one in shown)
    shown = _page(answer["findings"], limit, page)
    yield from _heading("findings", len(answer["findings"]), len(shown), language, page, limit)
    yield from (f"  {finding_sentence(one, names, language)}" for one in shown)


def _page(found: Sequence[Any], limit: int, page: int) -> Sequence[Any]:
    return found[(page - 1) * limit : page * limit]


def _heading(name: str, total: int, shown: int, language: Language, page: int, limit: int) -> Iterator[str]:
    """A list's title with how much of it follows; nothing for an empty list."""
    if not total:
        return
    word = getattr(LISTS[name], language)
    yield ""
    if shown == total:
        yield f"== {word}：共 {total:,} ==" if language == "zh" else f"== {word}: {total:,} =="
        return
    first = (page - 1) * limit + 1
    last = first + shown - 1
    rows = f"{first:,}–{last:,}" if shown else "0"
    if language == "zh":
        yield f"== {word}：第 {rows} 条，共 {total:,}（已截断，见 --limit、--page）=="
    else:
        yield f"== {word}: {rows} of {total:,} (truncated; see --limit, --page) =="


def why_lines(found: Document, language: Language, *, limit: int = 20) -> Iterator[str]:
    """Why a party is where it is: each group with just the steps that prove it, then what else names it."""
    zh = language == "zh"
    names = names_of(found)
    who = named(found["about"], names)
    placed = [*found["groups"], *found["exempt"]]
    if not placed:
        yield f"{who}：未列入任何集团。" if zh else f"{who}: in no group."
        yield (
            "这不等于证明其独立：见下列提示与待核。"
            if zh
            else "That proves no independence: see the findings and questions below."
        )
    for group in placed[:limit]:
        yield f"{group['id']}  {outcome_sentence(group, names, language)}"
        if not group["proof"]:
            head = found["about"] in group["controller"]["parties"]
            yield ("  └─ 集团控制方" if zh else "  └─ heads the group") if head else "  └─ –"
        for company in group["proof"]:
            yield f"  └─ {step_sentence(group['evidence'][company], names, language)}"
    if len(placed) > limit:
        yield f"… {len(placed) - limit:,} / {len(placed):,}"
    for name in ("review", "related", "links"):
        yield from _heading(name, len(found[name]), min(limit, len(found[name])), language, 1, limit)
        yield from (outcome_sentence(one, names, language) for one in found[name][:limit])
    for one in found["findings"][:limit]:
        if one["party"] == found["about"]:
            yield finding_sentence(one, names, language)


def why_not_lines(found: Document, language: Language) -> Iterator[str]:
    """How near the controller comes on each ground, and what would be asked next."""
    from discovery.evidence.words import BASES, MEASURES, OPERATORS, say  # noqa: PLC0415

    zh = language == "zh"
    names = found["names"]
    head, target = named(found["controller"], names), named(found["company"], names)
    if found["controlled"]:
        yield f"{head} 控制 {target}。" if zh else f"{head} does control {target}."
    else:
        yield f"{head} 不控制 {target}。" if zh else f"{head} does not control {target}."
    if len(found["unit"]) > 1:
        kin = ", ".join(named(party, names) for party in found["unit"][1:])
        yield f"  合并计算：{kin}" if zh else f"  counted together with: {kin}"
    for base in found["bases"]:
        basis, measure = say(BASES, base["basis"], language), say(MEASURES, base["measure"], language)
        of = f"/{base['of']}" if "of" in base else ""
        op = say(OPERATORS, base["op"], language)
        mark = "*" if base is found["best"] or base == found["best"] else " "
        if zh:
            yield (
                f" {mark} {base['basis']} {basis}：{measure} {base['total']}{of}（须{op} {base['threshold']}），"
                f"尚缺 {base['missing']}（第{base['article']}条）"
            )
        else:
            yield (
                f" {mark} {base['basis']} {basis}: {base['total']}{of} {measure} (asked {op} "
                f"{base['threshold']}), missing {base['missing']} (Art {base['article']})"
            )
        for part in base["contributions"]:
            yield f"     {named(part['by'], names)} {part['amount']} [{part['fact']}]"
    yield f"已知表决权 {found['coverage']}%" if zh else f"{found['coverage']}% of its votes are on file"
    yield from _next_question(found, language)
    for other in found["controlled_by"]:
        who = ", ".join(named(party, names) for party in other["controller"]["parties"])
        yield f"由 {who} 控制（{other['group']}）" if zh else f"controlled by {who} ({other['group']})"


def _next_question(found: Document, language: Language) -> Iterator[str]:
    from discovery.evidence.wording import reason_sentence  # noqa: PLC0415

    trigger = found["nearest_trigger"]
    if trigger["reason"] is None:
        return
    reason = reason_sentence(trigger["reason"], language)
    if trigger["raised"]:
        yield f"待核：{reason}" if language == "zh" else f"for review: {reason}"
    elif language == "zh":
        yield f"最近的待核情形：{reason}，尚缺 {trigger['missing']}"
    else:
        yield f"nearest question: {reason}; missing {trigger['missing']}"


def write_members(answer: Document, path: Path) -> int:
    """A CSV with a row a member of every group and exempt set; how many rows.

    Columns are `MEMBER_COLUMNS`; a cell that a spreadsheet would take for a formula gets an apostrophe
    in front.
    """
    count = 0
    with whole_file(path) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(MEMBER_COLUMNS)
        for row in _member_rows(answer):
            writer.writerow([_harmless(cell) for cell in row])
            count += 1
    return count


def _member_rows(answer: Document) -> Iterator[tuple[str, ...]]:
    parties = answer["parties"]
    for group in (*answer["groups"], *answer["exempt"]):
        heads = group["controller"]["parties"]
        for member in (*group["members"], *group["non_client_members"]):
            yield (
                group["id"],
                group["outcome"],
                ";".join(heads),
                ";".join(parties[head]["name"] or "" for head in heads),
                member,
                parties[member]["name"] or "",
                "true" if parties[member]["client"] else "false",
                ";".join(group["basis"].get(member, ())),
                group["coverage"].get(member, ""),
                ";".join(sorted({*group["flags"], *group["member_flags"].get(member, ())})),
                group.get("reason", ""),
            )


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def findings_by_code(answer: Document, language: Language) -> Iterator[str]:
    """How many findings of each code, with the sentence."""
    counts: dict[str, int] = {}
    for one in answer["findings"]:
        counts[one["code"]] = counts.get(one["code"], 0) + 1
    for code, count in sorted(counts.items()):
        yield f"{getattr(FINDINGS[code], language)} ({code}): {count:,}"
