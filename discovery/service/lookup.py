"""Finding a party among millions while somebody waits, and what may be shown of it.

ID numbers are never shown in clear: a person's are masked wherever they stand, also inside a name.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, Final

import polars as pl

from discovery.errors import UnknownParty
from discovery.facts.day_parties import CODE_COLUMNS, CODES, RECORDS
from discovery.facts.facts import KEY
from discovery.facts.graph import PERSON, FactGraph
from discovery.facts.identifiers import mask, mask_id_numbers
from discovery.facts.schema import FILES, PARTY_KINDS
from discovery.service.parties import AmbiguousParty

LOOKED_UP: Final = ("id", "client_no", "uscc", "lei", "name")  # what a search may ask by
SHOWN_CANDIDATES: Final = 10
_UPPER: Final = frozenset({"uscc", "lei"})  # identifiers without regard to the case of their letters
_HIDDEN: Final = frozenset({"id_number", "birth_date", "phone", "email", "address"})
_CODES: Final = frozenset({"uscc", "lei", "registration_no", "client_no"})  # may be digits alone
_CARD: Final = tuple(
    column.name
    for column in FILES["parties"].columns
    if column.name not in _HIDDEN | {"id", "kind", "valid_from", "valid_to", "supersedes", "recorded_at"}
)


def party_number(graph: FactGraph, text: str) -> int:
    """The number of the party with that id or record key, else that client number, USCC or LEI.

    The order and the meaning of `resolve_party`, without its search for near names. An id always means
    that party, since answers name parties by id. UnknownParty, or AmbiguousParty with the candidates.
    """
    text = text.strip()
    number = graph.parties.number.get(text)
    if number is None:
        number = graph.parties.former.get(text)
    if number is None:
        number = _by_record_key(graph, text)
    if number is not None:
        return number
    for column in ("client_no", "uscc", "lei"):
        found = numbers_by(graph, column, text)
        if len(found) > 1:
            raise _ambiguous(graph, column, found)
        if found:
            return found[0]
    raise UnknownParty(
        f"The facts hold no party {mask_id_numbers(text)!r}.",
        remedy="Give a party id, a record key (source/id), a client number, a USCC or an LEI.",
        party=mask_id_numbers(text),
    )


def numbers_by(graph: FactGraph, column: str, value: str) -> list[int]:
    """The numbers of all parties with exactly that value in the column, in the order of record keys."""
    if column == "id":
        number = graph.parties.number.get(value, graph.parties.former.get(value))
        return [] if number is None else [number]
    named = pl.col(column) == value
    if column in _UPPER:
        named = pl.col(column).is_in({value, value.upper(), value.lower()})
    if column in CODE_COLUMNS and CODES in graph.parties.frame.columns:
        others = pl.col(CODES).list.set_intersection([f"{column}={one}" for one in _spellings(column, value)])
        named |= pl.col(CODES).is_not_null() & (others.list.len() > 0)
    return graph.parties.frame.select(pl.arg_where(named)).to_series().to_list()


def _spellings(column: str, value: str) -> list[str]:
    return [value, value.upper(), value.lower()] if column in _UPPER else [value]


def parties_by(graph: FactGraph, column: str, value: str, *, limit: int, offset: int) -> dict[str, Any]:
    """A page of the parties with that value, with their number in all."""
    found = numbers_by(graph, column, value)
    listed = found[offset : offset + limit]
    return {
        "total": len(found),
        "returned": len(listed),
        "truncated": len(listed) < len(found),
        "limit": limit,
        "offset": offset,
        "parties": [party_card(graph, number) for number in listed],
    }


def one_party(graph: FactGraph, text: str) -> dict[str, Any]:
    """The card of the party that the text names."""
    return party_card(graph, party_number(graph, text))


def _by_record_key(graph: FactGraph, text: str) -> int | None:
    keys = graph.parties.keys
    place = bisect_left(keys, text)  # parties are numbered in the order of their keys
    if place < len(keys) and keys[place] == text:
        return place
    if RECORDS not in graph.parties.frame.columns or "/" not in text:
        return None
    ids = graph.parties.frame.filter(pl.col(RECORDS).list.contains(text))["id"]
    return graph.parties.number.get(ids[0]) if len(ids) else None


def _ambiguous(graph: FactGraph, column: str, found: list[int]) -> AmbiguousParty:
    ids = [graph.parties.ids[number] for number in found[:SHOWN_CANDIDATES]]
    return AmbiguousParty(
        f"{len(found)} parties have this {column}.",
        remedy="Name one of them by its id.",
        candidates=ids,
        total=len(found),
        truncated=len(found) > len(ids),
    )


def party_card(graph: FactGraph, number: int) -> dict[str, Any]:
    """What may be shown of a party: the bank's and public marks, the ID number masked, no contact data."""
    parties = graph.parties
    row = parties.frame.row(number, named=True)
    person = int(parties.kind[number]) == PERSON
    stated = {name: _shown(name, row[name], person=person) for name in _CARD}
    masked = row.get("id_number_masked") or (mask(row["id_number"]) if row["id_number"] else None)
    return {
        "id": parties.ids[number],
        "record_key": mask_id_numbers(row[KEY]) if person else row[KEY],
        "kind": PARTY_KINDS[parties.kind[number]],
        "kind_assumed": bool(parties.kind_assumed[number]),
        "stub": bool(parties.stub[number]),
        "client": bool(parties.client[number]),
        "id_number_masked": masked,
        **stated,
    }


def shown(text: str) -> str:
    """A text without the ID numbers that someone may have written into it."""
    return mask_id_numbers(text)


def _shown(name: str, value: Any, *, person: bool) -> Any:
    if isinstance(value, str):
        return value if name in _CODES and not person else mask_id_numbers(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
