"""The answer document as models: what `groups --json` and the service send (contracts of the output).

The engine writes plain dictionaries of this shape; the models serve the published JSON Schema, the
API's documentation, the tests and the checker's first look at an answer. Percentages, seats and other
amounts are decimal text, never numbers, so that nothing is lost on the way.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, WithJsonSchema

from discovery.facts.codes import FINDINGS, FLAGS, REASONS
from discovery.facts.schema import PARTY_KINDS
from discovery.kinship.scopes import RELATION_NAMES

HEAD: Final = "HEAD"
DECISION: Final = "DECISION"
MULTIPLY: Final = "multiply"
GROUP_LISTS: Final = ("groups", "exempt")
PAIR_LISTS: Final = ("review", "related", "links", "dependent_sets")
STEP_MEASURES: Final = (
    "voting",
    "equity",
    "voting_commanded",
    "equity_commanded",
    "seats",
    "board_votes",
    "posts",
    "power",
    "family",
)
SHARE_MEASURES: Final = ("voting", "voting_held", "equity", "voting_commanded", "equity_commanded")

_DECIMAL = r"^(0|[1-9]\d*)(\.\d*[1-9])?$"
_EXACT = r"^(0|[1-9]\d*)(\.\d*[1-9]|/[1-9]\d*)?$"
_DAY = r"^\d{4}-\d\d-\d\d$"


def _one_of(names: Iterable[str]) -> WithJsonSchema:
    allowed = sorted(names)
    return WithJsonSchema({"type": "string", "enum": allowed})


def _listed(names: Iterable[str]) -> AfterValidator:
    allowed = frozenset(names)

    def check(value: str) -> str:
        if value not in allowed:
            msg = f"{value!r} is not on the closed list"
            raise ValueError(msg)
        return value

    return AfterValidator(check)


PartyId = Annotated[str, Field(min_length=1, description="a party's id; over a folder the id of the file")]
FactId = Annotated[str, Field(min_length=1, description="the id of one stated fact")]
Decimal = Annotated[str, Field(pattern=_DECIMAL, description="a decimal in its shortest form")]
Exact = Annotated[
    str, Field(pattern=_EXACT, description="a decimal in its shortest form, or n/d where that has no end")
]
Code = Annotated[str, Field(pattern=r"^(B\d+|HEAD|DECISION)$", description="a basis of the policy")]
Flag = Annotated[str, _listed(FLAGS), _one_of(FLAGS)]
Reason = Annotated[str, _listed(REASONS), _one_of(REASONS)]
Kind = Annotated[str, _listed(PARTY_KINDS), _one_of(PARTY_KINDS)]
Relation = Annotated[str, _listed(RELATION_NAMES), _one_of(RELATION_NAMES)]
FindingCode = Annotated[str, _listed(FINDINGS), _one_of(FINDINGS)]
ShareMeasure = Annotated[str, _listed(SHARE_MEASURES), _one_of(SHARE_MEASURES)]
Measure = Annotated[str, _listed(STEP_MEASURES), _one_of(STEP_MEASURES)]


class Part(BaseModel):
    """A part of the document: cannot be changed, and knows no other keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Party(Part):
    """How a party that the answer names is called."""

    name: str | None = Field(description="empty where only a fact names the party")
    kind: Kind | None = Field(description="as stated; empty = unknown")
    client: bool = Field(description="has a client number, or every eligible party counts as a client")


class Contribution(Part):
    """One fact's amount in the total of a step."""

    fact: FactId
    by: PartyId = Field(description="whose fact it is: in the unit, with a step of its own, or bound")
    amount: Decimal = Field(description="percent, seats, or the number of powers and posts")
    share: Exact | None = Field(
        default=None,
        description="of a multiplied share: the unit's percent of `by` (or its commander)",
    )
    through: FactId | None = Field(default=None, description="the agreement by which `by` is bound")


class DecidedBy(Part):
    """Who decided, why, and until when it stands."""

    fact: FactId
    by: str
    why: str
    until: str | None = Field(default=None, pattern=_DAY, description="the last day on which it stands")


