"""A home of its own for every test run, and a real Neo4j for those that ask for a store.

The store is the local server, in a folder of this run and always stopped at its end; with
`GUANLIAN_TEST_CONTAINERS=1` it is the official image in a container, through the same fixtures.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import platformdirs
import pytest
from hypothesis import HealthCheck, Phase, settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from discovery.graph.connection import Graph, connect, open_graph
from discovery.graph.local import LocalServer
from discovery.graph.recovery import make_ready
from discovery.graph.server_files import Size

SMALL = Size(heap=700, page_cache=128, quick=True)
UNHURRIED = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
    "phases": [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
}
ON_STORE = re.compile(r"\b(: Graph|local_server|own_server)\b")
IN_CONTAINER = os.environ.get("GUANLIAN_TEST_CONTAINERS") == "1"


def pytest_configure(config: pytest.Config) -> None:
    """A terminated run ends like an interrupted one: fixtures are torn down, the server is stopped."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings.register_profile("here", **UNHURRIED)
    settings.register_profile("ci", derandomize=True, print_blob=True, **UNHURRIED)
    settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """On several workers one has all files with tests of the store: one server, warmed up once."""
    return OneStore(config, log)


class OneStore(LoadFileScheduling):
    """Whole files to each worker, those that ask for the store together."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "store" if file in _files_of_the_store() else file


@cache
def _files_of_the_store() -> frozenset[str]:
    root = Path(__file__).resolve().parents[1]
    files = (path for path in (root / "tests").rglob("test_*.py") if ON_STORE.search(path.read_text("utf-8")))
    return frozenset(path.relative_to(root).as_posix() for path in files)


@pytest.fixture(scope="session", autouse=True)
def guanlian_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """GUANLIAN_HOME of this run. Fetched jars stay in the user's cache, so that no run fetches them again."""
    folder = tmp_path_factory.mktemp("guanlian-home")
    patch = pytest.MonkeyPatch()
    patch.setenv("GUANLIAN_HOME", str(folder))
    patch.setenv("GUANLIAN_CACHE", str(platformdirs.user_cache_path("guanlian", appauthor=False)))
    for name in ("NEO4J_URI", "NEO4J_USER", "NEO4J_PASSWORD", "NEO4J_DATABASE", "GUANLIAN_HMAC_KEY"):
        patch.delenv(name, raising=False)
    yield folder
    patch.undo()


@pytest.fixture(scope="session")
def local_server(guanlian_home: Path) -> Iterator[LocalServer]:
    """The local server of this run, fetched if need be and running."""
    server = LocalServer(size=SMALL)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def store(request: pytest.FixtureRequest) -> Iterator[Graph]:
    """The store of this run, its schema in place. Tests use `graph`, which empties it first."""
    if IN_CONTAINER:
        yield from _container_store()
        return
    with connect(local=request.getfixturevalue("local_server")) as graph:
        yield graph


@pytest.fixture(scope="session")
def empty_store(store: Graph) -> Callable[[], None]:
    """Empties the store once more, in the middle of a test."""
    return lambda: empty(store)


@pytest.fixture
def graph(store: Graph, empty_store: Callable[[], None]) -> Graph:
    """The store, empty but for its schema."""
    empty_store()
    return store


def empty(graph: Graph) -> None:
    """Delete everything but the notes of the migrations."""
    if graph.local is not None and graph.local.status() is None:
        graph.reopen()
    batch = "MATCH (n) WHERE NOT n:Migration WITH n LIMIT 20000 DETACH DELETE n RETURN count(n) AS n"
    while graph.driver.execute_query(batch, database_=graph.database).records[0]["n"]:
        pass


def _container_store() -> Iterator[Graph]:
    from testcontainers.neo4j import Neo4jContainer

    with Neo4jContainer("neo4j:5.26-community") as container:
        auth = (container.username, container.password)
        with open_graph(container.get_connection_url(), auth, database="neo4j") as graph:
            make_ready(graph)
            yield graph
