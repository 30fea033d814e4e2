"""Where resident facts come from: a folder, read once, or the store, read again when it has moved."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final, Protocol

from discovery.errors import BadInput, LoadInProgress, StoreError
from discovery.facts.facts import Facts
from discovery.facts.identifiers import valid_id_numbers
from discovery.facts.package import read_package
from discovery.graph.connection import Graph, connect
from discovery.graph.snapshot import snapshot, store_version
from discovery.service.decisions import ReadOnlyFacts

TRIES: Final = 5


class Source(Protocol):
    """Facts and the version they have; `version` is asked every second and must be cheap."""

    def version(self) -> str:
        """The present version; StoreError when it cannot be known."""

    def name(self) -> str:
        """Which store or folder it is, as a name for a file kept of it."""

    def read(self) -> tuple[str, Facts]:
        """All facts, those once known too, with the version they are of."""

    def writable(self) -> Graph:
        """The store behind it; ReadOnlyFacts where there is none."""

    def close(self) -> None:
        """Give back what is held."""


class FolderSource:
    """A facts package, read once: what changes in the folder later is served after a new start."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._version = f"folder-{fingerprint(path)}"

    def name(self) -> str:
        return folder_name(self._path)

    def version(self) -> str:
        return self._version

    def read(self) -> tuple[str, Facts]:
        package = read_package(self._path)
        package.raise_if_bad()
        _refuse_id_numbers(package.facts)
        return self._version, package.facts

    def writable(self) -> Graph:
        raise ReadOnlyFacts(
            "A folder is served, and nothing is written into it.",
            remedy="Put the decision into its decisions.csv, or serve the store.",
        )

    def close(self) -> None:
        """A folder holds nothing."""


class StoreSource:
    """The graph store. A local server that was stopped and started again is found at its new address."""

    def __init__(self, graph: Graph | None = None) -> None:
        self._graph = graph or connect()
        self._address = self._running()

    def name(self) -> str:
        return store_name(self._graph)

    def version(self) -> str:
        return f"store-{self._number()}"

    def read(self) -> tuple[str, Facts]:
        for _ in range(TRIES):
            before = self._number()
            facts = Facts(snapshot(self._graph))
            if self._number() == before:
                return f"store-{before}", facts
        raise LoadInProgress("The store was written to again and again meanwhile.", remedy="Ask again later.")

    def writable(self) -> Graph:
        self._number()
        return self._graph

    def close(self) -> None:
        self._graph.close()

    def _number(self) -> int:
        address = self._running()
        if address != self._address:
            self._graph.reopen()
            self._address = address
        return store_version(self._graph)

    def _running(self) -> str | None:
        """The local server's address; None for a server that is not ours to watch."""
        if self._graph.local is None:
            return None
        running = self._graph.local.status()
        if running is None:
            raise StoreError("The local store is stopped.", remedy="Start it: guanlian store start.")
        return running.uri


def store_name(graph: Graph) -> str:
    """A name for what is kept of a store: no other database has it."""
    mark = hashlib.sha256(str(graph.read_anyway("store/identity")[0]["id"]).encode()).hexdigest()[:16]
    return f"{'store' if graph.local is None else 'local'}-{mark}"


def folder_name(path: Path) -> str:
    """A name for what is kept of a folder of facts at that place."""
    return f"folder-{hashlib.sha256(str(path.expanduser().resolve()).encode()).hexdigest()[:16]}"


def fingerprint(path: Path) -> str:
    """Names, sizes and times of the package's files, hashed."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    try:
        marks = [(file.name, *_size_and_time(file)) for file in files]
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", remedy="Check the path.") from error
    return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]


def _size_and_time(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_size, found.st_mtime_ns


def _refuse_id_numbers(facts: Facts) -> None:
    """Answers name parties by id, so an id that is an ID number would show it to everybody."""
    ids = facts["parties"]["id"]
    count = int(valid_id_numbers(ids).sum())
    if count:
        raise BadInput(
            f"{count:,} parties have a resident ID number as their id, which every answer would show.",
            remedy="Give them ids of your own and put the number into id_number.",
            file="parties",
            field="id",
            total=count,
        )
