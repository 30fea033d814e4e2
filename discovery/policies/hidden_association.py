"""Which signs of a hidden association a policy looks for, and from where on each counts (A4 [DEF])."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from discovery.facts.codes import INDICATORS
from discovery.policies.values import Percent, Rule, choice

Indicator = Annotated[str, choice(tuple(INDICATORS))]


class HiddenAssociation(Rule):
    """Signs that two clients are associated without visible control; each leads to REVIEW, never further.

    The texts name the kinds (investment, personnel, financing, transaction) and no figures: all
    thresholds are defaults, so outcomes say `presumed` unless the file says otherwise.
    """

    article: str = ""
    presumed: bool = True
    indicators: tuple[Indicator, ...] = tuple(INDICATORS)
    most_sharing: int = Field(
        default=20, ge=2, description="a person, contact point, fund or ring of more parties says nothing"
    )
    moved_within_months: int = Field(default=12, ge=1, description="a manager left one and joined the other")
    dealings_within_months: int = Field(default=12, ge=1, description="how far back dealings are looked at")
    fund_share: Percent = Field(default="10", description="equity in a partnership, and of it in a company")
    investor_share: Percent = Field(
        default="25", description="equity of one investor in several partnerships"
    )
    concentration: Percent = Field(default="50", description="of each one's trades, with the other")
    least_trades: int = Field(default=2, ge=1, description="trades of a pair that are called concentrated")
    offset_within: Percent = Field(default="10", description="difference of trades that offset each other")
    round_trip_within: Percent = Field(default="5", description="difference of payments there and back")
    proceeds_share: Percent = Field(default="50", description="of a credit, paid on to the other")
    proceeds_within_days: int = Field(default=30, ge=0, description="after the credit was opened")
