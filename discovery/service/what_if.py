"""Hypothetical facts on top of what is known: which groups would differ, and why. Nothing is stored."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from discovery.errors import UsageError
from discovery.facts.facts import KEY, STUB, Facts
from discovery.facts.findings import Finding
from discovery.facts.folder_versions import current
from discovery.facts.graph import FactGraph, fact_graph
from discovery.facts.package import facts_from_rows
from discovery.facts.schema import FILES
from discovery.groups import changes as engine
from discovery.policies import Policy
from discovery.service.parties import AmbiguousParty
from discovery.service.sources import Reading, read

Document = dict[str, Any]
Rows = Mapping[str, Sequence[Mapping[str, object]]]
MOST_WITHOUT: Final = 10_000
HYPOTHESIS: Final = "what-if"  # the source of supposed facts that name none
_NAMES: Final = ("id", KEY, "record", "client_no", "uscc", "lei")  # by which a hypothesis names a party


@dataclass(frozen=True)
class Supposed:
    """Facts with a hypothesis on top: what was added, and which facts it set aside or took away."""

    facts: Facts
    added: int
    replaced: tuple[str, ...]
    without: tuple[str, ...]
    findings: tuple[Finding, ...]


def what_if(base: FactGraph, supposed: Supposed, policy: Policy) -> Document:
    """The difference of the groups of one day with and without the hypothesis; the shape of `changes`.

    Beside it `supposed`: how many facts were added, which were replaced and which left out.
    """
    after = fact_graph(supposed.facts, base.as_of, base.known_at)
    found = engine.changes(base, after, policy)
    told = {"added": supposed.added, "replaced": list(supposed.replaced), "without": list(supposed.without)}
    return {**found, "supposed": told, "findings": [finding.to_dict() for finding in supposed.findings]}


def suppose(base: Facts, added: Iterable[Facts], without: Iterable[str] = ()) -> Supposed:
    """The facts with others on top and some taken away.

    Parties are named as everywhere: by id, record key, client number, USCC or LEI; who is unknown is a
    stub. A supposed holding stands in place of what is on file of that holder in that company, a supposed
    row about a known party in place of what describes it. UsageError for a fact id that is not on file.
    """
    left_out = _on_file(base, list(without))
    frames = {stem: frame.filter(~pl.col("fact").is_in(left_out)) if stem != "parties" else frame
              for stem, frame in base.frames.items()}  # fmt: skip
    replaced: list[str] = []
    findings: list[Finding] = []
    count = 0
    for facts in added:
        whose = _whose(base, facts["parties"])
        known = set(whose["id"].filter(whose["id"] != whose["base"]).to_list())
        known |= set(current(base["parties"])["id"].to_list()) & set(whose["id"])
        findings += [one for one in facts.findings if one.code != "unknown_party" or one.party not in known]
        count += sum(_stated(stem, frame).height for stem, frame in facts.frames.items())
        for stem, frame in facts.frames.items():
            rows = _renamed(stem, _stated(stem, frame), whose)
            rows, frames[stem], gone = _on_top(stem, rows, frames.get(stem), base)
            replaced += gone
            frames[stem] = pl.concat([frames[stem], rows], how="diagonal")
        frames["parties"] = _with_strangers(frames["parties"], facts["parties"], whose)
    return Supposed(Facts(frames, base.findings), count, tuple(replaced), tuple(left_out), tuple(findings))


def supposed_facts(paths: Iterable[Path], adds: Iterable[str], reading: Reading) -> list[Facts]:
    """Hypothetical facts from packages and from `file:column=value,…` words; BadInput as for any package."""
    found = [read(path.expanduser(), reading).facts for path in paths]
    rows: dict[str, list[Mapping[str, object]]] = {}
    for word in adds:
        stem, row = _row(word)
        rows.setdefault(stem, []).append(row)
    return [*found, facts_from_rows(rows, source=HYPOTHESIS)] if rows else found


def _row(word: str) -> tuple[str, dict[str, object]]:
    stem, colon, rest = word.partition(":")
    if not colon or stem not in FILES:
        raise UsageError(
            f"{word!r} is no fact.",
            remedy=f"Write file:column=value,…, as holdings:holder=A,company=B,voting_percent=51. "
            f"Files: {', '.join(FILES)}.",
        )
    row: dict[str, object] = {}
    for cell in next(csv.reader([rest])):
        name, equals, value = cell.partition("=")
        if not equals:
            raise UsageError(
                f"{cell!r} in {word!r} is no column=value.", remedy='A comma needs quotes: "name=A, B".'
            )
        row[name.strip()] = value.strip()
    return stem, row


def _on_file(base: Facts, wanted: list[str]) -> list[str]:
    if len(wanted) > MOST_WITHOUT:
        raise UsageError(f"More than {MOST_WITHOUT:,} facts are to be left out.", remedy="Leave out fewer.")
    known: set[str] = set()
    for stem, frame in base.frames.items():
        if stem != "parties" and wanted:
            known |= set(frame["fact"].filter(frame["fact"].is_in(wanted)).to_list())
    for fact in wanted:
        if fact not in known:
            raise UsageError(
                f"There is no fact {fact!r}.", remedy="Evidence names facts by their ids.", fact=fact
            )
    return sorted(known)


def _stated(stem: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that were given; of parties none that is only named by others."""
    return frame.filter(~pl.col(STUB).fill_null(value=False)) if stem == "parties" else frame


