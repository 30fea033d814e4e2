"""Beside the notation of the tables what the bank itself knows: credit by product, limits, capital.

| statement | means |
| --- | --- |
| `A owes 200 acceptance open 100 limit 300 at P since 2020-01-01 low_risk loss USD` | a credit |
| `branch P tier1 under H` | a unit of the bank |
| `capital net_capital 4000 on 2025-12-31` | the bank's capital |
| `limit A proposed 1000 approved 900` | the limit of the group that A heads |
| `A guarantees B 260 under D`, `A mortgages B 60 under D` | security for B, the document of the drawing |
| `A sits at P`, `A managed since 2005-01-01`, `A graded AAA`, `A marked platform` | marks of a party |
| `decided A,B under abc-2009 2(4)` | a recorded decision that they stand together |
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from discovery.exposure import Administration
from discovery.facts.schema import QUALITIES
from discovery.groups.discover import discover_in
from discovery.policies import load_policy

from .engine import AS_OF, graph_of
from .given import Package

_ID = r"[A-Za-z]\w*"
_KINDS = {"guarantees": "guarantee", "mortgages": "mortgage", "pledges": "pledge"}
_FORMS = {
    "owes": rf"(?P<client>{_ID}) owes (?P<balance>[\d.]+)(?P<rest>( \S+)*)",
    "branch": r"branch (?P<branch>\w+) (?P<level>\w+)( under (?P<parent>\w+))?",
    "capital": r"capital (?P<measure>\w+) (?P<amount>[\d.]+)( on (?P<date>\S+))?",
    "limit": rf"limit (?P<head>{_ID})( proposed (?P<proposed>[\d.]+))?( approved (?P<approved>[\d.]+))?",
    "security": rf"(?P<from>{_ID}) (?P<verb>guarantees|mortgages|pledges) (?P<to>{_ID}) (?P<amount>[\d.]+)"
    r"( under (?P<document>\w+))?",
    "mark": rf"(?P<id>{_ID}) (?P<mark>sits at|managed since|graded|marked|in tier) (?P<value>\S+)",
    "decided": r"decided (?P<parties>\S+) under (?P<policy>\S+) (?P<article>\S+)",
}
_COLUMNS = {"sits at": "branch", "managed since": "group_managed_since", "graded": "grade", "in tier": "tier"}


class Bank(Package):
    """A facts package with the bank's own books."""

    def _state_one(self, statement: str, days: dict[str, str]) -> None:
        for form, pattern in _FORMS.items():
            if found := re.fullmatch(pattern, statement):
                getattr(self, f"_{form}")(found, days)
                return
        super()._state_one(statement, days)

    def _owes(self, found: re.Match[str], days: dict[str, str]) -> None:
        self._credit_told.add(found["client"])
        row = {"client": found["client"], "product": "loan", "balance": found["balance"], "currency": "CNY"}
        words = iter(found["rest"].split())
        for word in words:
            match word:
                case "open":
                    row["exposure"] = next(words)
                case "limit":
                    row["limit"] = next(words)
                case "at":
                    row["branch"] = next(words)
                case "since":
                    row["opened_on"] = next(words)
                case "low_risk":
                    row["low_risk"] = "true"
                case "USD" | "CNY":
                    row["currency"] = word
                case _ if word in QUALITIES:
                    row["quality"] = word
                case _:
                    row["product"] = word
        self._add("credits", row, days)

    def _branch(self, found: re.Match[str], days: dict[str, str]) -> None:
        self._add("branches", found.groupdict(), days)

    def _capital(self, found: re.Match[str], days: dict[str, str]) -> None:
        self._add("bank", {"currency": "CNY", **found.groupdict()}, days)

    def _limit(self, found: re.Match[str], days: dict[str, str]) -> None:
        row = {"head": found["head"], "currency": "CNY"}
        row |= {"proposed_limit": found["proposed"], "approved_limit": found["approved"]}
        self._add("limits", row, days)

    def _security(self, found: re.Match[str], days: dict[str, str]) -> None:
        row = {name: found[name] for name in ("from", "to", "amount", "document")}
        self._add("guarantees", {**row, "kind": _KINDS[found["verb"]], "currency": "CNY"}, days)

    def _mark(self, found: re.Match[str], _days: dict[str, str]) -> None:
        row = self._party_row(found["id"])
        if found["mark"] == "marked":
            row[found["value"]] = "true"
        else:
            row[_COLUMNS[found["mark"]]] = found["value"]

    def _decided(self, found: re.Match[str], days: dict[str, str]) -> None:
        row = {name: found[name] for name in ("policy", "article")}
        for party in found["parties"].split(","):
            self._party_row(party)
        row |= {
            "decision": "group",
            "parties": found["parties"].replace(",", ";"),
            "by": "zhang",
            "reason": "x",
        }
        self._add("decisions", row, days)


def banked(text: str, folder: Path) -> Path:
    """Write the facts of a table, the bank's own among them, into a new folder."""
    package = Bank()
    package.state(text)
    return package.write(folder)


def administration_of(
    text: str, policy: str, *, as_of: date = AS_OF, overrides: Mapping[str, object] | None = None
) -> list[dict]:
    """How the groups of a table are administered, by id."""
    answer = discover_in(graph_of(text, banked, as_of), load_policy(policy, overrides))
    return list(Administration(answer).documents())
