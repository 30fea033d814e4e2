"""Signs of a hidden association between two parties, drawn again from the day's rows one pair at a time."""

from __future__ import annotations

from discovery.evidence.checking.book import Book
from discovery.evidence.checking.sign_rows import Sign
from discovery.evidence.checking.signs_direct import Direct
from discovery.evidence.checking.signs_through import Through


class Signs:
    """What speaks for a hidden association of a pair, with a third party between them or none."""

    def __init__(self, book: Book) -> None:
        self._direct = Direct(book)
        self._through = Through(book)
        self._wanted = frozenset(book.policy.hidden_association.indicators)

    def of(self, one: str, other: str, third: str | None) -> list[Sign]:
        """The signs that the policy looks for, by name."""
        found = self._direct.of(one, other) if third is None else self._through.of(one, other, third)
        listed = {sign.indicator: sign for sign in found if sign.indicator in self._wanted}
        return [listed[name] for name in sorted(listed)]


def unheard_of(book: Book) -> list[str]:
    """The signs of which no fact on file speaks: what a package cannot express, and what has no rows."""
    rule = book.policy.hidden_association
    needs = {
        "payments": ("capital_from_other", "entrusted_loan", "loan_proceeds", "same_day_round_trip"),
        "trades": ("nominal_share_transfer", "concentrated_trades", "offsetting_trades"),
        "guarantees": ("mutual_guarantee", "guarantee_ring", "collateral_of_other"),
    }
    silent = {name for stem, names in needs.items() if not book.day.of(stem) for name in names}
    never = {"filing_agent", "invoices_without_goods", "pooled_accounts", "repaid_for_other"}
    return sorted((silent & set(rule.indicators)) | never)
