"""`policy check`: is a file a policy, what is its own, what is inherited or presumed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from discovery.evidence.words import Language, article_words
from discovery.policies import Groupless, load_measures
from discovery.policies.cited import INHERITED
from discovery.policies.files import path_of, read

Document = dict[str, Any]


def policy_check(name: str | Path) -> Document:
    """What a file says as a policy; PolicyInvalid names file, key and allowed values where it is none.

    `presumed` lists the rules that are presumed, with their article; `inherited` those of them that come
    from another policy.
    """
    path = path_of(name)
    found = load_measures(name)
    rules = dict(_cited(found.model_dump(mode="json", exclude_none=True), ""))
    presumed = {key: article for key, (article, default) in rules.items() if default}
    return {
        "file": str(path),
        "valid": True,
        "slug": found.slug,
        "forms_groups": not isinstance(found, Groupless),
        "inherits": read(path).get("inherits"),
        "rules": len(rules),
        "inherited": {key: article for key, article in presumed.items() if INHERITED in article},
        "presumed": {key: article for key, article in presumed.items() if INHERITED not in article},
    }


def check_lines(found: Document, language: Language) -> Iterator[str]:
    """The same in words."""
    zh = language == "zh"
    yield f"{found['file']}: {'有效' if zh else 'valid'} ({found['slug']})"
    if not found["forms_groups"]:
        yield "  不产生集团" if zh else "  forms no groups"
        return
    named = (
        ("inherited", "继承，未自行规定", "inherited, the file is silent"),
        ("presumed", "推定", "presumed"),
    )
    for key, chinese, english in named:
        rules = found[key]
        yield f"  {chinese if zh else english}: {len(rules)}/{found['rules']}"
        yield from (f"    {rule}  {article_words(article, language)}" for rule, article in rules.items())


def _cited(data: Any, place: str) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Every rule with an article: its place, the article, whether it is presumed."""
    if isinstance(data, dict):
        if data.get("article"):
            yield place, (data["article"], bool(data.get("presumed")))
        for key, value in data.items():
            yield from _cited(value, f"{place}.{key}" if place else str(key))
    elif isinstance(data, list):
        for number, item in enumerate(data):
            name = item.get("code") or item.get("id") or number if isinstance(item, dict) else number
            yield from _cited(item, f"{place}.{name}")
