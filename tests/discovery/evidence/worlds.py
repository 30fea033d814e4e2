"""Random worlds: small sets of facts with everything that makes control hard."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st

from discovery.facts.facts import Facts
from discovery.facts.package import facts_from_rows

SHARES = ("100", "80", "60", "60", "55", "51", "50", "50", "45", "40", "33.333333", "30", "25", "20", "10")
ROLES = (
    "legal_representative",
    "chairman",
    "general_manager",
    "director",
    "supervisor",
    "executive_partner",
)
POWERS = (
    "charter",
    "contract",
    "consolidates",
    "declared_controller",
    "centralised_finance",
    "unified_borrow_repay",
    "decides_guarantee",
    "policy_participation",
    "appoints_seats",
    "board_votes",
    "appoints_posts",
    "sets_pay",
)
ODD_KINDS = (
    "institution_legal_person",
    "non_bank_fi",
    "unincorporated",
    "partnership",
    "government",
    "commercial_bank",
    "",
)
Rows = dict[str, list[dict[str, Any]]]


def worlds() -> st.SearchStrategy[Rows]:
    """Rows of a facts package by file."""
    return st.integers(min_value=0, max_value=2**32).map(world)


def facts_of(rows: Rows) -> Facts:
    """The facts, checked as a package is."""
    return facts_from_rows(rows, source="world")


def world(seed: int) -> Rows:
    """The world of that number."""
    return _World(Random(seed)).rows()  # noqa: S311  no secret hangs on it


class _World:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._companies = "ABCDEFGH"[: random.randint(2, 8)]
        self._persons = "pqrstu"[: random.choice((0, 2, 4, 6))]
        self._everyone = self._companies + self._persons + ("Z" if self._rarely() else "")
        self._all_clients = self._rarely()
        self._odd = self._rarely() or self._rarely()

    def _rarely(self) -> bool:
        return self._random.random() < 0.15

    def _company(self) -> str:
        return self._random.choice(self._companies)

    def _party(self) -> str:
        return self._random.choice(self._everyone)

    def _person(self) -> str:
        return self._random.choice(self._persons)

    def _some(self, most: int) -> range:
        return range(self._random.randint(0, most))

    def rows(self) -> Rows:
        rows: Rows = {
            "parties": [self._company_row(name) for name in self._companies],
            "holdings": [self._holding() for _ in range(self._random.randint(2, 14))],
            "agreements": [self._agreement() for _ in self._some(3)],
            "powers": [self._power() for _ in self._some(3)],
            "guarantees": [self._flow("guarantee") for _ in self._some(1)],
            "payments": [
                self._flow(self._random.choice(("loan", "occupation", "capital_contribution")))
                for _ in self._some(2)
            ],
            "trades": [self._flow("sale") for _ in self._some(2)],
            "credits": [self._credit() for _ in self._some(6)],
        }
        rows["parties"] += [self._person_row(name) for name in self._persons]
        if self._persons:
            rows["offices"] = [self._office() for _ in self._some(5)]
            rows["kinship"] = [self._kinship() for _ in self._some(6)]
        return rows

    def _company_row(self, name: str) -> dict[str, Any]:
        kind = self._random.choice(ODD_KINDS) if self._odd and self._rarely() else "enterprise_legal_person"
        return {
            "id": name,
            "kind": kind,
            "name": f"{name}有限公司",
            "client_no": "" if self._all_clients or self._rarely() else f"c-{name}",
            "is_private": self._random.choice(("true", "true", "false", "")),
            "state_capital_operator": "true" if self._rarely() else "",
            "own_financing": self._random.choice(("", "true")),
            "phone": "1" if self._rarely() else "",
        }

    def _person_row(self, name: str) -> dict[str, Any]:
        address = "home" if self._rarely() else ""
        return {"id": name, "kind": "natural_person", "name": f"某{name}", "address": address}

    def _holding(self) -> dict[str, Any]:
        share = self._random.choice(SHARES)
        row = {"holder": self._party(), "company": self._company(), "equity_percent": share}
        if not self._rarely():
            row["voting_percent"] = self._random.choice(SHARES) if self._rarely() else share
        if self._rarely():
            row["nominee_for"] = self._party()
        if self._odd and self._rarely():
            row["document"] = self._random.choice(("register 1", "register 2"))
            row["recorded_at"] = self._random.choice(("", "2025-01-01", "2026-01-01"))
        if self._odd and self._rarely():
            row["confidence"] = self._random.choice(("0.4", "0.9"))
        if self._rarely():
            row["valid_to"] = self._random.choice(("2026-01-01", "2027-01-01"))
        return row

    def _agreement(self) -> dict[str, Any]:
        return {
            "party": self._party(),
            "with": self._party(),
            "company": self._random.choice((self._company(), self._company(), "")),
            "kind": self._random.choice(("concert", "joint_control", "entrustment", "nominee")),
            "leader": self._random.choice(("", self._party())),
            "document": self._random.choice(("", "pact 1")),
        }

    def _power(self) -> dict[str, Any]:
        kind = self._random.choice(POWERS)
        row = {"holder": self._party(), "company": self._company(), "kind": kind}
        if kind == "appoints_seats":
            row |= {"amount": self._random.choice("1234"), "of": self._random.choice("56")}
        elif kind == "board_votes":
            row["amount"] = self._random.choice(("20", "30", "50", "51"))
        elif kind in {"appoints_posts", "sets_pay"}:
            row["posts"] = self._random.choice(("chairman", "cfo", "chairman;general_manager", "other"))
        return row

    def _office(self) -> dict[str, Any]:
        return {
            "person": self._person(),
            "company": self._company(),
            "role": self._random.choice(ROLES),
            "executive": self._random.choice(("", "true", "false")),
            "represents": self._party() if self._rarely() else "",
        }

    def _kinship(self) -> dict[str, Any]:
        return {
            "person": self._person(),
            "relation": self._random.choice(("parent_of", "parent_of", "spouse_of")),
            "relative": self._person(),
            "kind": self._random.choice(("", "birth", "birth", "adoption", "step_brought_up")),
            "valid_to": "2025-01-01" if self._rarely() else "",
        }

    def _flow(self, kind: str) -> dict[str, Any]:
        return {
            "from": self._company(),
            "to": self._company(),
            "kind": kind,
            "amount": "5",
            "currency": "CNY",
            "at_fair_price": self._random.choice(("true", "false", "")),
        }

    def _credit(self) -> dict[str, Any]:
        return {
            "client": self._company(),
            "product": self._random.choice(("loan", "bill")),
            "balance": self._random.choice(("0", "50", "100")),
            "limit": "100",
            "low_risk": self._random.choice(("true", "false")),
            "quality": self._random.choice(("normal", "substandard", "disposed")),
            "currency": "CNY",
        }
