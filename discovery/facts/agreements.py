"""Agreements about votes: who casts them for whom, and who can only act together.

Rows with the same document and company are one agreement among all named; without a document each
row stands alone. Only the bound party's own direct holdings are bound, and never twice.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

_SYMMETRIC = ("concert", "joint_control")


class Unanimity(NamedTuple):
    """Parties that decide in a company only together; `parties` sorted, `facts` the agreement's rows."""

    company: int
    parties: tuple[int, ...]
    kind: str
    facts: tuple[str, ...]


class Pact(NamedTuple):
    """One agreement: the parties named, the company (-1 = all), whose word decides (-1 = unanimity)."""

    kind: str
    company: int
    parties: tuple[int, ...]
    leader: int
    rows: tuple[tuple[int, int, str], ...]  # party, with, fact


def pacts(agreements: pl.DataFrame) -> list[Pact]:
    """The agreements about votes among the day's rows, in the order of their facts."""
    rows = agreements.filter(pl.col("kind") != "nominee").sort("fact")
    grouped: dict[tuple[str, int, str], list[tuple[int, int, int, str]]] = {}
    for row in rows.select("party", "with", "company", "kind", "leader", "document", "fact").iter_rows():
        party, other, company, kind, leader, document, fact = row
        alone = document is None or kind == "entrustment"
        family = kind if kind == "entrustment" else "symmetric"
        name = f"fact {fact}" if alone else f"document {document} {family}"
        grouped.setdefault((name, company, family), []).append((party, other, leader, fact))
    kinds = dict(rows.select("fact", "kind").iter_rows())
    return [_pact(kinds, company, members) for (_, company, _), members in grouped.items()]


def _pact(kinds: dict[str, str], company: int, members: list[tuple[int, int, int, str]]) -> Pact:
    kind = kinds[members[0][3]]
    parties = tuple(sorted({party for row in members for party in row[:2]}))
    rows = tuple((party, other, fact) for party, other, _, fact in members)
    if kind == "entrustment":
        return Pact(kind, company, parties, members[0][1], rows)
    leaders = {leader for _, _, leader, _ in members if leader >= 0}
    return Pact(kind, company, parties, leaders.pop() if len(leaders) == 1 else -1, rows)


def bind(holdings: pl.DataFrame, agreements: pl.DataFrame) -> pl.DataFrame:
    """Add `commander`, who casts the votes of each holding, and `through`, the agreement's fact."""
    commands = _commands(pacts(agreements))
    if not commands:
        return holdings.with_columns(commander=pl.col("holder"), through=pl.lit(None, dtype=pl.String))
    bound = pl.DataFrame(
        [(holder, company, leader, fact) for (holder, company), (leader, fact) in commands.items()],
        schema={"holder": pl.Int32, "bound_in": pl.Int32, "leader": pl.Int32, "agreement": pl.String},
        orient="row",
    )
    exact = holdings.join(
        bound,
        left_on=["holder", "company"],
        right_on=["holder", "bound_in"],
        how="left",
        maintain_order="left",
    )
    everywhere = bound.filter(pl.col("bound_in") < 0).select("holder", anywhere="leader", general="agreement")
    both = exact.join(everywhere, on="holder", how="left", maintain_order="left")
    elsewhere = pl.col("company") != pl.col("anywhere")
    return both.with_columns(
        commander=pl.coalesce("leader", pl.when(elsewhere).then(pl.col("anywhere")), "holder"),
        through=pl.coalesce(
            "agreement", pl.when(pl.col("leader").is_null() & elsewhere).then(pl.col("general"))
        ),
    ).drop("leader", "agreement", "anywhere", "general")


def _commands(agreed: list[Pact]) -> dict[tuple[int, int], tuple[int, str]]:
    """(bound party, company or -1) -> (who casts its votes, the agreement's fact)."""
    commands: dict[tuple[int, int], tuple[int, str]] = {}
    for pact in agreed:
        if pact.leader < 0:
            continue
        bound = [pact.rows[0][0]] if pact.kind == "entrustment" else list(pact.parties)
        for party in bound:
            if party == pact.leader:
                continue
            facts = [fact for left, right, fact in pact.rows if party in (left, right)]
            known = commands.get((party, pact.company))
            if known is None or (pact.leader, min(facts)) < known:
                commands[party, pact.company] = (pact.leader, min(facts))
    return commands


def unanimous_blocks(agreements: pl.DataFrame, holdings: pl.DataFrame) -> tuple[Unanimity, ...]:
    """The parties who hold in a company and have agreed to decide there only together."""
    agreed = [pact for pact in pacts(agreements) if pact.leader < 0]
    if not agreed:
        return ()
    named = sorted({party for pact in agreed for party in pact.parties})
    mine = holdings.filter(pl.col("holder").is_in(named) & (pl.col("votes") > 0))
    held: dict[int, set[int]] = {}
    for holder, company in mine.select("holder", "company").unique().iter_rows():
        held.setdefault(company, set()).add(holder)
    blocks = []
    for pact in agreed:
        companies = [pact.company] if pact.company >= 0 else sorted(held)
        for company in companies:
            parties = tuple(party for party in pact.parties if party in held.get(company, ()))
            if len(parties) > 1:
                blocks.append(Unanimity(company, parties, pact.kind, tuple(fact for _, _, fact in pact.rows)))
    return tuple(blocks)
