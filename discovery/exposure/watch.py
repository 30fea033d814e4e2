"""The warning catalogue: what changed or came near, group by group, as far as the facts can tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final, NamedTuple

import polars as pl

from discovery.exposure.history import History, dated
from discovery.exposure.holders import TooMany, new_indirect_holders
from discovery.exposure.standing import Standing
from discovery.facts.codes import WARNINGS
from discovery.facts.schema import QUALITIES
from discovery.groups.exemptions import BAD

Document = dict[str, Any]
MOST_FACTS: Final = 100
# What only balance sheets or a register outside the facts package could tell.
_NO_DATA: Final = {
    "net_asset_change": "no_balance_sheets",
    "related_transaction": "no_balance_sheets",
    "members_receivables": "no_balance_sheets",
    "beneficial_owner_differs": "no_register_of_owners",
}


class Seen(NamedTuple):
    """One warning over all groups: why it could not be assessed, or what it rests on where it is raised."""

    why: str | None
    raised: Mapping[int, tuple[dict[str, str], list[str]]]


class Watch:
    """Looks at groups once for each warning, whole columns at a time."""

    def __init__(
        self,
        groups: Standing,
        history: History,
        lent: pl.DataFrame,
        guarantees: Mapping[int, Document],
        rings: Mapping[int, list[Document]],
    ) -> None:
        self._groups = groups
        self._graph = groups.graph
        self._history = history
        self._lent, self._lent_before = lent, history.lent
        self._guarantees = guarantees
        self._rings = rings
        self._rule = groups.policy.warnings

    def of(self, unit: int) -> list[Document]:
        """Every warning of the catalogue for one group, in the catalogue's order."""
        return [self._document(name, self._seen[name], unit) for name in self._seen]

    @cached_property
    def _seen(self) -> dict[str, Seen]:
        on = [name for name in WARNINGS if name not in self._rule.switch_off]
        return {name: self._look(name) for name in on}

    def _look(self, name: str) -> Seen:
        if name in _NO_DATA:
            return Seen(_NO_DATA[name], {})
        look: Callable[[], Seen] = getattr(self, f"_{name}")
        return look()

    @staticmethod
    def _document(name: str, seen: Seen, unit: int) -> Document:
        if name == "intra_group_guarantees" and unit in seen.raised and "why" in seen.raised[unit][0]:
            return _told(name, "not_assessed", {}, [], seen.raised[unit][0]["why"])
        if seen.why is not None:
            return _told(name, "not_assessed", {}, [], seen.why)
        if unit in seen.raised:
            return _told(name, "raised", *seen.raised[unit], None)
        return _told(name, "clear", {}, [], None)

    @property
    def _members(self) -> pl.DataFrame:
        return self._groups.members.select("unit", "company")

    # --- shares ------------------------------------------------------------------------------

    def _equity_changes(self) -> Seen:
        if not dated(self._graph, "holdings"):
            return Seen("no_dates", {})
        rows = self._members.join(self._history.changed_holdings, on="company")
        sums = rows.group_by("unit").agg(many=pl.len(), facts=pl.col("facts").explode().unique().sort())
        enough = sums.filter(pl.col("many") >= self._rule.equity_changes)
        return Seen(None, {unit: ({"changes": str(many)}, facts) for unit, many, facts in enough.rows()})

    def _new_indirect_holder(self) -> Seen:
        if not dated(self._graph, "holdings"):
            return Seen("no_dates", {})
        try:
            found = new_indirect_holders(
                self._graph.holdings, self._history.holdings, self._members["company"].unique()
            )
        except TooMany:
            return Seen("too_many", {})
        ids = self._graph.parties.ids
        inside = self._groups.inside.rename({"party": "holder"})
        rows = self._members.join(found, on="company").join(inside, on=["unit", "holder"], how="anti")
        sums = rows.group_by("unit").agg(
            pl.col("holder").n_unique().alias("many"), pl.col("holder").min(), pl.col("company").min()
        )
        return Seen(
            None,
            {
                unit: ({"holders": str(many), "holder": ids[holder], "company": ids[company]}, [])
                for unit, many, holder, company in sums.rows()
            },
        )

    # --- guarantees --------------------------------------------------------------------------

    def _intra_group_guarantees(self) -> Seen:
        """More than the policy's share of the proposed limit; what other banks lend is not on file."""
        raised: dict[int, tuple[dict[str, str], list[str]]] = {}
        for unit, use in self._guarantees.items():
            if use["counted"] == "0":
                continue
            if use["share"] is None:
                raised[unit] = ({"why": use["why"]}, [])
            elif not use["within"]:
                raised[unit] = ({"share": use["share"], "more_than": use["le"]}, use["facts"])
        return Seen(None, raised)

    def _guarantee_ring(self) -> Seen:
        return Seen(
            None,
            {
                unit: ({"rings": str(len(rings))}, sorted({fact for ring in rings for fact in ring["facts"]}))
                for unit, rings in self._rings.items()
            },
        )

    # --- money -------------------------------------------------------------------------------

    def _loan_proceeds(self) -> Seen:
        payments = self._graph["payments"]
        if payments.is_empty():
            return Seen("no_payments", {})
        since = self._history.day
        lent = payments.filter(
            pl.col("kind").is_in(["loan", "entrusted_loan", "occupation"])
            & (pl.col("from") != pl.col("to"))
            & (pl.col("date").is_null() | (pl.col("date") > since))
        )
        borrowers = self._lent.join(self._members, left_on="client", right_on="company", how="semi")
        borrowers = borrowers.filter("active").group_by("client").agg(pl.col("opened_on").min())
        rows = (
            self._members.join(lent.select("from", "to", "date", "fact"), left_on="company", right_on="from")
            .join(self._members, left_on=["unit", "to"], right_on=["unit", "company"], how="semi")
            .join(borrowers, left_on="company", right_on="client")
            .filter((pl.col("date") >= pl.col("opened_on")).fill_null(value=True))
        )
        sums = rows.group_by("unit").agg(many=pl.len(), facts=pl.col("fact").unique().sort())
        return Seen(None, {unit: ({"payments": str(many)}, facts) for unit, many, facts in sums.rows()})

    @property
    def _credit_dated(self) -> bool:
        opened = self._graph.facts["credits"]["opened_on"]
        return dated(self._graph, "credits") or opened.null_count() < len(opened)

    def _second_member_credit(self) -> Seen:
        if self._graph["credits"].is_empty():
            return Seen("no_credit_on_file", {})
        if not self._credit_dated:
            return Seen("no_dates", {})
        many = [
            self._groups.clients.join(rows.filter("active"), left_on="company", right_on="client")
            .group_by("unit")
            .agg(pl.col("company").n_unique().alias("many"), pl.col("fact").sort())
            for rows in (self._lent, self._lent_before)
        ]
        rows = many[0].join(many[1], on="unit", how="left", suffix="_before")
        rows = rows.filter((pl.col("many") >= 2) & (pl.col("many_before").fill_null(0) <= 1))
        return Seen(
            None,
            {
                unit: ({"members_with_credit": str(now), "before": str(before or 0)}, facts)
                for unit, now, facts, before in rows.select("unit", "many", "fact", "many_before").rows()
            },
        )

    def _quality_downgrade(self) -> Seen:
        if self._graph["credits"]["quality"].null_count() == self._graph["credits"].height:
            return Seen("no_quality_on_file", {})
        if not self._credit_dated:
            return Seen("no_dates", {})
        worst = [
            rows.join(self._groups.clients, left_on="client", right_on="company", how="semi")
            .filter(pl.col("quality").is_not_null())
            .with_columns(rank=pl.col("quality").replace_strict(_RANK, return_dtype=pl.Int8))
            .group_by("client")
            .agg(pl.col("rank").max(), pl.col("fact").sort())
            for rows in (self._lent, self._lent_before)
        ]
        fell = worst[0].join(worst[1], on="client", suffix="_before")
        fell = fell.filter(pl.col("rank") > pl.col("rank_before"))
        rows = self._groups.clients.join(fell, left_on="company", right_on="client")
        sums = rows.group_by("unit").agg(
            many=pl.len(), rank=pl.col("rank").max(), facts=pl.col("fact").explode().unique().sort()
        )
        return Seen(
            None,
            {
                unit: ({"members": str(many), "worst": QUALITIES[rank]}, facts)
                for unit, many, rank, facts in sums.rows()
            },
        )

    def _personal_bad_credit(self) -> Seen:
        persons = pl.Series(self._graph.parties.person)
        lent = self._lent.filter(persons.gather(self._lent["client"]))
        if lent.is_empty():
            return Seen("no_personal_credit", {})
        bad = lent.filter(pl.col("quality").is_in(BAD)).select(person="client", fact="fact")
        rows = self._persons(bad["person"].unique()).join(bad, on="person")
        sums = rows.group_by("unit").agg(
            many=pl.col("person").n_unique(), facts=pl.col("fact").unique().sort()
        )
        return Seen(None, {unit: ({"persons": str(many)}, facts) for unit, many, facts in sums.rows()})

    def _persons(self, wanted: pl.Series) -> pl.DataFrame:
        """Of some persons those who stand behind a group, are key persons of a member, or their kin."""
        groups = self._groups
        policy = groups.policy
        roles = policy.persons.key_managers.roles if policy.persons else ()
        posts = self._graph["offices"].filter(pl.col("role").is_in(roles)).select("person", "company")
        key = pl.concat(
            [
                groups.heads.select("unit", person="party"),
                self._members.join(posts, on="company").select("unit", "person"),
            ]
        ).unique()
        kin = groups.answer.formation.units.kin.select("person", "relative")
        near = kin.filter(pl.col("relative").is_in(wanted.implode()))
        relatives = key.join(near, on="person").select("unit", person="relative")
        whole = pl.concat([key, relatives]).unique()
        return whole.filter(pl.col("person").is_in(wanted.implode()))

    # --- who decides -------------------------------------------------------------------------

    def _representative_changed(self) -> Seen:
        if not (dated(self._graph, "offices") or dated(self._graph, "powers")):
            return Seen("no_dates", {})
        now = _deciders(self._graph["offices"], self._graph["powers"])
        before = _deciders(self._history.offices, self._history.powers)
        both = before.join(now, on=["company", "as"], how="left", suffix="_now")
        changed = both.filter(pl.col("party").ne_missing(pl.col("party_now"))).with_columns(
            facts=pl.concat_list(pl.col("fact"), pl.col("fact_now").fill_null([]))
        )
        rows = self._members.join(changed, on="company")
        return _by_unit(rows, "members", pl.col("company").n_unique())

    def _consolidation_changed(self) -> Seen:
        if not dated(self._graph, "powers"):
            return Seen("no_dates", {})
        scopes = [
            rows.filter(pl.col("kind") == "consolidates").select("holder", "company", "fact")
            for rows in (self._graph["powers"], self._history.powers)
        ]
        pair = ["holder", "company"]
        changed = pl.concat(
            [scopes[0].join(scopes[1], on=pair, how="anti"), scopes[1].join(scopes[0], on=pair, how="anti")]
        )
        inside = self._groups.inside.rename({"party": "holder"})
        rows = inside.join(changed.group_by("holder", "company").agg(facts="fact"), on="holder")
        return _by_unit(rows, "companies", pl.col("company").n_unique())


