"""Finding parties and asking for their groups."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from serving import DAY, problem, served

from api.schemas import GroupPage, MemberEvidence, PartyCard, PartyGroups, PartyPage
from discovery.facts.package import read_package
from discovery.groups import discover
from discovery.policies import load_policy
from discovery.service.versions import FolderSource

FACTS = Path(__file__).parents[2] / "api" / "examples" / "facts"
NAMES_OF_HAIYAN = ("haiyan", "registry/haiyan", "C1001", "91310000MA1K0HYA1Q", "5299000J2N45DDNE4Y28")


@pytest.mark.parametrize("text", NAMES_OF_HAIYAN)
def test_a_party_answers_to_each_of_its_identifiers(text: str, sample: httpx.Client):
    """Id, record key, client number, USCC and LEI name the same party in every route."""
    path = quote(text, safe="")

    assert "haiyan" == sample.get(f"/v1/parties/{path}").json()["id"]
    about = sample.get(f"/v1/parties/{path}/groups").json()
    assert "haiyan" == about["about"]
    group = about["groups"][0]["id"]
    assert "haiyan" == sample.get(f"/v1/groups/{group}/members/{path}/evidence").json()["member"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", "haiyan"),
        ("client_no", "C1001"),
        ("uscc", "91310000MA1K0HYA1Q"),
        ("lei", "5299000J2N45DDNE4Y28"),
        ("name", "海晏控股有限公司"),
    ],
)
def test_a_search_finds_by_exact_value(column: str, value: str, sample: httpx.Client):
    """Each way of asking finds the party, and only it."""
    page = sample.get("/v1/parties", params={column: value})

    assert ["haiyan"] == [card.id for card in PartyPage.model_validate(page.json()).parties]


def test_a_party_has_no_group_route_of_another(tmp_path: Path):
    """A record key that ends in /groups is a key when its slash is encoded, never a route."""
    (tmp_path / "parties.csv").write_text("id,kind,name,source\ngroups,,甲,registry\nregistry,,乙,other\n")
    with served(FolderSource(tmp_path)) as client:
        assert "groups" == client.get("/v1/parties/registry%2Fgroups").json()["id"]
        assert "groups" == client.get("/v1/parties/registry%2fgroups/groups").json()["about"]
        assert "registry" == client.get("/v1/parties/registry/groups").json()["about"]


def test_parties_of_one_name_come_in_pages(tmp_path: Path):
    """A page says how many there are in all; pages together are all of them, once each."""
    rows = "".join(f"p{number},natural_person,李伟\n" for number in range(25))
    (tmp_path / "parties.csv").write_text("id,kind,name\n" + rows)
    with served(FolderSource(tmp_path)) as client:
        pages = [client.get(f"/v1/parties?name=李伟&limit=10&offset={start}").json() for start in (0, 10, 20)]

    assert [(25, 10, True), (25, 10, True), (25, 5, True)] == [
        (page["total"], page["returned"], page["truncated"]) for page in pages
    ]
    assert {f"p{n}" for n in range(25)} == {card["id"] for page in pages for card in page["parties"]}


def test_one_client_number_of_two_parties_is_no_guess(tmp_path: Path):
    """Several parties behind one identifier: the answer names them and decides nothing."""
    (tmp_path / "parties.csv").write_text("id,kind,name,client_no\na,,甲,77\nb,,乙,77\n")
    with served(FolderSource(tmp_path)) as client:
        told = problem(client.get("/v1/parties/77/groups"), 409, "AmbiguousParty")

    assert ["a", "b"] == told["candidates"]


@pytest.mark.parametrize("party", ["haiyan", "haiyan-lab", "lin", "lin-foods", "lone", "zhao"])
@pytest.mark.parametrize("policy", ["cbrc-2010", "huishang", "substance-eleven"])
def test_the_service_says_what_discover_says(party: str, policy: str, sample: httpx.Client):
    """Over HTTP a party has exactly the outcomes that the engine finds for it."""
    expected = discover(read_package(FACTS).facts, load_policy(policy), as_of=DAY, about=party).document()

    told = sample.get(
        f"/v1/parties/{party}/groups", params={"policy": policy, "as_of": DAY.isoformat()}
    ).json()
    PartyGroups.model_validate(told)

    assert {**expected, "parties": None} == {name: told[name] for name in expected} | {"parties": None}
    assert told["parties"].items() <= expected["parties"].items()


def test_long_lists_are_cut_and_counted(sample: httpx.Client):
    """With a limit of one, one of each kind is listed and the answer says how many there are."""
    whole = sample.get("/v1/parties/lone/groups").json()
    cut = sample.get("/v1/parties/lone/groups?limit=1").json()

    assert len(whole["links"]) > 1
    assert {"total": len(whole["links"]), "returned": 1} == cut["counts"]["links"]
    assert (False, True) == (whole["truncated"], cut["truncated"])
    assert whole["links"][:1] == cut["links"]


def test_pages_of_a_group_together_are_the_group(sample: httpx.Client):
    """Members a page at a time: each once, each with the proof it rests on."""
    whole = sample.get("/v1/parties/haiyan/groups").json()["groups"][0]
    pages = [sample.get(f"/v1/groups/{whole['id']}?limit=1&offset={n}").json() for n in range(4)]
    listed = [[*p["group"]["members"], *p["group"]["non_client_members"]] for p in pages]

    for page in pages:
        GroupPage.model_validate(page)
    assert [[one] for one in [*whole["members"], *whole["non_client_members"]]] == listed
    assert {"haiyan-trade", "haiyan-works"} == pages[2]["group"]["evidence"].keys()


def test_every_member_has_evidence(sample: httpx.Client):
    """Each member's own route gives its step and what it rests on, the head a sentence alone."""
    for head in ("haiyan", "lin"):
        group = sample.get(f"/v1/parties/{head}/groups").json()["groups"][0]
        for member in (*group["members"], *group["non_client_members"]):
            told = sample.get(f"/v1/groups/{group['id']}/members/{member}/evidence").json()
            MemberEvidence.model_validate(told)

            assert group["evidence"].get(member) == told["evidence"].get(member)
            assert all(group["evidence"][company] == step for company, step in told["evidence"].items())
            assert told["sentences"]["zh"]
            assert told["sentences"]["en"]


