"""What every answer carries, whom the service answers, what the log keeps to itself."""

from __future__ import annotations

import logging
import socket

import httpx
import pytest
from serving import problem

ROUTES = ("/healthz", "/readyz", "/v1/policies", "/v1/parties/lin", "/v1/parties/nobody", "/docs", "/nowhere")


@pytest.mark.parametrize("address", ROUTES)
def test_every_answer_is_dressed(address: str, sample: httpx.Client):
    """No answer may be stored, framed, sniffed, or read by another site; each has a request id."""
    headers = sample.get(address, headers={"Origin": "http://elsewhere.example"}).headers

    assert "no-store" == headers["cache-control"]
    assert "nosniff" == headers["x-content-type-options"]
    assert "DENY" == headers["x-frame-options"]
    assert "no-referrer" == headers["referrer-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-request-id"]
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_a_name_that_is_not_this_machine_s_is_refused(sample: httpx.Client):
    """A web page that lets its own name point here is told by the Host header."""
    answer = sample.get("/v1/parties/lin", headers={"Host": "evil.example"})

    problem(answer, 421, "OtherHost")
    assert 200 == sample.get("/healthz", headers={"Host": "localhost:9"}).status_code


@pytest.mark.parametrize(
    ("given", "kept"),
    [("trace-0001.a", True), ("x", False), ("330106197001011038", False), ("a b c d e f g", False)],
)
def test_the_caller_s_request_id_is_kept_if_it_is_plain(given: str, kept: bool, sample: httpx.Client):
    """It comes back in the answer; one that is odd or holds an ID number is replaced."""
    assert kept == (given == sample.get("/healthz", headers={"X-Request-ID": given}).headers["x-request-id"])


def test_the_same_question_to_the_same_version_is_not_sent_twice(sample: httpx.Client):
    """If-None-Match with the answer's tag gives 304; another question or policy has another tag."""
    first = sample.get("/v1/parties/lin/groups")
    again = sample.get("/v1/parties/lin/groups", headers={"If-None-Match": first.headers["etag"]})
    others = [
        sample.get(address, headers={"If-None-Match": first.headers["etag"]})
        for address in (
            "/v1/parties/zhao/groups",
            "/v1/parties/lin/groups?policy=huishang",
            "/v1/parties/lin",
        )
    ]

    assert (304, b"") == (again.status_code, again.content)
    assert [200, 200, 200] == [other.status_code for other in others]
    assert first.headers["guanlian-version"].startswith("folder-")


def test_the_log_names_routes_and_nobody(sample: httpx.Client, caplog: pytest.LogCaptureFixture):
    """The access log has route, status and time; no id, no name, no query."""
    with caplog.at_level(logging.INFO, logger="guanlian.access"):
        sample.get("/v1/parties/lin/groups?policy=huishang")
        sample.get("/v1/parties?name=林岳")
        sample.get("/v1/parties/330106197001011038")

    lines = [record.getMessage() for record in caplog.records if record.name == "guanlian.access"]
    assert ["/v1/parties/{party}/groups 200", "/v1/parties 200", "/v1/parties/{party} 404"] == [
        " ".join(line.split()[2:4]) for line in lines
    ]
    assert not any(word in line for line in lines for word in ("lin", "林", "huishang", "3301"))


def test_garbage_on_the_wire_ends_nothing(sample: httpx.Client):
    """A client that speaks no HTTP is turned away and the next one is answered."""
    with socket.create_connection((sample.base_url.host, sample.base_url.port), timeout=120) as wire:
        wire.sendall(b"\x16\x03\x01\x02\x00garbage\r\n\r\n")
        wire.recv(1000)

    assert 200 == sample.get("/healthz").status_code
