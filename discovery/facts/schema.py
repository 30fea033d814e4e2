"""The facts package as data: its files, columns and allowed values.

One table serves the reader, the messages, the store's snapshot and the documentation. A value type
says how a column is written in a file and how it is kept in a frame:

| type | in the file | in the frame |
| --- | --- | --- |
| ref | a party's id | String |
| text, name, names, identifier | text (`names` with `;` between) | String |
| flag | `true`, `false` | Boolean |
| day | `YYYY-MM-DD` | Date |
| moment | a day, or an ISO moment | Datetime(us), in UTC |
| percent | decimal, 0 to 100, six decimals | Int64, millionths of a percent |
| amount | decimal, four decimals | Int64, ten-thousandths |
| measure | decimal, six decimals | Int64, millionths |
| ratio | decimal, 0 to 1, six decimals | Int64, millionths |
| choice | one of `values` | String |
| choices | some of `values`, `;` between | String, sorted |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

ValueType = Literal[
    "ref",
    "text",
    "name",
    "names",
    "identifier",
    "flag",
    "day",
    "moment",
    "percent",
    "amount",
    "measure",
    "ratio",
    "choice",
    "choices",
]

PERCENT_SCALE: Final = 1_000_000  # a percent
AMOUNT_SCALE: Final = 10_000  # a unit of currency

DTYPES: Final[dict[str, pl.DataType]] = {
    "flag": pl.Boolean(),
    "day": pl.Date(),
    "moment": pl.Datetime("us"),
    "percent": pl.Int64(),
    "amount": pl.Int64(),
    "measure": pl.Int64(),
    "ratio": pl.Int64(),
}

PARTY_KINDS: Final = (
    "enterprise_legal_person",
    "institution_legal_person",
    "non_bank_fi",
    "commercial_bank",
    "unincorporated",
    "partnership",
    "government",
    "natural_person",
)
ROLES: Final = (
    "legal_representative",
    "chairman",
    "vice_chairman",
    "director",
    "independent_director",
    "general_manager",
    "deputy_general_manager",
    "chief_accountant",
    "cfo",
    "executive_partner",
    "supervisor",
    "board_secretary",
    "other",
)
NON_EXECUTIVE_ROLES: Final = ("independent_director", "supervisor", "board_secretary")
RELATIONS: Final = ("parent_of", "spouse_of")
KINSHIP_KINDS: Final = ("birth", "adoption", "step_brought_up")
AGREEMENT_KINDS: Final = ("concert", "joint_control", "entrustment", "nominee")
POWER_KINDS: Final = (
    "charter",
    "contract",
    "decides_finance_operations",
    "appoints_seats",
    "board_votes",
    "consolidates",
    "centralised_finance",
    "unified_accounting",
    "unified_borrow_repay",
    "unified_allocation",
    "appoints_posts",
    "sole_nominates_posts",
    "sets_pay",
    "decides_investment",
    "decides_guarantee",
    "declared_controller",
    "policy_participation",
    "manager_exchange",
    "technical_dependence",
    "economic_dependence",
    "statements_obtainable",
)
POSTS: Final = ("chairman", "general_manager", "cfo", "other")
GUARANTEE_KINDS: Final = ("guarantee", "mortgage", "pledge")
PAYMENT_KINDS: Final = (
    "loan",
    "repayment",
    "entrusted_loan",
    "occupation",
    "capital_contribution",
    "other",
)
TRADE_KINDS: Final = ("sale", "service", "lease", "asset_transfer", "other")
QUALITIES: Final = ("normal", "special_mention", "substandard", "doubtful", "loss", "disposed")
BRANCH_LEVELS: Final = ("head_office", "tier1", "tier2", "county")
CAPITAL_MEASURES: Final = ("net_capital", "capital_balance", "tier1_net")
DECISIONS: Final = ("accept", "reject", "group")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, how it is written, whether a row may leave it empty."""

    name: str
    type: ValueType = "text"
    required: bool = False
    values: tuple[str, ...] = ()

    @property
    def dtype(self) -> pl.DataType:
        return DTYPES.get(self.type, pl.String())


