"""The administration of a group over HTTP."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from serving import DAY, problem, served

from api.administration import GroupAdministration
from discovery.exposure import Administration
from discovery.facts.package import read_package
from discovery.groups import discover
from discovery.policies import load_policy
from discovery.service.versions import FolderSource

FACTS = Path(__file__).parents[2] / "api" / "examples" / "facts"


@pytest.mark.parametrize("policy", ["abc-2009", "cbrc-2010"])
def test_the_service_says_what_the_room_says(policy: str, sample: httpx.Client):
    """Each group's administration over HTTP is that of the package, in the documented shape."""
    answer = discover(read_package(FACTS).facts, load_policy(policy), as_of=DAY)
    expected = list(Administration(answer).documents())
    asked = {"policy": policy, "as_of": DAY.isoformat()}

    told = [sample.get(f"/v1/groups/{one['id']}/administration", params=asked).json() for one in expected]

    assert expected
    assert expected == [one["group"] for one in told]
    for one in told:
        GroupAdministration.model_validate(one)
        assert {*one["group"]["members"]} <= one["parties"].keys()


def test_an_unknown_group_is_a_problem(sample: httpx.Client):
    """404, with what to do."""
    answer = sample.get("/v1/groups/g_0000000000000000/administration")

    problem(answer, 404, "UnknownGroup")


def test_warnings_with_parties_name_them(tmp_path: Path):
    """A new indirect holder is named among the parties, its ID number masked wherever it was written."""
    number = "330106197001011038"
    (tmp_path / "parties.csv").write_text(
        "id,kind,name,client_no\n"
        "A,enterprise_legal_person,甲,1\nB,enterprise_legal_person,乙,2\nF,,丙,\n"
        f"q,natural_person,李 {number},\n"
    )
    (tmp_path / "holdings.csv").write_text(
        "holder,company,equity_percent,valid_from\nA,B,60,2020-01-01\nF,B,10,2020-01-01\nq,F,30,2026-01-01\n"
    )
    with served(FolderSource(tmp_path)) as client:
        group = client.get(f"/v1/parties/A/groups?as_of={DAY}").json()["groups"][0]["id"]
        told = client.get(f"/v1/groups/{group}/administration?as_of={DAY}")

    raised = {one["warning"]: one["measured"] for one in told.json()["group"]["warnings"] if one["measured"]}
    assert {"holder": "q", "company": "B", "holders": "1"} == raised["new_indirect_holder"]
    assert number not in told.text
    assert "q" in told.json()["parties"]
