"""Latin names beside Latin names, and beside the Han names they render."""

from __future__ import annotations

from itertools import product
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from discovery.names.answers import Comparison, Part, State, decide
from discovery.names.company import CompanyName
from discovery.names.foreign import ForeignName
from discovery.names.readings import pinyin, readings


def compare_foreign(a: ForeignName, b: ForeignName) -> Comparison:
    """Two Latin names: the same words in the same form; other numbers or a branch on one side veto."""
    parts: list[Part] = []
    left, right = " ".join(a.words), " ".join(b.words)
    if a.numbers != b.numbers:
        parts.append(Part("ordinal", "vetoed", *(",".join(map(str, x.numbers)) for x in (a, b))))
    if a.branch != b.branch:
        parts.append(Part("branch", "vetoed", left, right))
    if a.kind and b.kind:
        parts.append(Part("form", "matched" if a.kind == b.kind else "unmatched", a.kind, b.kind))
    if "group" in (set(a.words) ^ set(b.words)):
        parts.append(Part("group", "unmatched", left, right))
    same_form = a.kind == b.kind
    if a.words == b.words:
        score = 990 if same_form and a.kind else 900 if same_form else 700
        return decide(score, (Part("name", "matched", left, right), *parts))
    if left.replace(" ", "") == right.replace(" ", ""):
        return decide(960 if same_form else 680, (Part("name", "matched", left, right), *parts))
    if DamerauLevenshtein.distance(left, right, score_cutoff=2) <= 1 and len(left) >= 10:
        return decide(850 if same_form else 500, (Part("name", "similar", left, right), *parts))
    if a.distinctive and a.distinctive == b.distinctive:
        return decide(600 if same_form else 450, (Part("trade_name", "matched", left, right), *parts))
    likeness = fuzz.token_sort_ratio(left, right)
    state: State = "similar" if likeness >= 85 else "unmatched"
    return decide(
        int(likeness * 4) if likeness >= 85 else int(likeness), (Part("name", state, left, right), *parts)
    )


_LONGEST_TRADE: Final = 6


def compare_with_foreign(a: CompanyName, b: CompanyName) -> Comparison:
    """A Han name and a Latin one: region and trade name as pinyin among the Latin words; at best a review."""
    han, latin = (a, b) if b.foreign else (b, a)
    foreign = latin.foreign
    assert foreign is not None  # noqa: S101  one of the two is Latin by the caller's test
    parts: list[Part] = []
    if sorted(foreign.numbers) != sorted(han.ordinals) and foreign.numbers and han.ordinals:
        parts.append(Part("ordinal", "vetoed", str(han.ordinals), str(foreign.numbers)))
    if (han.branch is not None) != foreign.branch:
        parts.append(Part("branch", "vetoed", han.branch or "", "branch" if foreign.branch else ""))
    spelt = "".join(foreign.words)
    trade = _spelt_in(han.trade[:_LONGEST_TRADE], spelt)
    region = bool(han.place_text) and _spelt_in(han.place_text.rstrip("省市"), spelt)
    if trade:
        score = 930 if region and len(han.trade) > 1 else 800 if len(han.trade) > 2 else 650
        state: State = "matched"
    else:
        score, state = (120, "unmatched") if region else (30, "unmatched")
    if region:
        parts.append(Part("region", "matched", han.place_text, han.place_text))
    return decide(score, (Part("pinyin", state, a.text, b.text), *parts))


def _spelt_in(text: str, spelt: str) -> bool:
    """Whether the text's pinyin, in any of its readings, stands in the Latin letters."""
    if not text or not all(readings(char) for char in text):
        return False
    if "".join(pinyin(text)) in spelt:
        return True
    choices = [readings(char)[:2] for char in text]
    return len(text) <= 4 and any("".join(choice) in spelt for choice in product(*choices))
