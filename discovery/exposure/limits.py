"""Limits and their use: what a group or a member owes beside the bank's capital, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

import polars as pl

from discovery.exposure.credit import GROSS, NET, Credit
from discovery.exposure.standing import Standing
from discovery.facts.schema import AMOUNT_SCALE
from discovery.groups.amounts import decimal_text, rounded_text
from discovery.policies.administration import COUNTS, Base, Limit, Limits
from discovery.policies.cited import INHERITED
from discovery.policies.values import millionths

Document = dict[str, Any]
_HUNDRED: Final = millionths("100")


class Sum(NamedTuple):
    """An amount in ten-thousandths; the currency is empty where none is stated, null for several."""

    amount: int
    currency: str | None


def money(amount: int) -> str:
    """An amount as decimal text."""
    return decimal_text(amount, AMOUNT_SCALE)


def within(amount: int, limit: str, base: int) -> bool:
    """Is the amount at most `limit` percent of the base? Exact."""
    return amount * _HUNDRED <= base * millionths(limit)


def share(amount: int, base: int) -> str | None:
    """The percentage as decimal text, at most six decimals (for display; the ratio beside it is exact)."""
    return rounded_text(100 * amount, base) if base else None


def capital(rows: pl.DataFrame, day: date) -> dict[Base, Sum]:
    """The bank's capital as last stated on or before the day; of the year end, the last 31 December's."""
    rows = rows.filter(pl.col("date").is_null() | (pl.col("date") <= day))
    order = ["measure", "date", "recorded_at", "amount", "fact"]
    latest = rows.sort(order, descending=[False, True, True, False, False], nulls_last=True)
    year_end = (pl.col("date").dt.month() == 12) & (pl.col("date").dt.day() == 31)
    found = _first(latest)
    stated: tuple[Base, ...] = ("net_capital", "capital_balance", "tier1_net")
    whole = {name: found[name] for name in stated if name in found}
    at_year_end = _first(latest.filter((pl.col("measure") == "net_capital") & year_end))
    if "net_capital" in at_year_end:
        whole["year_end_net_capital"] = at_year_end["net_capital"]
    return whole


def _first(rows: pl.DataFrame) -> dict[str, Sum]:
    found: dict[str, Sum] = {}
    for measure, amount, currency in rows.select("measure", "amount", "currency").iter_rows():
        found.setdefault(measure, Sum(amount, currency or ""))
    return found


def group_limits(groups: Standing) -> dict[int, dict[str, Sum]]:
    """The proposed and approved limit last stated for each group: by unit, `proposed` and `approved`."""
    graph = groups.graph
    rows = graph["limits"].filter(pl.col("date").is_null() | (pl.col("date") <= graph.as_of))
    rows = groups.heads.join(rows, left_on="party", right_on="head")
    rows = rows.sort(["date", "recorded_at", "fact"], descending=[True, True, False], nulls_last=True)
    found: dict[int, dict[str, Sum]] = {}
    columns = rows.select("unit", "currency", "proposed_limit", "approved_limit")
    for unit, currency, proposed, approved in columns.iter_rows():
        limits = found.setdefault(unit, {})
        for name, amount in (("proposed", proposed), ("approved", approved)):
            if amount is not None:
                limits.setdefault(name, Sum(amount, currency or ""))
    return found


class Uses:
    """How far the policy's limits are used."""

    def __init__(self, groups: Standing, credit: Credit, own: Mapping[int, dict[str, Sum]]) -> None:
        self._rule = groups.policy.limits or Limits()
        self._credit = credit
        self._own = own
        self._capital = capital(groups.graph["bank"], groups.graph.as_of)
        self._ids = groups.graph.parties.ids
        self._groups = {unit: values for unit, *values in _rows(credit.of_groups, "unit")}
        granted = credit.all_of_groups.select("unit", "limit", "currency")
        self._granted = {unit: (limit, currency) for unit, limit, currency in granted.iter_rows()}
        self._members: dict[int, list[tuple[Any, ...]]] = {}
        for unit, *values in _rows(credit.of_members.sort("unit", "client"), "unit", "client"):
            self._members.setdefault(unit, []).append(tuple(values))

    def of(self, unit: int) -> list[Document]:
        """Every limit of the policy: of the group, and of each member with credit."""
        return [one for rule in self._rule.rules for one in self._of(rule, unit)]

    def _of(self, rule: Limit, unit: int) -> Iterator[Document]:
        own = self._own.get(unit, {})
        base = own.get("proposed") if rule.base == "proposed_group_limit" else self._capital.get(rule.base)
        if rule.scope == "group":
            nothing = [0, 0, 0, "" if base is None else base.currency]
            yield self._used(rule, base, self._groups.get(unit, nothing), None)
            return
        for client, *values in self._members.get(unit, ()):
            yield self._used(rule, base, values, self._ids[client])

    def _used(self, rule: Limit, base: Sum | None, values: list[Any], party: str | None) -> Document:
        *counted, currency = values
        amounts = dict(zip(COUNTS, counted, strict=True))
        counting = self._rule.counting
        ways = [counting.count] if counting and counting.count else [GROSS, NET]
        lacking = _lacking(self._credit.on_file, currency, base)
        document: Document = {
            "id": rule.id,
            "scope": rule.scope,
            "party": party,
            "le": rule.le,
            "base": rule.base,
        }
        document["capital"] = None if base is None else money(base.amount)
        if lacking or base is None:
            document |= {"used": [], "verdict": "not_assessed", "why": lacking}
        else:
            used = [_way(way, amounts[way], base.amount, rule) for way in ways]
            document |= {
                "used": used,
                "verdict": _verdict(rule, [one["within"] for one in used]),
                "why": None,
            }
        presumed = counting is None or counting.count is None or counting.presumed
        of, _, article = rule.article.rpartition(INHERITED)
        return document | {"article": article, "of": of or None, "presumed": presumed}

    def members_sum(self, unit: int) -> Document | None:
        """Do the members' limits together stay within the group's approved limit?"""
        article = self._rule.members_sum
        if article is None:
            return None
        approved = self._own.get(unit, {}).get("approved")
        total, currency = self._granted.get(unit, (0, approved.currency if approved else ""))
        lacking = "no_group_limit" if approved is None else _lacking(self._credit.on_file, currency, approved)
        return {
            "total": None if currency is None else money(total),
            "limit": None if approved is None else money(approved.amount),
            "within": None if lacking or approved is None else total <= approved.amount,
            "why": lacking,
            "article": article,
        }


def _rows(frame: pl.DataFrame, *keys: str) -> Iterator[tuple[Any, ...]]:
    return frame.select(*keys, *COUNTS, "currency").iter_rows()


def _lacking(credit_on_file: bool, currency: str | None, base: Sum | None) -> str | None:
    """Why the amount cannot be set beside the base."""
    if not credit_on_file:
        return "no_credit_on_file"
    if base is None:
        return "no_base"
    if currency is None:
        return "several_currencies"
    return None if currency == base.currency else "other_currency"


def _way(way: str, amount: int, base: int, rule: Limit) -> Document:
    return {
        "count": way,
        "amount": money(amount),
        "share": share(amount, base),
        "ratio": f"{money(amount)}/{money(base)}",
        "within": within(amount, rule.le, base),
    }


def _verdict(rule: Limit, answers: list[bool]) -> str:
    if rule.secondary:
        return "not_judged"
    if all(answers):
        return "within"
    return "depends_on_count" if any(answers) else "breach"
