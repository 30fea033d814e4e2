"""Totals and limits of members and groups, beside fractions added up with a pencil."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Rows = list[dict[str, Any]]
HEADS = 12  # groups in one package: asking once is what costs
FAMILY = {"贷款": "loan", "承兑": "acceptance", "保函": "guarantee", "债券": "bond", "掉期": "derivative",
          "贷款承诺": "commitment"}  # fmt: skip
WAYS = ("gross", "net_of_cover", "uncovered_part_for_acceptance_and_guarantee")
AMOUNTS = st.none() | st.decimals(0, 400, places=4, allow_nan=False).map(str)


class Counting(NamedTuple):
    """What a policy counts: one way, or gross and net beside each other; what of it is left out."""

    count: str | None
    include_bonds: bool
    include_derivatives: bool
    include_low_risk: bool | None

    def takes(self, row: dict[str, Any]) -> bool:
        family = FAMILY[row["product"]]
        if family == "bond" and not self.include_bonds:
            return False
        if family == "derivative" and not self.include_derivatives:
            return False
        return not (row.get("low_risk") and self.include_low_risk is False)

    @property
    def ways(self) -> tuple[str, ...]:
        return (self.count,) if self.count else WAYS[:2]


class Books(NamedTuple):
    """The credits of all members, the bank's capital, what was approved for each head."""

    credits: Rows
    capital: str
    approved: list[str | None]
    counting: Counting


@st.composite
def books(draw: st.DrawFn) -> Books:
    members = [f"{part}{head}" for head in range(HEADS) for part in "HXY"]
    credit = st.fixed_dictionaries(
        {
            "client": st.sampled_from(members),
            "product": st.sampled_from(sorted(FAMILY)),
            "currency": st.sampled_from(("CNY",) * 15 + ("USD",)),
            "low_risk": st.sampled_from((None, None, True, False)),
            "limit": AMOUNTS,
            "balance": AMOUNTS,
            "exposure": AMOUNTS,
        }
    )
    counting = Counting(
        draw(st.sampled_from((None, *WAYS))),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.sampled_from((None, True, False))),
    )
    approved = st.lists(st.none() | st.integers(0, 900).map(str), min_size=HEADS, max_size=HEADS)
    capital = draw(st.sampled_from(("1000", "2000.5", "4000")))
    return Books(draw(st.lists(credit, min_size=20, max_size=80)), capital, draw(approved), counting)


def number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def owed(row: dict[str, Any], way: str) -> Fraction:
    """What a row of credits counts, one way."""
    balance, exposure, limit = (number(row[name]) for name in ("balance", "exposure", "limit"))
    promised = limit if FAMILY[row["product"]] == "commitment" else None
    gross = next((one for one in (balance, exposure, promised) if one is not None), Fraction(0))
    if way == "gross" or (way == WAYS[2] and FAMILY[row["product"]] not in {"acceptance", "guarantee"}):
        return gross
    return exposure if exposure is not None else Fraction(0) if row["low_risk"] else gross


def total(rows: Rows, way: str) -> Fraction | None:
    """The sum of one way; None where it would add up several currencies."""
    if len({row["currency"] for row in rows}) > 1:
        return None
    amounts = (number(row["limit"]) or Fraction(0) if way == "limit" else owed(row, way) for row in rows)
    return sum(amounts, Fraction(0))


def verdict(rows: Rows, percent: int, kept: Books) -> tuple[str, list[Fraction]]:
    """Is what they owe at most that percent of the capital; every way that is counted has its share."""
    counted = [row for row in rows if kept.counting.takes(row)]
    if not kept.credits or {row["currency"] for row in counted} not in ({"CNY"}, set()):
        return "not_assessed", []
    shares = [Fraction(total(counted, way) or 0) / Fraction(kept.capital) * 100 for way in kept.counting.ways]
    inside = [share <= percent for share in shares]
    return "within" if all(inside) else "depends_on_count" if any(inside) else "breach", shares


def expected(kept: Books, head: int) -> Iterator[tuple[str | None, str, list[Fraction]]]:
    """The limits of a group: 15 % of the group, 10 % of each member with counted credit."""
    names = [f"{part}{head}" for part in "HXY"]
    rows = [row for row in kept.credits if row["client"] in names]
    yield (None, *verdict(rows, 15, kept))
    for name in names:
        own = [row for row in rows if row["client"] == name]
        if any(kept.counting.takes(row) for row in own):
            yield (name, *verdict(own, 10, kept))


@given(kept=books())
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_totals_and_limits_are_exact(administered: Callable[..., Rows], kept: Books) -> None:
    """Sums of every way of counting, shares of the capital and verdicts, of groups and of members."""
    heads = range(HEADS)
    rows = {
        "parties": [
            {"id": f"{part}{head}", "kind": "enterprise_legal_person", "client_no": f"{part}{head}"}
            for head in heads
            for part in "HXY"
        ],
        "holdings": [
            {"holder": f"H{head}", "company": f"{part}{head}", "equity_percent": "60"}
            for head in heads
            for part in "XY"
        ],
        "credits": kept.credits,
        "bank": [{"measure": "capital_balance", "amount": kept.capital, "currency": "CNY"}],
        "limits": [
            {"head": f"H{head}", "approved_limit": amount, "currency": "CNY"}
            for head, amount in enumerate(kept.approved)
            if amount is not None
        ],
    }
    counting = {f"limits.counting.{name}": value for name, value in kept.counting._asdict().items()}
    found = {group["controller"]["parties"][0]: group for group in administered(rows, **counting)}

    for head in heads:
        group = found[f"H{head}"]
        own = [row for row in kept.credits if row["client"] in group["members"]]
        for way in ("limit", *WAYS):
            assert total(own, way) == number(group["totals"][way])
            for member in group["totals"]["members"]:
                mine = [row for row in own if row["client"] == member["party"]]
                assert total(mine, way) == number(member[way])
        told = [
            (one["party"], one["verdict"], [share_of(way) for way in one["used"]]) for one in group["limits"]
        ]
        assert sorted(expected(kept, head), key=repr) == sorted(told, key=repr)
        granted, approved = total(own, "limit"), number(kept.approved[head])
        comparable = approved is not None and kept.credits and {row["currency"] for row in own} <= {"CNY"}
        assert (granted <= approved if comparable else None) == group["members_sum"]["within"]


def share_of(way: dict[str, Any]) -> Fraction:
    """The percentage that a ratio as told comes to."""
    amount, base = way["ratio"].split("/")
    return Fraction(amount) / Fraction(base) * 100
