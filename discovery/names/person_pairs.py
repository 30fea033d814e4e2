"""Pairs of people's records: levels of agreement, points, decision; whole columns of pairs at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from discovery.names.addresses import alike_addresses
from discovery.names.answers import Part, State
from discovery.names.decisions import APART, MERGE, REVIEW, Pairs
from discovery.names.forms import NO_DAY
from discovery.names.person_match import NameLevel, name_level
from discovery.names.records import Keys, Records, Rows
from discovery.names.sharing import Sharing

Levels = npt.NDArray[np.int8]
MISSING, DIFFERS, NEAR, EQUAL = 0, 1, 2, 3

# Points are tenths of a bit of evidence for (or against) one and the same person.
PRIOR: Final = -150
NAME_POINTS: Final = np.array([-20, -120, -10, 60, 75, 45, 80, 95, 110])
MAIN_ID_POINTS: Final = np.array([0, -60, 70, 250])
BIRTH_POINTS: Final = np.array([0, -70, 65, 135])
PHONE_POINTS: Final = np.array([0, -15, 40, 120])
EMAIL_POINTS: Final = np.array([0, -5, 30, 120])
ADDRESS_POINTS: Final = np.array([0, -12, 85, 100])
EMPLOYER_POINTS: Final = np.array([0, -10, 0, 45])
REGISTRATION_POINTS: Final = np.array([0, -5, 70, 200])
OWN_HOME_POINTS: Final = 150  # more for an address where every home has one person
SHARED_AT: Final = 2  # names behind one value from which on it counts less, by 30 points a doubling
STOPS_AT: Final = 8  # names behind one value from which on it corroborates nothing
MERGE_POINTS: Final = 40
EVEN_AT: Final = -20  # points at which half of the pairs are true
STEEPNESS: Final = 0.08
REVIEW_POINTS: Final = -80  # a rare name and nothing against it is a question worth asking


@dataclass(frozen=True)
class PersonLevels:
    """Levels of agreement of pairs, one array a part."""

    name: Levels
    main_id: Levels
    registration: Levels
    birth: Levels
    phone: Levels
    email: Levels
    address: Levels
    employer: Levels
    vetoed: npt.NDArray[np.bool_]


def compare_people(records: Records, sharing: Sharing, left: Rows, right: Rows) -> Pairs:
    """Decide pairs of rows. The answer for a pair does not depend on its order or its company."""
    levels = person_levels(records, left, right)
    return _decided(levels, sharing, left, right)


def person_levels(records: Records, left: Rows, right: Rows) -> PersonLevels:
    """How far each part of each pair agrees."""
    name, birth = name_levels(records, left, right), _births(records.birth[left], records.birth[right])
    main_id, registration = (_equality(keys, left, right) for keys in (records.main_id, records.registration))
    vetoed = (main_id == DIFFERS) & records.sure_id[left] & records.sure_id[right]
    maybe = (name >= NameLevel.PARTIAL) | (main_id == EQUAL) | (registration == EQUAL) | (birth == EQUAL)
    _see_slips(main_id, records.main_id_text, (left, right), maybe & ~vetoed, name)
    _see_slips(registration, records.registration_text, (left, right), maybe, name)
    maybe |= (main_id == NEAR) | (registration == NEAR)
    address = _equality(records.address, left, right)
    place = records.address_place
    either = (place[left] == 0) | (place[right] == 0) | (place[left] == place[right])
    address[alike_addresses(records, left, right, (address == DIFFERS) & maybe & either)] = NEAR
    return PersonLevels(
        name=name,
        main_id=main_id,
        registration=registration,
        birth=birth,
        phone=_equality(records.phone, left, right),
        email=_equality(records.email, left, right),
        address=address,
        employer=_equality(records.employer, left, right),
        vetoed=vetoed,
    )


def _equality(keys: Keys, left: Rows, right: Rows) -> Levels:
    a, b = keys[left], keys[right]
    return np.where((a == 0) | (b == 0), MISSING, np.where(a == b, EQUAL, DIFFERS)).astype(np.int8)


def numbers(records: Records, left: Rows, right: Rows) -> Levels:
    """How far the numbers of pairs agree: ID numbers where both have one, else other registration numbers."""
    main_id, registration = (_equality(keys, left, right) for keys in (records.main_id, records.registration))
    everywhere, alike = np.ones(len(left), np.bool_), np.full(len(left), NameLevel.SAME)
    _see_slips(main_id, records.main_id_text, (left, right), everywhere, alike)
    _see_slips(registration, records.registration_text, (left, right), everywhere, alike)
    return np.where(main_id == MISSING, registration, main_id)


def name_levels(records: Records, left: Rows, right: Rows) -> Levels:
    """The best level of any name of one with any of the other; each pair of names is looked at once."""
    left_set, right_set = records.name_set[left], records.name_set[right]
    both = (np.minimum(left_set, right_set) * np.uint64(0x9E3779B97F4A7C15)) ^ np.maximum(left_set, right_set)
    _, first, place = np.unique(both, return_index=True, return_inverse=True)
    levels = np.empty(len(first), np.int8)
    names = records.names
    for at, (i, j) in enumerate(zip(left[first].tolist(), right[first].tolist(), strict=True)):
        one, other = names[i], names[j]
        if len(one) == len(other) == 1:
            levels[at] = name_level(one[0], other[0])
        else:
            levels[at] = max(name_level(x, y) for x in one for y in other)
    return levels[place]


def _see_slips(
    levels: Levels, texts: pl.Series, pairs: tuple[Rows, Rows], wanted: npt.NDArray[np.bool_], name: Levels
) -> None:
    """Make the wanted levels NEAR, in place, whose numbers differ by two slips of the pen at most.

    Beside names that do not agree, numbers that differ at their end alone are no slip: brothers and sisters
    are registered one after the other.
    """
    at = np.flatnonzero(wanted & (levels == DIFFERS))
    one, other = (texts.gather(rows[at]).to_list() for rows in pairs)
    apart = process.cpdist(one, other, scorer=DamerauLevenshtein.distance, score_cutoff=2, dtype=np.int32)
    for n in np.flatnonzero(apart <= 2).tolist():
        if name[at[n]] > NameLevel.PARTIAL or one[n][:-2] != other[n][:-2]:
            levels[at[n]] = NEAR


def _births(a: npt.NDArray[np.int32], b: npt.NDArray[np.int32]) -> Levels:
    """Near: one of year, month and day amiss, a year apart, or month and day exchanged."""
    years, months, days = (a // 10_000, b // 10_000), (a // 100 % 100, b // 100 % 100), (a % 100, b % 100)
    same = [x == y for x, y in (years, months, days)]
    swapped = same[0] & (months[0] == days[1]) & (days[0] == months[1])
    one_off = (same[0].astype(np.int8) + same[1] + same[2]) == 2
    near_year = same[1] & same[2] & ((np.abs(years[0] - years[1]) == 1) | _one_digit(*years))
    near = swapped | (one_off & (same[0] | near_year))
    level = np.where(a == b, EQUAL, np.where(near, NEAR, DIFFERS))
    return np.where((a == NO_DAY) | (b == NO_DAY), MISSING, level).astype(np.int8)


def _one_digit(a: npt.NDArray[np.int32], b: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    different = sum(((a // power % 10) != (b // power % 10)).astype(np.int8) for power in (1, 10, 100, 1000))
    turned = (a // 100 == b // 100) & (a % 10 == b // 10 % 10) & (b % 10 == a // 10 % 10)
    return np.asarray((different == 1) | turned)


def _decided(levels: PersonLevels, sharing: Sharing, left: Rows, right: Rows) -> Pairs:
    phone, counts_phone = _shared(PHONE_POINTS, levels.phone, sharing.pair("phone", left, right))
    email, counts_email = _shared(EMAIL_POINTS, levels.email, sharing.pair("email", left, right))
    address, counts_address = _shared(ADDRESS_POINTS, levels.address, sharing.pair("address", left, right))
    points = PRIOR + NAME_POINTS[levels.name] + MAIN_ID_POINTS[levels.main_id] + BIRTH_POINTS[levels.birth]
    points = points + phone + email + address + EMPLOYER_POINTS[levels.employer]
    points = points + REGISTRATION_POINTS[levels.registration]
    home = at_own_home(levels, sharing, left, right)
    points = points + OWN_HOME_POINTS * home
    own_number = (levels.main_id == EQUAL) & (sharing.pair("main_id", left, right) < STOPS_AT)
    known_id = own_number | (levels.registration == EQUAL) | home
    contacts = counts_phone.astype(np.int8) + counts_email + counts_address
    works = levels.employer == EQUAL
    born, nearly = levels.birth == EQUAL, levels.birth == NEAR
    strong, weak = levels.name >= NameLevel.SOUND, levels.name >= NameLevel.TYPO
    spelt = levels.name >= NameLevel.SPELT
    near_id = (levels.main_id == NEAR) | (levels.registration == NEAR)
    unborn = levels.birth == MISSING
    partly, lives = levels.name >= NameLevel.PARTIAL, levels.address >= NEAR
    enough = weak & known_id
    enough |= partly & known_id & (born | nearly | lives | counts_phone)
    enough |= weak & born & (contacts + works + (lives & ~counts_address) >= 1)
    enough |= weak & near_id & (born | nearly | lives)
    enough |= partly & near_id & born & lives
    enough |= (levels.name == NameLevel.GIVEN) & born & (lives | counts_phone | counts_email)
    renamed = known_id & born & lives & (levels.name <= NameLevel.DIFFERENT)
    renamed |= (
        home & (levels.main_id != DIFFERS) & ((levels.main_id == EQUAL) | (levels.registration == EQUAL))
    )
    enough |= renamed
    moved = (levels.phone == DIFFERS) | (levels.address == DIFFERS)
    enough |= strong & nearly & (lives | (contacts >= 1) | works & ~moved)
    enough |= unborn & weak & counts_phone & works
    enough |= unborn & (spelt & (contacts + works >= 2) | strong & (contacts + works >= 3))
    elsewhere = (levels.phone == DIFFERS) | (levels.employer == DIFFERS)
    only_home = contacts + works <= counts_address
    # one home and one birth date, but other phones: a twin with the same initials
    enough &= known_id | (levels.name != NameLevel.INITIALS) | ~(only_home & elsewhere)
    one_name = (levels.name >= NameLevel.GIVEN) & (levels.name != NameLevel.INITIALS)
    enough &= (levels.main_id != DIFFERS) | home | (one_name & lives & (born | (spelt & nearly)))
    decision = np.where(
        enough & (points >= MERGE_POINTS), MERGE, np.where(points >= REVIEW_POINTS, REVIEW, APART)
    )
    unnamed = (levels.name <= NameLevel.DIFFERENT) & ~renamed
    decision = np.where(unnamed, np.where(known_id, REVIEW, APART), decision)
    decision = np.where(levels.vetoed, APART, decision).astype(np.int8)
    return Pairs(left, right, chances(points), decision, levels.vetoed, points.astype(np.int32), levels)


def at_own_home(levels: PersonLevels, sharing: Sharing, left: Rows, right: Rows) -> npt.NDArray[np.bool_]:
    """Pairs at one address that is as good as a number, since nobody shares a home in these records.

    Not those that differ as twins do: in number and name, the rest to the letter.
    """
    if not sharing.own_homes:
        return np.zeros(len(left), np.bool_)
    other_number = (levels.main_id == DIFFERS) | (levels.registration == DIFFERS)
    twins = (levels.address == EQUAL) & (levels.birth == EQUAL) & other_number
    twins &= levels.name <= NameLevel.PARTIAL
    found = (levels.address >= NEAR) & ~twins & (sharing.pair("address", left, right) < STOPS_AT)
    return np.asarray(found)


def _shared(
    points: npt.NDArray[np.int64], level: Levels, holders: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Points of a contact point, fewer the more names share it; and whether it corroborates at all."""
    found = points[level]
    many = np.log2(np.maximum(holders, SHARED_AT) / SHARED_AT)
    less = np.where(level == EQUAL, (30 * many).astype(np.int64), 0)
    return np.where(level == EQUAL, np.maximum(found - less, 0), found), (level == EQUAL) & (
        holders < STOPS_AT
    )


