"""What a comparison answers: a score, a decision, and a line for each part that spoke for or against it."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Decision = Literal["merge", "review", "apart"]
State = Literal["matched", "similar", "missing", "unmatched", "vetoed"]

MERGE_AT: Final = 950  # thousandths; at or above: one party, unless a veto speaks
REVIEW_AT: Final = 300  # thousandths; at or above: a person decides


class Part(NamedTuple):
    """One part of the evidence: which part, what it says, and the two values as compared.

    Values are folded name parts, or for identifiers and contact points a word, never the value itself.
    """

    part: str
    state: State
    left: str = ""
    right: str = ""

    def __str__(self) -> str:
        values = f"({self.left}|{self.right})" if self.left or self.right else ""
        return f"{self.part}:{self.state}{values}"

    def swapped(self) -> Part:
        return Part(self.part, self.state, self.right, self.left)


class Comparison(NamedTuple):
    """Whether two are one: `score` in thousandths (calibrated share of true pairs), and why."""

    score: int
    decision: Decision
    parts: tuple[Part, ...]

    @property
    def vetoed(self) -> bool:
        return vetoed(self.parts)

    @property
    def reasons(self) -> str:
        return "; ".join(str(part) for part in self.parts)


def vetoed(parts: tuple[Part, ...]) -> bool:
    """Whether any part forbids."""
    for part in parts:  # noqa: SIM110 - asked of every pair, and a generator costs twice as much
        if part.state == "vetoed":
            return True
    return False


def decide(score: int, parts: tuple[Part, ...]) -> Comparison:
    """The decision that a score gives; a veto keeps apart whatever the score."""
    if vetoed(parts):
        return Comparison(min(score, REVIEW_AT - 1), "apart", parts)
    return Comparison(
        score, "merge" if score >= MERGE_AT else "review" if score >= REVIEW_AT else "apart", parts
    )
