"""People's records: the keys under which two may be one person, and what forbids it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.names.answers import Part
from discovery.names.blocking import BlockKey, block_key, combined
from discovery.names.decisions import BINDS, FORBIDS, NEUTRAL, STRAINS, Pairs
from discovery.names.forms import NO_DAY
from discovery.names.homes import homes_of, homes_with, own_homes
from discovery.names.person import parse_person
from discovery.names.person_match import NameLevel
from discovery.names.person_pairs import (
    DIFFERS,
    EQUAL,
    NEAR,
    at_own_home,
    compare_people,
    explain,
    person_levels,
)
from discovery.names.records import Keys, Records, Rows, hashed
from discovery.names.sharing import Sharing, measure


class PersonJudge:
    """Judges pairs of people. A name alone never makes a merge."""

    def keys(self, records: Records) -> tuple[Keys, list[BlockKey]]:
        full = self._names(records)
        return full, self._blocks(records, full)

    def _names(self, records: Records) -> Keys:
        return hashed(pl.Series([parse_person(names[0]).key for names in records.names], dtype=pl.String))

    def _blocks(self, records: Records, full: Keys) -> list[BlockKey]:
        rows, short = _short_keys(records)
        birth = np.where(records.birth == NO_DAY, 0, records.birth).astype(np.uint64)
        birth *= np.uint64(0x9E3779B97F4A7C15)
        lives = records.address_text
        numbers = hashed(lives.str.replace_all(r"[^0-9]", ""))
        street = hashed(lives.str.extract(r"([a-z]{8})").fill_null(""))
        words, word_keys = _words(records)
        return [
            block_key("main_id", records.main_id, 50),
            block_key("registration", records.registration, 50),
            block_key("phone", records.phone, 50),
            block_key("email", records.email, 50),
            block_key("address", records.address, 50),
            block_key("birth", birth, 12),
            block_key("phone_name", combined(records.phone[rows], short), 200, rows),
            block_key("email_name", combined(records.email[rows], short), 200, rows),
            block_key("address_name", combined(records.address[rows], short), 200, rows),
            block_key("numbers_name", combined(numbers[rows], short), 60, rows),
            block_key("street_name", combined(street[rows], short), 60, rows),
            block_key("birth_name", combined(birth[rows], short), 100, rows),
            block_key("employer_name", combined(records.employer[rows], short), 60, rows),
            block_key("name", full, 30),
            block_key("word", word_keys, 20, words),
        ]

    def measure(self, records: Records, names: Keys) -> Sharing:
        homes = homes_of(records)
        return replace(measure(records, names), own_homes=own_homes(homes), homes=homes)

    def own_homes(self, records: Records, sharing: Sharing, new: Records) -> bool:
        return own_homes(homes_with(sharing.homes, records, new))

    def compare(self, records: Records, sharing: Sharing, left: Rows, right: Rows) -> Pairs:
        return compare_people(records, sharing, left, right)

    def tensions(self, records: Records, sharing: Sharing, left: Rows, right: Rows) -> npt.NDArray[np.int8]:
        levels = person_levels(records, left, right)
        other_id = levels.main_id == DIFFERS
        binds = (levels.main_id >= NEAR) | (levels.registration >= NEAR)
        binds |= at_own_home(levels, sharing, left, right)
        binds |= (levels.birth == EQUAL) | ((levels.birth == NEAR) & ~other_id)
        strains = (levels.birth == DIFFERS) | (levels.name == NameLevel.DIFFERENT)
        strains |= other_id & (levels.birth == NEAR)
        said = np.where(levels.vetoed, FORBIDS, np.where(binds, BINDS, np.where(strains, STRAINS, NEUTRAL)))
        return said.astype(np.int8)

    def explain(self, records: Records, pairs: Pairs, at: int) -> tuple[Part, ...]:
        return explain(records, pairs, at)


def _words(records: Records) -> tuple[Rows, Keys]:
    """Rows and keys of the longer words of Latin names."""
    found = [
        (row, word)
        for row, names in enumerate(records.names)
        for word in dict.fromkeys(word for name in names for word in parse_person(name).words)
        if len(word) > 3
    ]
    return np.array([row for row, _ in found], np.int64), hashed(
        pl.Series([word for _, word in found], dtype=pl.String)
    )


def _short_keys(records: Records) -> tuple[Rows, Keys]:
    """Rows and their keys of first letters; one row for each way of spelling each name."""
    rows: list[int] = []
    keys: list[str] = []
    for row, names in enumerate(records.names):
        for key in {key for name in names for key in parse_person(name).short_keys}:
            rows.append(row)
            keys.append(key)
    return np.array(rows, np.int64), hashed(pl.Series(keys, dtype=pl.String))