def _whose(base: Facts, parties: pl.DataFrame) -> pl.DataFrame:
    """For each party of a hypothesis the one on file that it means: `id`, `base` (itself where new)."""
    known = current(base["parties"])
    ids = parties.select("id")
    found = ids.with_columns(base=pl.lit(None, pl.String))
    for name in _NAMES:
        if name not in known.columns:
            continue
        same = known.filter(pl.col(name).is_not_null()).select(by=pl.col(name), party="id").unique()
        open_ids = found.filter(pl.col("base").is_null()).select("id")
        hits = open_ids.join(same, left_on="id", right_on="by")
        double = hits.filter(pl.col("id").is_duplicated())
        if double.height:
            raise AmbiguousParty(
                f"{double['id'][0]!r} is the {name} of several parties.",
                candidates=sorted(double["party"])[:20],
                remedy="Name one of them by its id.",
            )
        found = found.join(hits, on="id", how="left").select("id", base=pl.coalesce("base", "party"))
    return found.with_columns(base=pl.coalesce("base", "id"))


def _renamed(stem: str, rows: pl.DataFrame, whose: pl.DataFrame) -> pl.DataFrame:
    """With the ids that the parties have on file."""
    names = ("id",) if stem == "parties" else FILES[stem].refs
    for name in names:
        rows = rows.join(whose, left_on=name, right_on="id", how="left", maintain_order="left")
        rows = rows.with_columns(pl.col("base").alias(name)).drop("base")
    return rows.with_columns(fact=pl.col("id")) if stem == "parties" else rows


def _on_top(
    stem: str, rows: pl.DataFrame, frame: pl.DataFrame | None, base: Facts
) -> tuple[pl.DataFrame, pl.DataFrame, list[str]]:
    """Rows to add, the frame without what they stand in place of, and the ids of that."""
    frame = base[stem] if frame is None else frame
    if stem == "parties":
        keys = frame.select("id", KEY).unique("id").rename({KEY: "_key"})
        rows = (
            rows.join(keys, on="id", how="left")
            .with_columns(pl.coalesce("_key", KEY).alias(KEY))
            .drop("_key")
        )
        return rows, frame.join(rows.select("id"), on="id", how="anti", maintain_order="left"), []
    if stem != "holdings":
        return rows, frame, []
    pair = ["holder", "company"]
    gone = frame.join(rows.select(pair), on=pair, how="semi")["fact"].unique().sort().to_list()
    if "company_record" in frame.columns:
        rows = rows.with_columns(company_record=pl.col("company"))
    return rows, frame.join(rows.select(pair), on=pair, how="anti", maintain_order="left"), gone


def _with_strangers(parties: pl.DataFrame, given: pl.DataFrame, whose: pl.DataFrame) -> pl.DataFrame:
    """The parties, and stubs for those that a hypothesis names and nothing on file describes."""
    new = given.join(whose.filter(pl.col("id") == pl.col("base")).select("id"), on="id", how="semi")
    new = new.join(parties.select("id").unique(), on="id", how="anti")
    return pl.concat([parties, new], how="diagonal") if new.height else parties
