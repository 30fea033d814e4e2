"""The command over a real local Neo4j: load, ask, unload, and the same answers as over the folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from discovery.cli import run
from discovery.graph.connection import Graph
from discovery.service.same import differences, record_keys
from discovery.service.sources import given
from tests.packages import DAY, FAMILY, write

pytestmark = pytest.mark.usefixtures("graph")


BOOKS = {
    "credits": """
        client,branch,product,limit,balance,opened_on,currency
        A,P1,loan,150,100,2024-01-01,CNY
        B,P2,acceptance,250,200,2025-01-01,CNY
    """,
    "branches": """
        branch,name,parent,level
        H,总行,,head_office
        P,分行,H,tier1
        P1,一支行,P,tier2
        P2,二支行,P,tier2
    """,
    "bank": """
        measure,amount,currency,date
        capital_balance,1000,CNY,2025-12-31
    """,
    "guarantees": """
        from,to,amount,currency,date,kind
        A,B,50,CNY,2025-01-01,guarantee
        B,A,60,CNY,2025-01-01,guarantee
    """,
    "limits": """
        head,proposed_limit,approved_limit,currency,date
        A,500,450,CNY,2026-01-01
    """,
}


def by_keys(found: Any, keys: dict[str, str]) -> Any:
    """A document with record keys for party ids; what is listed by party is in their order."""
    if isinstance(found, dict):
        return {keys.get(name, name): by_keys(value, keys) for name, value in found.items()}
    if isinstance(found, list):
        return sorted((by_keys(item, keys) for item in found), key=repr)
    return keys.get(found, found) if isinstance(found, str) else found


@pytest.fixture
def family(tmp_path: Path) -> Path:
    """The couple's package."""
    return write(tmp_path / "family", FAMILY)