def test_no_id_number_is_in_any_answer(sample: httpx.Client):
    """Persons are shown with their number masked, wherever it was written."""
    numbers = ("330106197001011038", "33010619720315204X")
    for party in ("lin", "zhao", "lin-foods"):
        for address in (f"/v1/parties/{party}", f"/v1/parties/{party}/groups", f"/v1/parties?id={party}"):
            text = sample.get(address).text
            assert not any(number in text for number in numbers)
    assert (
        "330*************38"
        == PartyCard.model_validate(sample.get("/v1/parties/lin").json()).id_number_masked
    )


def test_an_id_number_in_a_name_is_masked(tmp_path: Path):
    """Someone wrote the number into the name: no route repeats it."""
    number = "330106197001011038"
    (tmp_path / "parties.csv").write_text(
        f"id,kind,name,other_names\nli,natural_person,李 {number},老李{number}\nx,,甲,\ny,,乙,\n"
    )
    (tmp_path / "holdings.csv").write_text("holder,company,equity_percent\nli,x,80\nli,y,80\n")
    with served(FolderSource(tmp_path)) as client:
        group = client.get("/v1/parties/x/groups").json()["groups"][0]["id"]
        texts = [
            client.get(address).text
            for address in (
                "/v1/parties/li",
                "/v1/parties/x/groups",
                f"/v1/groups/{group}",
                f"/v1/groups/{group}/members/x/evidence",
            )
        ]

    assert not any(number in text for text in texts)
    assert all("330*************38" in text for text in texts[:2])
