"""The real service on a free port of this machine, asked by a real client."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import httpx

from api.serve import listening, server
from discovery.service.resident import Resident
from discovery.service.versions import Source

DAY = date(2026, 6, 30)


@contextmanager
def served(source: Source, *, policy: str = "cbrc-2010", poll: float = 0.05) -> Iterator[httpx.Client]:
    """A client of a service over that source, whose present day is the last of June 2026."""
    resident = Resident(source, policy, clock=lambda: DAY, poll_seconds=poll)
    resident.start()
    with listening("127.0.0.1", 0) as listener:
        running = server(resident)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            until(lambda: resident.status().problem or resident.wait(0.1), 300)
            assert resident.status().problem is None
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            with httpx.Client(base_url=address, timeout=300) as client:
                yield client
        finally:
            running.should_exit = True
            thread.join(120)
            assert not thread.is_alive()


def until(asked, seconds: float = 180.0):
    """The first true answer, asked again and again."""
    deadline = time.monotonic() + seconds
    while not (found := asked()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)
    return found


def problem(answer: httpx.Response, status: int, kind: str) -> dict:
    """The body of an error, after a look at the shape that every error has."""
    body = answer.json()
    assert (status, "application/problem+json") == (answer.status_code, answer.headers["content-type"])
    assert {"type", "title", "status", "detail", "instance", "request_id"} <= body.keys()
    assert (f"/problems/{kind}", status) == (body["type"], body["status"])
    assert answer.headers["x-request-id"] == body["request_id"]
    assert "Traceback" not in answer.text
    return body