class Step(Part):
    """Why a unit controls (or influences) a company: the facts that add up to the total."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "unit": ["A"],
                    "company": "X",
                    "round": 2,
                    "basis": "B1",
                    "article": "3(1)",
                    "presumed": True,
                    "measure": "voting",
                    "op": ">",
                    "threshold": "50",
                    "total": "55",
                    "contributions": [
                        {"fact": "holding_7d1f06b5c2a94e38", "by": "A", "amount": "30"},
                        {"fact": "holding_0c4b9e12aa57f630", "by": "S", "amount": "25"},
                    ],
                }
            ]
        }
    )

    unit: tuple[PartyId, ...] = Field(min_length=1, description="who acts as one; a family: anchor first")
    company: PartyId
    round: int = Field(ge=1, description="a round after all that it rests on; alike in a circle of shares")
    basis: Code
    article: str
    presumed: bool = Field(description="the measures leave it open; a default stands in")
    measure: Measure
    op: Literal[">", ">="]
    threshold: Decimal
    total: Exact = Field(description="sum of the contributions, each times its `share` if it has one")
    contributions: tuple[Contribution, ...] = Field(min_length=1, description="by record key, then fact")
    method: Literal["multiply"] | None = Field(
        default=None, description="the total is a share multiplied along each path"
    )
    also: tuple[Code, ...] = Field(default=(), description="the other bases that pass in that round")
    of: Decimal | None = Field(default=None, description="seats in all, where seats are counted")
    decided: tuple[DecidedBy, ...] = Field(default=(), description="of basis DECISION: whose decisions")


class CarriedShare(Part):
    """A unit's multiplied share of a company on the way to one of its steps."""

    unit: tuple[PartyId, ...] = Field(min_length=1, description="who acts as one; a family: anchor first")
    company: PartyId
    round: int = Field(ge=1, description="how many steps below the unit; alike in a circle")
    measure: ShareMeasure
    total: Exact = Field(description="percent: sum of the contributions, each times its `share`")
    contributions: tuple[Contribution, ...] = Field(min_length=1, description="by record key, then fact")


class Kin(Part):
    """A relative of the anchor: the person is the anchor's `relation`."""

    person: PartyId
    relation: Relation
    facts: tuple[FactId, ...] = Field(min_length=1, description="the ties from the anchor to the person")


class Controller(Part):
    """Who stands behind a group."""

    kind: Literal["company", "person", "ring", "none"]
    parties: tuple[PartyId, ...] = Field(description="a family: the anchor first, then the kin used")
    kin: tuple[Kin, ...] = Field(default=(), description="how the kin of a family are tied to the anchor")
    branch: tuple[PartyId, ...] = Field(
        default=(),
        description="of a state owner whose subsidiaries are freed from each other: the one in this group",
    )


Measured = dict[str, str | None]


