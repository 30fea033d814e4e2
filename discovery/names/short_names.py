"""Whether a short name abbreviates a full name: its characters in order, from the right parts."""

from __future__ import annotations

from typing import Final

from discovery.names import regions
from discovery.names.answers import Part
from discovery.names.company import GENERIC_TAILS, CompanyName, families

_FIT: Final = 965


def stem_of(short: CompanyName) -> str:
    """The short name without a closing generic word (股份, 集团 ...), if two characters stay."""
    text = short.place_text + short.core
    for tail in GENERIC_TAILS:
        if text.endswith(tail) and len(text) - len(tail) >= 2:
            return text[: -len(tail)]
    return text


def _runs(stem: str, full: str) -> int | None:
    """In how few stretches the stem stands in the full name, in order; None if it does not."""
    if stem in full:
        return 1
    found = -1
    for char in stem:
        found = full.find(char, found + 1)
        if found < 0:
            return None
    best: int | None = None
    states: dict[int, int] = {-1: 0}  # where the last character stood: stretches so far
    for index, char in enumerate(stem):
        following: dict[int, int] = {}
        for at, there in enumerate(full):
            if there != char:
                continue
            for before, runs in states.items():
                if before < at and (index or before == -1):
                    cost = runs + (0 if before == at - 1 and index else 1)
                    if cost < following.get(at, 99):
                        following[at] = cost
        if not following:
            return None
        states = following
        best = min(states.values())
    return best


def fit_short_name(short: CompanyName, full: CompanyName) -> tuple[int, Part]:
    """Score in thousandths, and the part that explains it."""
    stem = stem_of(short)
    target = full.place_text + full.core
    runs = _runs(stem, target)
    if (
        runs is None
        and full.places
        and stem[:1] in regions.abbreviations()
        and regions.compatible(regions.abbreviations()[stem[:1]], full.places[0])
    ):
        stem = stem[1:]
        runs = _runs(stem, full.core)
        runs = None if runs is None or len(stem) < 2 else runs
    if runs is None:
        return _loose(short, full)
    return _fitted(stem, target, runs, full), Part("short_name", "matched", short.text, full.text)


def _fitted(stem: str, target: str, runs: int, full: CompanyName) -> int:
    begins = target.startswith(stem[:1]) or full.core.startswith(stem[:1])
    score = _FIT + (20 if runs == 1 else 10 if runs == 2 else 0)
    if not begins:
        if regions.leading_place(stem)[0]:
            return 300  # a place and a trade stand in the names of many
        return 560 if runs == 1 and len(stem) >= 4 else 470 if runs <= 2 else 350
    if not _says_all(stem, full):
        score -= 45  # a bare or cut name fits too many
    if runs > 3:
        score -= 200
    if _names_a_place_inside(full) and not _names_a_place_inside(full, stem):
        return 400  # the head's short name begins the names of its regional subsidiaries
    return score


_SAYS_LITTLE: Final = frozenset(GENERIC_TAILS) | {"科技", "技术", "发展", "国际", "产业", "工业"}


def _says_all(stem: str, full: CompanyName) -> bool:
    """Whether the stem holds the whole trade name, and the first character of each telling trade word."""
    if len(full.trade) < 2 or full.trade not in stem or len(stem) <= len(full.trade):
        return False
    rest = stem[stem.index(full.trade) + len(full.trade) :]
    telling = [word for word in full.industry if word not in _SAYS_LITTLE]
    return (len(rest) > 1 or bool(telling)) and all(word[0] in rest for word in telling)


def _names_a_place_inside(full: CompanyName, within: str | None = None) -> bool:
    text = full.core
    for start in range(2, len(text) - 2):
        place, code = regions.leading_place(text[start:])
        if code and len(code) <= 4 and not code.startswith("x") and (within is None or place in within):
            return True
    return False


def _loose(short: CompanyName, full: CompanyName) -> tuple[int, Part]:
    """A short name that shares the trade name only, as after a change of business."""
    trade = short.trade if len(short.trade) >= 2 else short.core
    shared = full.trade if len(full.trade) >= 2 and trade.startswith(full.trade) else ""
    if shared:
        score = (
            380 + 80 * min(len(shared) - 2, 3) * (not shared.isascii()) - (150 if shared in families() else 0)
        )
        return score, Part("short_name", "similar", short.text, full.text)
    if len(trade) >= 2 and full.trade.startswith(trade[:2]):
        return 290, Part("short_name", "similar", short.text, full.text)
    return 20, Part("short_name", "unmatched", short.text, full.text)