def asked(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> dict[str, Any]:
    """Run a command with --json and expect its exit code; the JSON of the result or of the error."""
    ended = run([*(str(word) for word in words), "--json"])
    said = capsys.readouterr()
    assert code == ended, said.err
    return dict(json.loads(said.err if code else said.out))


def test_a_decision_is_kept_in_the_store_and_can_be_withdrawn(
    family: Path, graph: Graph, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rejecting a group by its key: it goes, in the store too, and says why; an unload brings it back."""
    asked(capsys, "load", family)
    group = asked(capsys, "groups", "--as-of", DAY)["groups"][0]
    word = ("--by", "wang", "--reason", "sold to strangers", "--as-of", DAY)
    assert graph.read("groups/show", group=group["id"])
    kept = asked(capsys, "decide", group["id"], "reject", *word, "--no-groups")
    assert graph.read("groups/show", group=group["id"])
    done = asked(capsys, "decide", group["id"], "reject", *word)
    assert [] == graph.read("groups/show", group=group["id"])
    again = asked(capsys, "decide", group["id"], "reject", *word)
    after = asked(capsys, "groups", "--as-of", DAY)
    before = asked(capsys, "groups", "--as-of", DAY, "--known-at", "2020-01-01", code=4)

    assert {kept["fact"]} == {done["fact"], again["fact"], after["decisions"][0]["fact"]}
    assert (None, 1, 0) == (kept["groups"], *(one["groups"]["groups_removed"] for one in (done, again)))
    assert group["id"] not in [one["id"] for one in after["groups"]]
    assert ("applied", "wang", "sold to strangers") == tuple(
        after["decisions"][0][name] for name in ("status", "by", "why")
    )
    assert "known by then" in before["detail"]
    loads = [one["id"] for one in asked(capsys, "loads")["loads"] if one["name"].startswith("decision")]
    for load in loads:
        run(["unload", load])
    capsys.readouterr()
    assert group["id"] in [one["id"] for one in asked(capsys, "groups", "--as-of", DAY)["groups"]]
    assert graph.read("groups/show", group=group["id"])


def test_a_key_that_does_not_occur_is_refused(family: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A typing error in a key is told at once, and nothing is written."""
    asked(capsys, "load", family)

    error = asked(
        capsys, "decide", "o_0123456789abcdef", "accept", "--by", "w", "--reason", "x", "--as-of", DAY, code=2
    )

    assert "o_0123456789abcdef" in error["detail"]
    assert 1 == len(asked(capsys, "loads")["loads"])


def test_an_empty_store_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing loaded: exit code 4 and the remedy, not an empty answer."""
    error = asked(capsys, "groups", code=4)

    assert "guanlian load" in error["remedy"]


def test_the_store_answers_as_the_folder_does(family: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After a load the answer, control pairs and administration are the same but for the parties' ids."""
    write(family, BOOKS)
    folder = given(family).facts
    loaded = asked(capsys, "load", family)
    store = given(None).facts
    of_folder = asked(capsys, "groups", family, "--as-of", DAY)
    of_store = asked(capsys, "groups", "--as-of", DAY)
    keys, store_keys = record_keys(folder), record_keys(store)
    pairs = asked(capsys, "control", family, "--as-of", DAY)["pairs"]
    stored_pairs = asked(capsys, "control", "--as-of", DAY)["pairs"]
    words = ("--policy", "abc-2009", "--as-of", DAY)
    administered = by_keys(asked(capsys, "administer", family, *words), keys)

    assert loaded["changes"] > 0
    assert loaded["rows_per_second"] > 0
    assert [] == differences(of_folder, keys, of_store, store_keys)
    assert len(of_store["groups"]) == 1
    assert {(keys[u], keys[c]) for u, c in pairs} == {(store_keys[u], store_keys[c]) for u, c in stored_pairs}
    assert administered == by_keys(asked(capsys, "administer", *words), store_keys)
    (group,) = administered["groups"]
    assert ("300", "P2", "breach") == (
        group["totals"]["gross"], group["lead"]["unit"], group["limits"][0]["verdict"]
    )  # fmt: skip
    assert {"family/A", "family/B"} == {one["party"] for one in group["totals"]["members"]}


def test_a_store_answer_is_checked_against_the_store(
    family: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check ANSWER.json` without a path reads the store; why takes a record key."""
    asked(capsys, "load", family)
    (tmp_path / "a.json").write_text(json.dumps(asked(capsys, "groups", "--as-of", DAY)), encoding="utf-8")

    checked = asked(capsys, "check", tmp_path / "a.json")
    why = asked(capsys, "why", "family/Z", "--as-of", DAY)

    assert checked["accepted"]
    assert why["about"].startswith("p_")
    assert len(why["groups"]) == 1


def test_loading_twice_changes_nothing_and_unloading_withdraws(
    family: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second load has no change; after unloading the first the store has nothing to answer from."""
    first = asked(capsys, "load", family, "--name", "june")
    second = asked(capsys, "load", family)
    listed = asked(capsys, "loads", "--limit", "1")
    gone = asked(capsys, "unload", first["id"])
    again = asked(capsys, "unload", first["id"], code=2)
    asked(capsys, "groups", code=4)

    assert second["changes"] == 0
    assert (2, 1, True) == (listed["total"], listed["returned"], listed["truncated"])
    assert listed["loads"][0]["id"] == second["id"]
    assert gone["version"] > second["version"]
    assert "unloaded" in again["detail"]


def test_what_was_known_before_a_load_leaves_it_out(family: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A fact that states no recorded_at is known from its load on: nothing is known before."""
    asked(capsys, "load", family)

    error = asked(capsys, "groups", "--known-at", "2001-01-01", code=4)
    known = asked(capsys, "groups", "--as-of", DAY, "--known-at", "2999-01-01")

    assert "known by then" in error["detail"]
    assert len(known["groups"]) == 1


def test_a_replaced_source_loses_what_it_no_longer_states(
    family: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without h's holding in A, the couple is left with Z."""
    asked(capsys, "load", family)
    write(family, {"holdings": "\n".join(FAMILY["holdings"].strip().splitlines()[:-1])})

    done = asked(capsys, "load", family, "--replace-source", "family")
    groups = asked(capsys, "groups", "--as-of", DAY, "--party", "K1")["groups"]

    assert done["files"]["holdings"]["closed"] == 1
    assert ["company"] == [group["controller"]["kind"] for group in groups]


def test_good_rows_are_loaded_and_bad_ones_set_aside(
    family: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """--keep-good loads the rest; the rejects folder can be corrected and loaded."""
    monkeypatch.chdir(tmp_path)
    with (family / "holdings.csv").open("a") as file:
        file.write("A,N,sixty,60\n")

    done = asked(capsys, "load", family, "--keep-good")
    rejects = tmp_path / done["rejects"] / "holdings.csv"
    rejects.write_text(rejects.read_text(encoding="utf-8").replace("sixty", "60"), encoding="utf-8")
    for other in rejects.parent.iterdir():
        if other.suffix != ".csv":
            other.unlink()
    mended = asked(capsys, "load", rejects.parent)

    assert done["problem_count"] == 1
    assert mended["files"]["holdings"]["new"] == 1


def test_the_status_says_where_the_store_is(graph: Graph, capsys: pytest.CaptureFixture[str]) -> None:
    """Status and start name address, Browser and password file, never the password."""
    status = asked(capsys, "store", "status")
    started = asked(capsys, "store", "start")

    assert graph.local is not None
    assert status["running"]
    assert status["browser"].startswith("http://127.0.0.1:")
    assert started["uri"] == status["uri"]
    assert graph.local.password not in json.dumps(status)


def test_a_store_that_does_not_answer_is_exit_4(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong NEO4J_URI ends with 4 and a remedy; a store of one's own is not started or stopped by us."""
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:9")

    error = asked(capsys, "loads", code=4)
    stop = asked(capsys, "store", "stop", code=2)

    assert "NEO4J_URI" in error["remedy"]
    assert "NEO4J_URI" in stop["detail"]


def test_a_reset_asks_first(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal and without --yes nothing is deleted."""
    error = asked(capsys, "store", "reset", code=2)

    assert "--yes" in error["remedy"]


@pytest.mark.slow
def test_the_index_of_candidates_is_made_from_the_store_and_follows_it(
    family: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty store has none; a party loaded after it was made is found, and the file brought up to it."""
    empty = asked(capsys, "names", "index", code=4)
    asked(capsys, "load", family)
    made = asked(capsys, "names", "index")
    before = Path(made["file"]).read_bytes()
    asked(capsys, "load", write(tmp_path / "more", {"parties": "id,name\nnew,深圳市海晏科技有限公司"}))
    found = asked(capsys, "resolve", "--name", "海晏科技（深圳）有限公司", "--no-membership")

    assert "no facts" in empty["detail"]
    assert (7, "store-") == (made["records"], made["version"][:6])
    assert before != Path(made["file"]).read_bytes()
    assert ["深圳市海晏科技有限公司"] == [one["caption"] for one in found["responses"]["query"]["results"]]
