"""The groups under one party of which nothing is to be told but their evidence, put into text by columns.

Most groups of a large book are such; an object for each step would cost more than all that decided it. The
text is the one of the document that `GroupWriter` draws of a group by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import orjson
import polars as pl

from discovery.control.contributions import Derived
from discovery.control.kernel import rows_by
from discovery.control.ownership import NOT, NOT_ASSESSED, PASSES, Asked
from discovery.control.registers import PRESUMED
from discovery.facts.graph import FactGraph
from discovery.groups.amounts import amount_text, decimal_text
from discovery.groups.method import FLAGS, Multiplied
from discovery.groups.proofs import Proofs
from discovery.groups.steps import DOUBTFUL, Row, doubts, slots_of
from discovery.groups.units import CLUSTER, Ints, Units, rows_of
from discovery.policies.model import Policy

DRAWN: Final = ("unit", "company", "round", "presumed", "total", "contributions")  # what differs by step
_OTHERWISE: Final = {PASSES: 0, NOT: 1 << 16, NOT_ASSESSED: 1 << 17}  # bits beside the marks, by verdict
_BITS: Final = ((PRESUMED, "presumed"), (1 << 16, FLAGS[PASSES]), (1 << 17, FLAGS[NOT_ASSESSED]))


class Lines(NamedTuple):
    """Each group as JSON by its unit, and the parties that they name, by number."""

    text: dict[int, str]
    named: Ints


class OrdinaryGroups:
    """Draws the groups of units of which `GroupWriter.ordinary` holds."""

    def __init__(
        self,
        graph: FactGraph,
        policy: Policy,
        units: Units,
        proofs: Proofs,
        *,
        method: Multiplied,
        by_shares: int,
    ) -> None:
        """`method`: the one that the policy does not use; `by_shares`: the tests of shares, as a mask."""
        self._parties = graph.parties
        self._on_file = graph.votes_on_file
        self._units = units
        self._proofs = proofs
        self._method = method
        self._by_shares = by_shares
        self._flags = [] if policy.classes is None else ["group_related"]
        self._kin_presumed = _kin_presumed(policy)

    def lines(self, members: pl.DataFrame, ids: dict[int, str]) -> Lines:
        """The groups of `members` (`unit`, `company`, `client`), all under units of one party."""
        if members.is_empty():
            return Lines({}, np.zeros(0, np.int32))
        members = members.select("unit", "company", "client").sort("unit", ~pl.col("client"), "company")
        chosen = np.unique(members["unit"].to_numpy())
        rows = rows_of(self._units.rows, chosen)
        found = self._proofs.derived(chosen, rows, members)
        shares, by = self._contributions(rows, found)
        heads = self._units.table[chosen].select("unit", "head", "kind")
        heads = heads.with_columns(
            name=self._quoted(heads["head"]), id=pl.Series([ids[unit] for unit in chosen.tolist()])
        )
        steps = rows.with_row_index("row").join(shares, on="row", maintain_order="left")
        steps = self._written(steps.join(heads.select("unit", of="name"), on="unit", maintain_order="left"))
        evidence = steps.group_by("unit").agg(
            pl.col("presumed").any(),
            pl.col("marks").bitwise_or(),
            evidence=(pl.col("name") + ":" + pl.col("step")).str.join(","),
        )
        whole = heads.join(evidence, on="unit", maintain_order="left")
        presumed = pl.col("presumed") | ((pl.col("kind") == CLUSTER) & self._kin_presumed)
        told = whole.select((pl.col("marks") & DOUBTFUL) | (presumed.cast(pl.Int64) * PRESUMED))
        whole = whole.with_columns(_flags(told.to_series(), self._flags).alias("flags"))
        whole = whole.join(self._of_members(members, steps, heads), on="unit", maintain_order="left")
        text = whole.select(self._group()).to_series().to_list()
        named = [heads["head"].to_numpy(), members["company"].to_numpy(), steps["company"].to_numpy(), by]
        return Lines(dict(zip(chosen.tolist(), text, strict=True)), np.concatenate(named))

    def _group(self) -> pl.Expr:
        """A group as `GroupWriter` writes it."""
        cluster = pl.col("kind") == CLUSTER
        return pl.concat_str(
            pl.lit('{"id":"'), "id", pl.lit('","outcome":"GROUP","controller":{"kind":'),
            pl.when(cluster).then(pl.lit('"person"')).otherwise(pl.lit('"company"')),
            pl.lit(',"parties":['), "name",
            pl.when(cluster).then(pl.lit('],"kin":[]}')).otherwise(pl.lit("]}")),
            pl.lit(',"members":['), "members", pl.lit('],"non_client_members":['), "others",
            pl.lit('],"flags":'), "flags",
            pl.lit(',"member_flags":{'), "member_flags", pl.lit('},"basis":{'), "basis",
            pl.lit('},"coverage":{'), "coverage", pl.lit('},"evidence":{'), "evidence", pl.lit("}}"),
        )  # fmt: skip

    def _contributions(self, rows: pl.DataFrame, found: Derived) -> tuple[pl.DataFrame, Ints]:
        """By `row` what was added up: `contributions`, `total`, `marks`; who casts it."""
        shares = self._proofs.shares[found.entry].select("by", "amount", "fact", "through", "mark")
        first = _first(rows["mask"].to_numpy())[found.row]
        amount = self._amounts(first, shares["amount"].to_numpy())
        written = shares.select(
            "fact", self._ids.gather(shares["by"]).alias("by"), amount.alias("amount"), "through"
        )
        plain, bound = pl.struct("fact", "by", "amount"), pl.struct("fact", "by", "amount", "through")
        text = (
            pl.when(pl.col("through").is_null())
            .then(plain.struct.json_encode())
            .otherwise(bound.struct.json_encode())
        )
        each = written.select(text.alias("text")).with_columns(
            pl.Series("row", found.row.astype(np.uint32)),
            pl.Series("slot", first),
            shares["amount"],
            shares["mark"],
        )
        added = each.group_by("row", maintain_order=True).agg(
            pl.col("slot").first(),
            pl.col("amount").sum(),
            marks=pl.col("mark").bitwise_or(),
            contributions=pl.col("text").str.join(","),
        )
        total = self._amounts(added["slot"].to_numpy(), added["amount"].to_numpy())
        return added.select("row", "contributions", "marks", total.alias("total")), shares["by"].to_numpy()

    def _amounts(self, slot: npt.NDArray[np.int64], amount: npt.NDArray[np.int64]) -> pl.Series:
        """Amounts as text, each in the measure of its slot; the same amount is put into text once."""
        pairs = pl.DataFrame({"slot": slot, "amount": amount})
        each = pairs.unique()
        measures = [one.measure for one in self._units.registers.slots]
        text = [amount_text(measures[one], value) for one, value in each.rows()]
        return pairs.join(
            each.with_columns(text=pl.Series(text, dtype=pl.String)),
            on=["slot", "amount"],
            maintain_order="left",
        )["text"]

    @property
    def _ids(self) -> pl.Series:
        return self._parties.frame["id"]

    def _quoted(self, numbers: pl.Series) -> pl.Series:
        """Party ids as JSON texts."""
        named = pl.DataFrame({"id": self._ids.gather(numbers)})
        key = pl.struct("id").struct.json_encode().str.slice(len('{"id":')).str.head(-1)
        return named.select(key).to_series()

    def _written(self, steps: pl.DataFrame) -> pl.DataFrame:
        """The rows with `name` (the company's id as JSON), `step` and `basis` as text, and `presumed`."""
        masks = steps["mask"].unique().to_list()
        patterns = pl.DataFrame([self._pattern(mask) for mask in masks], infer_schema_length=None)
        steps = steps.join(patterns, on="mask", maintain_order="left").with_columns(
            self._quoted(steps["company"]).alias("name"),
            presumed=pl.col("deemed") | ((pl.col("marks") & PRESUMED) > 0),
        )
        drawn = {
            "unit": "[" + pl.col("of") + "]",
            "company": pl.col("name"),
            "round": pl.col("round").cast(pl.String),
            "presumed": pl.when("presumed").then(pl.lit("true")).otherwise(pl.lit("false")),
            "total": '"' + pl.col("total") + '"',
            "contributions": "[" + pl.col("contributions") + "]",
        }
        pieces = [piece for name in DRAWN for piece in (pl.col(f"before {name}"), drawn[name])]
        return steps.with_columns(step=pl.concat_str(*pieces, "end"))

    def _pattern(self, mask: int) -> dict[str, object]:
        """What all steps that pass these slots have in common: the text before each value that differs."""
        writer = self._proofs.writer
        step = writer.step([], Row(0, 1, mask, []), [], slots_of(mask))
        found: dict[str, object] = {
            "mask": mask,
            "deemed": step["presumed"],
            "basis": _json([step["basis"], *step["also"]]),
        }
        text = "{"
        for name, value in step.items():
            text += f"{_json(name)}:"
            if name in DRAWN:
                found[f"before {name}"], text = text, ","
            else:
                text += f"{_json(value)},"
        return {**found, "end": text.removesuffix(",") + "}"}

    def _of_members(self, members: pl.DataFrame, steps: pl.DataFrame, heads: pl.DataFrame) -> pl.DataFrame:
        """By unit the lists of members, and what stands by member, as text."""
        rows = members.join(
            steps.select("unit", "company", "round", "mask", "basis", "marks"),
            on=["unit", "company"],
            how="left",
            maintain_order="left",
        )
        on_file = self._on_file[rows["company"].to_numpy()].tolist()
        rows = rows.with_columns(
            self._quoted(rows["company"]).alias("name"),
            pl.Series("coverage", list(map(decimal_text, on_file))),
            self._otherwise(rows, heads).alias("otherwise"),
        )
        told = rows.select((pl.col("marks").fill_null(0) & DOUBTFUL) | pl.col("otherwise")).to_series()
        rows = rows.with_columns(_flags(told).alias("flags"), flagged=told > 0)
        name = pl.col("name")
        return rows.group_by("unit", maintain_order=True).agg(
            members=name.filter("client").str.join(","),
            others=name.filter(~pl.col("client")).str.join(","),
            member_flags=(name + ":" + pl.col("flags")).filter("flagged").str.join(","),
            basis=(name + ":" + pl.col("basis").fill_null('["HEAD"]')).str.join(","),
            coverage=(name + ':"' + pl.col("coverage") + '"')
            .filter(pl.col("mask").is_not_null())
            .str.join(","),
        )

    def _otherwise(self, rows: pl.DataFrame, heads: pl.DataFrame) -> pl.Series:
        """Of each company a bit of `_OTHERWISE` if the other method would say otherwise, else 0."""
        asks = (pl.col("round") > 1) & (pl.col("mask") & ~self._by_shares == 0)
        asked = rows.with_row_index("row").filter(asks).select("row", "unit", "company")
        units = asked["unit"].unique().sort()
        of = heads.filter(pl.col("unit").is_in(units.implode()))["head"].to_numpy()
        start, _ = rows_by(
            np.searchsorted(units.to_numpy(), asked["unit"].to_numpy()).astype(np.int32), len(units)
        )
        verdicts = self._method.verdicts(
            Asked(np.arange(len(units) + 1, dtype=np.int64), of, start, asked["company"].to_numpy())
        )
        bits = pl.Series(verdicts).replace_strict(_OTHERWISE, return_dtype=pl.Int64)
        said = rows.with_row_index("row").join(
            asked.select("row", bits.alias("bits")), on="row", how="left", maintain_order="left"
        )
        return said["bits"].fill_null(0)


def _flags(bits: pl.Series, more: Sequence[str] = ()) -> pl.Series:
    """Marks, `PRESUMED` and verdicts as the JSON of their flags, these beside."""
    told = {
        one: _json(sorted({*more, *doubts(one), *(flag for bit, flag in _BITS if one & bit)}))
        for one in bits.unique().to_list()
    }
    return bits.replace_strict(told, return_dtype=pl.String)


def _first(masks: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The lowest slot of each mask."""
    slots: npt.NDArray[np.int64] = np.log2(masks & -masks).astype(np.int64)
    return slots


def _kin_presumed(policy: Policy) -> bool:
    persons = policy.persons
    return persons is not None and (persons.kin.presumed or persons.major_investor.presumed)


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
