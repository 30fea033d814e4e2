"""Which register counts, who stands behind a nominee, who casts the votes: by plain definition."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.plain import MILLION, Day
from oracles.worlds import DAY, Row, World, facts_of

from discovery.facts.graph import fact_graph

PARTIES = "ABCD"
PERCENT = ("0", "5", "20", "20", "33.333333", "50")
COLUMNS = (
    "holder",
    "company",
    "equity_percent",
    "voting_percent",
    "nominee_for",
    "source",
    "document",
    "valid_from",
)


@st.composite
def registers(draw: st.DrawFn) -> World:
    """Several statements about the same few pairs, from two sources, of several documents and days."""
    behind = {
        pair: draw(st.sampled_from(("", "", *PARTIES))) for pair in [(a, b) for a in PARTIES for b in "XY"]
    }
    row = st.fixed_dictionaries(
        {
            "holder": st.sampled_from(PARTIES),
            "company": st.sampled_from("XY"),
            "equity_percent": st.sampled_from((*PERCENT, "")),
            "voting_percent": st.sampled_from((*PERCENT, "")),
            "source": st.sampled_from(("", "", "other")),
            "document": st.sampled_from(("", "one", "two")),
            "valid_from": st.sampled_from(("", "2020-01-01", "2026-06-30", "2026-07-01")),
            "valid_to": st.sampled_from(("", "", "2026-06-30", "2026-07-01")),
            "recorded_at": st.sampled_from(("", "", "2024-01-01", "2025-01-01")),
        }
    ).filter(lambda row: not row["valid_from"] or not row["valid_to"] or row["valid_from"] < row["valid_to"])
    named = row.map(lambda row: {**row, "nominee_for": behind[row["holder"], row["company"]]})
    agreement = st.fixed_dictionaries(
        {
            "party": st.sampled_from(PARTIES),
            "with": st.sampled_from(PARTIES),
            "company": st.sampled_from(("X", "Y", "")),
            "kind": st.sampled_from(("nominee", "nominee", "entrustment", "concert")),
            "leader": st.sampled_from(("", *PARTIES)),
            "document": st.sampled_from(("", "pact")),
        }
    )
    kinds = draw(st.tuples(*[st.sampled_from(("enterprise_legal_person", "partnership"))] * 2))
    company_rows: list[Row] = [{"id": name, "kind": kind} for name, kind in zip("XY", kinds, strict=True)]
    return {
        "parties": company_rows + [{"id": name, "kind": "enterprise_legal_person"} for name in PARTIES],
        "holdings": draw(st.lists(named, max_size=10, unique_by=lambda row: tuple(row[c] for c in COLUMNS))),
        "agreements": draw(st.lists(agreement, max_size=3, unique_by=lambda row: tuple(row.values()))),
    }


def compared(world: World) -> None:
    facts = facts_of(world)
    graph = fact_graph(facts, DAY)
    ids = graph.parties.ids
    columns = ("fact", "registered", "holder", "company", "equity", "votes", "commander", "conflicting")
    found = {
        (fact, ids[registered], ids[holder], ids[company], equity, votes, ids[commander], conflicting)
        for fact, registered, holder, company, equity, votes, commander, conflicting in graph.holdings.select(
            columns
        ).rows()
    }

    assert found == {tuple(one) for one in Day(world, facts).holdings}


@given(world=registers())
@settings(max_examples=60)
def test_holdings_of_the_day(world: World) -> None:
    """Rows that count, holders behind nominees, commanders, measures, and marks of conflict."""
    compared(world)


def held(*rows: Row, agreements: list[Row] | None = None) -> list[tuple[str, int]]:
    """Who holds how many votes, by the engine."""
    graph = fact_graph(facts_of({"holdings": list(rows), "agreements": agreements or []}), DAY)
    return sorted((graph.parties.ids[h], v) for h, v in graph.holdings.select("holder", "votes").rows())


def holding(holder: str, percent: str, **more: str) -> Row:
    return {"holder": holder, "company": "X", "equity_percent": percent, **more}


def test_rows_of_one_register_add_up_and_registers_do_not() -> None:
    """Two rows of one document stand together; the later recorded document stands alone."""
    first = [holding("A", "20", document="one"), holding("A", "5", document="one")]
    later = holding("A", "10", document="two", recorded_at="2025-01-01")

    assert held(*first) == [("A", 5 * MILLION), ("A", 20 * MILLION)]
    assert held(*first, later) == [("A", 10 * MILLION)]


def test_the_chain_of_nominees_is_followed_and_a_circle_stops() -> None:
    """A holds for B, B for C: C holds. A circle ends at a party met before, and holds on to the votes."""
    chain = [{"party": one, "with": other, "kind": "nominee"} for one, other in ("AB", "BC")]
    circle = [{"party": one, "with": other, "kind": "nominee"} for one, other in ("AB", "BA")]

    assert held(holding("A", "60"), agreements=chain) == [("C", 60 * MILLION)]
    assert len(held(holding("A", "60"), agreements=circle)) == 1
