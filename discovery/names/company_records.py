"""Companies' records: their keys, and what identifiers and contacts say beside the names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.names import regions
from discovery.names.answers import MERGE_AT, REVIEW_AT, Comparison, Part, decide
from discovery.names.blocking import BlockKey, block_key
from discovery.names.company import parse_company
from discovery.names.company_columns import SHORT, SPECIAL, elsewhere, hopeless, names_of
from discovery.names.company_keys import CompanyKeys
from discovery.names.company_match import NOTHING, compare_company_names, compare_parsed
from discovery.names.decisions import APART, FORBIDS, MERGE, NEUTRAL, REVIEW, STRAINS, Pairs
from discovery.names.records import Keys, Records, Rows
from discovery.names.sharing import Sharing, measure
from discovery.names.text import fold

SHARED_CODE: Final = 4  # differently named records behind one USCC or LEI from which on it proves nothing
SHARED_CONTACT: Final = 4  # companies behind one phone or address from which on it corroborates nothing
_CODE: Final[dict[str, int]] = {"apart": APART, "review": REVIEW, "merge": MERGE}


class CompanyJudge:
    """Judges pairs of companies: a valid identifier first, then names, then contacts."""

    def keys(self, records: Records) -> tuple[Keys, list[BlockKey]]:
        keys = CompanyKeys(records)
        return keys.names(), [
            block_key("main_id", records.main_id, 60),
            block_key("lei", records.lei, 60),
            block_key("registration", records.registration, 20),
            *keys.blocks(),
        ]

    def measure(self, records: Records, names: Keys) -> Sharing:
        return measure(records, names)

    def own_homes(self, records: Records, sharing: Sharing, new: Records) -> bool:
        return sharing.own_homes

    def compare(self, records: Records, sharing: Sharing, left: Rows, right: Rows) -> Pairs:
        size = len(left)
        score, decision = np.zeros(size, np.int32), np.zeros(size, np.int8)
        vetoed = np.zeros(size, np.bool_)
        outside = _outside(records, sharing, left, right)
        alone = ~outside.speaks()
        coded = outside.same_code | outside.other_code
        apart = elsewhere(records.parts, records.marks, left, right) & ~coded
        score[apart], vetoed[apart] = NOTHING, True
        asked = np.flatnonzero(coded | ~(apart | hopeless(records.parts["body"], records.marks, left, right)))
        answers = _answers(records, left[asked], right[asked])
        for at, named in zip(asked.tolist(), answers, strict=True):
            answer = named if alone[at] else _judged(named, outside, at)
            score[at], decision[at] = answer.score, _CODE[answer.decision]
            vetoed[at] = decision[at] == APART and answer.vetoed
        return Pairs(left, right, company_shares(score), decision, vetoed, score, outside)

    def tensions(self, records: Records, sharing: Sharing, left: Rows, right: Rows) -> npt.NDArray[np.int8]:
        pairs = self.compare(records, sharing, left, right)
        return np.where(pairs.vetoed, FORBIDS, np.where(pairs.decision == APART, STRAINS, NEUTRAL)).astype(
            np.int8
        )

    def explain(self, records: Records, pairs: Pairs, at: int) -> tuple[Part, ...]:
        outside = pairs.levels
        assert isinstance(outside, _Outside)  # noqa: S101  pairs of companies carry these
        named = _best(records.names[int(pairs.left[at])], records.names[int(pairs.right[at])])
        return _judged(named, outside, at).parts


def _answers(records: Records, left: Rows, right: Rows) -> Iterator[Comparison]:
    """What the names of each pair say, parts in whichever order: enough for a score and a decision."""
    names = records.names
    plain = np.zeros(len(records), np.bool_)
    plain[left] = plain[right] = True
    rows = np.flatnonzero(plain & (records.marks[:, SHORT] != SPECIAL))
    read = dict(zip(rows.tolist(), names_of(records.parts[rows], records.marks[rows]), strict=True))
    for i, j in zip(left.tolist(), right.tolist(), strict=True):
        one, other = names[i], names[j]
        if i in read and j in read:
            swapped = other[0] < one[0]
            yield compare_parsed(read[j], read[i]) if swapped else compare_parsed(read[i], read[j])
        else:
            yield _best(one, other)


def company_shares(scores: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """The share of true pairs, in thousandths, among pairs whose evidence has these scores.

    Straight lines between the points of `data/company_shares.tsv`, rising, each decision within its bounds:
    fitted to the tuning half of labelled pairs, of which three in five are true.
    """
    known, shares = _shares()
    return np.asarray(np.rint(np.interp(scores, known, shares)).astype(np.int32))


@cache
def _shares() -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    lines = files("discovery.names").joinpath("data", "company_shares.tsv").read_text("utf-8").splitlines()
    points = np.array([line.split("\t") for line in lines], np.int32)
    return points[:, 0], points[:, 1]


@dataclass(frozen=True)
class _Outside:
    """What speaks beside the names; arrays over pairs."""

    same_code: npt.NDArray[np.bool_]
    other_code: npt.NDArray[np.bool_]
    same_registration: npt.NDArray[np.bool_]
    contacts: dict[str, npt.NDArray[np.bool_]]
    other_country: npt.NDArray[np.bool_]
    other_region: npt.NDArray[np.bool_]

    def speaks(self) -> npt.NDArray[np.bool_]:
        """Pairs of which anything beside the names is said."""
        said = (
            self.same_code | self.other_code | self.same_registration | self.other_country | self.other_region
        )
        return np.asarray(np.logical_or.reduce([said, *self.contacts.values()]))


def _outside(records: Records, sharing: Sharing, left: Rows, right: Rows) -> _Outside:
    def same(column: Keys) -> npt.NDArray[np.bool_]:
        return np.asarray((column[left] == column[right]) & (column[left] != 0))

    def other(column: Keys) -> npt.NDArray[np.bool_]:
        return np.asarray((column[left] != column[right]) & (column[left] != 0) & (column[right] != 0))

    uscc = same(records.main_id) & (sharing.pair("main_id", left, right) < SHARED_CODE)
    return _Outside(
        same_code=uscc | same(records.lei),
        other_code=other(records.main_id) | other(records.lei),
        same_registration=same(records.registration),
        contacts={
            field: same(getattr(records, field)) & (sharing.pair(field, left, right) < SHARED_CONTACT)
            for field in ("phone", "email", "address")
        },
        other_country=other(records.country),
        other_region=_other_region(records.region, left, right),
    )


def _other_region(region: pl.Series, left: Rows, right: Rows) -> npt.NDArray[np.bool_]:
    if bool((region == "").all()):
        return np.zeros(len(left), np.bool_)
    codes = {text: regions.leading_place(fold(text))[1] for text in region.unique().to_list()}
    one, other = region.gather(left).to_list(), region.gather(right).to_list()
    return np.array(
        [not regions.compatible(codes[a], codes[b]) for a, b in zip(one, other, strict=True)], np.bool_
    )


def _best(left: tuple[str, ...], right: tuple[str, ...]) -> Comparison:
    """The best that any written name of one makes with any of the other.

    Numbers and branches in the current names decide against any other name; where both current names
    are full, a short name only raises a question.
    """
    current = compare_company_names(left[0], right[0])
    if (len(left) == 1 and len(right) == 1) or current.decision == "merge":
        return current
    if any(part.state == "vetoed" and part.part in {"ordinal", "branch"} for part in current.parts):
        return current
    whole = not parse_company(left[0]).short and not parse_company(right[0]).short
    best = current
    for x in left:
        for y in right:
            answer = compare_company_names(x, y)
            cut = whole and (parse_company(x).short or parse_company(y).short)
            score = min(answer.score, 900) if cut else answer.score
            if score > best.score and answer.decision != "apart":
                alias = Part("alias", "matched", x, y)
                best = Comparison(score, "merge" if score >= MERGE_AT else "review", (alias, *answer.parts))
    return best


def _judged(named: Comparison, outside: _Outside, at: int) -> Comparison:
    """Names and everything else together."""
    parts = list(named.parts)
    contacts = [field for field, same in outside.contacts.items() if same[at]]
    parts += [Part(field, "matched") for field in contacts]
    if outside.other_code[at]:
        return Comparison(min(named.score, 5), "apart", (*parts, Part("identifier", "vetoed")))
    score, structure = named.score, named.vetoed
    if outside.same_code[at]:
        parts.append(Part("identifier", "matched"))
        return (
            Comparison(900, "review", tuple(parts)) if structure else Comparison(997, "merge", tuple(parts))
        )
    if structure:
        return Comparison(score, "apart", tuple(parts))
    grouped = any(part.part == "group" and part.state != "matched" for part in parts)
    if outside.same_registration[at] and score >= REVIEW_AT:
        parts.append(Part("registration_no", "matched"))
        score = max(score, 970)
    elif contacts and score >= 590 and not grouped:
        score = max(score, 960)
    for field, differs in (("country", outside.other_country), ("region", outside.other_region)):
        if differs[at]:
            parts.append(Part(field, "unmatched"))
            score = min(score, 700)
    return decide(score, tuple(parts))
