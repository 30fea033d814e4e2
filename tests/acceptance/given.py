"""The notation of the tables, written out as a facts package: the same path a user takes.

Statements stand between `;` or line ends. A name in capitals is a company (private, an enterprise
legal person, a client with credit), one in small letters is a natural person.

| statement | means |
| --- | --- |
| `A -60-> B`, `A -60e/40v-> B` | a holding; equity and votes alike, or apart |
| `h ~ w` | spouses |
| `g > m > c`, `m >step_brought_up> c` | parent of (birth, or the kind named) |
| `d :director:> X`, `d :director non-executive:> X`, `d :director:> Y for X` | an office, on whose behalf |
| `W =contract=> O`, `A =appoints_seats 3/6=> X`, `A =appoints_posts chairman,cfo=> X` | a power |
| `A & B concert in X led by A` | an agreement; without `led by` unanimity |
| `P pays Q loan 100 unfair`, `P trades Q sale 100 fair` | a payment, a trade |
| `credit A 100 substandard low_risk`, `credit B none` | credit other than the usual 100 |
| `G is government`, `G is state_owned`, `G is state_capital_operator` | a party unlike the usual |
| `h is client` | a natural person whom the bank knows as a client |
| `Y is of_unknown_ownership` | neither private nor not |
| `G is unknown_to_the_bank` | no client |
| `c lives at home` | an address |
| `... [2020-01-01..2025-01-01]` | valid from and to (either may be left out) |

Every package also holds two strangers with one payment and one trade, both at a fair price.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

from discovery.facts.schema import FILES, PARTY_KINDS, QUALITIES

STRANGERS = ("STRANGER1", "STRANGER2")
_STRANGERS = "STRANGER1 pays STRANGER2 loan 10 fair; STRANGER1 trades STRANGER2 sale 10 fair"

_ID = r"[A-Za-z]\w*"
_DATES = re.compile(r"\s*\[(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?\]$")
_FORMS = {
    "holding": rf"(?P<holder>{_ID}) -(?P<share>[\d.]+|[\d.]+e/[\d.]+v)-> (?P<company>{_ID})",
    "spouses": rf"(?P<one>{_ID}) ~ (?P<other>{_ID})",
    "parents": rf"{_ID}( >\w*>? {_ID})+",
    "office": rf"(?P<person>{_ID}) :(?P<role>\w+)(?P<non> non-executive)?:> (?P<company>{_ID})"
    rf"( for (?P<represents>{_ID}))?",
    "power": rf"(?P<holder>{_ID}) =(?P<kind>\w+)( (?P<amount>\S+))?=> (?P<company>{_ID})",
    "agreement": rf"(?P<party>{_ID}) & (?P<with>{_ID}) (?P<kind>\w+) in (?P<company>{_ID})"
    rf"( led by (?P<leader>{_ID}))?",
    "flow": rf"(?P<from>{_ID}) (?P<verb>pays|trades) (?P<to>{_ID}) (?P<kind>\w+) (?P<amount>[\d.]+)"
    r" (?P<price>fair|unfair)",
    "credit": rf"credit (?P<client>{_ID}) (?P<balance>[\d.]+|none)(?P<marks>( \w+)*)",
    "party": rf"(?P<id>{_ID}) is (?P<marks>\w+( \w+)*)",
    "home": rf"(?P<id>{_ID}) lives at (?P<address>\w+)",
}


class Package:
    """Rows of a facts package by file, filled statement by statement."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, str]]] = defaultdict(list)
        self.parties: dict[str, dict[str, str]] = {}
        self._credit_told: set[str] = set()

    def state(self, text: str) -> None:
        for statement in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
            dates = _DATES.search(statement)
            days = dict(zip(("valid_from", "valid_to"), dates.groups(""), strict=True)) if dates else {}
            self._state_one(statement[: dates.start()] if dates else statement, days)

    def write(self, folder: Path) -> Path:
        """Write the package into a new folder, one CSV file a kind of fact that occurs."""
        folder.mkdir(parents=True)
        rows = {**self.rows, "parties": list(self.parties.values())}
        rows["credits"] = self.rows["credits"] + [
            _credit(party) for party, row in self.parties.items() if self._has_usual_credit(party, row)
        ]
        for stem, lines in rows.items():
            if lines:
                with (folder / f"{stem}.csv").open("w", encoding="utf-8", newline="") as file:
                    writer = csv.DictWriter(file, [column.name for column in FILES[stem].columns])
                    writer.writeheader()
                    writer.writerows(lines)
        return folder

    def _has_usual_credit(self, party: str, row: dict[str, str]) -> bool:
        return bool(row.get("client_no")) and party not in self._credit_told

    def _state_one(self, statement: str, days: dict[str, str]) -> None:
        for form, pattern in _FORMS.items():
            if found := re.fullmatch(pattern, statement):
                getattr(self, f"_{form}")(found, days)
                return
        raise ValueError(f"no form of the notation: {statement!r}")

    def _add(self, stem: str, row: dict[str, str | None], days: dict[str, str]) -> None:
        for ref in FILES[stem].refs:
            if party := row.get(ref):
                self._party_row(party)
        self.rows[stem].append({name: value for name, value in row.items() if value} | days)

    def _party_row(self, party: str) -> dict[str, str]:
        row = {"id": party, "kind": "natural_person", "name": f"自然人{party}"}
        if party[0].isupper():
            row |= {
                "kind": "enterprise_legal_person",
                "name": f"{party}有限公司",
                "is_private": "true",
                "client_no": f"client-{party}",
            }
        return self.parties.setdefault(party, row)

    def _holding(self, found: re.Match[str], days: dict[str, str]) -> None:
        equity, _, votes = found["share"].partition("/")
        shares = {"equity_percent": equity.rstrip("e"), "voting_percent": (votes or equity).rstrip("v")}
        self._add("holdings", {"holder": found["holder"], "company": found["company"], **shares}, days)

    def _spouses(self, found: re.Match[str], days: dict[str, str]) -> None:
        row = {"person": found["one"], "relation": "spouse_of", "relative": found["other"]}
        self._add("kinship", row, days)

    def _parents(self, found: re.Match[str], days: dict[str, str]) -> None:
        parts = re.split(r" >(?:(\w+)>)? ", found[0])
        for parent, kind, child in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
            row = {"person": parent, "relation": "parent_of", "relative": child, "kind": kind or "birth"}
            self._add("kinship", row, days)

    def _office(self, found: re.Match[str], days: dict[str, str]) -> None:
        row = {name: found[name] for name in ("person", "company", "role", "represents")}
        self._add("offices", {**row, "executive": "false" if found["non"] else "true"}, days)

    def _power(self, found: re.Match[str], days: dict[str, str]) -> None:
        row = {name: found[name] for name in ("holder", "company", "kind")}
        amount, _, of = (found["amount"] or "").partition("/")
        numbers = (
            {"amount": amount, "of": of} if amount[:1].isdigit() else {"posts": amount.replace(",", ";")}
        )
        self._add("powers", row | numbers, days)

    def _agreement(self, found: re.Match[str], days: dict[str, str]) -> None:
        self._add("agreements", found.groupdict(), days)

    def _flow(self, found: re.Match[str], days: dict[str, str]) -> None:
        row = {name: found[name] for name in ("from", "to", "kind", "amount")}
        fair = "true" if found["price"] == "fair" else "false"
        row |= {"currency": "CNY", "date": "2026-03-31", "at_fair_price": fair}
        self._add("payments" if found["verb"] == "pays" else "trades", row, days)

    def _credit(self, found: re.Match[str], days: dict[str, str]) -> None:
        self._credit_told.add(found["client"])
        if found["balance"] != "none":
            self._add("credits", _credit(found["client"], found["balance"], found["marks"].split()), days)

    def _party(self, found: re.Match[str], days: dict[str, str]) -> None:
        row = self._party_row(found["id"])
        row |= days
        for mark in found["marks"].split():
            if mark in PARTY_KINDS:
                row["kind"] = mark
            elif mark == "state_capital_operator":
                row["state_capital_operator"] = "true"
            elif mark == "client":
                row["client_no"] = f"client-{found['id']}"
            elif mark not in {"state_owned", "of_unknown_ownership", "unknown_to_the_bank"}:
                raise ValueError(f"no mark of a party: {mark!r}")
            row["is_private"] = "" if mark == "of_unknown_ownership" else "false"
            if mark in {"government", "unknown_to_the_bank"}:
                row["client_no"] = ""

    def _home(self, found: re.Match[str], days: dict[str, str]) -> None:
        self._party_row(found["id"])["address"] = found["address"]


def _credit(client: str, balance: str = "100", marks: list[str] | None = None) -> dict[str, str]:
    marks = marks or []
    unknown = set(marks) - {*QUALITIES, "low_risk"}
    if unknown:
        raise ValueError(f"no mark of a credit: {sorted(unknown)}")
    return {
        "client": client,
        "product": "loan",
        "limit": balance,
        "balance": balance,
        "exposure": balance,
        "currency": "CNY",
        "low_risk": "true" if "low_risk" in marks else "false",
        "quality": next((mark for mark in marks if mark in QUALITIES), "normal"),
    }


def given(text: str, folder: Path) -> Path:
    """Write the facts of a table and the two strangers into a new folder and return it."""
    return alone(f"{text}\n{_STRANGERS}", folder)


def alone(text: str, folder: Path) -> Path:
    """Write the facts of a table into a new folder and return it."""
    package = Package()
    package.state(text)
    return package.write(folder)
