"""The names nearest to a name among a million: an index of small pieces, then a comparison of the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

from discovery.names.company import parse_company
from discovery.names.company_match import compare_company_names
from discovery.names.grams import Grams, cut
from discovery.names.person import looks_like_person, parse_person
from discovery.names.person_match import NameLevel, name_level

BUDGET: Final = 200_000  # postings read for one question, the rarest pieces first
COMPARED: Final = 60  # names compared in full for one question
MERGED_FROM: Final = 6  # segments from which on the smaller ones are joined
WRITTEN_ALIKE: Final = 650  # thousandths for the same letters in the same order, whatever the parts say
NAME_SCORES: Final = (0, 10, 150, 300, 600, 550, 750, 850, 950)  # thousandths by level of person's names


@dataclass(frozen=True)
class Segment:
    """Postings of some names: sorted pieces, where each one's list starts, names by number (from `first`)."""

    grams: Grams
    starts: npt.NDArray[np.int64]
    docs: npt.NDArray[np.int32]
    lengths: npt.NDArray[np.float32]
    first: int

    def spans(self, wanted: Grams) -> npt.NDArray[np.int64]:
        """Start and end of the lists of the pieces; both 0 for one that no name has."""
        at = np.searchsorted(self.grams, wanted)
        at[at == len(self.grams)] = 0
        hit = self.grams[at] == wanted if len(self.grams) else np.zeros(len(wanted), np.bool_)
        return np.stack([np.where(hit, self.starts[at], 0), np.where(hit, self.starts[at + 1], 0)], axis=1)


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found: its row among all added, the name that hit, and a score in thousandths."""

    row: int
    name: str
    score: int


class NameSearch:
    """Names to be searched; more may be added at any time, and are found at once."""

    def __init__(
        self,
        names: list[str] | None = None,
        rows: list[int] | None = None,
        parts: list[Segment] | None = None,
    ) -> None:
        """Empty; or with names, the row each is of, and the postings that were made of them."""
        self.names = names or []
        self.rows = rows or []
        self.segments = parts or []
        self._size = self.rows[-1] + 1 if self.rows else 0
        self._scores = np.zeros(len(self.names), np.float32)
        self._lengths = np.concatenate([self._scores[:0], *(segment.lengths for segment in self.segments)])

    def __len__(self) -> int:
        """How many rows were added (a row may have several names)."""
        return self._size

    def add(self, names: list[tuple[str, ...]]) -> None:
        """Take in rows, each with all its written names."""
        first = len(self.names)
        for row, written in enumerate(names, self._size):
            for name in dict.fromkeys(written):
                self.names.append(name)
                self.rows.append(row)
        self._size += len(names)
        if len(self.names) > first:
            self.segments.append(_segment(self.names[first:], first))
        if len(self.segments) >= MERGED_FROM:
            self._join()
        self._scores = np.zeros(len(self.names), np.float32)
        self._lengths = np.concatenate([segment.lengths for segment in self.segments] or [self._lengths])

    def _join(self) -> None:
        """Make one segment of the smallest ones at the end, so that adding stays cheap and searching too."""
        keep = 1 if len(self.segments[0].docs) > 4 * sum(len(s.docs) for s in self.segments[1:]) else 0
        first = self.segments[keep].first
        self.segments = [*self.segments[:keep], _segment(self.names[first:], first)]

    def search(self, name: str, k: int = 20) -> list[Hit]:
        """The k rows whose names are nearest, best first; fewer if fewer share anything with the name."""
        grams = np.unique(cut([name])[0])
        if not len(grams) or not self.names:
            return []
        candidates = self._candidates(grams, max(COMPARED, 2 * k))
        likeness = _scorer(name)
        best: dict[int, tuple[int, float, str]] = {}
        for doc, nearness in candidates:
            row = self.rows[doc]
            found = (likeness(self.names[doc]), nearness, self.names[doc])
            if row not in best or found > best[row]:
                best[row] = found
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))
        return [Hit(row, text, score) for row, (score, _, text) in ranked[:k]]

    def _candidates(self, grams: Grams, most: int) -> list[tuple[int, float]]:
        spans = [segment.spans(grams) for segment in self.segments]
        frequency = np.sum([span[:, 1] - span[:, 0] for span in spans], axis=0)
        total = len(self.names)
        weight = np.log((total + 1) / (frequency + 0.5)).astype(np.float32)
        order = np.argsort(frequency, kind="stable")
        order = order[frequency[order] > 0]
        read = np.cumsum(frequency[order])
        order = order[: max(1, int(np.searchsorted(read, BUDGET, "right")))]
        touched = np.empty(min(int(frequency[order].sum()), total), np.int64)
        filled = 0
        for segment, span in zip(self.segments, spans, strict=True):
            filled = _gather(
                segment.docs, span[order], weight[order] ** 2, segment.first, self._scores, touched, filled
            )
        docs = touched[:filled]
        scores = self._scores[docs] / np.sqrt(self._lengths[docs] + 4)
        self._scores[docs] = 0
        if filled > most:
            best = np.argpartition(-scores, most - 1)[:most]
            docs, scores = docs[best], scores[best]
        return list(zip(docs.tolist(), scores.tolist(), strict=True))


def _segment(names: list[str], first: int) -> Segment:
    grams, docs = cut(names)
    order = np.lexsort((docs, grams))
    grams, docs = grams[order], docs[order]
    once = np.append(True, (grams[1:] != grams[:-1]) | (docs[1:] != docs[:-1]))[: len(grams)]
    grams, docs = grams[once], docs[once]
    starts = np.flatnonzero(np.append(True, grams[1:] != grams[:-1]))[: len(grams)]
    lengths = np.bincount(docs, minlength=len(names)).astype(np.float32)
    return Segment(grams[starts], np.append(starts, len(grams)), docs.astype(np.int32), lengths, first)


@numba.njit(cache=True)
def _gather(  # noqa: PLR0917  compiled code takes its arguments by place
    docs: Any, spans: Any, weights: Any, first: int, scores: Any, touched: Any, filled: int
) -> int:
    for at in range(len(spans)):
        weight = weights[at]
        for place in range(spans[at, 0], spans[at, 1]):
            doc = docs[place] + first
            if scores[doc] == 0:
                touched[filled] = doc
                filled += 1
            scores[doc] += weight
    return filled


def _scorer(name: str) -> Any:
    """How alike another name is, in thousandths; as people's names too where this one reads as one."""
    personal = looks_like_person(name) or (
        not parse_person(name).han and 1 < len(parse_person(name).words) <= 4
    )

    text = parse_company(name).compact

    def score(other: str) -> int:
        found = compare_company_names(name, other).score
        if personal:
            level = name_level(name, other)
            found = max(found, NAME_SCORES[level]) if level > NameLevel.UNKNOWN else found
        return max(
            found, int(WRITTEN_ALIKE * Indel.normalized_similarity(text, parse_company(other).compact))
        )

    return score
