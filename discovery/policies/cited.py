"""What stands in every policy file: which measures these are, the article of each rule, notes."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from pydantic import Field, model_validator

from discovery.policies.values import Rule, Text

INHERITED: Final = " §"  # stands in an article that is another policy's: `cbrc-2010 §3(1)`


class Cited(Rule):
    """A rule with its article; `presumed` where the text leaves it open.

    What is inherited cites the policy it comes from (`cbrc-2010 §3(1)`) and is presumed: the own text
    is silent on it.
    """

    article: str = Field(min_length=1)
    presumed: bool = False

    @model_validator(mode="before")
    @classmethod
    def _never_silently(cls, data: object) -> object:
        if isinstance(data, dict) and INHERITED in str(data.get("article", "")):
            return {**data, "presumed": True}
        return data


class Note(Rule):
    """What the measures say that no group hangs on, or how an open question was settled here."""

    article: str
    zh: str
    en: str


class Described(Rule):
    """Which measures a file holds, since when they are in force, and what of them is said in words only."""

    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Text
    source: Text
    valid_from: date | None = None
    valid_to: date | None = None
    notes: tuple[Note, ...] = ()

    @model_validator(mode="after")
    def _in_force_some_day(self) -> Described:
        if self.valid_from and self.valid_to and self.valid_from >= self.valid_to:
            msg = "valid_to lies on or before valid_from"
            raise ValueError(msg)
        return self


class Groupless(Described):
    """Measures by which no group is formed: asking them for groups is refused with the reason."""

    purpose: Literal["credit_process", "reporting_basis", "refused"]
    reason: Text
