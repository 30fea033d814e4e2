"""The difference of two policies in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from discovery.evidence.wording import named, reason_sentence
from discovery.evidence.words import MEASURES, OPERATORS, OUTCOMES, Language, article_words, say

Document = dict[str, Any]
_PERCENT: Final = frozenset({"voting", "equity", "voting_commanded", "equity_commanded", "board_votes"})


def value_lines(found: Document, language: Language) -> Iterator[str]:
    """The values that differ, one a line."""
    zh = language == "zh"
    left, right = found["left"], found["right"]
    if not found["values"]:
        yield f"{left} 与 {right} 的参数相同" if zh else f"{left} and {right} have the same parameters"
    else:
        yield f"{left} → {right}"
    for one in found["values"]:
        yield f"  {one['key']}: {_shown(one['left'])} → {_shown(one['right'])}"
    if found["citations"]:
        number = found["citations"]
        yield f"  另有 {number} 处条款号或推定标记不同" if zh else f"  and {number} citations differ"


def member_lines(found: Document, values: Document, language: Language) -> Iterator[str]:
    """The members that differ, each with what either side makes of it."""
    zh = language == "zh"
    groups = found["groups"]
    sides = (values["left"], values["right"])
    yield ""
    counts = f"{sides[0]} {groups['left']}, {sides[1]} {groups['right']}"
    yield (
        f"集团数：{counts}；成员差异 {found['total']} 处"
        if zh
        else (f"Groups: {counts}; {found['total']} members differ")
    )
    for row in found["members"]:
        head = (
            named(row["controller"]["parties"][0], found["parties"]) if row["controller"]["parties"] else "-"
        )
        company = named(row["company"], found["parties"])
        yield f"  {company}  ← {head}"
        for side, slug in (("left", sides[0]), ("right", sides[1])):
            yield f"    {slug}: {_side(row[side], language)}"
    if found["truncated"]:
        more = found["total"] - found["returned"]
        yield f"  还有 {more} 处未列出（--limit）" if zh else f"  {more} more are not listed (--limit)"


def _side(said: Document, language: Language) -> str:
    word = "不是成员" if language == "zh" else "no member"
    if said["outcome"] != "NONE":
        word = say(OUTCOMES, said["outcome"], language)
    if "reason" in said:
        cited = f", {article_words(said['article'], language)}" if said.get("article") else ""
        return f"{word} ({reason_sentence(said['reason'], language)}{cited})"
    if "basis" not in said:
        return f"{word} (HEAD)"
    measure, op = say(MEASURES, said["measure"], language), say(OPERATORS, said["op"], language)
    cited = article_words(said["article"], language)
    unit = "%" if said["measure"] in _PERCENT else ""
    test = f"{said['basis']}, {said['total']}{unit} {measure} ({op} {said['threshold']}{unit}), {cited}"
    if said.get("controls"):
        word = "受其控制，但其下没有集团" if language == "zh" else "controlled, but no group stands there"
    if "missing" in said:
        test += f"，尚缺 {said['missing']}" if language == "zh" else f", missing {said['missing']}"
    return f"{word} ({test})"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(str(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_shown(one)}" for key, one in value.items()) + "}"
    return "–" if value is None else str(value)
