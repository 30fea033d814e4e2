"""why-not: the best total reached, what is missing, the nearest trigger."""

from __future__ import annotations

from typing import Any

import pytest
from oracles.worlds import DAY, Row, facts_of

from discovery.errors import UnknownParty
from discovery.groups.why_not import why_not
from discovery.policies import load_policy


def asked(controller: str, company: str, *, slug: str = "cbrc-2010", **rows: list[Row]) -> dict[str, Any]:
    return why_not(facts_of(rows), load_policy(slug), controller=controller, company=company, as_of=DAY)


def holding(holder: str, company: str, percent: str) -> Row:
    return {"holder": holder, "company": company, "equity_percent": percent}


def test_what_is_missing_by_shares() -> None:
    """A has 25 of X and its subsidiary 16: 41 reached, 9 missing, and the question near_control is raised."""
    holdings = [holding("A", "S", "60"), holding("S", "X", "16"), holding("A", "X", "25")]
    parties = [{"id": name, "kind": "enterprise_legal_person"} for name in "ASX"]
    answer = asked("A", "X", holdings=holdings, parties=parties)
    best, nearest = answer["best"], answer["nearest_trigger"]

    assert not answer["controlled"]
    assert (best["total"], best["threshold"], best["missing"]) == ("41", "50", "9")
    assert {share["by"] for share in best["contributions"]} == {"A", "S"}
    assert (nearest["reason"], nearest["raised"]) == ("near_control", True)


def test_seats_may_come_nearer_than_shares() -> None:
    """Ten of the votes and four of nine seats: the seats are the best ground, one is missing."""
    powers = [{"holder": "A", "company": "X", "kind": "appoints_seats", "amount": "4", "of": "9"}]
    best = asked("A", "X", holdings=[holding("A", "X", "10")], powers=powers)["best"]

    assert (best["basis"], best["total"], best["of"], best["missing"]) == ("B4", "4", "9", "1")


def test_who_controls_instead_and_who_does_control() -> None:
    """The answer names the controller, and says so if the party asked about is in control itself."""
    holdings = [holding("A", "X", "30"), holding("B", "X", "60")]
    parties = [{"id": name, "kind": "enterprise_legal_person"} for name in "ABX"]
    answer = asked("A", "X", holdings=holdings, parties=parties)

    assert [one["controller"]["parties"] for one in answer["controlled_by"]] == [["B"]]
    assert asked("B", "X", holdings=holdings, parties=parties)["controlled"]


def test_nobody_has_that_id() -> None:
    """An unknown party is an error with a remedy."""
    with pytest.raises(UnknownParty):
        asked("A", "nobody", holdings=[holding("A", "X", "30")])