class GroupOutcome(Part):
    """Companies under one controlling point, each with its proof."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "g_52b1f0f8c7d0a914",
                    "outcome": "GROUP",
                    "controller": {"kind": "company", "parties": ["A"]},
                    "members": ["A", "X"],
                    "non_client_members": [],
                    "flags": ["presumed"],
                    "member_flags": {"X": ["method_sensitive"]},
                    "basis": {"A": ["HEAD"], "X": ["B1"]},
                    "coverage": {"X": "55"},
                    "evidence": {},
                }
            ]
        }
    )

    id: str = Field(pattern=r"^g_[0-9a-f]{16}$", description="the same on every day and for any members")
    outcome: Literal["GROUP"]
    controller: Controller
    members: tuple[PartyId, ...] = Field(description="clients of the bank, sorted")
    non_client_members: tuple[PartyId, ...] = Field(description="eligible, controlled, but no clients")
    flags: tuple[Flag, ...]
    member_flags: dict[PartyId, tuple[Flag, ...]]
    basis: dict[PartyId, tuple[Code, ...]] = Field(description="HEAD for the head, else the first basis")
    coverage: dict[PartyId, Decimal] = Field(description="percent of the votes that the facts account for")
    evidence: dict[PartyId, Step] = Field(description="a step a company; also of companies on the way")
    shares: tuple[CarriedShare, ...] = Field(
        default=(), description="of multiplied steps: the companies on the way that have no such step"
    )


class ExemptOutcome(GroupOutcome):
    """What would be a group, left out by an exemption or a failed condition of inclusion."""

    outcome: Literal["EXEMPT"]  # type: ignore[assignment]  # the one word of its kind
    reason: str = Field(description="id of the policy's exemption, or single_member, no_credit")
    article: str
    measured: Measured = Field(description="the quantities that the exemption looks at; null = not measured")
    facts: tuple[FactId, ...]


class PairEvidence(Part):
    """What an outcome that is no group rests on."""

    facts: tuple[FactId, ...]


class PairOutcome(Part):
    """A question, an association or a lead: companies, and whom it is about."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "key": "o_9c0e2ab4417fd35e",
                    "outcome": "RELATED",
                    "parties": ["A", "B"],
                    "with": [],
                    "reason": "concert",
                    "basis": [],
                    "flags": [],
                    "attributed_to": None,
                    "evidence": {"facts": ["agreement_1f2e3d4c5b6a7988"]},
                }
            ]
        }
    )

    key: str = Field(pattern=r"^o_[0-9a-f]{16}$", description="by it a recorded decision finds the outcome")
    outcome: Literal["REVIEW", "RELATED", "LINK", "DEPENDENT_SET"]
    parties: tuple[PartyId, ...] = Field(min_length=1, description="the companies in question")
    with_: tuple[PartyId, ...] = Field(default=(), alias="with", description="the unit's head or persons")
    reason: Reason
    basis: tuple[Code, ...] = Field(default=(), description="the grounds it is about")
    flags: tuple[Flag, ...] = ()
    attributed_to: str | None = Field(default=None, description="the group that attribution names")
    evidence: PairEvidence
    measured: Measured | None = Field(default=None, description="of a REVIEW: the figures it rests on")
    facts: tuple[FactId, ...] | None = Field(default=None, description="of a REVIEW: the facts once more")


class DecisionEntry(Part):
    """A recorded decision and what became of it."""

    fact: FactId
    decision: Literal["accept", "reject", "group"]
    status: Literal["applied", "expired", "contradicted", "orphaned"]
    key: str | None = Field(description="the outcome or group it is about; none for `group`")
    parties: tuple[PartyId, ...] = Field(description="the companies it settles")
    strangers: tuple[str, ...] = Field(default=(), description="names in it that no party has")
    group: str | None = Field(description="the group that it forms or leaves members out of")
    article: str | None
    by: str
    why: str
    until: str | None = Field(description="the last day on which it stands")
    question: PairOutcome | None = Field(description="the question as it stood before")


class Finding(Part):
    """Something odd about the facts that blocks nothing."""

    code: FindingCode
    severity: Literal["info", "warning"]
    file: str | None = None
    row: int | None = None
    field: str | None = None
    party: PartyId | None = None
    detail: str = ""
    remedy: str = ""


class Answer(Part):
    """Everything one policy says of the facts of one day; lists are sorted by id or key."""

    policy: str = Field(description="slug of the policy")
    as_of: str = Field(pattern=_DAY, description="the day for which the facts are taken to hold")
    known_at: str | None = Field(description="what was recorded until then; empty = all that is known")
    parties: dict[PartyId, Party] = Field(description="every party that the answer names")
    groups: tuple[GroupOutcome, ...]
    exempt: tuple[ExemptOutcome, ...]
    review: tuple[PairOutcome, ...]
    related: tuple[PairOutcome, ...]
    links: tuple[PairOutcome, ...]
    dependent_sets: tuple[PairOutcome, ...]
    decisions: tuple[DecisionEntry, ...] = Field(default=(), description="by fact id; applied or not")
    findings: tuple[Finding, ...]
    about: PartyId | None = Field(default=None, description="the party the answer was narrowed to")
    truncated: bool = Field(default=False, description="there is more than is listed")


def answer_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an answer document."""
    schema = TypeAdapter(Answer).json_schema(by_alias=True, mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Guanlian answer",
        **{key: value for key, value in schema.items() if key != "title"},
    }
