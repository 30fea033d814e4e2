"""The one place that talks to Neo4j: named questions and writes, each in a managed transaction."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Literal, Self

from neo4j import READ_ACCESS, WRITE_ACCESS, Driver, GraphDatabase, ManagedTransaction, Record, unit_of_work
from neo4j.graph import Node, Path, Relationship

from discovery.errors import LoadInProgress
from discovery.graph.failures import LoadFailed, QueryMisused, explained
from discovery.graph.jars import Progress
from discovery.graph.local import DATABASE, USER, LocalServer
from discovery.graph.queries import LANGUAGE, QueryFiles, query_files

Row = dict[str, Any]
Step = tuple[str, Mapping[str, object]]  # a query file and its parameters
BATCH: Final = 5_000
READ_SECONDS: Final = 60.0
WRITE_SECONDS: Final = 600.0
TRIES: Final = 5
STATE: Final = "store/state"


class Graph:
    """A store: questions (`read`), writes (`write`, `write_all`, `write_batches`) by the name of a file.

    `local` is the server of this machine behind it, if it is one. Safe to share between threads.
    """

    def __init__(
        self,
        driver: Driver,
        *,
        local: LocalServer | None = None,
        database: str | None = None,
        queries: QueryFiles | None = None,
        seconds: float = READ_SECONDS,
    ) -> None:
        self.driver = driver
        self.local = local
        self.database = database
        self.queries = queries or query_files()
        self.seconds = seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back; a local server runs on."""
        self.driver.close()

    def reopen(self) -> None:
        """Turn to the local server again after it was started anew, at its new address."""
        if self.local is None:
            return
        self.driver.close()
        fresh = open_graph(self.local.start().uri, (USER, self.local.password), local=self.local)
        self.driver = fresh.driver

    def read(self, name: str, /, **params: object) -> list[Row]:
        """Rows of one question, in plain values: a node or fact is its properties, a path the list of both.

        Nothing of an unfinished load can be in the answer: LoadInProgress while one is being written.
        """
        for _ in range(TRIES):
            before = self.state()
            rows = self.read_anyway(name, **params)
            if before == self.state():
                return rows
        raise LoadInProgress("The store was written to again and again meanwhile.", remedy="Ask again later.")

    def state(self) -> Row:
        """The store's version, when no load is being written; else LoadInProgress."""
        state = self.read_anyway(STATE)[0]
        if state["loading"]:
            raise LoadInProgress(
                f"The load {state['loading'][0]} is being written.",
                remedy="Ask again when it is complete; `guanlian loads` shows it.",
                load=state["loading"][0],
            )
        return state

    def read_anyway(self, name: str, /, **params: object) -> list[Row]:
        """Rows of one question whatever is being written: for the store's own books and for snapshots."""
        return self._in_transaction(READ_ACCESS, [(name, params)], self.seconds)[0]

    def write(self, name: str, /, **params: object) -> list[Row]:
        """Run one writing file in a transaction of its own."""
        return self.write_all([(name, params)])[0]

    def write_all(self, steps: Sequence[Step], *, guard: Step | None = None) -> list[list[Row]]:
        """Run several files in one transaction: all of it is done, or nothing.

        `guard` runs first and must answer with a row, or nothing is done (LoadFailed).
        """
        return self._in_transaction(WRITE_ACCESS, steps, WRITE_SECONDS, guard)

    def write_batches(
        self,
        name: str,
        rows: Sequence[Mapping[str, object]],
        *,
        guard: Step | None = None,
        done: Callable[[int], None] | None = None,
        params: Mapping[str, object] | None = None,
    ) -> None:
        """Give `$rows` of a file in batches of 5,000, a transaction each, all behind the `guard`."""
        for start in range(0, len(rows), BATCH):
            part = rows[start : start + BATCH]
            self.write_all([(name, {"rows": part, **(params or {})})], guard=guard)
            if done:
                done(len(part))

    def run_schema(self, *statements: str) -> None:
        """Statements of a migration in one transaction, which schema and data cannot share.

        Indexes made together are filled in one pass over the store.
        """

        def work(tx: ManagedTransaction) -> list[list[Row]]:
            for statement in statements:
                tx.run(LANGUAGE + statement).consume()
            return []

        self._managed(WRITE_ACCESS, "schema", WRITE_SECONDS, work)

    def _in_transaction(
        self, mode: str, steps: Sequence[Step], seconds: float, guard: Step | None = None
    ) -> list[list[Row]]:
        for name, params in [guard, *steps] if guard else steps:
            self.queries[name].check(params)
            if mode == READ_ACCESS and self.queries[name].writes:
                raise QueryMisused(f"{name} writes; it is no question.", query=name)
        texts = [(self.queries[name].text, dict(params)) for name, params in steps]

        def work(tx: ManagedTransaction) -> list[list[Row]]:
            if guard and tx.run(self.queries[guard[0]].text, dict(guard[1])).single() is None:
                raise LoadFailed(
                    "The load was given up meanwhile; nothing of it counts.", remedy="Load again."
                )
            return [[_plain_row(row) for row in tx.run(text, params)] for text, params in texts]

        return self._managed(mode, steps[-1][0], seconds, work)

    def _managed(
        self, mode: str, name: str, seconds: float, work: Callable[[ManagedTransaction], list[list[Row]]]
    ) -> list[list[Row]]:
        bounded = unit_of_work(metadata={"app": "guanlian", "query": name}, timeout=seconds)(work)
        with (
            explained(name),
            self.driver.session(
                database=self.database,
                default_access_mode=mode,
                bookmark_manager=self.driver.execute_query_bookmark_manager,
                fetch_size=1000,
            ) as session,
        ):
            run = session.execute_read if mode == READ_ACCESS else session.execute_write
            return run(bounded)


