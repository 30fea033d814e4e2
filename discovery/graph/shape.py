"""How the facts package lies in the graph: one table for writing, bulk import and snapshot.

A fact between two parties is a relationship from the party of `from_record` to the party of `to_record`;
credits and limits are nodes with one relationship to their party; branches, capital and decisions are
nodes. Further parties a row names (a nominee's principal, whom an officer represents, a leader) are kept
as record keys: which party a record belongs to may change, which record a fact speaks of never does.

Days are text `YYYY-MM-DD`, moments text in UTC with microseconds, so that text order is time order and an
admin can read them. Shares and amounts are integers whose unit is in the property's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from discovery.facts.schema import COMMON, FILES, Column

MOMENT: Final = "%Y-%m-%dT%H:%M:%S%.6fZ"
UNITS: Final = {
    "percent": "_millionths_of_percent",
    "amount": "_ten_thousandths",
    "measure": "_millionths",
    "ratio": "_millionths",
}
# What the store itself writes on every version of a fact or record.
BOOKS: Final = {
    "version": pl.Int64(),
    "load": pl.String(),
    "known_from": pl.String(),  # the stated recorded_at, else the moment of the load
    "superseded_at": pl.String(),
    "closed_by": pl.String(),  # the load that closed this version
    "closed_because": pl.String(),  # version | supersedes | replaced | unload
    "undo_superseded_at": pl.String(),  # what it was before a load that may still be rolled back
}
CONTENT: Final = ("valid_to", "confidence", "recorded_at", "supersedes")  # what makes a new version of a fact
HMAC: Final = "id_number_hmac"
MASKED: Final = "id_number_masked"
SURE: Final = "id_number_sure"  # whether the number bears its own check digit


@dataclass(frozen=True, slots=True)
class Property:
    """A column of a file and the property that keeps it."""

    column: str
    name: str
    type: str

    def encoded(self) -> pl.Expr:
        """The column as the store keeps it."""
        value = pl.col(self.column)
        if self.type == "day":
            value = value.dt.strftime("%Y-%m-%d")
        elif self.type == "moment":
            value = value.dt.strftime(MOMENT)
        return value.alias(self.name)

    def decoded(self) -> pl.Expr:
        """The property as the frame keeps it."""
        return decode(pl.col(self.name), self.type).alias(self.column)

    @property
    def dtype(self) -> pl.DataType:
        """The type of the property in a frame of store rows."""
        if self.type == "flag":
            return pl.Boolean()
        return pl.Int64() if self.type in UNITS else pl.String()


def decode(value: pl.Expr, kind: str) -> pl.Expr:
    if kind == "day":
        return value.cast(pl.String).str.to_date("%Y-%m-%d")
    if kind == "moment":
        return value.cast(pl.String).str.to_datetime(MOMENT, time_unit="us", time_zone=None)
    return value


@dataclass(frozen=True, slots=True)
class Kind:
    """Facts of one relationship type or node label. `start` and `end` are the columns at the arrow's ends."""

    stem: str
    label: str
    start: str = ""
    end: str = ""
    arrow: str = ""  # a node's relationship to its party
    relation: str = ""  # which kinship rows these are

    @property
    def query(self) -> str:
        """The name its query files share: `ingest/holds`, `snapshot/holds`."""
        return self.label.lower() if self.start else _snake(self.label)

    @property
    def is_node(self) -> bool:
        return not self.start

    @property
    def properties(self) -> tuple[Property, ...]:
        """Own and common columns, each with its property."""
        own = [c for c in FILES[self.stem].own if not (self.relation and c.name == "relation")]
        return tuple(Property(c.name, self._name(c), c.type) for c in (*own, *COMMON))

    def _name(self, column: Column) -> str:
        if column.type == "ref":
            ends = {self.start: "from_record", self.end: "to_record"}
            return ends.get(column.name, f"{column.name}_record")
        return property_name(column)


def property_name(column: Column) -> str:
    """The property that keeps a column, its unit in the name: `equity_millionths_of_percent`."""
    unit = UNITS.get(column.type, "")
    return f"{column.name.removesuffix('_percent')}{unit}" if column.type == "percent" else column.name + unit


def _snake(label: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in label).strip("_")


KINDS: Final = (
    Kind("holdings", "HOLDS", "holder", "company"),
    Kind("offices", "OFFICER_OF", "person", "company"),
    Kind("kinship", "PARENT_OF", "person", "relative", relation="parent_of"),
    Kind("kinship", "SPOUSE_OF", "person", "relative", relation="spouse_of"),
    Kind("agreements", "AGREES_WITH", "party", "with"),
    Kind("powers", "HAS_POWER_OVER", "holder", "company"),
    Kind("guarantees", "GUARANTEES", "from", "to"),
    Kind("payments", "PAYS", "from", "to"),
    Kind("trades", "TRADES_WITH", "from", "to"),
    Kind("credits", "Credit", end="client", arrow="GRANTED_TO"),
    Kind("branches", "Branch"),
    Kind("bank", "BankCapital"),
    Kind("limits", "Limit", end="head", arrow="SET_FOR"),
    Kind("decisions", "Decision"),
)
RECORD: Final = "Record"
CONTACTS: Final = {"phone": "Phone", "email": "Email", "address": "Address"}
# The record's columns: all of a party's but its id and the clear ID number.
RECORD_PROPERTIES: Final = tuple(
    Property(c.name, property_name(c), c.type)
    for c in FILES["parties"].columns
    if c.name not in {"id", "id_number"}
)
RECORD_EXTRAS: Final = {"stub": pl.Boolean(), HMAC: pl.String(), MASKED: pl.String(), SURE: pl.Boolean()}
# What a party shows of its records, for people who look at the graph and for finding it.
SHOWN: Final = (
    "kind",
    "name",
    "other_names",
    "former_names",
    "country",
    "region",
    "uscc",
    "lei",
    "registration_no",
    "client_no",
    "branch",
    "stub",
    MASKED,
)
PERSON: Final = "natural_person"
