"""Kin, counted again by the checker: from an anchor, one relation at a time, never further."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from discovery.evidence.checking.day import Day, holds_on

_PLACEHOLDER: Final = 200  # more children than this: not one parent but a placeholder

# Steps from the anchor: u up, d down (birth and adoption), U and D over step ties too, S and T over
# step ties alone, m to the spouse.
PATHS: Final[dict[str, str]] = {
    "spouse": "m",
    "parent": "u",
    "child": "d",
    "step_parent": "S",
    "step_child": "T",
    "grandparent": "UU",
    "grandchild": "DD",
    "sibling": "ud",
    "great_grandparent": "UUU",
    "great_grandchild": "DDD",
    "parent_sibling": "uud",
    "sibling_child": "udd",
    "cousin": "uudd",
    "spouse_parent": "mu",
    "child_spouse": "dm",
    "spouse_grandparent": "muu",
    "grandchild_spouse": "ddm",
    "sibling_spouse": "udm",
    "spouse_sibling": "mud",
    "spouse_sibling_spouse": "mudm",
    "child_spouse_parent": "dmu",
}
# A nearer relation that the path also reaches and that then alone counts.
_NEARER: Final = {
    "parent_sibling": "parent",
    "sibling_child": "child",
    "cousin": "sibling",
    "child_spouse_parent": "spouse",
    "sibling_spouse": "spouse",
    "spouse_sibling_spouse": "sibling",
}
INVERSE: Final[dict[str, str]] = {
    "spouse": "spouse",
    "parent": "child",
    "child": "parent",
    "step_parent": "step_child",
    "step_child": "step_parent",
    "grandparent": "grandchild",
    "grandchild": "grandparent",
    "sibling": "sibling",
    "great_grandparent": "great_grandchild",
    "great_grandchild": "great_grandparent",
    "parent_sibling": "sibling_child",
    "sibling_child": "parent_sibling",
    "cousin": "cousin",
    "spouse_parent": "child_spouse",
    "child_spouse": "spouse_parent",
    "spouse_grandparent": "grandchild_spouse",
    "grandchild_spouse": "spouse_grandparent",
    "sibling_spouse": "spouse_sibling",
    "spouse_sibling": "sibling_spouse",
    "spouse_sibling_spouse": "spouse_sibling_spouse",
    "child_spouse_parent": "child_spouse_parent",
}


class Tie(NamedTuple):
    to: str
    fact: str
    step: bool


class Path(NamedTuple):
    """One way from the anchor to a relative: its facts, and whether it leads over a step tie."""

    facts: tuple[str, ...]
    step: bool


class Family:
    """The kinship ties of a day."""

    def __init__(self, day: Day) -> None:
        self._spouse: dict[str, list[Tie]] = defaultdict(list)
        self._up: dict[str, list[Tie]] = defaultdict(list)
        self._down: dict[str, list[Tie]] = defaultdict(list)
        rows = day.of("kinship")
        for row in rows:
            if row["relation"] == "spouse_of":
                self._spouse[row["person"]].append(Tie(row["relative"], row["fact"], step=False))
                self._spouse[row["relative"]].append(Tie(row["person"], row["fact"], step=False))
        parents = [row for row in rows if row["relation"] == "parent_of"]
        adoptions: dict[str, dict[date | None, set[str]]] = defaultdict(lambda: defaultdict(set))
        for row in parents:
            if row["kind"] == "adoption":
                adoptions[row["relative"]][row["valid_from"]].add(row["person"])
        for row in parents:
            parent, child, kind = row["person"], row["relative"], row["kind"] or "birth"
            if kind == "birth" and not all(
                self._married(day, parent, adopters, since or day.as_of)
                for since, adopters in adoptions.get(child, {}).items()
            ):
                continue
            step = kind == "step_brought_up"
            self._up[child].append(Tie(parent, row["fact"], step))
            self._down[parent].append(Tie(child, row["fact"], step))
        for parent, ties in self._down.items():
            if len(ties) > _PLACEHOLDER:
                self._down[parent] = []

    @staticmethod
    def _married(day: Day, person: str, others: set[str], on: date) -> bool:
        """Was the person the spouse of one of the others on that day?"""
        couples = (
            {row["person"], row["relative"]}
            for row in day.known("kinship")
            if row["relation"] == "spouse_of" and holds_on(row, on)
        )
        return any(person in couple and (couple - {person}) & others for couple in couples)

    def _steps(self, person: str, letter: str) -> Iterator[Tie]:
        if letter == "m":
            yield from self._spouse.get(person, ())
            return
        ties = self._up if letter in "uUS" else self._down
        for tie in ties.get(person, ()):
            if letter in "UD" or tie.step == (letter in "ST"):
                yield tie

    def relatives(self, person: str, relation: str) -> dict[str, list[Path]]:
        """Who is the person's relation, each with every path that makes it so."""
        found = self._walk(person, PATHS[relation])
        nearer = _NEARER.get(relation)
        if nearer is not None and found:
            for other in self._walk(person, PATHS[nearer]):
                found.pop(other, None)
        return found

    def _walk(self, person: str, path: str) -> dict[str, list[Path]]:
        heads: list[tuple[str, str | None, Path]] = [(person, None, Path((), step=False))]
        for letter in path:
            heads = [
                (tie.to, at, Path((*so_far.facts, tie.fact), so_far.step or tie.step))
                for at, came, so_far in heads
                for tie in self._steps(at, letter)
                if tie.to not in (came, person)
            ]
        found: dict[str, list[Path]] = defaultdict(list)
        for relative, _, so_far in heads:
            found[relative].append(so_far)
        return dict(found)

    def within(self, person: str, scope: tuple[str, ...]) -> dict[str, dict[str, list[Path]]]:
        """By relative: the relations of the scope in which it stands to the person."""
        found: dict[str, dict[str, list[Path]]] = defaultdict(dict)
        for relation in scope:
            for relative, paths in self.relatives(person, relation).items():
                found[relative][relation] = paths
        return dict(found)

    def seen_from(self, relative: str, scope: tuple[str, ...]) -> set[str]:
        """The persons in whose scope the relative stands."""
        return set(self.within(relative, tuple(INVERSE[relation] for relation in scope)))
