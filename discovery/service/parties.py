"""Who a person means: a party by its id, a record key, a client number, a USCC or an LEI."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

import polars as pl

from discovery.errors import UnknownParty, UsageError
from discovery.facts.day_parties import RECORD
from discovery.facts.facts import KEY, Facts
from discovery.facts.folder_versions import current
from discovery.facts.identifiers import mask_id_numbers
from discovery.facts.keys import party_id

SHOWN: Final = 20  # candidates and near ids that an error lists
_NEAR_AMONG: Final = 200_000  # ids that are compared for nearness


class AmbiguousParty(UsageError):
    """Several parties answer to that name."""


def resolve_party(facts: Facts, text: str) -> str:
    """The id of the party that `text` names.

    Tried in this order: party id, a former id, record key `source/id`, client number, USCC, LEI, then a
    name that is exactly this. Raises UnknownParty with the nearest, AmbiguousParty with all candidates.
    """
    wanted = text.strip()
    parties = current(facts["parties"])
    named = pl.lit(wanted)
    tests = {
        "id": pl.col("id") == named,
        "former id": pl.col("id") == pl.lit(_now(facts["parties"], wanted), pl.String),
        "record key": _record(parties, named),
        "client_no": pl.col("client_no") == named,
        "uscc": pl.col("uscc").str.to_uppercase() == wanted.upper(),
        "lei": pl.col("lei").str.to_uppercase() == wanted.upper(),
        "name": pl.col("name") == named,
    }
    wanted = mask_id_numbers(wanted)
    for what, test in tests.items():
        found = parties.filter(test).unique("id", maintain_order=True)
        if found.height == 1:
            return str(found["id"][0])
        if found.height:
            raise _ambiguous(wanted, what, found)
    raise _unknown(wanted, parties)


def _record(parties: pl.DataFrame, named: pl.Expr) -> pl.Expr:
    """Has the party that record key, smallest or not?"""
    smallest = pl.col(KEY) == named
    return smallest | (pl.col(RECORD) == named) if RECORD in parties.columns else smallest


def _now(parties: pl.DataFrame, wanted: str) -> str | None:
    """The id of the party that has the record by which a former party was named."""
    if RECORD not in parties.columns or not wanted.startswith("p_"):
        return None
    several = parties.filter(pl.col("id").is_duplicated()).select("id", RECORD).unique()
    return next((party for party, key in several.rows() if party_id(key) == wanted), None)


def _ambiguous(text: str, what: str, found: pl.DataFrame) -> AmbiguousParty:
    rows = found.select("id", KEY, "name").head(SHOWN).to_dicts()
    listed = "; ".join(_label(row) for row in rows)
    more = f"; and {found.height - SHOWN} more" if found.height > SHOWN else ""
    return AmbiguousParty(
        f"{found.height} parties have the {what} {text!r}: {listed}{more}.",
        remedy="Name one of them by its id.",
        candidates=rows,
        total=found.height,
        truncated=found.height > SHOWN,
    )


def _unknown(text: str, parties: pl.DataFrame) -> UnknownParty:
    holding = parties.filter(pl.col("name").str.contains(text, literal=True)).head(5) if text else parties[:0]
    rows = holding.select("id", KEY, "name").to_dicts()
    near = [_label(row) for row in rows]
    if not near:
        near = get_close_matches(text, parties["id"].head(_NEAR_AMONG).to_list(), n=3, cutoff=0.6)
    hint = f" Near: {'; '.join(near)}." if near else ""
    return UnknownParty(
        f"The facts hold no party {text!r}.",
        remedy="Give a party id, source/id, client number, USCC, LEI or the exact name." + hint,
        party=text,
        near=near,
    )


def _label(row: dict[str, str | None]) -> str:
    return mask_id_numbers(f"{row['id']} ({row['name']})" if row["name"] else str(row["id"]))