def connect(
    *, local: LocalServer | None = None, progress: Progress | None = None, ready: bool = True
) -> Graph:
    """The store: `NEO4J_URI` (`NEO4J_USER`, `NEO4J_PASSWORD`) where set, else the local server, started.

    `ready` also brings the schema up to date and settles loads that were broken off.
    """
    uri = os.environ.get("NEO4J_URI")
    if uri and local is None:
        auth = (os.environ.get("NEO4J_USER", USER), os.environ.get("NEO4J_PASSWORD", ""))
        graph = open_graph(uri, auth, database=os.environ.get("NEO4J_DATABASE"))
    else:
        server = local or LocalServer()
        running = server.start(progress=progress)
        graph = open_graph(running.uri, (USER, server.password), local=server, database=DATABASE)
    try:
        with explained("connect"):
            graph.driver.verify_connectivity()
        if ready:
            from discovery.graph.recovery import make_ready  # noqa: PLC0415  it builds on this module

            make_ready(graph)
    except BaseException:
        graph.close()
        raise
    return graph


def open_graph(
    uri: str,
    auth: tuple[str, str],
    *,
    local: LocalServer | None = None,
    database: str | None = None,
    notifications: Literal["OFF", "WARNING", "INFORMATION"] = "OFF",
) -> Graph:
    """A store at an address, as it is. A young store lacks most labels; the notes on that are off."""
    with explained("connect"):
        driver = GraphDatabase.driver(
            uri,
            auth=auth,
            connection_timeout=10,
            max_transaction_retry_time=15,
            telemetry_disabled=True,
            notifications_min_severity=notifications,
        )
    return Graph(driver, local=local, database=database)


def _plain_row(row: Record) -> Row:
    return {name: plain(row[name]) for name in row.keys()}  # noqa: SIM118  a record iterates over values


def plain(value: object) -> Any:
    """A value of the driver's as plain Python. A list without graph values in front is handed on as it is."""
    if isinstance(value, Path):
        return [plain(part) for part in _alternating(value)]
    if isinstance(value, Node):
        return {"labels": sorted(value.labels), **value}
    if isinstance(value, Relationship):
        return {"type": value.type, **value}
    if isinstance(value, list) and value and isinstance(value[0], Path | Node | Relationship | dict | list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def _alternating(path: Path) -> Iterable[Node | Relationship]:
    yield path.nodes[0]
    for fact, node in zip(path.relationships, path.nodes[1:], strict=True):
        yield fact
        yield node
