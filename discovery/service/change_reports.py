"""What changed, as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from discovery.evidence.wording import controller_label, listed, named, names_of, step_sentence
from discovery.evidence.words import OUTCOMES, Language, say
from discovery.facts.codes import Wording

Document = Mapping[str, Any]
EVENTS: Final = {
    "merged": Wording("合并", "merged"),
    "split": Wording("分拆", "split"),
    "formed": Wording("新增", "formed"),
    "dissolved": Wording("解散", "dissolved"),
    "changed": Wording("变动", "changed"),
}
CHANGES: Final = {
    "begins": Wording("开始", "begins"),
    "ends": Wording("终止", "ends"),
    "corrected": Wording("更正", "corrected"),
}
_SHOWN_MEMBERS: Final = 12


def change_lines(found: Document, language: Language, *, proofs: bool = False) -> Iterator[str]:
    """Counts, then each group that differs with who joined, who left and the facts that did it.

    `proofs` adds the steps that prove the places of those who joined.
    """
    zh = language == "zh"
    yield _between(found, language)
    counts = (f"{say(EVENTS, event, language)} {count:,}" for event, count in found["counts"].items())
    yield ("，" if zh else ", ").join(counts)
    names = names_of(found)
    for group in found["groups"]:
        yield ""
        yield from _group(group, found["facts"], names, language)
        if proofs:
            for step in group["evidence"].values():
                yield f"    └─ {step_sentence(step, names, language)}"
    if found["truncated"]:
        yield ""
        some = f"{found['returned']:,} / {found['total']:,}"
        yield f"列出 {some}，已截断（--limit、--page）" if zh else f"{some} groups shown (--limit, --page)"


def _between(found: Document, language: Language) -> str:
    days = [one["as_of"] + (f" ({one['known_at']})" if one["known_at"] else "") for one in
            (found["from"], found["to"])]  # fmt: skip
    done = found["compared"]
    if language == "zh":
        reach = f"差异事实 {done['facts']:,} 条，重新计算 {done['companies']:,}/{done['of']:,} 个主体"
        return f"办法 {found['policy']}，{days[0]} → {days[1]}；{reach}"
    reach = f"{done['facts']:,} facts differ, {done['companies']:,} of {done['of']:,} parties computed again"
    return f"Policy {found['policy']}, {days[0]} → {days[1]}; {reach}"


def _group(
    group: Document, facts: Document, names: Mapping[str, str | None], language: Language
) -> Iterator[str]:
    zh = language == "zh"
    head = group["controller"]["after"] or group["controller"]["before"]
    who = controller_label({**head, "kin": ()}, names, language)
    yield f"{group['id']}  {say(EVENTS, group['event'], language)}{'：' if zh else ': '}{who}"
    before, after = group["outcome"]["before"], group["outcome"]["after"]
    if before and after and before != after:
        yield f"  {say(OUTCOMES, before, language)} → {say(OUTCOMES, after, language)}"
    for key, word in (("from", "来自" if zh else "from"), ("into", "归入" if zh else "into")):
        others = [one for one in group[key] if one != group["id"]]
        if others:
            yield f"  {word} {', '.join(others)}"
    signs = (("joined", "+"), ("left", "-"), ("client_changed", "*"))
    for key, sign in signs:
        for member in group[key][:_SHOWN_MEMBERS]:
            because = "; ".join(_fact(one, facts, names, language) for one in member["facts"][:3])
            yield f"  {sign} {named(member['party'], names)}" + (f"  [{because}]" if because else "")
        more = len(group[key]) - _SHOWN_MEMBERS
        if more > 0:
            yield f"  {sign} … {more:,}"


def _fact(fact: str, facts: Document, names: Mapping[str, str | None], language: Language) -> str:
    row = facts[fact]
    parties = listed(row["parties"].values(), names, language)
    day = row["valid_to"] if row["change"] == "ends" and row["valid_to"] else row["valid_from"]
    text = f"{fact} {say(CHANGES, row['change'], language)}" + (f" {day}" if day else "")
    return f"{text}: {parties}" if row["file"] != "parties" else text
