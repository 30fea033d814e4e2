"""Whether people share homes in a set of records: asked of the set itself, before a home says who is who."""

from __future__ import annotations

from typing import Final

import numpy as np

from discovery.names.blocking import block_key, pairs_of
from discovery.names.person_match import NameLevel
from discovery.names.person_pairs import DIFFERS, MISSING, STOPS_AT, name_levels, numbers
from discovery.names.records import Records

ENOUGH: Final = 250  # pairs at one home with numbers on both sides, fewer of which show nothing
MOST: Final = 0.03  # share of them that may look like two people: slips look so too, households are most
FAR_TOO_MANY: Final = 0.25  # share of them with other numbers from which on names need not be asked


def own_homes(records: Records) -> bool:
    """Whether two records at one address are hardly ever two people.

    Two people have numbers that differ in more than a slip, and names of which a word or all differ. Where
    households are on record, half of the pairs at one home are such; where each home has one person, only
    those are in which both name and number were replaced.
    """
    left, right = pairs_of([block_key("address", records.address, STOPS_AT - 1)])
    said = numbers(records, left, right)
    known, other = int(np.count_nonzero(said != MISSING)), np.flatnonzero(said == DIFFERS)
    if known < ENOUGH or len(other) > FAR_TOO_MANY * known:
        return False
    names = name_levels(records, left[other], right[other])
    return int(np.count_nonzero(names <= NameLevel.PARTIAL)) <= MOST * known
