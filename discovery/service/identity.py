"""Merging, splitting and keeping parties apart, by people; and the feed of what became of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from discovery.errors import UnknownParty, UsageError
from discovery.facts.identifiers import mask_id_numbers
from discovery.graph import identity
from discovery.graph.connection import Graph
from discovery.graph.identity import Change
from discovery.service.parties import SHOWN, AmbiguousParty

Document = dict[str, Any]
MOST_EVENTS: Final = 1_000
LONGEST: Final = {"by": 100, "reason": 1_000}


def party_in(graph: Graph, text: str) -> tuple[str, tuple[str, ...]]:
    """The id of the party that a text names, and the keys of its records.

    A party id, present or former, else a record key, a client number, a USCC or an LEI. UnknownParty, or
    AmbiguousParty with the candidates.
    """
    wanted = text.strip()
    rows = graph.read("identity/named", text=wanted, most=SHOWN + 1) if wanted else []
    shown = mask_id_numbers(wanted[:100])
    if not rows:
        raise UnknownParty(
            f"The store holds no party {shown!r}.",
            remedy="Give a party id, a record key (source/id), a client number, a USCC or an LEI.",
            party=shown,
        )
    first = [row for row in rows if row["rank"] == rows[0]["rank"]]
    if len(first) > 1:
        raise AmbiguousParty(
            f"Several parties are named {shown!r}.",
            remedy="Name one of them by its id.",
            candidates=[row["party"] for row in first[:SHOWN]],
            truncated=len(first) > SHOWN,
        )
    party = str(first[0]["party"])
    return party, tuple(graph.read("identity/records_of", ids=[party])[0]["keys"])


def merge(graph: Graph, one: str, other: str, *, by: str, reason: str) -> Document:
    """Make one party of two; their records stay as they are, old ids go on being understood."""
    by, reason = said(by=by, reason=reason)
    (_, left), (_, right) = party_in(graph, one), party_in(graph, other)
    return document(identity.merge(graph, left, right, by=by, reason=reason))


def keep_apart(graph: Graph, one: str, other: str, *, by: str, reason: str) -> Document:
    """Note that two parties are not one; no later batch, and no chain of merges, makes them one."""
    by, reason = said(by=by, reason=reason)
    (_, left), (_, right) = party_in(graph, one), party_in(graph, other)
    return document(identity.keep_apart(graph, left, right, by=by, reason=reason))


def unmerge(graph: Graph, what: str, records: tuple[str, ...] = (), *, by: str, reason: str) -> Document:
    """Undo a change exactly (`what`: its id, like c_…), or let records leave a party (`what`) for good."""
    by, reason = said(by=by, reason=reason)
    if not records:
        if not what.startswith("c_"):
            raise UsageError(
                f"{mask_id_numbers(what)!r} is no change.",
                remedy="Name a change (`guanlian merge events` lists them), or a party and the records that "
                "leave it.",
            )
        return document(identity.take_back(graph, what, by=by, reason=reason))
    party, keys = party_in(graph, what)
    strangers = sorted({*records} - {*keys})
    if strangers:
        raise UsageError(
            f"{mask_id_numbers(strangers[0])!r} is no record of {party}.",
            remedy=f"Its records: {', '.join(mask_id_numbers(key) for key in keys[:SHOWN])}.",
            party=party,
        )
    return document(identity.split(graph, records, by=by, reason=reason))


def events(graph: Graph, *, after: int = 0, limit: int = 100) -> Document:
    """The feed of merges and splits behind a cursor: read on from `next` until nothing is `behind`."""
    rows = graph.read("identity/events", after=after, most=min(limit, MOST_EVENTS))
    last = int(graph.read("identity/last_event")[0]["last"])
    reached = int(rows[-1]["number"]) if rows else after
    for row in rows:
        row["records"] = [mask_id_numbers(key) for key in row["records"]]
    return {
        "after": after,
        "next": reached,
        "returned": len(rows),
        "behind": max(last - reached, 0),
        "truncated": last > reached,
        "events": rows,
    }


def said(*, by: str, reason: str) -> tuple[str, str]:
    """Who and why, as they are kept: in one line, not too long, without ID numbers."""
    return _text("by", by), _text("reason", reason)


def _text(name: str, value: str) -> str:
    text = " ".join(value.split())
    if not text or len(text) > LONGEST[name] or not text.isprintable():
        raise UsageError(
            f"{name} has {len(text):,} characters or some that cannot be printed.",
            remedy=f"Say {'who decides' if name == 'by' else 'why'}, in 1 to {LONGEST[name]:,} characters.",
            field=name,
        )
    return mask_id_numbers(text)


def document(change: Change) -> Document:
    """A change as it is answered: its id, the store's version since, and what became of whom."""
    moved = [asdict(one) for one in change.moved]
    for one in moved:
        one["records"] = [mask_id_numbers(key) for key in one["records"]]
    return {"change": change.id, "version": change.version, "moved": moved}