_RANK: Final = {quality: rank for rank, quality in enumerate(QUALITIES)}


def _deciders(offices: pl.DataFrame, powers: pl.DataFrame) -> pl.DataFrame:
    """Legal representatives and declared controllers of each company: `company`, `as`, `party`, `fact`."""
    posts = offices.filter(pl.col("role") == "legal_representative")
    declared = powers.filter(pl.col("kind") == "declared_controller")
    rows = pl.concat(
        [
            posts.select("company", party="person", fact="fact", **{"as": pl.lit("legal_representative")}),
            declared.select("company", party="holder", fact="fact", **{"as": pl.lit("declared_controller")}),
        ]
    )
    party = pl.col("party").unique().sort().cast(pl.String).str.join(",")
    return rows.group_by("company", "as").agg(party, pl.col("fact").sort())


def _by_unit(rows: pl.DataFrame, name: str, many: pl.Expr) -> Seen:
    sums = rows.group_by("unit").agg(many=many, facts=pl.col("facts").explode().unique().sort())
    return Seen(None, {unit: ({name: str(count)}, facts) for unit, count, facts in sums.rows()})


def _told(name: str, state: str, measured: dict[str, str], facts: list[str], why: str | None) -> Document:
    cut = [fact for fact in facts if fact is not None]
    return {
        "warning": name,
        "state": state,
        "measured": measured,
        "facts": cut[:MOST_FACTS],
        "truncated": len(cut) > MOST_FACTS,
        "why": why,
    }
