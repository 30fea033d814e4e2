"""Economic dependence: what depends on one party stands in a set with it, beside any group."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

import polars as pl

from discovery.groups.amounts import fraction_text
from discovery.groups.candidates import Candidates
from discovery.groups.pairs import Pair
from discovery.policies.owners import DependenceTest
from discovery.policies.values import UNVERIFIED, millionths

_HUNDRED: Final = millionths("100")


class Dependent(NamedTuple):
    """A client that a test finds dependent on a party: the measured figure, the facts."""

    test: DependenceTest
    client: int
    on: int
    measured: str
    facts: list[str]


def dependent_sets(asked: Candidates) -> Iterator[Pair]:
    """A set for each party that clients depend on: DEPENDENT_SET, or REVIEW where the figure is unverified.

    The set is the party, if it may be a member, with all that depend on it; it has two clients or more.
    Several currencies in one sum are not compared.
    """
    rule = asked.policy.dependence
    if rule is None:
        return
    found: dict[tuple[int, bool], list[Dependent]] = {}
    for test in rule.tests:
        counts = test.status not in UNVERIFIED or asked.policy.unverified == "count"
        if counts or asked.policy.triggers("economic_dependence"):
            for one in _dependent(asked, test):
                found.setdefault((one.on, counts), []).append(one)
    for (on, counts), several in sorted(found.items()):
        parties = {one.client for one in several} | ({on} if asked.who.clients[on] else set())
        if len(parties) >= asked.policy.members.min:
            yield _set(asked, on, sorted(parties), several, counts=counts)


def _set(asked: Candidates, on: int, parties: list[int], several: list[Dependent], *, counts: bool) -> Pair:
    ids = asked.graph.parties.ids
    measured = {f"{one.test.id} {ids[one.client]}": one.measured for one in several}
    return Pair(
        "DEPENDENT_SET" if counts else "REVIEW",
        "economic_dependence",
        parties,
        [on],
        flags=["presumed"] if any(one.test.presumed for one in several) else (),
        facts=[fact for one in several for fact in one.facts],
        measured=[text for name in sorted(measured) for text in (name, measured[name])],
    )


def _dependent(asked: Candidates, test: DependenceTest) -> Iterator[Dependent]:
    if test.measure == "power":
        rows = asked.graph["powers"].filter(pl.col("kind") == "economic_dependence")
        pairs = rows.group_by(client="company", on="holder").agg(pl.col("fact").sort()).sort("client", "on")
        for client, on, facts in pairs.rows():
            if asked.who.clients[client] and client != on and on >= 0:
                yield Dependent(test, client, on, "1", facts)
        return
    for client, on, part, whole, facts in _shares(asked, test.measure).rows():
        reached, figure = part * _HUNDRED, millionths(test.threshold) * whole
        if (reached > figure if test.strict else reached >= figure) and client != on:
            yield Dependent(test, client, on, fraction_text(Fraction(part * 100, whole)), facts)


def _shares(asked: Candidates, measure: str) -> pl.DataFrame:
    """What of a client's sum falls on one party: `client`, `on`, `part`, `whole`, `fact`."""
    graph = asked.graph
    if measure == "guarantee_share":
        parts = _flows(graph["guarantees"], "from", "to")
        balances = graph["credits"].select(client="client", amount="balance", currency="currency")
        whole = _one_currency(balances.filter(pl.col("amount").is_not_null()))
    else:
        client, on = ("from", "to") if measure == "sales_share" else ("to", "from")
        parts = _flows(_of_the_year(graph["trades"], graph.as_of), client, on)
        whole = _one_currency(parts)
    mine = parts.join(whole, on=["client", "currency"]).filter(pl.col("whole") > 0)
    pairs = mine.group_by("client", "on").agg(
        part=pl.col("amount").sum(), whole=pl.col("whole").first(), fact=pl.col("fact").sort()
    )
    clients = pl.Series(asked.who.clients[pairs["client"].to_numpy()], dtype=pl.Boolean)
    return (
        pairs.filter(clients & (pl.col("part") > 0))
        .sort("client", "on")
        .select("client", "on", "part", "whole", "fact")
    )


def _flows(rows: pl.DataFrame, client: str, on: str) -> pl.DataFrame:
    known = rows.filter((pl.col("from") >= 0) & (pl.col("to") >= 0) & pl.col("amount").is_not_null())
    return known.select("amount", "fact", client=client, on=on, currency=pl.col("currency").fill_null(""))


def _of_the_year(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Rows dated within the year that ends with the day."""
    start = pl.lit(day).dt.offset_by("-1y")
    return rows.filter((pl.col("date") > start) & (pl.col("date") <= day))


def _one_currency(rows: pl.DataFrame) -> pl.DataFrame:
    """The sum of each client whose amounts are in one currency: `client`, `currency`, `whole`."""
    filled = rows.with_columns(pl.col("currency").fill_null(""))
    single = filled.filter(pl.col("currency").n_unique().over("client") == 1)
    return single.group_by("client", "currency").agg(whole=pl.col("amount").sum())