@dataclass(frozen=True, slots=True)
class File:
    """One file of the package: `stem.csv`, whose rows are each one `fact` (the singular)."""

    stem: str
    fact: str
    own: tuple[Column, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.own + COMMON

    @property
    def refs(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.own if column.type == "ref")


COMMON: Final = (
    Column("source"),
    Column("document"),
    Column("valid_from", "day"),
    Column("valid_to", "day"),
    Column("recorded_at", "moment"),
    Column("confidence", "ratio"),
    Column("supersedes"),
)


def _flows(stem: str, fact: str, kinds: tuple[str, ...]) -> File:
    return File(
        stem,
        fact,
        (
            Column("from", "ref", required=True),
            Column("to", "ref", required=True),
            Column("amount", "amount"),
            Column("currency"),
            Column("date", "day"),
            Column("kind", "choice", values=kinds),
            Column("at_fair_price", "flag"),
        ),
    )


_FILES: Final = (
    File(
        "parties",
        "party",
        (
            Column("id", "ref", required=True),
            Column("kind", "choice", values=PARTY_KINDS),
            Column("name", "name"),
            Column("other_names", "names"),
            Column("former_names", "names"),
            Column("country"),
            Column("region"),
            Column("uscc", "identifier"),
            Column("lei", "identifier"),
            Column("registration_no", "identifier"),
            Column("id_number", "identifier"),
            Column("birth_date", "day"),
            Column("phone"),
            Column("email"),
            Column("address"),
            Column("is_private", "flag"),
            Column("state_capital_operator", "flag"),
            Column("own_financing", "flag"),
            Column("platform", "flag"),
            Column("client_no"),
            Column("branch"),
            Column("group_managed_since", "day"),
            Column("tier"),
            Column("grade"),
        ),
    ),
    File(
        "holdings",
        "holding",
        (
            Column("holder", "ref", required=True),
            Column("company", "ref", required=True),
            Column("equity_percent", "percent"),
            Column("voting_percent", "percent"),
            Column("nominee_for", "ref"),
        ),
    ),
    File(
        "offices",
        "office",
        (
            Column("person", "ref", required=True),
            Column("company", "ref", required=True),
            Column("role", "choice", required=True, values=ROLES),
            Column("executive", "flag"),
            Column("represents", "ref"),
        ),
    ),
    File(
        "kinship",
        "kinship",
        (
            Column("person", "ref", required=True),
            Column("relation", "choice", required=True, values=RELATIONS),
            Column("relative", "ref", required=True),
            Column("kind", "choice", values=KINSHIP_KINDS),
            Column("legal_basis"),
        ),
    ),
    File(
        "agreements",
        "agreement",
        (
            Column("party", "ref", required=True),
            Column("with", "ref", required=True),
            Column("company", "ref"),
            Column("kind", "choice", required=True, values=AGREEMENT_KINDS),
            Column("leader", "ref"),
        ),
    ),
    File(
        "powers",
        "power",
        (
            Column("holder", "ref", required=True),
            Column("company", "ref", required=True),
            Column("kind", "choice", required=True, values=POWER_KINDS),
            Column("amount", "measure"),
            Column("of", "measure"),
            Column("posts", "choices", values=POSTS),
        ),
    ),
    _flows("guarantees", "guarantee", GUARANTEE_KINDS),
    _flows("payments", "payment", PAYMENT_KINDS),
    _flows("trades", "trade", TRADE_KINDS),
    File(
        "credits",
        "credit",
        (
            Column("client", "ref", required=True),
            Column("branch"),
            Column("product"),
            Column("limit", "amount"),
            Column("balance", "amount"),
            Column("exposure", "amount"),
            Column("low_risk", "flag"),
            Column("quality", "choice", values=QUALITIES),
            Column("opened_on", "day"),
            Column("currency"),
        ),
    ),
    File(
        "branches",
        "branch",
        (
            Column("branch", required=True),
            Column("name", "name"),
            Column("parent"),
            Column("level", "choice", values=BRANCH_LEVELS),
        ),
    ),
    File(
        "bank",
        "bank",
        (
            Column("measure", "choice", required=True, values=CAPITAL_MEASURES),
            Column("amount", "amount", required=True),
            Column("currency"),
            Column("date", "day"),
        ),
    ),
    File(
        "limits",
        "limit",
        (
            Column("head", "ref", required=True),
            Column("proposed_limit", "amount"),
            Column("approved_limit", "amount"),
            Column("currency"),
            Column("date", "day"),
        ),
    ),
    File(
        "decisions",
        "decision",
        (
            Column("outcome_key"),
            Column("decision", "choice", required=True, values=DECISIONS),
            Column("policy"),
            Column("parties", "names"),
            Column("article"),
            Column("by", required=True),
            Column("reason", required=True),
            Column("until", "day"),
        ),
    ),
)

FILES: Final[dict[str, File]] = {file.stem: file for file in _FILES}
