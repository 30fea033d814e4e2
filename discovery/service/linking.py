"""Linking all records of the store: what is certain is merged, what is doubtful is asked, nothing is forced.

The parties follow from the records and from what people decided, whatever came first: automatic links are
computed anew over all records each time, and a person's keep-apart stands above them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl

from discovery.errors import LoadInProgress
from discovery.facts.keys import hex16, party_id
from discovery.facts.lists import in_order
from discovery.graph.connection import TRIES, Graph
from discovery.graph.identity import Draft, judgement, written
from discovery.graph.judgements import APART, Judgement, parted, parties_of
from discovery.graph.recovery import moment_text
from discovery.graph.snapshot import snapshot, store_version
from discovery.names import decisions
from discovery.names.linking import Links, link_records
from discovery.service.published import publish
from discovery.service.records import current_records, employed_in, of_kind, with_employers
from discovery.service.sources import Progress, staged

Document = dict[str, Any]
BY: Final = "names"  # who merged, where no person did
REASON: Final = "linked automatically"
CHUNK: Final = 2_000  # records that move in one transaction
MOST_QUESTIONS: Final = 100_000  # the most alike are asked; how many more there are is said


@dataclass(frozen=True)
class Linked:
    """What linking found: the mark of each record linked with others, and the pairs for a person to decide
    (left, right, kind, score in thousandths, why)."""

    marks: dict[str, str]
    questions: pl.DataFrame
    records: int = 0


@dataclass
class Work:
    """What a batch did."""

    records: int = 0
    moved: int = 0
    merged: int = 0
    split: int = 0
    asked: int = 0
    lapsed: int = 0
    open: int = 0
    not_asked: int = 0
    version: int = 0
    changes: list[str] = field(default_factory=list)


def link_store(graph: Graph, *, with_groups: bool = True, progress: Progress | None = None) -> Document:
    """Link all records of the store and make its parties those that follow; doubtful pairs become questions.

    Each transaction leaves whole parties; a batch that is broken off is finished by the next one. Running it
    again changes nothing. LoadInProgress while a load is being written.
    """
    for _ in range(TRIES):
        work = _once(graph, progress)
        if work is not None:
            break
    else:
        raise LoadInProgress("The store was written to again and again meanwhile.", remedy="Ask again later.")
    if with_groups and work.moved:
        publish(graph, progress=progress)
    return {
        name: getattr(work, name)
        for name in (
            "records", "moved", "merged", "split", "asked", "lapsed", "open", "not_asked", "version"
        )
    }  # fmt: skip


def _once(graph: Graph, progress: Progress | None) -> Work | None:
    version = int(graph.state()["version"])
    if progress is not None:
        progress("snapshot", 0, 0)
    frames = snapshot(graph)
    parties = frames["parties"]
    said = [judgement(row) for row in graph.read_anyway("identity/all_judgements")]
    before = dict(parties.select("record", "id").unique().rows())
    found = linked(current_records(parties), employed_in(frames["offices"]), said, progress)
    after = all_parties(before, found.marks, said)
    old = _marks_of(graph)
    marks = {key: found.marks.get(key) for key in old.keys() | found.marks.keys()}
    marks = {key: mark for key, mark in marks.items() if old.get(key) != mark}
    if store_version(graph) != version:
        return None
    work = Work(records=found.records, version=version)
    parts = chunks(before, after, marks)
    show = staged(progress, "merge")
    for number, keys in enumerate(parts):
        at = moment_text()
        draft = Draft(
            linked={key: marks[key] for key in keys if key in marks}, after={key: after[key] for key in keys}
        )
        book = {"change": f"{BY}_{hex16(at)}", "by": BY, "reason": REASON, "at": at}
        done = written(graph, draft, before={key: before[key] for key in keys}, version=version, book=book)
        if done is None:
            return None
        version = work.version = done.version
        work.moved += sum(before[key] != after[key] for key in keys)
        work.merged += sum(one.type == "merged" for one in done.moved)
        work.split += sum(one.type == "split" for one in done.moved)
        if show:
            show(number + 1, len(parts))
    _ask(graph, pending(found.questions, after, said), work)
    return work


def linked(
    records: pl.DataFrame,
    employed: pl.DataFrame,
    said: Sequence[Judgement],
    progress: Progress | None = None,
) -> Linked:
    """Link companies, then people, whose employers go by the linked companies' names."""
    companies = of_kind(records, "company")
    show = progress or (lambda *_: None)
    of_companies = link_records(companies, "company", show)
    cluster = dict(zip(of_companies.records.ids, of_companies.cluster, strict=True))
    people = with_employers(of_kind(records, "person"), companies, employed, cluster)
    of_people = link_records(people, "person", show)
    marks: dict[str, str] = {}
    questions = []
    for kind, links in (("company", of_companies), ("person", of_people)):
        marks |= _marks(links, said)
        questions.append(_doubtful(links, kind))
    return Linked(marks, pl.concat(questions), records.height)


