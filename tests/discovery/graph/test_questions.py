"""What the question files answer on graphs small enough to see."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from discovery.facts.keys import party_id
from discovery.graph.connection import Graph
from discovery.graph.derived import GROUPS, MEMBERS, Difference, last_run, write_derived
from discovery.graph.loading import load
from discovery.graph.snapshot import snapshot, store_version

from .given import facts_of, holding

DAY = "2026-06-30"


def put(graph: Graph, **files: Any) -> None:
    load(graph, facts_of(**files), source="registry", name="t", at=datetime(2026, 1, 1, tzinfo=UTC))


def of(name: str) -> str:
    return party_id(f"registry/{name}")


def office(person: str, company: str, role: str = "chairman", **more: Any) -> dict[str, Any]:
    return {"person": person, "company": company, "role": role, **more}


def test_holders_and_holdings(graph: Graph) -> None:
    """The largest first, ended ones left out, in integers."""
    ended = holding("D", "B", 9, valid_to=date(2020, 1, 1))
    put(graph, holdings=[holding("A", "B", 60), holding("C", "B", 30), ended])

    holders = graph.read("party/holders", party=of("B"), as_of=DAY)
    held = graph.read("party/holdings", party=of("A"), as_of=DAY)

    assert [("A", 60_000_000), ("C", 30_000_000)] == [
        (r["name"], r["voting_millionths_of_percent"]) for r in holders
    ]
    assert ["B"] == [row["name"] for row in held]
    assert ["A", "HOLDS", "B"] == [
        held[0]["path"][0]["name"],
        held[0]["path"][1]["type"],
        held[0]["path"][2]["name"],
    ]


def test_direct_control_and_the_chains_above(graph: Graph) -> None:
    """Rows of one register add up; a chain is only as long as each link holds."""
    put(
        graph,
        holdings=[
            holding("T", "A", 80),
            holding("A", "B", 30),
            holding("A", "B", 25, nominee_for=None, document=None),
            holding("B", "C", 51),
            holding("A", "D", 50),
        ],
    )

    direct = graph.read("control/direct", party=of("A"), as_of=DAY, threshold=50_000_000)
    above = graph.read("control/paths", party=of("C"), as_of=DAY, threshold=20_000_000, most=100)

    assert [("B", 55_000_000)] == [(row["name"], row["votes"]) for row in direct]
    assert {("B", 1), ("A", 2), ("T", 3)} == {(row["name"], row["steps"]) for row in above}


def test_shared_key_people(graph: Graph) -> None:
    """An office that ended, and one that is not among those asked for, link nobody."""
    put(
        graph,
        offices=[
            office("Li_p", "A"),
            office("Li_p", "B", "cfo"),
            office("Li_p", "C", "supervisor"),
            office("Li_p", "D", valid_to=date(2024, 1, 1)),
        ],
    )

    found = graph.read("links/shared_key_people", party=of("A"), as_of=DAY, roles=["chairman", "cfo"])

    assert [("B", "Li_p", "chairman", "cfo")] == [
        (r["name"], r["person_name"], r["role"], r["other_role"]) for r in found
    ]


def test_kin_to_three_lineal_and_two_collateral_generations(graph: Graph) -> None:
    """Great-grandparents, uncles and cousins are outside; half-siblings and the spouse inside."""
    ties = [
        ("Great", "Grand"),
        ("Grand", "Father"),
        ("Grand", "Uncle"),
        ("Uncle", "Cousin"),
        ("Father", "Me"),
        ("Father", "Half"),
        ("Mother", "Me"),
        ("Me", "Child"),
        ("Child", "Grandchild"),
        ("Grandchild", "Fourth"),
    ]
    kinship = [{"person": f"{a}_p", "relative": f"{b}_p", "relation": "parent_of"} for a, b in ties]
    kinship.append({"person": "Wife_p", "relative": "Me_p", "relation": "spouse_of"})
    put(graph, kinship=kinship)

    kin = graph.read("kin/relatives", party=of("Me_p"), as_of=DAY)

    expected = {
        ("Wife", "spouse", 1),
        ("Father", "parent", 2),
        ("Mother", "parent", 2),
        ("Child", "child", 2),
        ("Half", "sibling", 2),
        ("Grand", "grandparent", 3),
        ("Grandchild", "grandchild", 3),
    }
    assert expected == {(row["name"].removesuffix("_p"), row["relation"], row["generations"]) for row in kin}


def test_a_neighbourhood_is_cut_where_it_is_told(graph: Graph) -> None:
    """Two steps, through facts and through a contact point in common."""
    parties = [{"id": n, "name": n, "kind": "enterprise_legal_person", "phone": "86-21-1"} for n in "AB"]
    put(
        graph, parties=parties, holdings=[holding("A", "C", 60), holding("C", "D", 60), holding("D", "E", 60)]
    )

    paths = graph.read("party/neighbourhood", party=of("A"), as_of=DAY, most=100)
    cut = graph.read("party/neighbourhood", party=of("A"), as_of=DAY, most=1)

    ends = {path["path"][-1].get("name") or path["path"][-1]["text"] for path in paths}
    assert {"C", "D", "86-21-1", "B"} == ends
    assert 1 == len(cut)


def test_a_chinese_name_is_found_by_a_part_of_it(graph: Graph) -> None:
    """Full text by pairs of characters."""
    put(
        graph,
        parties=[
            {"id": "A", "name": "安徽冠联投资有限公司", "kind": "enterprise_legal_person"},
            {"id": "B", "name": "乙"},
        ],
    )

    graph.driver.execute_query("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()")
    found = graph.read("party/by_name", text='"冠联投资"', most=5)

    assert [of("A")] == [row["party"] for row in found]


def group(name: str, controllers: list[str]) -> dict[str, Any]:
    return {"id": name, "outcome": "GROUP", "controller_kind": "company", "controllers": controllers}


def member(name: str, party: str, evidence: str = "{}") -> dict[str, Any]:
    values = {"client": True, "basis": ["B1"], "flags": [], "coverage": None, "evidence": evidence}
    return {"group_id": name, "party_id": party, **values}


def write(graph: Graph, groups: list[dict[str, Any]], members: list[dict[str, Any]], run: str) -> Difference:
    frames = pl.DataFrame(groups, schema=GROUPS), pl.DataFrame(members, schema=MEMBERS)
    return write_derived(graph, *frames, policy="cbrc-2010", as_of=date(2026, 6, 30), run=run)


def test_the_derived_layer_is_written_as_a_difference(graph: Graph) -> None:
    """The same run again writes nothing; what is gone is removed, what is new or other is written."""
    put(graph, holdings=[holding("A", "B", 60), holding("A", "C", 60)])
    a, b, c = of("A"), of("B"), of("C")
    first = write(graph, [group("g_1", [a])], [member("g_1", a), member("g_1", b)], "run_1")
    same = write(graph, [group("g_1", [a])], [member("g_1", a), member("g_1", b)], "run_2")
    other = write(graph, [group("g_1", [a])], [member("g_1", a), member("g_1", c, '{"round": 1}')], "run_3")

    shown = graph.read("groups/show", group="g_1")[0]
    of_a = graph.read("groups/of_party", party=a)

    assert Difference(1, 0, 2, 0, 1, 0) == first
    assert Difference(0, 0, 0, 0, 0, 0) == same
    assert Difference(0, 0, 1, 1, 1, 1) == other
    assert {a: "{}", c: '{"round": 1}'} == {row["party"]: row["evidence"] for row in shown["members"]}
    assert ("cbrc-2010", "2026-06-30", "run_1", [a]) == tuple(
        shown[k] for k in ("policy", "as_of", "run", "controllers")
    )
    assert [("g_1", True, True)] == [(row["id"], row["member"], row["controller"]) for row in of_a]
    assert {"run": "run_3", "as_of": "2026-06-30", "status": "complete", "store_version": 1} == last_run(
        graph, "cbrc-2010"
    )
    assert 1 == store_version(graph)


@pytest.mark.parametrize("files", [{}, {"holdings": []}])
def test_an_empty_package_is_a_load_that_changes_nothing(graph: Graph, files: dict[str, Any]) -> None:
    """It is listed, and every frame of the snapshot has its columns."""
    put(graph, **files)

    assert all(frame.is_empty() for frame in snapshot(graph).values())
    assert 1 == store_version(graph)
