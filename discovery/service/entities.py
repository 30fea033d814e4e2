"""Entities as callers describe them (the shape of yente's /match), read into records that can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import polars as pl

from discovery.errors import BadInput
from discovery.facts.findings import Finding
from discovery.facts.identifiers import mask_id_numbers
from discovery.graph.secrecy import hmac_key, keyed, sure
from discovery.names.files import name_findings, record_findings
from discovery.names.records import COLUMNS, KEYED, Kind

Document = Mapping[str, Any]
SCHEMAS: Final[dict[str, Kind]] = {
    "Company": "company",
    "Organization": "company",
    "LegalEntity": "company",
    "PublicBody": "company",
    "Person": "person",
}
CALLED: Final = {  # names of FollowTheMoney beside ours
    "name": "name",
    "alias": "other_names",
    "weakAlias": "other_names",
    "previousName": "former_names",
    "registrationNumber": "registration_no",
    "uscCode": "uscc",
    "leiCode": "lei",
    "idNumber": "id_number",
    "birthDate": "birth_date",
    "jurisdiction": "country",
    "nationality": "country",
    "clientNo": "client_no",
    **{name: name for name in (*COLUMNS[1:], "client_no", "kind", "is_private")},
}
LISTS: Final = frozenset({"other_names", "former_names"})
LONGEST: Final = 20_000  # characters of one value that are read at all
Relation = Literal["holders", "officers", "holdings"]
RELATIONS: Final[tuple[Relation, ...]] = ("holders", "officers", "holdings")


@dataclass(frozen=True)
class Entity:
    """One party as described: its kind, its values by column, what was odd about them."""

    kind: Kind
    values: dict[str, str]
    findings: tuple[Finding, ...] = ()
    party: str | None = None  # named as a party of the facts instead of described
    relations: dict[Relation, tuple[tuple[Entity, dict[str, Any]], ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.values.get("name", "")

    def frame(self) -> pl.DataFrame:
        """One row as the names room reads records; the ID number keyed."""
        row = {name: [self.values.get(name, "")] for name in COLUMNS if name not in {"id", "id_number"}}
        if len(row["name"][0]) > LONGEST_NAME:
            row["name"] = [""]
        frame = pl.DataFrame({"id": ["?"], **row, KEYED[0]: [None], KEYED[1]: [None]}, schema=_RECORD)
        if not self.values.get("id_number"):
            return frame
        number = pl.Series("n", [self.values["id_number"]], dtype=pl.String)
        return frame.with_columns(keyed(number, hmac_key()).alias(KEYED[0]), sure(number).alias(KEYED[1]))


_RECORD: Final = {
    **{name: pl.String() for name in COLUMNS if name != "id_number"},
    KEYED[0]: pl.String(),
    KEYED[1]: pl.Boolean(),
}
LONGEST_NAME: Final = 300


def read_entity(given: object, place: str, *, alone: bool = False) -> Entity:
    """An entity as described; BadInput names the place and what is allowed there.

    `alone`: without its relations, which nobody asks of the parties that another one is related to.
    """
    if not isinstance(given, Mapping):
        raise _wrong(place, "is no object", 'Write {"schema": "Company", "properties": {"name": ["..."]}}.')
    party = given.get("id")
    schema = given.get("schema", "Company")
    if not isinstance(schema, str) or schema not in SCHEMAS:
        raise _wrong(f"{place}.schema", "is not known", f"Say one of {', '.join(SCHEMAS)}.")
    properties = given.get("properties", {})
    if not isinstance(properties, Mapping):
        raise _wrong(f"{place}.properties", "is no object", 'Write {"name": ["..."], "uscCode": ["..."]}.')
    values, findings = _values(properties, place)
    kind = SCHEMAS[schema]
    entity = Entity(kind, values, (), str(party) if isinstance(party, str) and party.strip() else None)
    findings += _odd(entity, place)
    stated = () if alone else RELATIONS
    relations = {name: _related(given[name], f"{place}.{name}") for name in stated if given.get(name)}
    return Entity(kind, values, tuple(findings), entity.party, relations)


def _related(given: object, place: str) -> tuple[tuple[Entity, dict[str, Any]], ...]:
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) > 1_000:
        raise _wrong(place, "is no list of at most 1,000", "Write a list of objects.")
    found = []
    for number, one in enumerate(given):
        entity = read_entity(one, f"{place}[{number}]", alone=True)
        stated = {
            name: one[name]
            for name in ("role", "equity_percent", "voting_percent")
            if one.get(name) is not None
        }
        found.append((entity, stated))
    return tuple(found)


def _values(properties: Mapping[str, object], place: str) -> tuple[dict[str, str], list[Finding]]:
    values: dict[str, str] = {}
    findings: list[Finding] = []
    for called, given in properties.items():
        column = CALLED.get(called)
        if column is None:
            detail = mask_id_numbers(str(called)[:60])
            findings.append(Finding("column_ignored", "info", file=place, field=detail, detail=detail))
            continue
        texts = given if isinstance(given, Sequence) and not isinstance(given, str) else [given]
        clean = [text for one in texts if one is not None and (text := _clean(one, f"{place}.{called}"))]
        if not clean:
            continue
        if column == "name" and len(clean) > 1:
            values["other_names"] = _more(values.get("other_names"), clean[1:])
        if column in LISTS:
            values[column] = _more(values.get(column), clean)
        else:
            values.setdefault(column, clean[0])
    return values, findings


def _more(there: str | None, texts: Sequence[str]) -> str:
    return ";".join([*([there] if there else []), *texts])


def _clean(value: object, place: str) -> str:
    """A value as text, without control characters, in one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int):
        raise _wrong(place, "is neither text nor a list of texts", "Write values as text.")
    text = str(value)[:LONGEST]
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _odd(entity: Entity, place: str) -> list[Finding]:
    """What the names room finds odd about it; a party that is only named is not looked at."""
    if entity.party is not None and not entity.values:
        return []
    frame = pl.DataFrame({name: [entity.values.get(name, "")] for name in COLUMNS[1:]})
    found = [*name_findings(frame, "name", place), *record_findings(frame, place)]
    return [
        Finding(one.code, one.severity, file=place, field=one.field, detail=one.detail, remedy=one.remedy)
        for one in found
    ]


def _wrong(place: str, what: str, remedy: str) -> BadInput:
    return BadInput(f"{place} {what}.", remedy=remedy, field=place)