def _marks(links: Links, said: Sequence[Judgement]) -> dict[str, str]:
    """The smallest key of each cluster of several; one with records kept apart is parted by evidence."""
    frame = pl.DataFrame({"key": links.records.ids, "mark": links.cluster})
    several = frame.filter(pl.len().over("mark") > 1)
    marks: dict[str, str] = dict(several.rows())
    torn = {
        marks[a]
        for one in said
        if one.kind == APART
        for a in one.left
        if a in marks and any(marks.get(b) == marks[a] for b in one.right)
    }
    if not torn:
        return marks
    pairs = links.pairs
    order = np.lexsort((-pairs.strength,))
    merges = [at for at in order.tolist() if pairs.decision[at] == decisions.MERGE]
    ids = links.records.ids.to_list()
    for mark in sorted(torn):
        keys = sorted(key for key, one in marks.items() if one == mark)
        inside = {*keys}
        best = [(ids[pairs.left[at]], ids[pairs.right[at]], int(pairs.strength[at])) for at in merges]
        ties = sorted((-s, *sorted((a, b))) for a, b, s in best if a in inside and b in inside)
        for group in parted(keys, [(a, b) for _, a, b in ties], said):
            for key in group:
                if len(group) > 1:
                    marks[key] = min(group)
                else:
                    del marks[key]
    return marks


def _doubtful(links: Links, kind: str) -> pl.DataFrame:
    """All pairs that are merged or for review; which of them are questions depends on the parties."""
    ids, pairs = links.records.ids, links.pairs
    left, right = ids.gather(pairs.left), ids.gather(pairs.right)
    frame = pl.DataFrame({"left": left, "right": right, "score": pairs.score, "decision": pairs.decision})
    sides = in_order(pl.concat_list("left", "right"))
    why = pl.when(pl.col("decision") == decisions.MERGE).then(pl.lit("contradiction"))
    return frame.select(
        sides.list.first().alias("left"),
        sides.list.last().alias("right"),
        pl.lit(kind).alias("kind"),
        "score",
        why.otherwise(pl.lit("alike")).alias("why"),
    )


def all_parties(
    before: Mapping[str, str], marks: Mapping[str, str], said: Sequence[Judgement]
) -> dict[str, str]:
    """The party of every record of the store; those that nobody judged go by their mark alone."""
    groups: dict[str, list[str]] = {}
    for key, mark in marks.items():
        groups.setdefault(mark, []).append(key)
    after = {key: party_id(key) for key in before.keys() - marks.keys()}
    for group in groups.values():
        party = party_id(min(group))
        after |= dict.fromkeys(group, party)
    named = {key for one in said for key in (*one.left, *one.right) if key in before}
    touched = set(named)
    for key in named:
        touched.update(groups.get(marks.get(key, ""), ()))
    return after | parties_of({key: marks.get(key) for key in touched}, said)


