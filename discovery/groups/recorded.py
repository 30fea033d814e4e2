"""Recorded decisions as the engine takes them: in force or not, about which outcome, with what effect.

Accepting a question makes its head decide over its companies; where the question has no head, its
companies stand together with nobody on top. `group` does the same without a question. Rejecting a
group's id leaves the named members out (policies.md A2 catch-all, A3 "Forming groups" (3)).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from discovery.facts.facts import KEY
from discovery.facts.graph import KIND_CODE, FactGraph
from discovery.facts.identifiers import mask_id_numbers

Row = dict[str, object]
POWER: Final = "decision"  # the kind under which an accepted question stands among the powers of a pass
# Questions about a group that stands already: an answer closes them.
CLOSING: Final = frozenset({"attribution", "confirm", "exemption_doubtful", "partnership_top", "ring"})
# Questions whose companies belong together, whoever stands beside them.
TOGETHER: Final = frozenset(
    {"form_only", "hidden_association", "shared_legal_representative", "state_siblings"}
)
# Questions about a dealing of two parties, of which one may be no client and so stand beside.
DEALING: Final = frozenset({"occupation", "shifting"})
WHOLE: Final = -1  # in place of a member: the group as a whole


class Recorded(NamedTuple):
    """One decision of the day; `strangers` are names of parties that the facts do not hold."""

    fact: str
    decision: str
    key: str | None
    parties: tuple[int, ...]
    strangers: tuple[str, ...]
    article: str | None
    by: str
    why: str
    until: date | None
    expired: bool

    @property
    def last_day(self) -> str | None:
        return self.until.isoformat() if self.until else None


class Tie(NamedTuple):
    """By an accepted question the head decides over the company."""

    head: int
    company: int
    fact: str


@dataclass(frozen=True)
class Effects:
    """What decisions change: ties, sets that stand together (`parties`, fact), members left out of groups."""

    ties: frozenset[Tie] = frozenset()
    sets: frozenset[tuple[tuple[int, ...], str]] = frozenset()
    without: frozenset[tuple[str, int]] = frozenset()

    def __or__(self, other: Effects) -> Effects:
        return Effects(self.ties | other.ties, self.sets | other.sets, self.without | other.without)

    def facts_of_sets(self) -> dict[tuple[int, ...], tuple[str, ...]]:
        """Each set with the decisions that made it."""
        found: dict[tuple[int, ...], list[str]] = {}
        for parties, fact in sorted(self.sets):
            found.setdefault(parties, []).append(fact)
        return {parties: tuple(facts) for parties, facts in found.items()}


@dataclass(frozen=True)
class Said:
    """Who decided, why, until when, under which article, by fact id; ID numbers masked."""

    rows: Mapping[str, Recorded] = field(default_factory=dict)

    def step(self, facts: list[str]) -> list[dict[str, str | None]]:
        """The decisions behind a step, as it tells them."""
        return [
            {
                "fact": fact,
                "by": row.by,
                "why": row.why,
                "until": row.last_day,
            }
            for fact in facts
            for row in [self.rows[fact]]
        ]

    def article(self, facts: list[str]) -> str | None:
        """The article that one of the decisions names."""
        return next((self.rows[fact].article for fact in facts if self.rows[fact].article), None)


def recorded(graph: FactGraph, policy: str) -> list[Recorded]:
    """The decisions of the day that may bear on a policy, by fact id."""
    rows = graph["decisions"].filter(pl.col("policy").is_null() | (pl.col("policy") == policy)).sort("fact")
    if rows.is_empty():
        return []
    stated = list(rows.iter_rows(named=True))
    number = _Numbers(graph, {(name, _source(row)) for row in stated for name in _named(row)})
    return [_recorded(row, graph, number) for row in stated]


def _named(row: Row) -> list[str]:
    return [name.strip() for name in str(row["parties"] or "").split(";") if name.strip()]


def _source(row: Row) -> str:
    return str(row["source"] or "")


def _recorded(row: Row, graph: FactGraph, number: _Numbers) -> Recorded:
    found = {name: number.of(name, _source(row)) for name in _named(row)}
    until = row["until"]
    assert until is None or isinstance(until, date)  # noqa: S101  the schema says so
    return Recorded(
        fact=str(row["fact"]),
        decision=str(row["decision"]),
        key=_text(row["outcome_key"]),
        parties=tuple(sorted({party for party in found.values() if party is not None})),
        strangers=tuple(mask_id_numbers(name) for name, party in found.items() if party is None),
        article=_text(row["article"]),
        by=mask_id_numbers(str(row["by"])),
        why=mask_id_numbers(str(row["reason"])),
        until=until,
        expired=until is not None and until < graph.as_of,
    )


def _text(value: object) -> str | None:
    return str(value) if value else None


class _Numbers:
    """Parties by what a decision may call them: party id, record key, id in the decision's own source."""

    def __init__(self, graph: FactGraph, names: set[tuple[str, str]]) -> None:
        """`names`: whatever will be asked for, with the source it is named in."""
        self._by_id = graph.parties.number if names else {}
        wanted = [key for name, source in names for key in (name, f"{source}/{name}")]
        self._by_key = dict(self._keys(graph, wanted)) if wanted else {}

    @staticmethod
    def _keys(graph: FactGraph, wanted: list[str]) -> Iterator[tuple[str, int]]:
        frame = graph.parties.frame.with_columns(number=pl.int_range(pl.len()))
        yield from frame.filter(pl.col(KEY).is_in(wanted)).select(KEY, "number").iter_rows()
        if "records" in frame.columns:
            each = frame.select("records", "number").drop_nulls("records").explode("records")
            yield from each.filter(pl.col("records").is_in(wanted)).iter_rows()

    def of(self, name: str, source: str) -> int | None:
        for by, text in ((self._by_id, name), (self._by_key, name), (self._by_key, f"{source}/{name}")):
            if text in by:
                return by[text]
        return None


def effects_of(
    reason: str, parties: tuple[int, ...], beside: tuple[int, ...], fact: str, graph: FactGraph
) -> Effects:
    """What accepting a question about companies, with whoever stands beside them, changes."""
    if reason in DEALING:
        return _together({*parties, *beside}, fact)
    organ = bool(beside) and graph.parties.kind[beside[0]] == KIND_CODE["government"]
    if reason in TOGETHER or not beside or organ:
        return _together(set(parties), fact)
    heads = beside if reason == "joint_control" else beside[:1]
    return Effects(
        ties=frozenset(Tie(head, company, fact) for head in heads for company in parties if company != head)
    )


def _together(parties: set[int], fact: str) -> Effects:
    return Effects(sets=frozenset({(tuple(sorted(parties)), fact)}) if len(parties) > 1 else frozenset())


def with_ties(graph: FactGraph, ties: frozenset[Tie]) -> FactGraph:
    """The day with accepted questions among its powers."""
    if not ties:
        return graph
    powers = graph["powers"]
    rows = pl.DataFrame(
        {
            "holder": [tie.head for tie in ties],
            "company": [tie.company for tie in ties],
            "fact": [tie.fact for tie in ties],
            "kind": [POWER for _ in ties],
        },
        schema_overrides={"holder": pl.Int32, "company": pl.Int32},
    ).sort("fact", "holder", "company")
    frames = {**graph.frames, "powers": pl.concat([powers, rows], how="diagonal")}
    return FactGraph(
        graph.facts, graph.as_of, graph.known_at, graph.parties, graph.holdings, graph.unanimity, frames
    )
