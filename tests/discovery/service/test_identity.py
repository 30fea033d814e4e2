"""Merges by the words people use; previews that tell what then happens; old ids that are understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from discovery.errors import UnknownParty, UsageError
from discovery.facts.graph import fact_graph
from discovery.facts.keys import party_id
from discovery.graph.connection import Graph
from discovery.graph.derived import last_run
from discovery.graph.snapshot import store_version
from discovery.service import identity
from discovery.service.answers import Asked, groups
from discovery.service.days import day
from discovery.service.loads import load
from discovery.service.lookup import party_number
from discovery.service.parties import AmbiguousParty, resolve_party
from discovery.service.preview import differences, preview_merge
from discovery.service.published import publish
from discovery.service.sources import Reading
from discovery.service.stored import store_facts
from tests.packages import write

WHO = {"by": "li", "reason": "one register"}
TWO_HALVES = {
    "parties": """
        id,kind,name,client_no,uscc
        top,enterprise_legal_person,顶层有限公司,C1,
        half,enterprise_legal_person,半边有限公司,C2,
        other,enterprise_legal_person,另一名称有限公司,C3,91110000600037341L
        low,enterprise_legal_person,下属有限公司,C4,
    """,
    "holdings": """
        holder,company,equity_percent,voting_percent
        top,half,60,60
        half,low,30,30
        other,low,30,30
    """,
}


@pytest.fixture
def halves(graph: Graph, tmp_path: Path) -> Graph:
    """`half` and `other` hold 30 % each of `low`: as one they would control it."""
    load(write(tmp_path / "halves", TWO_HALVES), Reading(), with_groups=False)
    return graph


ASKED = Asked("cbrc-2010", day("2026-06-30"))


def test_a_preview_tells_what_the_merge_then_does(halves: Graph) -> None:
    """`low` would join the group of `top`; done, exactly that is the answer, and undone all is as before."""
    facts = store_facts(halves)
    told = preview_merge(groups(facts, ASKED), "C2", "C3")
    before = [groups(facts, ASKED).about(resolve_party(facts, one)).document() for one in ("C2", "C3")]

    done = identity.merge(halves, "C2", "91110000600037341L", **WHO)
    merged = store_facts(halves)
    after = groups(merged, ASKED).about(told["party"]).document()

    low = party_id("halves/low")
    assert [low] == told["groups"]["changed"][0]["joined"]
    assert told["party"] == done["moved"][0]["new"][0]
    expected = differences(before, after, {told["former"]: told["party"]})
    assert {name: told[name] for name in expected} == expected
    identity.unmerge(halves, done["change"], **WHO)
    assert {frame: rows.to_dict(as_series=False) for frame, rows in facts.frames.items()} == {
        frame: rows.to_dict(as_series=False) for frame, rows in store_facts(halves).frames.items()
    }


def test_an_old_id_is_understood_everywhere(halves: Graph) -> None:
    """In commands on the store, over its facts and in memory."""
    identity.merge(halves, "halves/half", "halves/other", **WHO)
    facts = store_facts(halves)
    kept = party_id("halves/half")
    old = party_id("halves/other")

    resident = fact_graph(facts, ASKED.as_of)

    assert kept == identity.party_in(halves, old)[0] == resolve_party(facts, old)
    assert kept == resident.parties.ids[party_number(resident, old)]
    assert kept == resident.parties.ids[party_number(resident, "halves/other")]
    assert "halves/half" == identity.party_in(halves, "C3")[1][0]
    assert kept == resident.parties.ids[party_number(resident, "C3")] == resolve_party(facts, "C3")
    assert kept == resident.parties.ids[party_number(resident, "91110000600037341l")]


def test_the_banks_groups_follow_a_merge(halves: Graph) -> None:
    """The derived layer is written over the merged party and names the store's version."""
    publish(halves, ASKED)
    identity.merge(halves, "C2", "C3", **WHO)
    publish(halves, ASKED)

    run = last_run(halves, "cbrc-2010")
    members = halves.driver.execute_query("MATCH (p)-[:MEMBER_OF]->() RETURN p.id AS id, labels(p) AS l")

    assert run is not None
    assert run["store_version"] == store_version(halves)
    assert party_id("halves/low") in {row["id"] for row in members.records}
    assert all("Alias" not in row["l"] for row in members.records)


def test_what_is_asked_wrongly_is_said(halves: Graph) -> None:
    """Nobody, several, no reason, another party's record, a change that is none; nothing is written."""
    version = store_version(halves)

    with pytest.raises(UnknownParty):
        identity.merge(halves, "nobody", "C1", **WHO)
    with pytest.raises(UnknownParty):
        identity.merge(halves, " ", "C1", **WHO)
    for by, reason in (("", "x"), ("li", " "), ("li", "x" * 1001), ("l\x00i", "x")):
        with pytest.raises(UsageError):
            identity.merge(halves, "C1", "C2", by=by, reason=reason)
    with pytest.raises(UsageError, match="no record"):
        identity.unmerge(halves, "C1", ("halves/low",), **WHO)
    with pytest.raises(UsageError, match="no change"):
        identity.unmerge(halves, "C1", **WHO)
    with pytest.raises(UsageError, match="All records"):
        identity.unmerge(halves, "C1", ("halves/top",), **WHO)
    with pytest.raises(UsageError, match="one party already"):
        identity.merge(halves, "C1", "halves/top", **WHO)
    halves.driver.execute_query("MATCH (p:Party) WHERE p.client_no IN ['C1', 'C2'] SET p.client_no = 'C9'")
    with pytest.raises(AmbiguousParty):
        identity.party_in(halves, "C9")

    assert version == store_version(halves)


def test_the_feed_is_read_in_pages_without_a_gap(halves: Graph) -> None:
    """Each page says where the next begins; no ID number stands in a reason."""
    first = identity.merge(halves, "C2", "C3", by="li", reason="11010519491231002X is his")
    identity.unmerge(halves, first["change"], **WHO)
    identity.merge(halves, "C2", "C3", **WHO)

    pages = [identity.events(halves, limit=2)]
    pages.append(identity.events(halves, after=pages[0]["next"], limit=2))
    pages.append(identity.events(halves, after=pages[1]["next"], limit=2))

    assert [1, 2, 3] == [one["number"] for page in pages for one in page["events"]]
    assert [(2, 1, True), (1, 0, False), (0, 0, False)] == [
        (page["returned"], page["behind"], page["truncated"]) for page in pages
    ]
    assert 3 == pages[2]["next"]
    assert "11010519491231002X" not in str(pages)
