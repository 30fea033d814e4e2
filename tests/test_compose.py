"""The compose file says what the documentation promises, by docker's own word where there is one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

FILE = Path(__file__).parent.parent / "docker-compose.yml"
PASSWORD = "a-password-for-this-test"
NAME = "NEO4J_PASSWORD"


def compose_command() -> list[str] | None:
    """`docker compose` or `docker-compose`, whichever this machine has."""
    for words in (["docker", "compose"], ["docker-compose"]):
        if (
            shutil.which(words[0])
            and not subprocess.run([*words, "version"], capture_output=True, check=False).returncode
        ):
            return words
    return None


def rendered(password: str | None) -> dict[str, Any] | None:
    """The file as compose understands it with that password; by the same rules where there is none."""
    command = compose_command()
    if command is None:
        text = FILE.read_text(encoding="utf-8")
        if password is None:
            return None if f"${{{NAME}:?" in text else yaml.safe_load(text)
        start, end = text.find(f"${{{NAME}:?"), 0
        while start >= 0:
            end = text.index("}", start)
            text = text[:start] + password + text[end + 1 :]
            start = text.find(f"${{{NAME}:?")
        return yaml.safe_load(text)
    environment = {key: value for key, value in os.environ.items() if key != NAME}
    environment |= {NAME: password} if password else {}
    words = [*command, "-f", str(FILE), "config", "--format", "json"]
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False, cwd="/")
    return json.loads(done.stdout) if done.returncode == 0 else None


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found = rendered(PASSWORD)
    assert found is not None
    return found["services"]


def test_without_a_password_nothing_starts() -> None:
    """There is no default that could be guessed."""
    assert rendered(None) is None


def test_every_port_is_published_on_loopback_only(services: dict[str, Any]) -> None:
    """In both forms in which a port can be written."""
    ports = [port for service in services.values() for port in service["ports"]]
    hosts = {port.get("host_ip") if isinstance(port, dict) else port.split(":")[0] for port in ports}

    assert {"127.0.0.1"} == hosts
    assert 3 == len(ports)


def test_neo4j_is_the_lts_community_with_a_health_check_and_a_volume(services: dict[str, Any]) -> None:
    """The service waits until a query is answered; the data outlives the container."""
    neo4j, service = services["neo4j"], services["guanlian"]
    volumes = [v["target"] if isinstance(v, dict) else v.split(":")[1] for v in neo4j["volumes"]]

    assert "neo4j:5.26-community" == neo4j["image"]
    assert "cypher-shell" in " ".join(neo4j["healthcheck"]["test"])
    assert "service_healthy" == service["depends_on"]["neo4j"]["condition"]
    assert ["/data"] == volumes
    assert "guanlian" in service["build"]["dockerfile_inline"]


def test_the_password_is_given_to_both_and_is_on_no_command_line(services: dict[str, Any]) -> None:
    """From the environment, never in the health check or a command."""
    assert f"neo4j/{PASSWORD}" == services["neo4j"]["environment"]["NEO4J_AUTH"]
    assert PASSWORD == services["guanlian"]["environment"][NAME]
    assert PASSWORD not in str(services["neo4j"]["healthcheck"])
    assert PASSWORD not in services["guanlian"]["build"]["dockerfile_inline"]
