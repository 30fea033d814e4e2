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


class ChangeSide(Part):
    """One of the two moments that are compared."""

    as_of: str
    known_at: str | None


class Differing(Part):
    """A fact that begins, ends or is corrected between the two; of `parties` its id is the party's."""

    file: str
    change: Literal["begins", "ends", "corrected"]
    parties: dict[str, PartyId] = Field(description="the parties it names, by column")
    source: str | None
    document: str | None
    valid_from: str | None
    valid_to: str | None
    recorded_at: str | None


class MemberChange(Part):
    """A member that joined or left, with the facts that made the difference."""

    party: PartyId
    client: bool
    facts: tuple[str, ...]


class ChangeHead(Part):
    """Who stands at a group's head."""

    kind: str
    parties: tuple[PartyId, ...]


class GroupChange(Part):
    """A group, or a set an exemption leaves out, that differs."""

    id: str
    event: Literal["merged", "split", "formed", "dissolved", "changed"]
    outcome: dict[str, str | None] = Field(description="GROUP or EXEMPT `before` and `after`")
    controller: dict[str, ChangeHead | None] = Field(description="`before` and `after`")
    members: dict[str, int] = Field(description="how many `before` and `after`")
    from_: tuple[str, ...] = Field(alias="from", description="groups it comes from")
    into: tuple[str, ...] = Field(description="groups it goes into")
    joined: tuple[MemberChange, ...]
    left: tuple[MemberChange, ...]
    client_changed: tuple[MemberChange, ...]
    facts: tuple[str, ...] = Field(description="all differing facts the group rests on or rested on")
    evidence: dict[PartyId, Step] = Field(description="the steps that prove who joined")


class Compared(Part):
    """How many facts differ, and how many of all parties were computed again."""

    facts: int
    companies: int
    of: int


class PartyName(Part):
    """A party as it is named."""

    name: str | None
    kind: Kind


class ChangePage(Count):
    """The groups that differ, a page of them."""

    policy: str
    from_: ChangeSide = Field(alias="from")
    to: ChangeSide
    counts: dict[str, int] = Field(description="groups by event")
    groups: tuple[GroupChange, ...]
    facts: dict[str, Differing]
    parties: dict[PartyId, PartyName]
    compared: Compared
    truncated: bool


class Supposed(Part):
    """What a hypothesis added, replaced and left out."""

    added: int
    replaced: tuple[str, ...]
    without: tuple[str, ...]


class WhatIfPage(ChangePage):
    """The groups that would differ, a page of them."""

    supposed: Supposed
    findings: tuple[dict[str, str | int | None], ...]
