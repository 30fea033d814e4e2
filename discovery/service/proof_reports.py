"""Why a party is where it is, and how near a company is to another's control, as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from discovery.evidence.wording import (
    finding_sentence,
    named,
    names_of,
    outcome_sentence,
    reason_sentence,
    share_sentence,
    step_sentence,
)
from discovery.evidence.words import BASES, MEASURES, OPERATORS, Language, say
from discovery.service.groups import shares_behind
from discovery.service.reports import heading

Document = Mapping[str, Any]
PERCENT = frozenset({"voting", "equity", "voting_commanded", "equity_commanded", "board_votes"})


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
        for share in shares_behind(group, group["proof"]).get("shares", ()):
            yield f"     {share_sentence(share, names, language)}"
    if len(placed) > limit:
        yield f"… {len(placed) - limit:,} / {len(placed):,}"
    for name in ("review", "related", "links"):
        yield from heading(name, len(found[name]), 0, min(limit, len(found[name])), language)
        yield from (outcome_sentence(one, names, language) for one in found[name][:limit])
    for one in found["findings"][:limit]:
        if one["party"] == found["about"]:
            yield finding_sentence(one, names, language)


def why_not_lines(found: Document, language: Language) -> Iterator[str]:
    """How near the controller comes on each ground, and what would be asked next."""
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
        yield from _reached(base, names, language, best=base == found["best"])
    yield f"已知表决权 {found['coverage']}%" if zh else f"{found['coverage']}% of its votes are on file"
    yield from _next_question(found, language)
    for other in found["controlled_by"]:
        who = ", ".join(named(party, names) for party in other["controller"]["parties"])
        yield f"由 {who} 控制（{other['group']}）" if zh else f"controlled by {who} ({other['group']})"


def _reached(
    base: Document, names: Mapping[str, str | None], language: Language, *, best: bool
) -> Iterator[str]:
    """One ground: the total reached, the test, what is missing, and what adds up to the total."""
    measure, op = say(MEASURES, base["measure"], language), say(OPERATORS, base["op"], language)
    unit = "%" if base["measure"] in PERCENT else ""
    ground = f"{'*' if best else ' '} {base['basis']} {say(BASES, base['basis'], language)}"
    total = f"{base['total']}/{base['of']}" if "of" in base else base["total"] + unit
    asked = base["threshold"] + ("%" if base["measure"] == "seats" else unit)
    missing, article = base["missing"] + unit, base["article"]
    if language == "zh":
        yield f"  {ground}：{measure} {total}（须{op} {asked}），尚缺 {missing}（第{article}条）"
    else:
        yield f"  {ground}: {total} {measure} (asked {op} {asked}), missing {missing} (Art {article})"
    for part in base["contributions"]:
        times = f" × {part['share']}%" if part.get("share", "100") != "100" else ""
        yield f"      {named(part['by'], names)} {part['amount']}{unit}{times} [{part['fact']}]"


def _next_question(found: Document, language: Language) -> Iterator[str]:
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
