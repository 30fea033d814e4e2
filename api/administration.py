"""The answer about the administration of a group, for the OpenAPI document."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from discovery.evidence.models import Decimal, FactId, Finding, Part, PartyId

Amount = Decimal
WhyNot = str | None
Count = Literal["gross", "net_of_cover", "uncovered_part_for_acceptance_and_guarantee"]
Language = Literal["zh", "en"]


class Named(Part):
    """How a party is called."""

    name: str | None


class Head(Part):
    """Who heads the group."""

    kind: Literal["company", "person", "ring", "none"]
    parties: tuple[PartyId, ...]


class GroupType(Part):
    """The policy's type of the group; `code` is null where no condition is met or can be settled."""

    code: str | None
    presumed: bool
    flags: tuple[Literal["branches_only"], ...]
    measured: dict[str, Decimal | None]
    name: dict[Language, str] | None = None
    mode: dict[Language, str] | None = None
    article: str | None = None
    mode_article: str | None = None
    undecided: tuple[str, ...] | None = Field(default=None, description="quantities that are not measured")


class Candidate(Part):
    """A unit of the bank under which members have credit."""

    unit: str
    name: str | None
    total: Amount


class Lead(Part):
    """The unit of the bank that leads the group."""

    rule: str | None
    unit: str | None
    name: str | None
    level: str | None
    by: str | None = Field(description="`only` where there is one candidate, else the criterion that decided")
    named_by: str | None = Field(description="the level whose unit has the last word; `unit` is a proposal")
    candidates: tuple[Candidate, ...]
    article: str | None
    presumed: bool
    assessed: bool


class Approval(Part):
    """A body to which credit above an amount goes first."""

    id: str
    body: dict[Language, str]
    over: Amount
    total: Amount | None
    needed: bool | None
    article: str


class Amounts(Part):
    """Amounts of credit; null where several currencies would have to be added up."""

    limit: Amount | None
    gross: Amount | None
    net_of_cover: Amount | None
    uncovered_part_for_acceptance_and_guarantee: Amount | None


class MemberAmounts(Amounts):
    """Amounts of one member."""

    party: PartyId
    currency: str | None


class Totals(Amounts):
    """The group's credit at the bank, whatever of it limits count."""

    assessed: bool = Field(description="false: no credits are on file at all")
    currency: str | None
    currencies: tuple[str, ...]
    by_family: dict[str, Amounts]
    members: tuple[MemberAmounts, ...]


class Used(Part):
    """The use of a limit under one way of counting; `ratio` is exact, `share` a percentage for reading."""

    count: Count
    amount: Amount
    share: Decimal | None
    ratio: str
    within: bool


class Limit(Part):
    """One limit of the policy and its use, by the group or by a member."""

    id: str
    scope: Literal["group", "member"]
    party: PartyId | None
    le: Decimal
    base: str
    capital: Amount | None
    used: tuple[Used, ...] = Field(description="gross and net where the measures leave the counting open")
    verdict: Literal["within", "breach", "depends_on_count", "not_judged", "not_assessed"]
    why: WhyNot
    article: str
    of: str | None = Field(description="the policy whose article it is, where that is another")
    presumed: bool


class MembersSum(Part):
    """The members' limits together, beside the approved limit of the group."""

    total: Amount | None
    limit: Amount | None
    within: bool | None
    why: WhyNot
    article: str


class Elsewhere(Part):
    """The share beside the credit of all institutions."""

    within: bool | None
    why: WhyNot
    article: str


class Guarantees(Part):
    """What members guarantee each other beside the proposed limit."""

    total: Amount
    left_out: Amount
    secured: Amount
    counted: Amount
    base: str
    limit: Amount | None
    share: Decimal | None
    ratio: str | None
    le: Decimal
    platform: bool
    within: bool | None
    why: WhyNot
    article: str
    elsewhere: Elsewhere | None
    facts: tuple[FactId, ...]


class Ring(Part):
    """Parties that guarantee each other in a circle."""

    parties: tuple[PartyId, ...]
    facts: tuple[FactId, ...]
    inside: bool = Field(description="all of them are in the group")
    truncated: bool


class Figure(Part):
    """A measured quantity beside what is asked, and what it would have to become to turn the answer."""

    quantity: str
    is_: Decimal | None = Field(alias="is")
    asked: str
    holds: bool | None
    turns_at: str | None


class Exemption(Part):
    """A condition of inclusion or an exemption, tested again on the facts of the day."""

    id: str
    article: str
    holds: bool | None
    doubtful: bool
    figures: tuple[Figure, ...]


class Warned(Part):
    """One warning of the catalogue."""

    warning: str
    state: Literal["raised", "clear", "not_assessed"]
    measured: dict[str, str]
    facts: tuple[FactId, ...]
    truncated: bool
    why: WhyNot


class Administered(Part):
    """Everything the policy has done with one group."""

    id: str
    outcome: Literal["GROUP", "EXEMPT"]
    controller: Head
    members: tuple[PartyId, ...]
    type: GroupType | None
    lead: Lead | None
    approvals: tuple[Approval, ...]
    totals: Totals
    limits: tuple[Limit, ...]
    members_sum: MembersSum | None
    guarantees: Guarantees | None
    rings: tuple[Ring, ...]
    dependent_sets: tuple[str, ...] = Field(description="keys of the sets in which a member stands")
    exemptions: tuple[Exemption, ...]
    warnings: tuple[Warned, ...]
    findings: tuple[Finding, ...]


class GroupAdministration(Part):
    """The administration of one group under a policy on a day."""

    policy: str
    as_of: str
    known_at: str | None
    parties: dict[PartyId, Named]
    group: Administered
