"""Merging, splitting and keeping apart in the store; each change is one transaction, or nothing.

A change writes or withdraws judgements, computes the parties of all records concerned anew, moves the
records whose party is another now, leads old ids to the new parties, and tells what became of whom.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from discovery.errors import LoadInProgress, UsageError
from discovery.facts.keys import party_id
from discovery.graph.attach import assigning
from discovery.graph.connection import TRIES, Graph, Row, Step
from discovery.graph.failures import LoadFailed
from discovery.graph.judgements import APART, MERGE, Judgement, Kind, Moved, Parties, moves, parties_of
from discovery.graph.recovery import moment_text

AROUND: Final = "identity/around"


class KeptApart(UsageError):
    """Somebody decided that these parties are not one."""


class UnknownChange(UsageError):
    """There is no such change, or it was taken back already."""


@dataclass(frozen=True)
class Change:
    """A change that was made: its id, what became of whom, and the store's version since then."""

    id: str
    moved: tuple[Moved, ...]
    version: int


@dataclass(frozen=True)
class Around:
    """Records that stand or fall together (key -> mark of automatic links), their parties now, and all
    that was decided of them."""

    linked: dict[str, str | None]
    parties: Parties
    judgements: tuple[Judgement, ...]

    def keys_of(self, party: str) -> tuple[str, ...]:
        return tuple(sorted(key for key, one in self.parties.items() if one == party))


@dataclass
class Draft:
    """What a change would write, beside the parties that follow from it."""

    judgements: list[Judgement] = field(default_factory=list)
    withdrawn: str | None = None
    linked: dict[str, str | None] = field(default_factory=dict)
    after: Parties = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)


def around(graph: Graph, keys: Iterable[str]) -> Around:
    """Everything that may move when one of these records does."""
    linked: dict[str, str | None] = {}
    parties: Parties = {}
    judgements: dict[str, Judgement] = {}
    waiting = sorted(set(keys))
    while waiting:
        rows = graph.read_anyway(AROUND, keys=waiting)
        fresh = {row["key"] for row in rows} - linked.keys()
        linked |= {row["key"]: row["linked"] for row in rows}
        parties |= {row["key"]: row["party"] for row in rows}
        said = [judgement(row) for row in graph.read_anyway("identity/judgements", keys=sorted(fresh))]
        judgements |= {one.id: one for one in said}
        joined = {key for one in said if one.kind == MERGE for key in (*one.left, *one.right)}
        waiting = sorted((fresh | joined) - linked.keys())
    return Around(linked, parties, tuple(judgements.values()))


def judgement(row: Row) -> Judgement:
    return Judgement(
        row["id"], row["change"], row["kind"], tuple(row["left"]), tuple(row["right"]), row["at"]
    )


def merge(
    graph: Graph,
    one: Sequence[str],
    other: Sequence[str],
    *,
    by: str,
    reason: str,
    steps: Sequence[Step] = (),
) -> Change:
    """Make one party of the two parties that have these records (keys).

    `steps` are written in the same transaction. KeptApart if someone decided against it, UsageError if they
    are one already.
    """

    def draft(found: Around, change: str, at: str) -> Draft:
        left, right = _sides(found, one, other)
        if left == right:
            raise UsageError("They are one party already.", remedy="Nothing is to be done.")
        for said in found.judgements:
            if said.kind == APART and _parts(said, left, right):
                raise KeptApart(
                    "Somebody decided that these two are not one.",
                    remedy=f"Take that back first: guanlian unmerge {said.change}.",
                    change=said.change,
                )
        made = Draft([_made(change, at, MERGE, left, right)], steps=list(steps))
        made.after = parties_of(found.linked, [*found.judgements, *made.judgements])
        return made

    return _changed(graph, [*one, *other], draft, by=by, reason=reason)


def keep_apart(
    graph: Graph,
    one: Sequence[str],
    other: Sequence[str],
    *,
    by: str,
    reason: str,
    steps: Sequence[Step] = (),
) -> Change:
    """Decide that two parties (named by records) are not one, whatever later links and merges say."""

    def draft(found: Around, change: str, at: str) -> Draft:
        left, right = _sides(found, one, other)
        if left == right:
            raise UsageError(
                "They are one party now.",
                remedy="Say which records leave it: guanlian unmerge PARTY RECORD...",
            )
        made = Draft([_made(change, at, APART, left, right)], steps=list(steps))
        made.after = parties_of(found.linked, [*found.judgements, *made.judgements])
        return made

    return _changed(graph, [*one, *other], draft, by=by, reason=reason)


def split(graph: Graph, leaving: Sequence[str], *, by: str, reason: str) -> Change:
    """Let some records of a party leave it together, and keep both sides apart from then on.

    Both sides stay whole: where only records of the other side held one together, it is joined anew.
    """

    def draft(found: Around, change: str, at: str) -> Draft:
        homes = {found.parties[key] for key in leaving}
        if len(homes) != 1:
            raise UsageError(f"The records are of {len(homes)} parties.", remedy="Name records of one party.")
        out = tuple(sorted(set(leaving)))
        stay = tuple(key for key in found.keys_of(homes.pop()) if key not in out)
        if not stay:
            raise UsageError("All records of the party would leave it.", remedy="Leave one at least.")
        made = Draft([_made(change, at, APART, out, stay)])
        for side in (out, stay):
            made.judgements += _rejoined(found, made.judgements, side, change, at)
        made.after = parties_of(found.linked, [*found.judgements, *made.judgements])
        return made

    return _changed(graph, leaving, draft, by=by, reason=reason)


