"""What the routes answer: the published answer's models, and the few that are the service's own."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from discovery.evidence.models import (
    Answer,
    Code,
    Controller,
    Decimal,
    DecisionEntry,
    ExemptOutcome,
    Flag,
    GroupOutcome,
    Kind,
    Part,
    Party,
    PartyId,
    Step,
)


class Count(Part):
    """How many there are, and how many are listed."""

    total: int = Field(ge=0)
    returned: int = Field(ge=0)


class PartyCard(Part):
    """A party as it may be shown: no contact data, the ID number masked."""

    id: PartyId
    record_key: str = Field(
        description="`source/id` of its earliest record; masked where it holds an ID number"
    )
    kind: Kind
    kind_assumed: bool = Field(description="no kind is stated; an enterprise is assumed")
    stub: bool = Field(description="facts name it, no row describes it")
    client: bool = Field(description="has a client number")
    id_number_masked: str | None
    name: str | None
    other_names: str | None = Field(description="`;` between")
    former_names: str | None = Field(description="`;` between")
    country: str | None
    region: str | None
    uscc: str | None
    lei: str | None
    registration_no: str | None
    is_private: bool | None
    state_capital_operator: bool | None
    own_financing: bool | None
    platform: bool | None
    client_no: str | None
    branch: str | None
    group_managed_since: str | None
    tier: str | None
    grade: str | None
    source: str | None
    document: str | None
    confidence: int | None = Field(description="millionths; shown, never decides")


class PartyPage(Part):
    """Parties that have the value asked for, by record key."""

    total: int
    returned: int
    truncated: bool
    limit: int
    offset: int
    parties: tuple[PartyCard, ...]


class PartyCounts(Part):
    """For each list, and for the members of each group, how many there are and how many are listed."""

    groups: Count
    exempt: Count
    review: Count
    related: Count
    links: Count
    dependent_sets: Count
    members: dict[str, Count]


class PartyGroups(Answer):
    """The published answer, filtered to the outcomes that name the party."""

    about: PartyId = Field(description="the party asked about")
    counts: PartyCounts


class Page(Count):
    """A page of a list."""

    limit: int
    offset: int


class GroupPage(Part):
    """One group; its members a page at a time, clients first."""

    policy: str
    as_of: str
    known_at: str | None
    parties: dict[PartyId, Party]
    group: GroupOutcome | ExemptOutcome = Field(discriminator="outcome")
    members: Page
    truncated: bool


class Sentences(Part):
    """The same in words."""

    zh: tuple[str, ...]
    en: tuple[str, ...]


class MemberEvidence(Part):
    """Why one party stands in a group: its step and every step that one rests on."""

    policy: str
    as_of: str
    known_at: str | None
    parties: dict[PartyId, Party]
    group: str
    outcome: Literal["GROUP", "EXEMPT"]
    controller: Controller
    member: PartyId
    basis: tuple[Code, ...]
    coverage: Decimal | None = Field(description="percent of its votes that the facts account for")
    flags: tuple[Flag, ...] = Field(description="of the member, then of the group")
    evidence: dict[PartyId, Step]
    sentences: Sentences


class DecisionPage(Page):
    """A page of recorded decisions."""

    truncated: bool
    decisions: tuple[DecisionEntry, ...]


class Recorded(Part):
    """The fact that a decision became; the same decision again is the same fact."""

    fact: str
    policy: str
    key: str | None


class PolicyTitle(Part):
    """A policy that may be asked for."""

    slug: str
    title: dict[Literal["zh", "en"], str]
    source: dict[Literal["zh", "en"], str]
    default: bool


class Policies(Part):
    """The policies, by slug."""

    policies: tuple[PolicyTitle, ...]


class Health(Part):
    """The process is alive."""

    status: Literal["ok"]


class Readiness(Part):
    """Questions can be asked; `refreshing` = a newer version is in the making."""

    status: Literal["ready", "refreshing"]
    version: str
    policy: str
    as_of: str = Field(description="the day that is meant when none is asked for")
    checked_at: str = Field(description="when the source last named its version, UTC")
    problem: str | None


class Problem(Part):
    """An error (RFC 9457). More members may stand beside these."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str | None
    remedy: str | None = None
