"""Published lists: what they hold, what is told of changes, and that no list can be altered unseen."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from discovery.errors import BadInput
from discovery.facts.package import facts_from_rows
from discovery.groups import Answer, discover
from discovery.policies import load_policy
from discovery.service.lists import Published, publish, verify

FIRST, SECOND = date(2025, 3, 1), date(2026, 6, 30)
ID_NUMBER = "11010519491231002X"


def answer(day: date) -> Answer:
    """A heads X and, until June 2025, B; X holds Y from 2026 on. A person's ID number stands in a name."""
    parties = [
        {"id": name, "kind": "enterprise_legal_person", "name": f"={name} {ID_NUMBER}", "client_no": name}
        for name in "ABXY"
    ]
    rows = [
        {"holder": "A", "company": "X", "equity_percent": "60"},
        {"holder": "A", "company": "B", "equity_percent": "70", "valid_to": "2025-06-01"},
        {"holder": "X", "company": "Y", "equity_percent": "55", "valid_from": "2026-01-01"},
    ]
    facts = facts_from_rows({"parties": parties, "holdings": rows}, source="core")
    return discover(facts, load_policy("cbrc-2010"), as_of=day)


@pytest.fixture
def lists(tmp_path: Path) -> tuple[Published, Published]:
    """Two lists of one folder."""
    return publish(answer(FIRST), tmp_path, "en"), publish(answer(SECOND), tmp_path, "zh")


def test_a_list_names_the_one_before_and_what_changed(lists: tuple[Published, Published]) -> None:
    """Numbered from 1, chained by hash; B left, Y joined; the table has a row for both, in zh and en."""
    first, second = (one.document for one in lists)

    assert (1, None, None) == (first["number"], first["previous"], first["changes"])
    assert {"number": 1, "sha256": first["sha256"]} == second["previous"]
    (group,) = second["groups"]
    assert [["core/Y"], ["core/B"]] == [[one["record_key"] for one in second["changes"][name]]
                                        for name in ("joined", "left")]  # fmt: skip
    assert ["core/A", "core/X", "core/Y"] == [member["record_key"] for member in group["members"]]
    english, chinese = (one.csv.read_text("utf-8-sig").splitlines() for one in lists)
    assert ("list,as of,group", "期号,基准日,集团编号") == (english[0][:16], chinese[0][:11])
    assert [",新增", ",退出"] == sorted(line[-3:] for line in chinese[1:] if line[-1] in "出增")
    assert [] == verify(lists[0].json.parent)[1]


def test_the_hash_can_be_computed_by_anybody(lists: tuple[Published, Published]) -> None:
    """Sorted keys, no blanks, UTF-8, without the hash itself; the CSV's is that of the file."""
    document = json.loads(lists[1].json.read_text("utf-8"))
    stated = document.pop("sha256")
    plain = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    assert stated == sha256(plain.encode()).hexdigest()
    assert document["csv_sha256"] == sha256(lists[1].csv.read_bytes()).hexdigest()


def test_the_same_day_again_writes_nothing(lists: tuple[Published, Published]) -> None:
    """What the last list says already is not said twice."""
    folder = lists[0].json.parent
    before = sorted(folder.iterdir())

    again = publish(answer(SECOND), folder, "zh")

    assert (False, lists[1].json) == (again.new, again.json)
    assert sorted(folder.iterdir()) == before


def test_no_id_number_is_published(lists: tuple[Published, Published]) -> None:
    """Neither in the JSON nor in the table, where a formula is disarmed too."""
    for one in lists:
        text = one.json.read_text("utf-8") + one.csv.read_text("utf-8-sig")
        assert ID_NUMBER not in text
        assert ",=A" not in text


@pytest.mark.parametrize("what", ["member", "csv", "previous", "number", "gone", "broken", "renumbered"])
def test_whatever_is_done_to_a_list_shows(lists: tuple[Published, Published], what: str) -> None:
    """An altered member, table, chain or number; a list that is gone; one whose own hash was made to fit."""
    first, folder = lists[0].json, lists[0].json.parent
    document = json.loads(first.read_text("utf-8"))
    if what == "csv":
        lists[1].csv.write_bytes(lists[1].csv.read_bytes() + b"\n")
    elif what == "gone":
        first.unlink()
    elif what == "broken":
        first.write_text("{")
    else:
        if what == "member":
            document["groups"][0]["members"].pop()
        elif what == "previous":
            document["previous"] = {"number": 0, "sha256": "0"}
        else:
            document["number"] = 3
        if what == "renumbered":
            document.pop("sha256")
            plain = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            document["sha256"] = sha256(plain.encode()).hexdigest()
        first.write_text(json.dumps(document), "utf-8")

    count, faults = verify(folder)

    assert count == (1 if what == "gone" else 2)
    assert faults
    assert all({"file", "fault"} == fault.keys() for fault in faults)


def test_no_list_follows_an_altered_one(lists: tuple[Published, Published]) -> None:
    """The next list is refused until the last one is whole again."""
    lists[1].csv.unlink()

    with pytest.raises(BadInput, match="missing"):
        publish(answer(date(2026, 7, 1)), lists[1].csv.parent)


def test_an_empty_folder_has_nothing_to_verify(tmp_path: Path) -> None:
    """Said, not passed as whole."""
    with pytest.raises(BadInput, match="no published list"):
        verify(tmp_path)
