"""Groups and exemptions before questions are asked."""

from __future__ import annotations

from typing import NamedTuple

from discovery.facts.graph import FactGraph
from discovery.groups.eligible import Eligible
from discovery.groups.exemptions import Ruling
from discovery.groups.formation import Formation


class Formed(NamedTuple):
    """Who stands where: the day (with what decisions add to it), who is eligible, groups, exemptions.

    `apart`: what stood before state owners were set apart, and their exemptions by party number.
    """

    graph: FactGraph
    who: Eligible
    formation: Formation
    rulings: dict[int, Ruling]
    apart: tuple[Formation, dict[int, Ruling]] | None
