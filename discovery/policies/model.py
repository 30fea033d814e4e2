"""The rule vocabulary: what a policy file may say, and nothing else.

A policy is data. Percentages are decimal text in the file and exact integers (millionths of a
percent) in the engine; `article` cites the measures; `presumed` marks a value the text leaves open
and `policies.md` [DEF] fills in.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from discovery.facts.codes import FLAGS
from discovery.facts.schema import PARTY_KINDS, POWER_KINDS, ROLES
from discovery.kinship.scopes import RELATION_NAMES, SCOPES
from discovery.policies.administration import Attribution, Lead, Limits, Types, Warnings
from discovery.policies.cited import Cited, Described
from discovery.policies.expressions import Condition
from discovery.policies.hidden_association import HiddenAssociation
from discovery.policies.owners import Dependence, Owners
from discovery.policies.unverified import set_aside
from discovery.policies.values import Comparison, Percent, Rule, Text, choice, millionths

Measure = Literal[
    "voting",
    "equity",
    "voting_commanded",
    "equity_commanded",
    "seats",
    "board_votes",
    "posts",
    "power",
]
Outcome = Literal["GROUP", "REVIEW"]

TRIGGERS: Final = (
    "half_share",
    "near_control",
    "closed_list_basis",
    "joint_control",
    "noncircular_majority",
    "ring",
    "affinity_kin",
    "family_without_anchor",
    "influence_by_person",
    "influence_only",
    "shared_legal_representative",
    "single_post",
    "state_siblings",
    "exemption_doubtful",
    "occupation",
    "shifting",
    "nominee_registered",
    "confirm",
    "partnership_top",
    "attribution",
    "economic_dependence",
    "hidden_association",
    "form_only",
)
OFF_BY_DEFAULT: Final = frozenset({"form_only", "hidden_association", "state_siblings"})
EXEMPTIONS: Final = ("state_owner", "bad_credit", "single_member", "low_risk_only")


Kind = Annotated[str, choice(PARTY_KINDS)]
Role = Annotated[str, choice(ROLES)]
Power = Annotated[str, choice(POWER_KINDS)]
Trigger = Annotated[str, choice(TRIGGERS)]
Relation = Annotated[str, choice(RELATION_NAMES)]
Flag = Annotated[str, choice(tuple(FLAGS))]


class Basis(Cited):
    """One ground on which a unit is deemed to control a company.

    Adding measures compare the sum over the unit and all it controls with `threshold` percent (of
    the votes, the equity, the seats). `power` is met by any fact of the listed kinds, `posts` by
    rights over at least `at_least` different posts among chairman, general manager and CFO.
    """

    code: str = Field(pattern=r"^B\d+$")
    measure: Measure
    op: Comparison = ">="
    threshold: Percent = "0"
    powers: tuple[Power, ...] = ()
    at_least: int = Field(default=2, ge=1, le=3)
    by_agreement: bool = Field(
        default=False, description="exactly the threshold passes only if an agreement brings part of it"
    )
    boundary_ambiguous: bool = False
    flags: tuple[Flag, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Basis:
        if self.measure == "power" and not self.powers:
            msg = f"{self.code}: measure power needs `powers`, some of {', '.join(POWER_KINDS)}"
            raise ValueError(msg)
        if self.measure not in {"power", "posts"} and self.threshold == "0":
            msg = f"{self.code}: measure {self.measure} needs a `threshold` above 0"
            raise ValueError(msg)
        commanded = self.measure in {"voting_commanded", "equity_commanded"} and self.op == ">="
        if self.by_agreement and not commanded:
            msg = f"{self.code}: `by_agreement` goes with op >= of voting_commanded or equity_commanded"
            raise ValueError(msg)
        _possible(self.code, self.op, self.threshold)
        return self

    @property
    def figure(self) -> int:
        """The threshold in millionths of a percent."""
        return millionths(self.threshold)

    @property
    def strict_op(self) -> bool:
        """Must the threshold be passed, not only reached?"""
        return self.op == ">"

    @property
    def least(self) -> int:
        """The smallest total in millionths of a percent that passes."""
        return self.figure + self.strict_op


def _possible(name: str, op: str, threshold: str) -> None:
    if op == ">" and millionths(threshold) >= millionths("100"):
        msg = f"{name}: nothing is more than {threshold} %; write op '>=' or a threshold below 100"
        raise ValueError(msg)


class Members(Cited):
    """Who may be a member, and how many make a group."""

    kinds: tuple[Kind, ...]
    own_financing: bool = Field(
        default=False, description="unincorporated bodies that may borrow in their own right count"
    )
    min: int = Field(default=2, ge=1)


class Controllers(Cited):
    """Who may head a group; others pass control on and head none."""

    kinds: tuple[Kind, ...]


class Control(Rule):
    indirect: Literal["control_chain", "multiply"] = "control_chain"
    bases: tuple[Basis, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_once(self) -> Control:
        codes = [basis.code for basis in self.bases]
        if codes[0] != "B1" or len(set(codes)) != len(codes):
            msg = "the first basis is B1, the share test, and every code stands once"
            raise ValueError(msg)
        if self.bases[0].measure not in {"voting", "equity"}:
            msg = "B1 measures voting or equity"
            raise ValueError(msg)
        return self

    @property
    def multiplies(self) -> bool:
        """Do indirect shares count multiplied along each path, and not whole along control?"""
        return self.indirect == "multiply"

    @property
    def share(self) -> Basis:
        """The share test, B1."""
        return self.bases[0]


class MajorInvestor(Cited):
    """The stake that makes a natural person a major individual investor."""

    measure: Literal["voting", "equity"] = "voting"
    op: Comparison = ">="
    threshold: Percent = "10"

    @property
    def least(self) -> int:
        return millionths(self.threshold) + (self.op == ">")


class KeyManagers(Cited):
    """Offices that make a person a key manager; `executive_only` leaves non-executive directors out."""

    roles: tuple[Role, ...]
    executive_only: bool = False


class AddUp(Cited):
    """Holdings of a natural-person shareholder's family are added to the shareholder's own."""

    scope: tuple[Relation, ...]
    household: bool = Field(default=False, description="near relatives at one address count as family")


class Kin(Cited):
    deem: tuple[Relation, ...]
    review: tuple[Relation, ...] = ()
    joint: Literal["cluster", "strict", "each_alone"] = "cluster"
    add_up: AddUp | None = None
    listed: tuple[Relation, ...] = Field(
        default=(), description="a narrower list in the same measures; wider kin leave `kin_conflict`"
    )

    @model_validator(mode="before")
    @classmethod
    def _named_scopes(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        data = dict(data)
        for key in ("deem", "review", "listed"):
            data[key] = _scope(data.get(key, ()), key)
        if isinstance(data.get("add_up"), dict):
            data["add_up"] = {**data["add_up"], "scope": _scope(data["add_up"].get("scope"), "scope")}
        return data


def _scope(value: object, key: str) -> object:
    if isinstance(value, str):
        if value not in SCOPES:
            msg = f"{key}: {value!r} is not one of the scopes {', '.join(SCOPES)}, nor a list of relations"
            raise ValueError(msg)
        return SCOPES[value]
    return value


class PersonBasis(Cited):
    """A deemed basis seen from a reference person: B13 (same person or kin behind), B14 (family)."""

    code: Literal["B13", "B14"]
    roles: tuple[Role, ...] = ()
    powers: tuple[Power, ...] = ()
    private_only: bool = False
    posts: tuple[Role, ...] = ()


class Persons(Cited):
    """How natural persons stand behind groups: anchors, kin, deemed person bases."""

    major_investor: MajorInvestor
    key_managers: KeyManagers
    kin: Kin
    bases: tuple[PersonBasis, ...] = ()
    flags: tuple[Literal["singular_holder"], ...] = ()

    @model_validator(mode="after")
    def _alone_needs_family(self) -> Persons:
        if self.kin.joint == "each_alone" and not any(basis.code == "B14" for basis in self.bases):
            msg = "kin.joint: each_alone needs the family basis B14 among persons.bases"
            raise ValueError(msg)
        return self


class JointVenture(Cited):
    """A holding of exactly half, where the measures list joint ventures as a form of their own."""


class Influence(Cited):
    """Significant influence (B18), or associates as a listed form (B19), as a membership feature.

    The company joins as an end node; `flags` stand on it.
    """

    code: Literal["B18", "B19"] = "B18"
    threshold: Percent
    op: Comparison = ">="
    powers: tuple[Power, ...] = ()
    board_seat: bool = False
    joint_venture: JointVenture | None = None
    flags: tuple[Flag, ...] = ()

    @model_validator(mode="after")
    def _some_share(self) -> Influence:
        if self.least < 1:
            msg = "influence needs a `threshold` above 0"
            raise ValueError(msg)
        _possible("influence", self.op, self.threshold)
        return self

    def cited(self, total: int | Fraction) -> Cited:
        """The rule that a total of the votes, in millionths of a percent, falls under."""
        half = self.joint_venture is not None and 2 * total == millionths("100")
        return self.joint_venture if half and self.joint_venture is not None else self

    def reached(self, total: int | Fraction) -> bool:
        """Is a total of the votes, in millionths of a percent, in the band?"""
        figure = millionths(self.threshold)
        return total > figure if self.op == ">" else total >= figure

    @property
    def least(self) -> int:
        return millionths(self.threshold) + (self.op == ">")


class JointControl(Cited):
    """Joint control as a membership feature: the company joins each sharer's group as an end node.

    B19 is the joint venture as a listed form; with `persons: review` a natural person who shares in
    the control leads to a question, not to membership.
    """

    code: Literal["B17", "B19"] = "B17"
    persons: Literal["member", "review"] = "member"
    flags: tuple[Flag, ...] = ()


class Inclusion(Cited):
    """What a set of members must meet to be put under group management at all."""

    when: Condition


class Exemption(Cited):
    """A reason for which the policy allows leaving a group out, or its owner apart."""

    id: Annotated[str, choice(EXEMPTIONS)]
    when: Condition
    unless: Condition | None = None
    effect: Literal["exempt", "split_controller", "split_siblings"] = "exempt"
    whom: Literal["admissible", "state_owner_too"] = "admissible"
    boundary_ambiguous: bool = False


class Review(Rule):
    switch_off: tuple[Trigger, ...] = ()
    switch_on: tuple[Trigger, ...] = ()


class CatchAll(Cited):
    """Other association with possible non-fair transfer: a group only by a recorded decision of the bank."""


class QuasiGroup(Cited):
    """Treatment like a group that a supervisory rule requires: only by a recorded decision citing it."""


class Classes(Cited):
    """What the measures call clients in a group, and clients tied to another outside of any group."""

    group: Text
    related: Text


class Evidence(Rule):
    min_confidence: Percent = Field(
        default="0.5", description="0 to 1; a needed fact below it asks for a person"
    )


class Policy(Described):
    """One bank's measures as data."""

    inherits: str | None = None
    series: str | None = Field(default=None, description="what the dated versions of one rule are called")
    unverified: Literal["review", "count"] = Field(
        default="review", description="what values of status 2nd and mem do: set aside, or counted"
    )
    aside: tuple[str, ...] = Field(default=(), description="the values that are set aside (computed)")
    members: Members
    controllers: Controllers
    control: Control
    persons: Persons | None = None
    influence: Influence | None = None
    joint_control: JointControl | None = None
    inclusion: Inclusion | None = None
    exemptions: tuple[Exemption, ...] = ()
    catch_all: CatchAll | None = None
    quasi_group: QuasiGroup | None = None
    classes: Classes | None = None
    types: Types | None = None
    attribution: Attribution | None = None
    lead: Lead | None = None
    limits: Limits | None = None
    warnings: Warnings = Warnings()
    review: Review = Review()
    evidence: Evidence = Evidence()
    hidden_association: HiddenAssociation = HiddenAssociation()
    owners: Owners | None = None
    dependence: Dependence | None = None

    @model_validator(mode="before")
    @classmethod
    def _verified_alone(cls, data: object) -> object:
        return set_aside(data) if isinstance(data, dict) else data

    def triggers(self, reason: str) -> bool:
        """Does this policy raise REVIEW for that reason?"""
        if reason in self.review.switch_off:
            return False
        return reason not in OFF_BY_DEFAULT or reason in self.review.switch_on
