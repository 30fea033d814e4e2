"""REVIEW by shares and other grounds: what falls short of control, or rests on what is not deemed (A5)."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from discovery.facts.schema import PERCENT_SCALE
from discovery.groups.amounts import decimal_text
from discovery.groups.candidates import Candidates
from discovery.groups.formation import passing_blocks
from discovery.groups.pairs import Pair
from discovery.groups.slots import HALF, undeemed
from discovery.groups.units import COMPANY, RING

_HUNDRED = 100 * PERCENT_SCALE


def near_misses(asked: Candidates) -> Iterator[Pair]:
    """`half_share`, `near_control` and `joint_control` of a 50/50 pair, in the policy's share register."""
    policy = asked.policy
    rows = asked.one_family_once(asked.anchored(asked.formation.units.watched("near")))
    exactly_half = (pl.col("total") == HALF) & policy.control.share.strict_op
    free = rows.join(asked.controlled, on="company", how="anti")
    halves = free.filter(exactly_half)
    paired = halves.filter(pl.len().over("company") == 2)
    if policy.joint_control is None:
        yield from _fifty_fifty(asked, paired)
    single = rows.filter(exactly_half).join(paired.select("company").unique(), on="company", how="anti")
    near = free.filter(~exactly_half)
    for reason, frame in (("half_share", single), ("near_control", near)):
        if policy.triggers(reason):
            yield from _shares(asked, reason, asked.guarded(frame))


def _shares(asked: Candidates, reason: str, frame: pl.DataFrame) -> Iterator[Pair]:
    facts = asked.stakes_into(frame, "near")
    measure = asked.policy.control.share.measure
    rows = frame.select("unit", "company", "total", "brought").rows()
    methods = asked.otherwise((unit, (company, *brought)) for unit, company, _, brought in rows)
    for (unit, company, total, brought), flags in zip(rows, methods, strict=True):
        measured = (measure, asked.total_text(unit, company, "near", total))
        yield Pair(
            "REVIEW", reason, [company, *brought], asked.head_of(unit, company), flags=flags,
            facts=facts.get((unit, company), ()), measured=measured,
        )  # fmt: skip


def _fifty_fifty(asked: Candidates, halves: pl.DataFrame) -> Iterator[Pair]:
    """Two units with half each: joint control of both, if it would matter to one of them."""
    if not asked.policy.triggers("joint_control"):
        return
    matters = set(asked.guarded(halves)["company"].to_list())
    facts = asked.stakes_into(halves, "near")
    grouped = halves.sort("company", "unit").group_by("company", maintain_order=True).agg("unit")
    for company, units in grouped.iter_rows():
        if company not in matters:
            continue
        heads = sorted({asked.head_of(unit, company)[0] for unit in units})
        held = [fact for unit in units for fact in facts.get((unit, company), ())]
        yield Pair("REVIEW", "joint_control", [company], heads, facts=held)


def joint_control(asked: Candidates) -> Iterator[Pair]:
    """Control shared by unanimity of holders who together pass the share test.

    Where that makes members, only what natural persons share in is a question, if the policy says so.
    """
    rule = asked.policy.joint_control
    if (rule is not None and rule.persons == "member") or not asked.policy.triggers("joint_control"):
        return
    blocks = passing_blocks(asked.graph, asked.policy).join(asked.controlled, on="company", how="anti")
    if rule is not None:
        persons = asked.graph.parties.person[blocks["party"].to_numpy()]
        blocks = blocks.with_columns(person=pl.Series(persons, dtype=pl.Boolean))
        blocks = blocks.filter(pl.col("person").any().over("block")).drop("person")
    sharers = blocks.join(asked.inside, on="party")
    matters = asked.guarded(sharers.select("unit", "company", "block").unique())
    for number in sorted(set(matters["block"].to_list())):
        block = asked.graph.unanimity[number]
        yield Pair("REVIEW", "joint_control", [block.company], block.parties, facts=block.facts)


