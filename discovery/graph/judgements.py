"""Which records are one party: a pure function of automatic links and of what people decided.

Two records are joined by a person's merge or because they were linked automatically; a person's
keep-apart stands against both and against every chain of them. So the parties do not depend on the
order in which records, links and judgements came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from discovery.facts.keys import party_id

MERGE: Final = "merge"
APART: Final = "apart"
Kind = Literal["merge", "apart"]
Parties = dict[str, str]  # record key -> party id


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's word on records (keys): `merge` joins the first of either side, `apart` parts all of
    the left from all of the right. `at` (UTC text) orders them."""

    id: str
    change: str
    kind: Kind
    left: tuple[str, ...]
    right: tuple[str, ...]
    at: str = ""


def parties_of(linked: Mapping[str, str | None], judgements: Iterable[Judgement]) -> Parties:
    """The party of each record. `linked`: record key -> the mark that records linked automatically share.

    Merges are taken in the order they were made, then the links of each mark in the order of keys; what
    would bring two together that are kept apart is passed over. A party's id is that of its smallest key.
    """
    known = sorted(judgements, key=lambda one: (one.at, one.id))
    clusters = _Clusters(linked, [one for one in known if one.kind == APART])
    for one in known:
        if one.kind == MERGE and one.left[0] in linked and one.right[0] in linked:
            clusters.join(one.left[0], one.right[0])
    for group in _groups(linked).values():
        clusters.gather(group)
    return {key: party_id(min(cluster)) for key, cluster in clusters.of.items()}


def parted(
    keys: Sequence[str], pairs: Iterable[tuple[str, str]], judgements: Iterable[Judgement]
) -> list[list[str]]:
    """Records joined along pairs, the first pairs first, except where that brings together what is apart."""
    clusters = _Clusters(keys, [one for one in judgements if one.kind == APART])
    for one, other in pairs:
        clusters.join(one, other)
    return [
        sorted(cluster) for cluster in {id(cluster): cluster for cluster in clusters.of.values()}.values()
    ]


def _groups(linked: Mapping[str, str | None]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for key in sorted(linked):
        mark = linked[key]
        if mark is not None:
            groups[mark].append(key)
    return dict(sorted(groups.items()))


class _Clusters:
    """Sets of records that grow together, unless someone keeps them apart."""

    def __init__(self, keys: Iterable[str], aparts: Sequence[Judgement]) -> None:
        self.of: dict[str, set[str]] = {key: {key} for key in keys}
        self._against: dict[str, set[str]] = defaultdict(set)
        for one in aparts:
            for key in one.left:
                self._against[key].update(one.right)
            for key in one.right:
                self._against[key].update(one.left)

    def join(self, one: str, other: str) -> bool:
        """Make one of the sets of two records; False if somebody in them is kept apart."""
        small, large = sorted((self.of[one], self.of[other]), key=len)
        if small is large:
            return True
        if any(not large.isdisjoint(self._against[key]) for key in small if key in self._against):
            return False
        large |= small
        for key in small:
            self.of[key] = large
        return True

    def gather(self, keys: Sequence[str]) -> None:
        """Join each record with the first before it with whom it may be."""
        heads: list[str] = []
        for key in keys:
            if not any(self.join(head, key) for head in heads):
                heads.append(key)


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of parties: `merged` (several old, one new) or `split` (one old, several new)."""

    type: Literal["merged", "split"]
    old: tuple[str, ...]
    new: tuple[str, ...]
    records: tuple[str, ...]


def moves(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Moved]:
    """The splits, then the merges, that lead from one assignment of records to another."""
    forward: dict[str, set[str]] = defaultdict(set)
    backward: dict[str, set[str]] = defaultdict(set)
    changed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, new in after.items():
        old = before[key]
        forward[old].add(new)
        backward[new].add(old)
        if old != new:
            changed[old, new].append(key)
    for old in sorted(forward):
        if len(forward[old]) > 1:
            yield _moved("split", (old,), forward[old], changed)
    for new in sorted(backward):
        if len(backward[new]) > 1:
            yield _moved("merged", backward[new], (new,), changed)


def _moved(
    kind: Literal["merged", "split"],
    old: Iterable[str],
    new: Iterable[str],
    changed: Mapping[tuple[str, str], list[str]],
) -> Moved:
    olds, news = tuple(sorted(old)), tuple(sorted(new))
    records = {key for a in olds for b in news for key in changed.get((a, b), ())}
    return Moved(kind, olds, news, tuple(sorted(records)))
