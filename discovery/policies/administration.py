"""How a policy has groups administered: types, modes, attribution, lead unit, limits, guarantees, warnings.

Each block is optional; what a policy leaves out it does not ask. Nothing here decides who is a member.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from discovery.facts.codes import WARNINGS
from discovery.facts.schema import BRANCH_LEVELS
from discovery.policies.expressions import TieCondition
from discovery.policies.values import Money, Percent, Rule, Text, choice

Level = Annotated[str, choice(BRANCH_LEVELS)]
WarningName = Annotated[str, choice(tuple(WARNINGS))]

AttributionRule = Literal["consolidator", "highest_equity", "highest_credit_share", "earliest_managed"]
Criterion = Literal[
    "head_registered", "head_seat", "largest_credit", "earliest_credit", "largest_last_quarter"
]
Base = Literal["net_capital", "year_end_net_capital", "capital_balance", "tier1_net", "proposed_group_limit"]
Count = Literal["gross", "net_of_cover", "uncovered_part_for_acceptance_and_guarantee"]
COUNTS: Final[tuple[Count, ...]] = ("gross", "net_of_cover", "uncovered_part_for_acceptance_and_guarantee")


class GroupType(Rule):
    """One type of group with the mode in which it is given credit."""

    code: str = Field(pattern=r"^[A-Z]+$")
    when: TieCondition
    name: Text
    mode: Text
    article: str
    mode_article: str


class Types(Rule):
    """Types of groups, in the order in which they are tried."""

    order: tuple[GroupType, ...] = Field(min_length=1)
    presumed: bool = Field(default=False, description="the measures leave the order open")


class Attribution(Rule):
    """To which group a company goes that several may claim: the first rule with one winner decides."""

    order: tuple[AttributionRule, ...] = Field(min_length=1)
    article: str
    presumed: bool = False


class LeadRule(Rule):
    """One step of the ladder to the leading unit; the first that applies names it.

    It applies where the members' credit lies under two units of level `across` or more and comes to more
    than `over`. The unit is of level `unit` (empty: a branch as the credits name it): the only one there
    is, else the first that a criterion of `choose` singles out; `named_by` has the last word.
    """

    id: str
    across: Level | None = None
    over: Money | None = None
    head_has_credit: bool = False
    unit: Level | None = None
    choose: tuple[Criterion, ...] = ()
    named_by: Level | None = None
    article: str
    presumed: bool = False


class Approval(Rule):
    """A body to which credit of more than `over` in all goes first."""

    id: str
    over: Money
    body: Text
    article: str


class Lead(Rule):
    """Which of the bank's units leads a group. Amounts are in `currency`.

    `total`: credit goes by what was granted (the limit, or what is outstanding if that is more) or by
    what is outstanding, as the limits count it.
    """

    currency: str = "CNY"
    total: Literal["granted", "outstanding"] = "granted"
    rules: tuple[LeadRule, ...] = ()
    approvals: tuple[Approval, ...] = ()


class Counting(Rule):
    """What of the credit is counted; an empty value is one that the measures leave open."""

    count: Count | None = None
    include_bonds: bool | None = None
    include_derivatives: bool | None = None
    include_low_risk: bool | None = None
    article: str
    presumed: bool = False


class Limit(Rule):
    """The most that a group or a member may owe, in percent of a measure of the bank's capital.

    `secondary`: the value was read in a secondary source only; the share is shown and never judged.
    """

    id: str
    scope: Literal["group", "member"]
    le: Percent
    base: Base
    article: str
    secondary: bool = False


class LeftOut(Rule):
    """Guarantors whose guarantees do not count, by the bank's own marks of them."""

    tiers: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    article: str


class Guarantees(Rule):
    """How far members may guarantee each other: `le` percent of the base, `platform_le` for platforms."""

    le: Percent
    platform_le: Percent | None = None
    base: Base = "proposed_group_limit"
    article: str
    platform_article: str | None = None
    left_out: LeftOut | None = None
    secured_article: str | None = Field(
        default=None, description="what the same drawing has of mortgages and pledges is taken out"
    )
    elsewhere_article: str | None = Field(
        default=None, description="the share is also watched beside the group's credit at all institutions"
    )

    @model_validator(mode="after")
    def _platform_cited(self) -> Guarantees:
        if (self.platform_le is None) != (self.platform_article is None):
            msg = "platform_le and platform_article stand together"
            raise ValueError(msg)
        return self


class Limits(Rule):
    counting: Counting | None = None
    rules: tuple[Limit, ...] = ()
    members_sum: str | None = Field(
        default=None, description="the article by which members' limits together stay within the group's"
    )
    guarantees: Guarantees | None = None


class Warnings(Rule):
    """The warning catalogue: which are raised, over how many months, from what figure on."""

    months: int = Field(default=12, ge=1, le=120)
    equity_changes: int = Field(default=3, ge=1, description="changes of holdings in members")
    guarantee_share: Percent = Field(default="30", description="more than this share of the group's limit")
    switch_off: tuple[WarningName, ...] = ()
