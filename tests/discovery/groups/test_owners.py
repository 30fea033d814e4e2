"""Who stands behind a company: both methods beside each other, exact shares, the tests they meet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from acceptance.given import given

from discovery.errors import UnknownParty, UsageError
from discovery.facts.package import read_package
from discovery.service.answers import Asked
from discovery.service.owners import owner_lines, owners

DAY = date(2026, 6, 30)
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Write facts in the notation of the tables and ask who stands behind a party."""

    def asked(text: str, party: str, policy: str = "cbrc-2010", **options: Any) -> dict[str, Any]:
        package = read_package(given(text, tmp_path / "package"))
        package.raise_if_bad()
        return owners(package.facts, Asked(policy, DAY), party, **options)

    return asked


def owner(found: dict[str, Any], party: str) -> dict[str, Any]:
    """The one entry about a party."""
    (one,) = [one for one in found["owners"] if one["party"] == party]
    return one


def test_both_methods_are_told_and_where_they_differ(ask: Ask):
    """F1 seen from X: 55 by control chain, 30 + 0.6 x 25 = 45 multiplied; control rests on the first."""
    found = ask("A -30-> X; A -60-> S; S -25-> X", "X", threshold="50")

    share = owner(found, "A")["shares"]["equity"]
    assert ({"share": "45"}, "55") == (share["multiply"], share["control_chain"])
    assert ["method_sensitive"] == owner(found, "A")["flags"]
    assert [["A"]] == [one["parties"] for one in found["controllers"]]
    assert ["method_sensitive"] == found["controllers"][0]["flags"]


def test_the_ways_down_are_told_with_their_facts(ask: Ask):
    """Two ways from p, the heavier first, each hop with the holding it is."""
    found = ask("p -40-> X; p -50-> S; S -30-> X", "X")

    paths = owner(found, "p")["paths"]
    assert [(["p", "X"], "40"), (["p", "S", "X"], "15")] == [(one["parties"], one["share"]) for one in paths]
    assert [1, 2] == [len(one["facts"]) for one in paths]
    assert all(fact.startswith("holding_") for one in paths for hop in one["facts"] for fact in hop)


def test_a_circle_is_solved_and_rounded_outward(ask: Ask):
    """F2: p has 0.35 / 0.868 of A, between 40.32258 and 40.322581, exactly 1250/31 percent."""
    found = ask("A -60-> B; B -55-> C; C -40-> A; p -35-> A", "A")

    shown = owner(found, "p")["shares"]["equity"]["multiply"]
    assert {"share": "40.32258", "upper": "40.322581", "fraction": "1250/31"} == shown
    assert "circular_votes" in found["flags"]


def test_spouses_control_together_and_own_each_their_own(ask: Ask):
    """F4: the control chain knows the family, the shares are each person's."""
    found = ask("h -30-> X; w -25-> X; h ~ w", "X")

    assert [["h", "w"], ["w", "h"]] == [one["parties"] for one in found["controllers"]]
    assert {"h": "30", "w": "25"} == {
        one["party"]: one["shares"]["voting"]["multiply"]["share"] for one in found["owners"]
    }


def test_votes_follow_the_agreement_and_equity_does_not(ask: Ask):
    """p votes q's 30 too: 50 of the votes, 20 of the equity."""
    found = ask("p -20-> X; q -30-> X; p & q concert in X led by p", "X")

    shares = owner(found, "p")["shares"]
    assert ("20", "50") == (shares["equity"]["multiply"]["share"], shares["voting"]["multiply"]["share"])


def test_who_controls_without_a_share_is_listed(ask: Ask):
    """A contract gives p power over O: nothing is owned, the test of control is met."""
    found = ask("p =contract=> O", "O")

    assert ("OWNER", ["control"]) == (
        owner(found, "p")["outcome"],
        [one["test"] for one in owner(found, "p")["meets"]],
    )


def test_an_organisation_at_the_end_is_no_beneficial_owner(ask: Ask):
    """Above F nothing is on file: it is said where the way ends, and nobody is made up."""
    found = ask("F -100-> X", "X")

    assert ("END", False) == (owner(found, "F")["outcome"], owner(found, "F")["person"])


def test_a_company_of_which_nothing_is_known_has_no_owners(ask: Ask):
    """Nobody, and the coverage says that nothing is on file."""
    found = ask("A -30-> X", "A")

    assert ([], [], "0") == (found["owners"], found["controllers"], found["coverage"]["equity"])


def test_a_long_list_is_cut_and_counted(ask: Ask):
    """Twelve small holders, five shown, the largest first."""
    found = ask("; ".join(f"p{n} -{n}-> X" for n in range(1, 13)), "X", limit=5)

    assert (12, 5, True) == (found["total"], found["returned"], found["truncated"])
    assert "p12" == found["owners"][0]["party"]


@pytest.mark.parametrize("threshold", ["-1", "101", "a quarter", "33.3333333"])
def test_a_threshold_that_is_no_percentage_is_refused(ask: Ask, threshold: str):
    """Told before anything is computed."""
    with pytest.raises(UsageError, match="is no percentage"):
        ask("p -40-> X", "X", threshold=threshold)


def test_nobody_owns_a_person(ask: Ask):
    """A natural person, and an id that nobody has, are errors of the question."""
    with pytest.raises(UsageError, match="natural person"):
        ask("p -40-> X", "p")


def test_an_unknown_party_is_told(ask: Ask):
    """With its name."""
    with pytest.raises(UnknownParty, match="'Q'"):
        ask("p -40-> X", "Q")


@pytest.mark.parametrize(("language", "word"), [("zh", "控制链"), ("en", "control chain")])
def test_the_answer_reads_in_both_languages(ask: Ask, language: Any, word: str):
    """Every owner with both shares."""
    lines = list(owner_lines(ask("A -30-> X; A -60-> S; S -25-> X", "X"), language))

    assert any("45%" in line and "55%" in line for line in lines)
    assert any(word in line for line in lines)
