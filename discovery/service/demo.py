"""The whole way on data that ships with us: discover from files, load into the store, compare the two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Final

import polars as pl

from discovery.errors import StoreError
from discovery.exchange.importing import import_file
from discovery.facts.facts import Facts
from discovery.facts.package import read_package
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.graph.recovery import loads
from discovery.groups import Answer, discover
from discovery.policies import load_policy
from discovery.service.answers import Asked
from discovery.service.days import today
from discovery.service.published import publish
from discovery.service.sources import Progress, staged
from discovery.service.store import status
from discovery.service.stored import opened_store, store_facts

Document = dict[str, Any]
SAMPLE: Final = Path(__file__).resolve().parents[1] / "sample"
FICTION: Final = "guanlian"
REAL: Final = {
    "gleif": SAMPLE / "real" / "gleif",
    "nic": SAMPLE / "real" / "nic" / "CSV_RELATIONSHIPS_ABRIDGED.csv",
}
TOLD: Final = ("huayue", "lin-xiao", "huan-electric")  # heads of the groups that are shown
LISTS: Final = ("groups", "exempt", "review", "related", "links", "dependent_sets")
POLL_SECONDS: Final = 0.2


@dataclass(frozen=True)
class Compared:
    """Store beside files: the same, or in which lists they differ."""

    differing: tuple[str, ...]

    @property
    def same(self) -> bool:
        return not self.differing


def run_demo(
    *,
    policy: str = "cbrc-2010",
    as_of: date | None = None,
    with_store: bool = True,
    discovered: Callable[[Document, list[Document], str], None] | None = None,
    progress: Progress | None = None,
) -> Document:
    """Discover the fictional sample; then load it with the real data into the store and compare.

    The store is fetched and started while the sample is discovered. `discovered` is given the answer,
    its most telling groups and the package's path at once, to be read while the store is awaited.
    Returns `policy`, `as_of`, `counts` (outcomes by list) and, unless `with_store` is false, `loads`,
    `same`, `differing` and `store` (as `store status`). Raises StoreError if the store cannot be had or
    holds somebody's own facts.
    """
    day = as_of or today()
    opening = Opening() if with_store else None
    facts = sample_facts()
    document = _discover(facts, policy, day).document()
    summary: Document = {
        "policy": policy,
        "as_of": day.isoformat(),
        "counts": {name: len(document[name]) for name in LISTS},
    }
    if discovered is not None:
        discovered(document, told(document), str(SAMPLE / FICTION))
    if opening is None:
        return summary
    with opening.wait(progress) as graph:
        _only_ours(graph)
        packages = {FICTION: facts, **real_facts(progress)}
        summary["loads"] = [_load(graph, name, given, progress) for name, given in packages.items()]
        compared = compare(
            _discover(together(packages), policy, day), _discover(store_facts(graph), policy, day)
        )
        publish(graph, Asked(policy, day), progress)
    return summary | {"same": compared.same, "differing": list(compared.differing), "store": status()}


def told(document: Document) -> list[Document]:
    """The groups of the answer that say most about how groups come about."""
    return [group for group in document["groups"] if group["controller"]["parties"][0] in TOLD]


def sample_facts() -> Facts:
    """The fictional bank, as shipped."""
    return read_package(SAMPLE / FICTION).facts


def real_facts(progress: Progress | None = None) -> dict[str, Facts]:
    """The real records that ship with us, by the shipped mapping that brings them into form."""
    found = {}
    with TemporaryDirectory(prefix="guanlian-demo-") as folder:
        for name, file in REAL.items():
            if progress is not None:
                progress("import", 0, 0)
            import_file(file, name, Path(folder) / name)
            found[name] = read_package(Path(folder) / name).facts
    return found


def together(packages: Mapping[str, Facts]) -> Facts:
    """Facts of several packages as one; their ids must differ, as those of the shipped data do."""
    stems = sorted({stem for facts in packages.values() for stem in facts.frames})
    frames = {stem: pl.concat([facts[stem] for facts in packages.values()], how="diagonal") for stem in stems}
    return Facts(frames)


def compare(files: Answer, store: Answer) -> Compared:
    """Do two answers say the same? Parties go by record key, since a store gives them ids of its own."""
    one, other = files.document(), store.document()
    keys = [_keys(answer) for answer in (files, store)]
    return Compared(
        tuple(name for name in LISTS if _plain(one[name], keys[0]) != _plain(other[name], keys[1]))
    )


class Opening:
    """The store being fetched and started beside other work."""

    def __init__(self) -> None:
        self._news = (0, 0)
        self._graph: Graph | None = None
        self._error: BaseException | None = None
        self._thread = Thread(target=self._open, name="open-store", daemon=True)
        self._thread.start()

    def wait(self, progress: Progress | None = None) -> Graph:
        """The store, ready; what stage it is at is told meanwhile. Raises what kept it from opening."""
        tell = staged(progress, "neo4j")
        while self._thread.is_alive():
            self._thread.join(POLL_SECONDS)
            if tell is not None:
                tell(*self._news)
        if self._error is not None:
            raise self._error
        assert self._graph is not None  # noqa: S101  the thread has ended without an error
        return self._graph

    def _open(self) -> None:
        try:
            self._graph = opened_store(lambda _, done, total: self._hear(done, total))
        except BaseException as error:  # noqa: BLE001  raised again where it is waited for
            self._error = error

    def _hear(self, done: int, total: int) -> None:
        self._news = (done, total)


def _discover(facts: Facts, policy: str, day: date) -> Answer:
    return discover(facts, load_policy(policy), as_of=day)


def _only_ours(graph: Graph) -> None:
    """Refuse a store that holds more than this demonstration's facts: fiction does not belong among them."""
    sources = {row["source"] for row in loads(graph) if row["status"] == "complete"}
    others = sorted(sources - {FICTION, *REAL})
    if others:
        raise StoreError(
            f"The store holds facts of {', '.join(others)}; the demonstration adds no fiction to them.",
            remedy="Set GUANLIAN_HOME to a new folder (and unset NEO4J_URI), or say --no-store.",
        )


def _load(graph: Graph, name: str, facts: Facts, progress: Progress | None) -> Document:
    summary = load(graph, facts, source=name, name=f"demo {name}", progress=staged(progress, f"load {name}"))
    return {"id": summary.id, "source": name, "rows": summary.rows, "seconds": round(summary.seconds, 3)}


def _keys(answer: Answer) -> dict[str, str]:
    parties = answer.graph.parties
    return dict(zip(parties.ids, parties.keys, strict=True))


def _plain(value: Any, keys: Mapping[str, str]) -> Any:
    """A value with record keys for party ids, and lists in an order that does not hang on ids."""
    if isinstance(value, str):
        return keys.get(value, value)
    if isinstance(value, Mapping):
        return {keys.get(name, name): _plain(one, keys) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return sorted((_plain(one, keys) for one in value), key=repr_in_order)
    return value


def repr_in_order(value: Any) -> str:
    """A text by which plain values are sorted, the same for mappings of any order."""
    if isinstance(value, Mapping):
        return repr([(name, repr_in_order(value[name])) for name in sorted(value)])
    return repr(value)
