"""`serve.run` as a process: where it listens, what it prints, how it ends."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from api.described import FACTS
from api.serve import IMAGE, listening, run
from discovery.errors import BadInput, UnknownPolicy, UsageError

CALL = "from pathlib import Path; from api.serve import run; run(port=0, path=Path({!r}))"


def test_it_serves_until_it_is_told_to_stop():
    """The address on stderr answers, stdout stays empty, and SIGTERM ends the process soon."""
    call = [sys.executable, "-c", CALL.format(str(FACTS))]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = process.stderr.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+", line)[0]
            assert f"{address}/docs" in line
            while httpx.get(f"{address}/readyz", timeout=300).status_code != 200:
                time.sleep(0.1)
            assert 200 == httpx.get(f"{address}/v1/parties/C1003/groups", timeout=300).status_code
        finally:
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=300)

    assert "" == out
    assert "Traceback" not in err
    assert "/v1/parties/{party}/groups 200" in err
    assert "C1003" not in err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])  # noqa: S104  refused
def test_other_hosts_are_refused_and_the_reason_is_said(host: str, monkeypatch: pytest.MonkeyPatch):
    """Whoever could reach the service could see everything."""
    monkeypatch.delenv(IMAGE, raising=False)

    with pytest.raises(UsageError, match="no keys and roles") as refused:
        run(host=host, path=FACTS)

    assert refused.value.remedy


def test_connections_are_known_to_be_tcp():
    """Only then does asyncio turn off the delay that costs an answer in two parts 40 ms."""
    with listening("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        taken, _ = listener.accept()
        with taken:
            assert socket.IPPROTO_TCP == taken.proto


def test_a_taken_port_is_said():
    """Two services cannot share a port; the error names it and the way out."""
    with listening("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=str(port)):
            run(port=port, path=FACTS)


def test_what_is_wrong_is_raised_before_anything_is_served(tmp_path: Path):
    """A bad folder, ids that are ID numbers, an unknown policy: an error, and no service."""
    (tmp_path / "parties.csv").write_text("id,colour\nA,red\n")
    with pytest.raises(BadInput, match="colour"):
        run(port=0, path=tmp_path)
    (tmp_path / "parties.csv").write_text("id,kind\n330106197001011038,natural_person\n")
    with pytest.raises(BadInput, match="ID number") as refused:
        run(port=0, path=tmp_path)
    assert "330106197001011038" not in str(refused.value.facts)
    with pytest.raises(BadInput, match="cannot be read"):
        run(port=0, path=tmp_path / "nowhere")
    with pytest.raises(UnknownPolicy):
        run(port=0, path=FACTS, policy="none")
