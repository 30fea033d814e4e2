"""Beneficial owners and economic dependence as data: tests in an order, each with its figure and article."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field, model_validator

from discovery.policies.values import Comparison, Percent, Rule, millionths

OWNER_MEASURES: Final = ("equity", "voting", "higher")


class OwnerTest(Rule):
    """One test of who stands behind a company.

    `share`: the accumulated share reaches the threshold, multiplied along each path and added up, or whole
    along control. `control`: a controlling point of the policy. `mixed`: who controls an entity that owns
    the threshold, and who owns the threshold of an entity that controls. `higher` takes at each layer the
    higher of equity and votes.
    """

    id: str = Field(pattern=r"^[a-z_]+$")
    by: Literal["share", "control", "mixed"] = "share"
    measure: Literal["equity", "voting", "higher"] = "equity"
    method: Literal["multiply", "control_chain"] = "multiply"
    op: Comparison = ">="
    threshold: Percent = "25"
    article: str
    presumed: bool = False

    @property
    def least(self) -> int:
        """The smallest whole number of millionths of a percent that passes."""
        return millionths(self.threshold) + (self.op == ">")


class Owners(Rule):
    """Who counts as a beneficial owner; `in_order`: a test is asked only where those before found nobody."""

    tests: tuple[OwnerTest, ...] = Field(min_length=1)
    in_order: bool = False
    article: str

    @model_validator(mode="after")
    def _ids_once(self) -> Owners:
        ids = [test.id for test in self.tests]
        if len(set(ids)) != len(ids):
            msg = "every test of owners has an id of its own"
            raise ValueError(msg)
        return self


class DependenceTest(Rule):
    """One sign that a client depends economically on another party.

    `sales_share` and `purchases_share`: percent of the client's trades of the year before the day that is
    with that party; `guarantee_share`: what the client guarantees for it, in percent of the client's own
    balances; `power`: a recorded fact of the kind `economic_dependence`.
    """

    id: str = Field(pattern=r"^[a-z_]+$")
    measure: Literal["sales_share", "purchases_share", "guarantee_share", "power"]
    op: Comparison = ">="
    threshold: Percent = "50"
    article: str
    presumed: bool = False

    @property
    def strict(self) -> bool:
        return self.op == ">"


class Dependence(Rule):
    """Economic dependence: what depends on one party stands in a set with it, beside any group."""

    tests: tuple[DependenceTest, ...] = Field(min_length=1)
    article: str


DEFAULT_OWNERS: Final = Owners(
    tests=(
        OwnerTest(id="share", measure="higher", article="-", presumed=True),
        OwnerTest(id="control", by="control", article="-", presumed=True),
    ),
    article="-",
)
