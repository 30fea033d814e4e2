"""Figures of pairs and clusters against a truth, and the table they are printed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise

Pair = tuple[str, str]


@dataclass(frozen=True)
class Figure:
    """One measured value beside its aim; `met` is None where nothing was promised."""

    name: str
    value: str
    aim: str = ""
    met: bool | None = None


def at_least(name: str, value: float, aim: float, note: str = "") -> Figure:
    return Figure(name, f"{value:.5f} {note}".strip(), f">= {aim}", value >= aim)


def at_most(name: str, value: float, aim: float, note: str = "") -> Figure:
    return Figure(name, f"{value:.5f} {note}".strip(), f"<= {aim}", value <= aim)


def pairs_within(groups: Iterable[tuple[Hashable, str]]) -> set[Pair]:
    """All pairs of ids that share a group."""
    members: dict[Hashable, list[str]] = defaultdict(list)
    for group, member in groups:
        members[group].append(member)
    return {(min(a, b), max(a, b)) for ids in members.values() for a, b in combinations(ids, 2)}


def recall_at_precision(scored: list[tuple[int, bool]], precision: float) -> tuple[float, int]:
    """The largest recall of a cut on the score that keeps the precision, and that cut."""
    positives = sum(truth for _, truth in scored)
    best, cut, true, false = 0.0, 0, 0, 0
    ordered = sorted(scored, reverse=True)
    for at, (score, truth) in enumerate(ordered):
        true, false = true + truth, false + (not truth)
        last = at + 1 == len(ordered) or ordered[at + 1][0] != score
        if last and true >= precision * (true + false):
            best, cut = true / positives, score
    return best, cut


BANDS = (0, 50, 300, 700, 950, 990, 1001)


def calibration(title: str, scored: list[tuple[int, bool]]) -> list[Figure]:
    """Mean score beside the share of true pairs, band by band, and the mean gap over all pairs."""
    figures, gap = [], 0.0
    for low, high in pairwise(BANDS):
        band = [(score / 1000, truth) for score, truth in scored if low <= score < high]
        if band:
            said, true = (sum(column) / len(band) for column in zip(*band, strict=True))
            gap += abs(said - true) * len(band) / len(scored)
            name = f"{title}: score {low / 1000:.3f} to {min(high - 1, 1000) / 1000:.3f}"
            figures.append(Figure(name, f"said {said:.3f}, true {true:.3f}, {len(band)} pairs"))
    return [*figures, Figure(f"{title}: mean gap of score and truth", f"{gap:.4f}")]


def show(title: str, figures: list[Figure]) -> None:
    print(f"\n{title}")
    for figure in figures:
        mark = {None: " ", True: "+", False: "-"}[figure.met]
        print(f"  {mark} {figure.name:<58} {figure.value:<34} {figure.aim}")
