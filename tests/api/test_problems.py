"""Errors: every one has a status, all have one shape, none shows what it should not."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import httpx
import pytest
from serving import problem

import discovery
from api.problems import KINDS, STATUS, named
from discovery.errors import GuanlianError


def errors_below(error: type) -> Iterator[type]:
    """The class and all that are derived from it."""
    yield error
    for one in error.__subclasses__():
        yield from errors_below(one)


@pytest.fixture(scope="module", autouse=True)
def everything_imported() -> None:
    """A class exists once its module was imported."""
    for module in pkgutil.walk_packages(discovery.__path__, "discovery."):
        if not module.name.startswith(("discovery.commands", "discovery.cli")):  # the other edge
            importlib.import_module(module.name)


def test_every_error_has_a_status():
    """An error that nobody gave a status would reach the user as a bare 500."""
    ours = {one.__name__ for one in errors_below(GuanlianError) if one.__module__.startswith("discovery.")}

    assert ours == STATUS.keys()


def test_an_error_of_an_unknown_kind_is_answered_as_its_parent():
    """A class made elsewhere still gets the status of the family it belongs to."""

    class OddParty(importlib.import_module("discovery.errors").UnknownParty):
        """Made here."""

    assert "UnknownParty" == named(OddParty)


def test_every_kind_is_explained_in_both_languages(sample: httpx.Client):
    """The address that `type` names says what it means."""
    for name, kind in KINDS.items():
        told = sample.get(f"/problems/{name}").json()

        assert {"type": f"/problems/{name}", "status": kind.status, "en": kind.en, "zh": kind.zh} == told
        assert kind.zh
        assert kind.en


@pytest.mark.parametrize(
    ("address", "status", "kind"),
    [
        ("/nothing/here", 404, "NoSuchRoute"),
        ("/v1/parties/nobody", 404, "UnknownParty"),
        ("/v1/parties/nobody/groups", 404, "UnknownParty"),
        ("/v1/groups/g_0000000000000000", 404, "UnknownGroup"),
        ("/v1/groups/G1", 422, "InvalidRequest"),
        ("/v1/parties", 400, "UsageError"),
        ("/v1/parties?id=lin&name=lin", 400, "UsageError"),
        ("/v1/parties?name=", 422, "InvalidRequest"),
        ("/v1/parties?name=x&limit=0", 422, "InvalidRequest"),
        ("/v1/parties?name=x&limit=1001", 422, "InvalidRequest"),
        ("/v1/parties?name=x&offset=-1", 422, "InvalidRequest"),
        ("/v1/parties?name=" + "x" * 301, 422, "InvalidRequest"),
        ("/v1/parties?name=" + "x" * 3000, 414, "AddressTooLong"),
        ("/v1/parties/" + "x" * 301, 422, "InvalidRequest"),
        ("/v1/parties/" + "x" * 1100, 414, "AddressTooLong"),
        ("/v1/parties/lin/groups?as_of=2026-02-30", 400, "UsageError"),
        ("/v1/parties/lin/groups?as_of=yesterday", 422, "InvalidRequest"),
        ("/v1/parties/lin/groups?known_at=soon", 400, "UsageError"),
        ("/v1/parties/lin/groups?policy=nobody-s", 404, "UnknownPolicy"),
        ("/v1/parties/lin/groups?policy=/etc/passwd.yaml", 404, "UnknownPolicy"),
        ("/v1/parties/lin/groups?policy=henan-union", 400, "PolicyFormsNoGroups"),
        ("/v1/parties/%00", 404, "UnknownParty"),
        ("/v1/parties/%EE%80%80", 404, "NoSuchRoute"),
        ("/v1/parties/%ff%fe", 404, "UnknownParty"),
    ],
)
def test_a_bad_question_is_a_problem_document(address: str, status: int, kind: str, sample: httpx.Client):
    """Whatever is wrong with the address, the answer says so in the one shape."""
    problem(sample.get(address), status, kind)


def test_another_method_is_refused(sample: httpx.Client):
    """Each address takes its own methods alone."""
    answer = sample.post("/v1/parties", json={})

    problem(answer, 405, "MethodNotAllowed")
    assert "GET" == answer.headers["allow"]


def test_a_person_reads_the_title_in_his_language(sample: httpx.Client):
    """Accept-Language chooses between Chinese and English."""
    told = sample.get("/v1/parties/nobody", headers={"Accept-Language": "zh-CN,zh;q=0.9"})

    assert ("没有这个主体", "zh") == (told.json()["title"], told.headers["content-language"])


def test_an_id_number_in_the_question_is_not_repeated(sample: httpx.Client):
    """Neither the detail nor the address of the error shows the number somebody asked for."""
    number = "330106197001011038"

    for address in (f"/v1/parties/{number}", f"/v1/parties/{number}/groups", f"/v1/groups/{number}"):
        answer = sample.get(address)

        assert 400 <= answer.status_code < 500
        assert number not in answer.text
