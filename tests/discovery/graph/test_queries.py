"""What is promised of every query file, and what is said of a file that breaks the promise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from neo4j import Driver

from discovery.graph.connection import Graph, open_graph
from discovery.graph.derived import GROUPS, MEMBERS, write_derived
from discovery.graph.failures import QueryMisused
from discovery.graph.identity import keep_apart, merge, take_back
from discovery.graph.loading import load
from discovery.graph.local import USER
from discovery.graph.queries import FOLDER, QueryFiles, query_files
from discovery.graph.recovery import unload
from discovery.graph.snapshot import snapshot

from .given import facts_of, full_facts, holding

NAMES = sorted(query_files())


def fill(graph: Graph) -> None:
    """Every label, type and property there can be, so that the server finds nothing unknown in a query."""
    day = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3)]
    load(graph, full_facts(), source="registry", name="full", at=day[0])
    ended = [holding("A", "B", 60, valid_to=date(2025, month, 1)) for month in (1, 2)]
    loaded = [
        load(graph, facts_of("x", holdings=[row]), source="x", name="x", at=at)
        for row, at in zip(ended, day, strict=False)
    ]
    unload(graph, loaded[1].id)
    late = [
        holding("P", "Q", 7, valid_to=date(2030 + n, 1, 1), recorded_at=datetime(2020 + n, 1, 1))  # noqa: DTZ001  naive UTC
        for n in (0, 2, 1)
    ]
    for row in late:
        load(graph, facts_of("late", holdings=[row]), source="late", name="late", at=day[2])
    graph.write("loads/begin", id="l", name="n", source="s", owner="h:1:1", at="2026-01-01T00:00:00.000000Z")
    graph.write("loads/rolled_back", load="l", at="2026-01-01T00:00:00.000000Z")
    fill_identity(graph)
    a, b = snapshot(graph)["parties"]["id"].unique().sort().head(2)
    group = {"id": "g_1", "outcome": "GROUP", "controller_kind": "company", "controllers": [a]}
    member = {
        "group_id": "g_1",
        "party_id": b,
        "client": True,
        "basis": ["B1"],
        "flags": [],
        "coverage": "55",
    }
    write_derived(
        graph,
        pl.DataFrame([group], schema=GROUPS),
        pl.DataFrame([member | {"evidence": "{}"}], schema=MEMBERS),
        policy="cbrc-2010",
        as_of=date(2026, 6, 30),
        run="run_1",
    )


def fill_identity(graph: Graph) -> None:
    """A merge and a merge taken back, links, an alias, events."""
    who = {"by": "li", "reason": "one register"}
    merge(graph, ["registry/B"], ["second/C"], **who)
    take_back(graph, keep_apart(graph, ["registry/A"], ["registry/Ghost"], **who).id, **who)
    question = {"id": "q_1", "left": "registry/A", "right": "registry/B", "kind": "company", "score": 600}
    at = "2026-01-01T00:00:00.000000Z"
    graph.write("review/ask", rows=[question | {"why": "alike"}], at=at)
    graph.write("review/opine", id="q_1", seen=0, opinion="{}", status="done", at=at)
    graph.write("review/set_four_eyes", four_eyes=False)
    graph.write("identity/link", rows=[{"key": "registry/A", "linked": "registry/A"}])


@pytest.fixture(scope="module")
def talkative(store: Graph, empty_store: Callable[[], None]) -> Iterator[Driver]:
    """A driver on a full store, told everything the server has to say of a query."""
    empty_store()
    fill(store)
    if store.local is None:
        pytest.skip("the container's address is not known here")
    running = store.local.start()
    with open_graph(running.uri, (USER, store.local.password), notifications="INFORMATION") as graph:
        yield graph.driver


@pytest.mark.parametrize("name", NAMES)
def test_a_header_tells_the_truth(name: str, talkative: Driver) -> None:
    """Neo4j runs the file with its own example, answers with the columns it names, and remarks nothing."""
    query = query_files()[name]
    text = query.text.replace("CYPHER 5\n", "CYPHER 5 EXPLAIN\n") if query.writes else query.text

    with talkative.session() as session:
        result = session.run(text, dict(query.example))
        columns = list(result.keys())
        remarks = [status for status in result.consume().gql_status_objects if status.is_notification]

    assert query.columns == columns
    assert [] == [str(remark) for remark in remarks]
    assert {param.name for param in query.params} == set(re.findall(r"\$(\w+)", query.body))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_used_by_the_code_or_is_a_question(name: str) -> None:
    """A writing file that nobody calls would be dead; questions are for people too."""
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in Path(FOLDER.parent, "discovery").rglob("*.py")
    )
    folder = name.split("/", maxsplit=1)[0]

    assert not query_files()[name].writes or f'"{name}"' in code or f'f"{folder}/' in code


def file(folder: Path, header: str, body: str) -> Path:
    (folder / "a").mkdir(exist_ok=True)
    (folder / "a" / "b.cypher").write_text(header + body, encoding="utf-8")
    return folder


GOOD = """// Title
//
// Purpose: why.
// Params:  $x string what
// Returns: y integer what
// Try:     :param x => "1"
"""


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (GOOD, "RETURN 1 AS y"),
        (GOOD, "RETURN $x + $z AS y"),
        (GOOD, "RETURN $x AS y; RETURN 2 AS y;"),
        (GOOD.replace('"1"', "one"), "RETURN $x AS y"),
        (GOOD.replace("why.", ""), "RETURN $x AS y"),
        (GOOD.replace("y integer what", "y number what"), "RETURN $x AS y"),
    ],
)
def test_a_file_whose_header_and_body_differ_is_refused(header: str, body: str, tmp_path: Path) -> None:
    """Parameters undeclared, unused or untried, two statements, no purpose, a value that is no JSON."""
    with pytest.raises(QueryMisused):
        QueryFiles(file(tmp_path, header, body))


def test_a_good_file_is_named_by_its_path(tmp_path: Path) -> None:
    """Name, title, parameters and columns; the language is put in front."""
    query = QueryFiles(file(tmp_path, GOOD, 'RETURN $x + ";" AS y;'))["a/b"]

    assert ("a/b", "Title", ["y"], {"x": "1"}) == (query.name, query.title, query.columns, query.example)
    assert query.text.startswith("CYPHER 5\n")
    assert not query.writes


def test_a_question_with_other_parameters_never_reaches_the_store(graph: Graph) -> None:
    """The message names what the file takes; a writing file is no question."""
    with pytest.raises(QueryMisused, match="as_of"):
        graph.read("party/holders", party="p_1")
    with pytest.raises(QueryMisused, match="no query file"):
        graph.read("party/nothing")
    with pytest.raises(QueryMisused, match="writes"):
        graph.read("ingest/holds", rows=[])
