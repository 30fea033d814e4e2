"""Hidden association: every sign between two clients, rule by rule (policies.md A2, A4).

A sign is no proof. Each leads to REVIEW `hidden_association`, or to a group once a person accepts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.connections import financing, investment, personnel, transactions
from discovery.connections.signs import SIGN, Watched, no_signs
from discovery.facts.codes import INDICATORS, NOT_EXPRESSED
from discovery.facts.graph import FactGraph
from discovery.policies.hidden_association import HiddenAssociation

RULES: Final[dict[str, Callable[[Watched], pl.DataFrame]]] = {
    rule.__name__: rule
    for rule in (
        investment.nominee_holding,
        investment.capital_from_other,
        investment.nominal_share_transfer,
        investment.held_through_partnership,
        investment.same_investor_behind_funds,
        personnel.same_legal_representative,
        personnel.same_executive,
        personnel.same_finance_head,
        personnel.manager_moved,
        personnel.manager_is_nominee,
        financing.mutual_guarantee,
        financing.guarantee_ring,
        financing.collateral_of_other,
        financing.entrusted_loan,
        financing.loan_proceeds,
        transactions.concentrated_trades,
        transactions.off_market,
        transactions.offsetting_trades,
        transactions.same_day_round_trip,
    )
} | {
    "same_phone": personnel.same_phone,
    "same_email": personnel.same_email,
    "same_address": personnel.same_address,
}
# What each rule cannot do without; where nothing of it is on file the rule was not assessed.
_NEEDS: Final[dict[str, str]] = {
    "capital_from_other": "payments",
    "nominal_share_transfer": "trades",
    "mutual_guarantee": "guarantees",
    "guarantee_ring": "guarantees",
    "collateral_of_other": "guarantees",
    "entrusted_loan": "payments",
    "loan_proceeds": "payments",
    "concentrated_trades": "trades",
    "offsetting_trades": "trades",
    "same_day_round_trip": "payments",
}


def hidden_signs(graph: FactGraph, rule: HiddenAssociation, clients: npt.NDArray[np.bool_]) -> pl.DataFrame:
    """The signs between two clients each: `indicator`, `left`, `right`, `third`, `value`, `facts`."""
    day = Watched(graph, rule, clients)
    frames = [no_signs(), *(RULES[name](day) for name in INDICATORS if name in rule.indicators)]
    found = pl.concat(frames)
    client = [pl.Series(clients[found[end].to_numpy()], dtype=pl.Boolean) for end in ("left", "right")]
    return found.filter(client[0] & client[1]).select(list(SIGN))


def not_assessed(graph: FactGraph, rule: HiddenAssociation) -> Iterator[str]:
    """The signs that no facts on file speak of, by name."""
    for name in sorted({*rule.indicators, *NOT_EXPRESSED}):
        stem = _NEEDS.get(name)
        if name in NOT_EXPRESSED or (stem is not None and graph[stem].is_empty()):
            yield name
