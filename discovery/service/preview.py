"""What a merge would do to groups, before it is done: the same pure discover over facts with it applied."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from discovery.errors import UsageError
from discovery.evidence.models import GROUP_LISTS, PAIR_LISTS
from discovery.facts.day_parties import RECORD
from discovery.facts.facts import KEY, Facts
from discovery.facts.schema import FILES
from discovery.groups import Answer, discover
from discovery.service.parties import resolve_party

Document = dict[str, Any]
LISTED: Final = 1_000  # members of one group that are named


def preview_merge(now: Answer, one: str, other: str) -> Document:
    """Outcomes that name two parties, as they are in an answer and as they would be if these were one.

    Groups that come, go, gain or lose members; reviews, ties and links that come or go.
    """
    facts, rules = now.graph.facts, now.policy
    left, right = resolve_party(facts, one), resolve_party(facts, other)
    if left == right:
        raise UsageError("They are one party already.", remedy="Nothing is to be done.")
    keys = dict(facts["parties"].filter(pl.col("id").is_in([left, right])).select("id", KEY).rows())
    kept, gone = sorted((left, right), key=lambda party: keys[party])
    merged = discover(with_merged(facts, kept, gone), rules, as_of=now.as_of, known_at=now.graph.known_at)
    before = [now.about(party).document() for party in (kept, gone)]
    after = merged.about(kept).document()
    return {
        "policy": rules.slug,
        "as_of": now.as_of.isoformat(),
        "party": kept,
        "former": gone,
        "names": {
            party: row["name"] for found in (*before, after) for party, row in found["parties"].items()
        },
        **differences(before, after, {gone: kept}),
    }


def with_merged(facts: Facts, kept: str, gone: str) -> Facts:
    """The facts as they would be if two parties were one, by the id of the first."""
    parties = facts["parties"]
    if RECORD not in parties.columns:
        parties = parties.with_columns(pl.col(KEY).alias(RECORD))
    both = pl.col("id").is_in([kept, gone])
    rename = [pl.when(both).then(pl.lit(kept)).otherwise(pl.col(name)).alias(name) for name in ("id", "fact")]
    parties = parties.with_columns(rename).with_columns(pl.col(KEY).min().over("id"))
    frames = {stem: _renamed(stem, frame, kept, gone) for stem, frame in facts.frames.items()}
    return Facts(frames | {"parties": parties})


def _renamed(stem: str, frame: pl.DataFrame, kept: str, gone: str) -> pl.DataFrame:
    refs = FILES[stem].refs if stem != "parties" else ()
    return frame.with_columns(
        pl.when(pl.col(ref) == gone).then(pl.lit(kept)).otherwise(pl.col(ref)).alias(ref) for ref in refs
    )


def differences(before: list[Document], after: Document, renamed: dict[str, str]) -> Document:
    """What differs between answers about parties and the answer about what they would become."""

    def ids(parties: list[str]) -> list[str]:
        return sorted({renamed.get(party, party) for party in parties})

    old_groups = {one["id"]: one for found in before for name in GROUP_LISTS for one in found[name]}
    new_groups = {one["id"]: one for name in GROUP_LISTS for one in after[name]}
    old_pairs = {one["key"]: one for found in before for name in PAIR_LISTS for one in found[name]}
    new_pairs = {one["key"]: one for name in PAIR_LISTS for one in after[name]}
    changed = []
    for group in sorted(old_groups.keys() & new_groups.keys()):
        old, new = (set(ids(_members(found[group]))) for found in (old_groups, new_groups))
        outcomes = [found[group]["outcome"] for found in (old_groups, new_groups)]
        if old != new or outcomes[0] != outcomes[1]:
            changed.append(
                {
                    "group": group,
                    "outcome": {"before": outcomes[0], "after": outcomes[1]},
                    "joined": sorted(new - old)[:LISTED],
                    "left": sorted(old - new)[:LISTED],
                }
            )
    return {
        "groups": {
            "new": [_group(new_groups[key]) for key in sorted(new_groups.keys() - old_groups.keys())],
            "gone": [_group(old_groups[key]) for key in sorted(old_groups.keys() - new_groups.keys())],
            "changed": changed,
            "same": len(old_groups.keys() & new_groups.keys()) - len(changed),
        },
        "others": {
            "new": [_pair(new_pairs[key]) for key in sorted(new_pairs.keys() - old_pairs.keys())],
            "gone": [_pair(old_pairs[key]) for key in sorted(old_pairs.keys() - new_pairs.keys())],
        },
    }


def _members(group: Document) -> list[str]:
    return [*group["members"], *group["non_client_members"]]


def _group(group: Document) -> Document:
    members = _members(group)
    return {
        "group": group["id"],
        "outcome": group["outcome"],
        "controller": group["controller"]["parties"],
        "members": members[:LISTED],
        "member_count": len(members),
    }


def _pair(pair: Document) -> Document:
    return {name: pair[name] for name in ("key", "outcome", "reason", "parties", "with")}