def other_grounds(asked: Candidates) -> Iterator[Pair]:
    """`closed_list_basis`: a ground the policy does not deem; `single_post`: rights over one post."""
    units = asked.formation.units
    frames = [
        units.watched(f"other {basis.code}").with_columns(code=pl.lit(basis.code))
        for basis in undeemed(asked.policy)
    ]
    if frames and asked.policy.triggers("closed_list_basis"):
        rows = pl.concat(frames).group_by("unit", "company", maintain_order=True).agg("code")
        rows = asked.guarded(asked.one_family_once(rows))
        facts = _ground_facts(asked, rows)
        for unit, company, codes in rows.select("unit", "company", "code").iter_rows():
            heads = asked.head_of(unit, company)
            found = facts.get((unit, company), ())
            yield Pair("REVIEW", "closed_list_basis", [company], heads, basis=codes, facts=found)
    if asked.policy.triggers("single_post"):
        posts = units.watched("one post").filter(pl.col("total") == 1)
        rows = asked.guarded(asked.one_family_once(posts))
        facts = _ground_facts(asked, rows)
        for unit, company in rows.select("unit", "company").iter_rows():
            found = facts.get((unit, company), ())
            yield Pair("REVIEW", "single_post", [company], asked.head_of(unit, company), ["B11"], facts=found)


def _ground_facts(asked: Candidates, rows: pl.DataFrame) -> dict[tuple[int, int], list[str]]:
    """The facts of watched grounds that parties inside a unit bring to a company."""
    pairs = rows.select("unit", "company").unique()
    registers = asked.formation.units.registers
    slots = [
        number
        for number, slot in enumerate(registers.slots)
        if slot.name.startswith("other ") or slot.name == "one post"
    ]
    entries = registers.frame.filter(pl.col("slot").is_in(slots)).select("brings", "company", "fact")
    found = (
        pairs.join(entries, on="company")
        .join(asked.inside.rename({"party": "brings"}), on=["unit", "brings"], how="semi")
        .group_by("unit", "company")
        .agg(pl.col("fact").unique().sort())
    )
    return {(unit, company): facts for unit, company, facts in found.rows()}


def circular_majorities(asked: Candidates) -> Iterator[Pair]:
    """`noncircular_majority`: a majority of the votes that the company does not itself command.

    Multiplied shares solve circles; then there is nothing to ask.
    """
    if asked.policy.control.multiplies or not asked.policy.triggers("noncircular_majority"):
        return
    share = asked.policy.control.share
    amount = "equity" if share.measure == "equity" else "votes"
    circular = _circular_votes(asked, amount)
    if circular.is_empty():
        return
    held = asked.graph.holdings.select("holder", "company", total=amount).join(
        circular.select("company").unique(), on="company", how="semi"
    )
    loops = circular.select("holder", "company").unique()
    outside = held.join(loops, on=["holder", "company"], how="anti")
    units = outside.join(asked.inside.rename({"party": "holder"}), on="holder")
    totals = units.group_by("unit", "company").agg(pl.col("total").sum())
    sums = circular.group_by("company").agg(circular=pl.col("total").sum())
    rows = totals.join(sums, on="company").filter(pl.col("circular") < _HUNDRED)
    scaled = pl.col("total").cast(pl.Int128) * _HUNDRED
    need = (_HUNDRED - pl.col("circular")).cast(pl.Int128) * share.figure
    rows = rows.filter(scaled > need if share.strict_op else scaled >= need)
    rows = rows.join(asked.inside.rename({"party": "company"}), on=["unit", "company"], how="anti")
    rows = asked.one_family_once(asked.anchored(rows))
    facts = asked.holdings_into(rows)
    for unit, company, total, looped in rows.select("unit", "company", "total", "circular").iter_rows():
        measured = (share.measure, decimal_text(total), "circular", decimal_text(looped))
        yield Pair(
            "REVIEW", "noncircular_majority", [company], asked.head_of(unit, company),
            facts=facts.get((unit, company), ()), measured=measured,
        )  # fmt: skip


def _circular_votes(asked: Candidates, amount: str) -> pl.DataFrame:
    """Votes in a unit's own company held by itself or by what it controls: `holder`, `company`, `total`."""
    units = asked.formation.units
    kinds = units.table.filter(pl.col("kind").is_in([COMPANY, RING])).select("unit")
    heads = units.members.join(kinds, on="unit", how="semi")
    into = asked.graph.holdings.select("holder", "company", total=amount).join(
        heads.rename({"party": "company"}), on="company"
    )
    inside = asked.inside.rename({"party": "holder"})
    return into.join(inside, on=["unit", "holder"], how="semi").select("holder", "company", "total")
