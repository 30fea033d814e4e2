"""A new client resolved: who it may be, its groups as if it were on file, a clear answer to any input."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.described import FACTS
from discovery.errors import BadInput, UsageError
from discovery.facts.facts import Facts
from discovery.facts.graph import fact_graph
from discovery.facts.package import facts_from_rows, read_package
from discovery.groups import discover, discover_in
from discovery.policies import load_policy
from discovery.service.candidates import Candidates
from discovery.service.entities import read_entity
from discovery.service.groups import Groups
from discovery.service.neighbourhood import Neighbourhood
from discovery.service.query_files import read_queries
from discovery.service.records import records_of
from discovery.service.resolving import CLIENT, Asked, World, resolve, stated, with_rows

DAY = date(2026, 6, 30)
POLICY = load_policy("cbrc-2010")


def world_of(facts: Facts) -> World:
    graph = fact_graph(facts, DAY)
    index = Candidates(*records_of(facts))
    return World(index, Groups(discover_in(graph, POLICY)), Neighbourhood(graph))


@pytest.fixture(scope="module")
def sample() -> World:
    return world_of(read_package(FACTS).facts)


def asked(world: World, **queries: Any) -> dict[str, Any]:
    return dict(resolve(queries, world, Asked())["responses"])


def company(name: str, **more: Any) -> dict[str, Any]:
    return {"schema": "Company", "properties": {"name": [name]}, **more}


def test_a_client_that_is_on_file_is_found_with_its_groups(sample: World) -> None:
    """By another writing of its name, by its code, by its client number: the groups are those on file."""
    found = asked(
        sample,
        name=company("海晏製造有限公司"),
        code={"schema": "Company", "properties": {"uscCode": "91310000MA1K0HYC31"}},
        number={"properties": {"clientNo": "C1003"}},
        id={"id": "haiyan-works"},
    )

    for answer in found.values():
        best = answer["results"][0]
        assert ("haiyan-works", True, "merge") == (best["id"], best["match"], best["decision"])
        assert not answer["membership"]["hypothetical"]
        assert sample.groups.about("haiyan-works", limit=20)["groups"] == answer["membership"]["groups"]
    assert "matched" == found["name"]["results"][0]["explanations"]["name"]["state"]
    assert {"client_no": 1.0} == found["number"]["results"][0]["features"]


def test_a_new_client_stands_in_the_group_of_its_holder(sample: World) -> None:
    """60 % held by a party on file, named or described; its officer is nobody yet; nothing is stored."""
    client = company(
        "无人知晓测绘有限公司",
        holders=[{**company("海晏控股有限公司"), "equity_percent": "60"}],
        officers=[{"schema": "Person", "properties": {"name": "孔不识"}, "role": "chairman"}],
    )

    answer = asked(sample, q=client)["q"]

    assert [] == answer["results"]
    (group,) = answer["membership"]["groups"]
    assert answer["membership"]["hypothetical"]
    assert ["haiyan"] == group["controller"]["parties"]
    assert CLIENT in group["members"]
    assert "60" == group["evidence"][CLIENT]["total"]
    assert [("holders[0]", "haiyan", True), ("officers[0]", "query:officers:0", False)] == [
        (one["as"], one["party"], one["match"]) for one in answer["membership"]["connected"]
    ]
    assert CLIENT not in sample.graph.parties.number


NONSENSE = [
    "",
    "?",
    "。。。",
    "\x00\x07",
    "☃🎉",
    "甲",
    "x" * 10_000,
    "公司",
    "12345",
    " \u3000 ",
    "\u202e\u2066",
    "A",
]


@pytest.mark.parametrize("name", NONSENSE)
@pytest.mark.parametrize("schema", ["Company", "Person"])
def test_a_name_that_names_nobody_is_answered_and_found_odd(sample: World, schema: str, name: str) -> None:
    """No crash, no match by emptiness, a finding that says why (a bare number or form may be a name)."""
    answer = asked(sample, q={"schema": schema, "properties": {"name": [name]}})["q"]

    assert 200 == answer["status"]
    assert not any(one["match"] for one in answer["results"])
    assert answer["findings"] or name in {"12345", "公司"}


def test_wrong_codes_are_findings_and_unknown_properties_too(sample: World) -> None:
    """Nothing is matched by a code without its check digit; the ID number comes back nowhere."""
    answer = asked(
        sample,
        q={
            "schema": "Person",
            "properties": {"name": "林岳", "idNumber": "110105194912310029", "hobby": "go"},
        },
        c=company("独立", properties={"name": "独立", "uscCode": "91440300MA3K0LHG7D"}),
    )

    assert {"wrong_check_digit", "column_ignored"} == {one["code"] for one in answer["q"]["findings"]}
    assert "wrong_check_digit" in {one["code"] for one in answer["c"]["findings"]}
    assert not any(one["match"] for one in (*answer["q"]["results"], *answer["c"]["results"]))
    assert "110105194912310029" not in str(answer)


@pytest.mark.parametrize(
    "query",
    [
        5, None, "x", {"schema": "Dog"}, {"schema": []}, {"schema": {"Company": 1}}, {"id": "x" * 10_000},
        {"properties": []}, {"properties": {"name": {"a": 1}}},
        {"properties": {"name": [1.5]}}, company("甲", holders="x"), company("甲", holders=[3]),
        company("甲", holders=[{"id": "nobody"}]), {"id": "nobody"},
        company("新", holders=[{**company("乙"), "equity_percent": "120"}]),
        company("新", officers=[{"schema": "Person", "properties": {"name": "乙"}, "role": "king"}]),
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_read_spoils_no_other(sample: World, query: object) -> None:
    """It gets a status, a sentence and a remedy of its own."""
    answer = asked(sample, bad=query, good=company("海晏贸易有限公司"))

    assert answer["bad"]["status"] in {404, 422}
    assert answer["bad"]["error"]["remedy"]
    assert len(answer["bad"]["error"]["detail"]) < 600
    assert "haiyan-trade" == answer["good"]["results"][0]["id"]


@pytest.mark.parametrize("queries", [None, [], {}, 3, {str(n): {} for n in range(1_001)}])
def test_what_holds_no_queries_is_refused(sample: World, queries: object) -> None:
    """None, too many, or no mapping."""
    with pytest.raises(BadInput):
        resolve(queries, sample, Asked())


names = st.sampled_from([f"P{n}" for n in range(9)])
percents = st.sampled_from([20, 30, 50, 60, 100])


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(names, names, percents), max_size=14),
    st.lists(st.tuples(names, percents), min_size=1, max_size=2),
    st.sets(names),
)
def test_the_facts_around_a_client_tell_what_all_facts_tell(
    held: list[tuple[str, str, int]], holders: list[tuple[str, int]], clients: set[str]
) -> None:
    """Groups, exemptions and questions about it are those of discover over everything."""
    parties = [{"id": f"P{n}", "name": f"第{n}号公司", "client_no": f"K{n}" if f"P{n}" in clients else None}
               for n in range(9)]  # fmt: skip
    rows = {(a, b): p for a, b, p in held if a != b}
    holdings = [{"holder": a, "company": b, "equity_percent": p} for (a, b), p in rows.items()]
    facts = facts_from_rows(
        {"parties": parties, "holdings": holdings, "credits": [{"client": "P8", "limit": 5}]}
    )
    graph = fact_graph(facts, DAY)
    world = World(None, Groups(discover_in(graph, POLICY)), Neighbourhood(graph))
    entity = read_entity(
        {"properties": {}, "holders": [{"id": a, "equity_percent": p} for a, p in dict(holders).items()]}, "q"
    )
    added, _, seeds = stated(entity, None, world)

    around, cut = world.near.around([graph.parties.number[one] for one in seeds])
    near = discover(with_rows(around, added), POLICY, as_of=DAY, about=CLIENT).document()
    whole = discover(with_rows(facts, added), POLICY, as_of=DAY, about=CLIENT).document()

    assert not cut
    for name in ("groups", "exempt", "review", "related"):
        assert whole[name] == near[name]


def test_holders_of_holders_are_not_asked_for_however_deep(sample: World) -> None:
    """A chain of holders without end is answered by its first."""
    client = company("无人知晓测绘有限公司")
    for _ in range(2_000):
        client = company("无人知晓测绘有限公司", holders=[{**client, "equity_percent": "60"}])

    answer = asked(sample, q=client)["q"]

    assert 200 == answer["status"]
    assert ["holders[0]"] == [one["as"] for one in answer["membership"]["connected"]]


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("none.json", None, UsageError),
        ("none.csv", None, UsageError),
        ("broken.json", '{"queries": {', BadInput),
        ("half.json", r'{"queries": {"q": {"properties": {"name": "\ud800"}}}}', BadInput),
        ("list.json", "[1]", BadInput),
        ("twice.csv", "id,name\n1,海晏控股有限公司\n1,海晏贸易有限公司\n", BadInput),
        ("unnamed.csv", "id,name\n,海晏控股有限公司\n", BadInput),
        ("other.csv", "a,b\n1,2\n", BadInput),
    ],
)
def test_a_file_that_holds_no_queries_is_refused_and_none_is_lost(
    tmp_path: Path, name: str, text: str | None, error: type[Exception]
) -> None:
    """The path is wrong, or what is in it; two rows of one id would hide one of them."""
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")

    with pytest.raises(error) as raised:
        read_queries(tmp_path / name)

    assert error is type(raised.value)
    assert raised.value.remedy


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """As some editors save JSON."""
    (tmp_path / "q.json").write_text('{"queries": {"q": {"id": "haiyan"}}}', "utf-8-sig")

    assert {"queries": {"q": {"id": "haiyan"}}} == read_queries(tmp_path / "q.json")


def test_more_than_can_be_looked_at_is_cut_and_said() -> None:
    """A hub with more companies than the bound: the parties above come first, and `truncated` is told."""
    many = [{"holder": "hub", "company": f"c{n}", "equity_percent": 60} for n in range(40)]
    graph = fact_graph(
        facts_from_rows({"holdings": [*many, {"holder": "top", "company": "hub", "equity_percent": 90}]}), DAY
    )
    near = Neighbourhood(graph)

    facts, cut = near.around([graph.parties.number["c3"]], most=10)

    assert cut
    assert {"c3", "hub", "top"} == set(facts["parties"]["id"])
    assert np.isin(["c3"], facts["holdings"]["company"].to_list()).all()
