"""A rule's article in words, and whether its value is presumed or was not read in the measures themselves."""

from __future__ import annotations

from typing import Final, Protocol

from discovery.evidence.words import Language, article_words, say
from discovery.facts.codes import Wording

STATUSES: Final[dict[str, Wording]] = {
    "src": Wording("据规则原文", "read in the text of the rule"),
    "2nd": Wording("仅据二手资料", "read in a secondary source only"),
    "mem": Wording("凭记忆，未核对", "from memory, unverified"),
}


class Sourced(Protocol):
    """Any rule of a policy: it says where its value was read."""

    @property
    def status(self) -> str | None: ...


def cited(rule: Sourced, language: Language, *, article: str | None = None) -> str:
    """The rule's article (or another of it) in brackets, with `presumed` and where the value was read.

    Nothing where the rule has no article and nothing else is to be said.
    """
    zh = language == "zh"
    own = article or getattr(rule, "article", None)
    parts = [article_words(own, language)] if own else []
    if getattr(rule, "presumed", False):
        parts.append("推定" if zh else "presumed")
    if getattr(rule, "secondary", False):
        parts.append(say(STATUSES, "2nd", language))
    if rule.status is not None:
        parts.append(say(STATUSES, rule.status, language))
    if not parts:
        return ""
    return f"（{'，'.join(parts)}）" if zh else f" ({', '.join(parts)})"
