"""Whether people share homes in a set of records: asked of the set itself, before a home says who is who."""

from __future__ import annotations

from typing import Final

import numpy as np

from discovery.names.blocking import block_key, pairs_of
from discovery.names.person_match import NameLevel
from discovery.names.person_pairs import DIFFERS, MISSING, STOPS_AT, name_levels, numbers
from discovery.names.records import Records
from discovery.names.sharing import Homes

ENOUGH: Final = 250  # pairs at one home with numbers on both sides, fewer of which show nothing
MOST: Final = 0.03  # share of them that may look like two people: slips look so too, households are most
FAR_TOO_MANY: Final = 0.25  # share of them with other numbers from which on names need not be asked


ONE_RECORD: Final = (STOPS_AT - 1) * STOPS_AT // 2  # pairs that one more record can add or take away, at most


def homes_of(records: Records) -> Homes:
    """The pairs at one address, as long as not too many stand there."""
    left, right = pairs_of([block_key("address", records.address, STOPS_AT - 1)])
    said = numbers(records, left, right)
    known, other = int(np.count_nonzero(said != MISSING)), np.flatnonzero(said == DIFFERS)
    if len(other) - ONE_RECORD > FAR_TOO_MANY * (known + ONE_RECORD):
        return Homes(known, len(other), -1)
    names = name_levels(records, left[other], right[other])
    return Homes(known, len(other), int(np.count_nonzero(names <= NameLevel.PARTIAL)))


def homes_with(homes: Homes, records: Records, new: Records) -> Homes:
    """The same as if the one new record stood among the records that the homes are of."""
    there = np.flatnonzero(records.address == new.address[0])
    if not new.address[0] or not 0 < len(there) < STOPS_AT:
        return homes
    before = records.take(there)
    less, more = homes_of(before), homes_of(before.append(new))
    two = -1 if homes.two < 0 else homes.two - less.two + more.two
    return Homes(homes.known - less.known + more.known, homes.other - less.other + more.other, two)


def own_homes(homes: Homes) -> bool:
    """Whether two records at one address are hardly ever two people.

    Two people have numbers that differ in more than a slip, and names of which a word or all differ. Where
    households are on record, half of the pairs at one home are such; where each home has one person, only
    those are in which both name and number were replaced.
    """
    if homes.known < ENOUGH or homes.other > FAR_TOO_MANY * homes.known:
        return False
    return 0 <= homes.two <= MOST * homes.known
