"""What the route about owners answers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from discovery.evidence.models import Decimal, FactId, Flag, Part, Party, PartyId, Step


class OwnerTest(Part):
    """One test of the rule, as asked."""

    id: str
    by: Literal["share", "control", "mixed"]
    measure: Literal["equity", "voting", "higher"]
    method: Literal["multiply", "control_chain"]
    op: Literal[">", ">="]
    threshold: Decimal
    article: str
    presumed: bool
    status: Literal["src", "2nd", "mem"] | None = None
    asked: bool = Field(description="no earlier test of an ordered rule has found anybody")
    counts: bool = Field(description="what it finds stands; otherwise it asks for a person")


class OwnerRules(Part):
    """Who counts as a beneficial owner under the policy."""

    article: str
    in_order: bool
    default: bool = Field(description="the policy says nothing of owners; a default stands in")
    tests: tuple[OwnerTest, ...]


class Controlling(Part):
    """A controlling point over the party, with the steps that prove it."""

    kind: Literal["company", "person", "ring"]
    parties: tuple[PartyId, ...]
    evidence: dict[PartyId, Step]
    flags: tuple[Flag, ...]


class Multiplied(Part):
    """A share in percent, rounded down; `upper` rounded up where it is not exact."""

    share: Decimal
    upper: Decimal | None = None
    fraction: str | None = Field(default=None, description="the exact percentage, where it is short")


class Shares(Part):
    """One measure by both methods."""

    multiply: Multiplied
    control_chain: Decimal = Field(description="the whole stakes of the owner and of all it controls")


class MetTest(Part):
    """A test that the owner meets; `via`: the entity between, of a mixed chain."""

    test: str
    article: str
    presumed: bool
    via: PartyId | None = None


class OwnerPath(Part):
    """One way down, its percentages multiplied, with the facts of each hop."""

    parties: tuple[PartyId, ...]
    share: Decimal
    upper: Decimal | None = None
    facts: tuple[tuple[FactId, ...], ...]


class Owner(Part):
    """A person, or an organisation above which nothing is on file."""

    party: PartyId
    person: bool
    outcome: Literal["OWNER", "REVIEW", "END", "NONE"]
    meets: tuple[MetTest, ...]
    shares: dict[Literal["equity", "voting", "higher"], Shares]
    flags: tuple[Flag, ...]
    paths: tuple[OwnerPath, ...] = Field(description="the heaviest ways without a circle")
    more_paths: bool


class Coverage(Part):
    """Percent of the party that the facts account for."""

    equity: Decimal
    votes: Decimal


class PartyOwners(Part):
    """Ultimate controllers by control chain, and owners by multiplication."""

    policy: str
    as_of: str
    known_at: str | None
    party: PartyId
    rules: OwnerRules
    coverage: Coverage
    flags: tuple[Flag, ...]
    controllers: tuple[Controlling, ...]
    owners: tuple[Owner, ...]
    total: int
    returned: int
    truncated: bool
    parties: dict[PartyId, Party]