def _marks_of(graph: Graph) -> dict[str, str]:
    rows = graph.read_anyway("identity/linked")
    return {key: mark for row in rows for key, mark in zip(row["key"], row["linked"], strict=True)}


def chunks(
    before: Mapping[str, str], after: Mapping[str, str], marks: Mapping[str, str | None]
) -> list[list[str]]:
    """Records to write, in parts of whole parties: those that share a party before or after go together."""
    changed = {key for key in before if before[key] != after[key]} | marks.keys() & before.keys()
    if not changed:
        return []
    parties = {before[key] for key in changed} | {after[key] for key in changed}
    root = {party: party for party in parties}

    def find(party: str) -> str:
        while root[party] != party:
            root[party] = root[root[party]]
            party = root[party]
        return party

    members: dict[str, list[str]] = {}
    concerned = [key for key in before if before[key] in parties or after[key] in parties]
    for key in concerned:
        for party in (before[key], after[key]):
            root.setdefault(party, party)
        one, other = sorted((find(before[key]), find(after[key])))
        root[other] = one
    for key in sorted(concerned):
        members.setdefault(find(before[key]), []).append(key)
    parts: list[list[str]] = [[]]
    for group in members.values():
        if parts[-1] and len(parts[-1]) + len(group) > CHUNK:
            parts.append([])
        parts[-1] += group
    return parts


def pending(questions: pl.DataFrame, after: Mapping[str, str], said: Sequence[Judgement]) -> pl.DataFrame:
    """Pairs of parties that wait for a person: not one, not kept apart; the most alike records of each."""
    whose = pl.DataFrame({"key": list(after), "party": list(after.values())}, schema_overrides=_WHOSE)
    rows = (
        questions.join(whose.rename({"key": "left", "party": "one"}), on="left")
        .join(whose.rename({"key": "right", "party": "other"}), on="right")
        .filter(pl.col("one") != pl.col("other"))
        .with_columns(in_order(pl.concat_list("one", "other")).list.join(" ").alias("pair"))
        .sort(["score", "left", "right"], descending=[True, False, False])
        .unique("pair", keep="first", maintain_order=True)
    )
    apart = {
        " ".join(sorted((after[a], after[b])))
        for one in said
        if one.kind == APART
        for a in one.left
        for b in one.right
        if a in after and b in after
    }
    rows = rows.filter(~pl.col("pair").is_in(list(apart)))
    ids = [f"q_{hex16(f'{a} {b}')}" for a, b in rows.select("left", "right").rows()]
    return rows.select("left", "right", "kind", "score", "why", id=pl.Series(ids, dtype=pl.String))


_WHOSE: Final = {"key": pl.String(), "party": pl.String()}


def _ask(graph: Graph, questions: pl.DataFrame, work: Work) -> None:
    """Bring the queue up to date; what a person proposed stays whatever the records say."""
    kept = questions.head(MOST_QUESTIONS)
    known = {
        key: (status, score, why)
        for row in graph.read_anyway("review/open")
        for key, status, score, why in zip(row["id"], row["status"], row["score"], row["why"], strict=True)
    }
    waits = {key for key, (status, _, _) in known.items() if status in {"open", "waiting"}}
    proposed = {key for key in waits if known[key][2] == "proposed"}
    rows = [row for row in kept.to_dicts() if row["id"] not in proposed]
    new = [row for row in rows if row["id"] not in waits or known[row["id"]][1] != row["score"]]
    gone = sorted(waits - proposed - set(kept["id"]))
    at = moment_text()
    graph.write_batches("review/ask", new, params={"at": at})
    if gone:
        graph.write("review/lapse", ids=gone, at=at)
    work.asked = sum(row["id"] not in waits for row in new)
    work.lapsed = len(gone)
    work.open = kept.height
    work.not_asked = questions.height - kept.height
