"""The groups and exemptions of a day before questions are asked."""

from __future__ import annotations

from typing import NamedTuple

from discovery.facts.graph import FactGraph
from discovery.groups.eligible import Eligible
from discovery.groups.formation import Formation
from discovery.groups.rulings import Ruling
from discovery.groups.state_owners import SetApart


class DayGroups(NamedTuple):
    """Who stands where: the day (with what decisions add to it), who is eligible, groups, exemptions.

    `apart`: state owners who are set apart, each with what stood before.
    """

    graph: FactGraph
    who: Eligible
    formation: Formation
    rulings: dict[int, Ruling]
    apart: list[SetApart]