def take_back(graph: Graph, change: str, *, by: str, reason: str) -> Change:
    """Undo a merge, a split or a keep-apart exactly; UnknownChange if there is none to undo."""
    rows = graph.read_anyway("identity/change", change=change)
    if not any(row["status"] == "active" for row in rows):
        raise UnknownChange(
            f"{change} was taken back already." if rows else f"There is no change {change}.",
            remedy="`guanlian merge events` lists the changes; those named `names` are undone by records: "
            "guanlian unmerge PARTY RECORD...",
            change=change,
        )

    def draft(found: Around, _: str, at: str) -> Draft:
        kept = [one for one in found.judgements if one.change != change]
        taken: Step = ("identity/withdraw", {"change": change, "by": by, "reason": reason, "at": at})
        return Draft(withdrawn=change, after=parties_of(found.linked, kept), steps=[taken])

    return _changed(graph, {key for row in rows for key in row["keys"]}, draft, by=by, reason=reason)


def _sides(found: Around, one: Sequence[str], other: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(found.keys_of(found.parties[side[0]]) for side in (one, other))


def _parts(said: Judgement, left: Sequence[str], right: Sequence[str]) -> bool:
    one, other = {*left}, {*right}
    straight = not one.isdisjoint(said.left) and not other.isdisjoint(said.right)
    return straight or (not one.isdisjoint(said.right) and not other.isdisjoint(said.left))


def _made(change: str, at: str, kind: Kind, left: tuple[str, ...], right: tuple[str, ...]) -> Judgement:
    return Judgement(f"j_{secrets.token_hex(8)}", change, kind, left, right, at)


def _rejoined(
    found: Around, made: Sequence[Judgement], side: tuple[str, ...], change: str, at: str
) -> list[Judgement]:
    """Merges that hold a side together once the other side has left."""
    parts: dict[str, list[str]] = {}
    after = parties_of(found.linked, [*found.judgements, *made])
    for key in side:
        parts.setdefault(after[key], []).append(key)
    first, *others = parts.values()
    return [_made(change, at, MERGE, tuple(first), tuple(part)) for part in others]


def _changed(
    graph: Graph,
    keys: Iterable[str],
    draft: Callable[[Around, str, str], Draft],
    *,
    by: str,
    reason: str,
) -> Change:
    """Draft a change on what is read now and write it, unless the store has moved meanwhile: then anew."""
    named = sorted(set(keys))
    for _ in range(TRIES):
        version = graph.state()["version"]
        found = around(graph, named)
        missing = [key for key in named if key not in found.linked]
        if missing:
            raise UsageError(
                f"The store has no record {missing[0]}.", remedy="Name records as source/id.", key=missing[0]
            )
        change, at = f"c_{secrets.token_hex(8)}", moment_text()
        made = draft(found, change, at)
        done = written(
            graph,
            made,
            before=found.parties,
            version=version,
            book={"change": made.withdrawn or change, "by": by, "reason": reason, "at": at},
        )
        if done is not None:
            return done
    raise LoadInProgress("The store was written to again and again meanwhile.", remedy="Ask again later.")


def written(
    graph: Graph, made: Draft, *, before: Mapping[str, str], version: int, book: Mapping[str, str]
) -> Change | None:
    """Write a draft in one transaction; None if the store is no longer at that version."""
    moved = tuple(moves(before, made.after))
    after = {key: party for key, party in made.after.items() if before[key] != party}
    olds = sorted({before[key] for key in after})
    aliases = [{"alias": party_id(key), "party": party} for key, party in after.items()]
    events = [
        {"type": one.type, "old": list(one.old), "new": list(one.new), "records": list(one.records), **book}
        for one in moved
    ]
    steps: list[Step] = [*made.steps]
    if made.judgements:
        steps.append(("identity/judge", {"rows": [_row(one, book) for one in made.judgements]}))
    if made.linked:
        rows = [{"key": key, "linked": mark} for key, mark in sorted(made.linked.items())]
        steps.append(("identity/link", {"rows": rows}))
    if after:
        steps += [
            ("identity/revive", {"ids": sorted(set(after.values()))}),
            *assigning(graph, after, now=before),
            ("identity/retire", {"ids": olds}),
            ("identity/lead", {"rows": [row for row in aliases if row["alias"] != row["party"]]}),
            ("identity/announce", {"rows": events}),
        ]
    steps.append(("identity/finish", {}))
    try:
        answers = graph.write_all(steps, guard=("identity/lock", {"version": version, "at": book["at"]}))
    except LoadFailed:
        graph.state()  # says so if a load is in the way
        return None
    return Change(book["change"], moved, int(answers[-1][0]["version"]))


def _row(one: Judgement, book: Mapping[str, str]) -> Row:
    own = {"id": one.id, "change": one.change, "kind": one.kind, "at": one.at}
    return {
        **own,
        "left": list(one.left),
        "right": list(one.right),
        "by": book["by"],
        "reason": book["reason"],
    }
