"""Decisions written into a real store: once, whole, known from then on, the same as in a folder."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from discovery.errors import BadInput, UnknownPolicy
from discovery.evidence.checker import check
from discovery.facts.facts import Facts
from discovery.facts.package import read_package
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.groups import discover
from discovery.policies import load_policy
from discovery.service.decisions import Decision, record
from discovery.service.same import differences, record_keys
from discovery.service.stored import store_facts
from tests.packages import FAMILY, write

DAY = date(2026, 6, 30)
POLICY = load_policy("cbrc-2010")


def answered(facts: Facts, **more: object) -> dict:
    return discover(facts, POLICY, as_of=DAY, **more).document()


def test_folder_and_store_give_the_same_answer_with_decisions(tmp_path: Path, graph: Graph) -> None:
    """Accepted, rejected, tied together: parties by the file's ids are found in the store too."""
    near = FAMILY | {"holdings": FAMILY["holdings"] + "A,N,45,45\n"}
    folder = write(tmp_path / "family", near)
    plain = answered(read_package(folder).facts)
    rows = ["outcome_key,decision,policy,parties,article,by,reason,until"]
    rows += [f"{one['key']},accept,cbrc-2010,,3(1),wang,seen," for one in plain["review"][:1]]
    rows += [f"{plain['groups'][0]['id']},reject,cbrc-2010,X,,li,independent,2027-01-01"]
    rows += [",group,cbrc-2010,B;family/Z;nobody,3(4),zhao,one owner,2026-12-31"]
    write(folder, {"decisions": "\n".join(rows)})
    facts = read_package(folder).facts
    load(graph, facts, source="family", name="family")
    of_folder, of_store = answered(facts), answered(store_facts(graph))

    assert [] == differences(of_folder, record_keys(facts), of_store, record_keys(store_facts(graph)))
    assert {"accept", "reject", "group"} == {one["decision"] for one in of_store["decisions"]}
    assert {"applied"} == {one["status"] for one in of_store["decisions"]}
    assert [] == [str(fault) for fault in check(of_store, store_facts(graph), POLICY, as_of=DAY)]


def test_a_decision_is_one_fact_and_known_from_its_recording(tmp_path: Path, graph: Graph) -> None:
    """Recorded twice it is one fact; as known before, the group still has the member."""
    folder = write(tmp_path / "family", FAMILY)
    load(graph, read_package(folder).facts, source="family", name="f", at=datetime(2026, 1, 1, tzinfo=UTC))
    group = answered(store_facts(graph))["groups"][0]
    moment = datetime.now(UTC).replace(tzinfo=None)
    said = {
        "decision": "reject",
        "outcome_key": group["id"],
        "policy": "cbrc-2010",
        "by": "li",
        "reason": "no",
    }
    fact = record(graph, **said)
    after = answered(store_facts(graph))

    assert fact == record(graph, **said)
    assert [fact] == [one["fact"] for one in after["decisions"]]
    assert group["id"] not in [one["id"] for one in after["groups"]]
    earlier = answered(store_facts(graph, moment), known_at=moment)
    assert group["id"] in [one["id"] for one in earlier["groups"]]
    assert [] == earlier["decisions"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"outcome_key": "o_1"}, "no key of an outcome"),
        ({"outcome_key": None}, "outcome_key"),
        ({"decision": "maybe"}, "decision"),
        ({"decision": "group"}, "article"),
        ({"reason": " "}, "reason is empty"),
        ({"reason": "see 11010519491231002X"}, "ID number"),
        ({"by": "x" * 3_000}, "by is empty or longer"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_by_field(changed: dict, told: str) -> None:
    """What is missing or not allowed is named before anything is written, and no ID number is kept."""
    said = {"decision": "accept", "outcome_key": "o_0123456789abcdef", "by": "li", "reason": "seen"} | changed

    with pytest.raises(BadInput, match=told) as caught:
        Decision(**said).facts()

    assert "11010519491231002X" not in str(caught.value)


def test_a_decision_under_an_unknown_policy_is_refused() -> None:
    """The policy's name is checked, with the nearest ones in the remedy."""
    with pytest.raises(UnknownPolicy):
        Decision("accept", "li", "seen", "o_0123456789abcdef", "cbrc-2011").facts()