def chances(points: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """Thousandths of certainty for points of evidence: the share of true pairs among pairs of such points.

    Slope and middle were fitted to 20,000 generated people of another seed than those measured.
    """
    odds = np.exp(STEEPNESS * (np.clip(points, -300, 300) - EVEN_AT))
    return np.asarray(np.rint(1000 * odds / (1 + odds)).astype(np.int32))


_STATES: Final[dict[int, State]] = {
    MISSING: "missing",
    DIFFERS: "unmatched",
    NEAR: "similar",
    EQUAL: "matched",
}
PART_NAMES: Final = ("main_id", "registration", "birth", "phone", "email", "address", "employer")
_CALLED: Final = {"main_id": "id_number", "registration": "registration_no", "birth": "birth_date"}


def explain(records: Records, pairs: Pairs, at: int) -> tuple[Part, ...]:
    """Why pair `at` was decided so; which written name hit which, never a value of an identifier."""
    levels = pairs.levels
    assert isinstance(levels, PersonLevels)  # noqa: S101  pairs of people carry levels of people
    a, b = records.names[int(pairs.left[at])], records.names[int(pairs.right[at])]
    _, left, right = max((name_level(x, y), x, y) for x in a for y in b)
    level = NameLevel(int(levels.name[at]))
    state: State = (
        "matched" if level >= NameLevel.SPELT else "similar" if level >= NameLevel.PARTIAL else "unmatched"
    )
    parts = [Part(f"name/{level.name.lower()}", state if level else "missing", left[:60], right[:60])]
    for name in PART_NAMES:
        value = int(getattr(levels, name)[at])
        if value != MISSING:
            vetoed = name == "main_id" and bool(levels.vetoed[at])
            parts.append(Part(_CALLED.get(name, name), "vetoed" if vetoed else _STATES[value]))
    return tuple(parts)
