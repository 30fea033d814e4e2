"""Who is what to whom, by direct definition over sets of parents and spouses (policies.md B1, B2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from oracles.plain import holds
from oracles.worlds import DAY, Row, text

People = set[str]


class Family:
    """The ties of one day; `ever`: every kinship row of the world, whenever it holds."""

    def __init__(self, rows: Iterable[Row], ever: Iterable[Row], as_of: date = DAY) -> None:
        ties = list(rows)
        self._weddings = [row for row in ever if row["relation"] == "spouse_of"]
        self.spouses: dict[str, People] = defaultdict(set)
        by_kind: dict[str, dict[str, People]] = {k: defaultdict(set) for k in ("birth", "adoption", "step")}
        adoptions: dict[str, dict[str, People]] = defaultdict(lambda: defaultdict(set))
        self.people = {name for row in ties for name in (row["person"], row["relative"])}
        for row in ties:
            one, other = row["person"], row["relative"]
            if row["relation"] == "spouse_of":
                self.spouses[one].add(other)
                self.spouses[other].add(one)
            else:
                by_kind[(text(row, "kind") or "birth").split("_", maxsplit=1)[0]][other].add(one)
                if text(row, "kind") == "adoption":
                    adoptions[other][text(row, "valid_from")].add(one)
        self.parents = {
            child: by_kind["adoption"][child]
            | {one for one in by_kind["birth"][child] if self._stays(one, adoptions[child], as_of)}
            for child in self.people
        }
        self.step_parents = {child: by_kind["step"][child] for child in self.people}
        self.children = _turned(self.parents)
        self.step_children = _turned(self.step_parents)

    def _stays(self, parent: str, adoptions: Mapping[str, People], as_of: date) -> bool:
        """Each adoption ends the birth tie, but not to who was the adopter's spouse on the day it began."""
        return all(
            any(
                holds(row, date.fromisoformat(since) if since else as_of)
                and any({row["person"], row["relative"]} == {parent, adopter} for adopter in adopters)
                for row in self._weddings
            )
            for since, adopters in adoptions.items()
        )

    def _over(self, people: Iterable[str], ties: Mapping[str, People]) -> People:
        return {other for one in people for other in ties.get(one, ())}

    def _up(self, people: Iterable[str]) -> People:
        """Lineal steps also lead over step ties."""
        people = set(people)
        return self._over(people, self.parents) | self._over(people, self.step_parents)

    def _down(self, people: Iterable[str]) -> People:
        people = set(people)
        return self._over(people, self.children) | self._over(people, self.step_children)

    def siblings(self, person: str) -> People:
        """Who shares a parent, half-siblings included."""
        return self._over(self.parents.get(person, ()), self.children) - {person}

    def _siblings(self, people: Iterable[str]) -> People:
        return {other for one in people for other in self.siblings(one)}

    def relatives(self, me: str) -> dict[str, People]:
        """Each relation with everybody who is that to the person."""
        spouses, parents = self.spouses[me], self.parents.get(me, set())
        children, siblings = self.children.get(me, set()), self.siblings(me)
        uncles = self._siblings(parents) - parents
        found = {
            "spouse": spouses,
            "parent": parents,
            "child": children,
            "step_parent": self.step_parents.get(me, set()),
            "step_child": self.step_children.get(me, set()),
            "grandparent": self._up(self._up({me})),
            "grandchild": self._down(self._down({me})),
            "sibling": siblings,
            "great_grandparent": self._up(self._up(self._up({me}))),
            "great_grandchild": self._down(self._down(self._down({me}))),
            "parent_sibling": uncles,
            "sibling_child": self._over(siblings, self.children) - children,
            "cousin": self._over(self._siblings(parents) - {me}, self.children) - siblings,
            "spouse_parent": self._over(spouses, self.parents),
            "child_spouse": self._over(children, self.spouses),
            "spouse_grandparent": self._over(self._over(spouses, self.parents), self.parents),
            "grandchild_spouse": self._over(self._over(children, self.children), self.spouses),
            "sibling_spouse": self._over(siblings, self.spouses) - spouses,
            "spouse_sibling": self._siblings(spouses),
            "spouse_sibling_spouse": self._over(self._siblings(spouses), self.spouses) - siblings - spouses,
            "child_spouse_parent": self._over(self._over(children, self.spouses), self.parents) - spouses,
        }
        return {name: people - {me} for name, people in found.items()}

    def scope(self, me: str, names: Iterable[str]) -> People:
        """Everybody in a scope of relations."""
        relatives = self.relatives(me)
        return {other for name in names for other in relatives[name]}


def _turned(ties: Mapping[str, People]) -> dict[str, People]:
    turned: dict[str, People] = defaultdict(set)
    for child, parents in ties.items():
        for parent in parents:
            turned[parent].add(child)
    return turned
