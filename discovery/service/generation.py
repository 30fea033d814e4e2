"""One version of the facts in memory, with the days and answers that were asked for last."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Executor, Future
from datetime import date, datetime
from typing import Any, Final

import orjson

from discovery.errors import GuanlianError
from discovery.facts.facts import Facts
from discovery.facts.graph import FactGraph, fact_graph
from discovery.facts.package import facts_from_rows
from discovery.groups.changes import changes as differences
from discovery.groups.discover import discover_in
from discovery.policies import Policy
from discovery.service.changes import Moment
from discovery.service.groups import Groups
from discovery.service.neighbourhood import Neighbourhood
from discovery.service.what_if import HYPOTHESIS, Rows, suppose, what_if

KEPT: Final = {"day": 2, "answer": 4, "change": 2, "near": 1}
Document = dict[str, Any]
WAITING: Final = 8  # computations that may queue; whoever asks for one more is told to come back


class Busy(GuanlianError):
    """Too many days and policies are being computed already."""


class Generation:
    """Facts of one version. Every result is computed once, on `worker`, whoever asks meanwhile waits for it.

    Kept are the last two days, the last four answers (with their days) and, always, the default answer.
    """

    def __init__(self, version: str, facts: Facts, worker: Executor) -> None:
        self.version = version
        self.facts = facts
        self._worker = worker
        self._lock = threading.Lock()
        self._coming: dict[Hashable, Future[Any]] = {}
        self._kept: dict[str, OrderedDict[Hashable, Any]] = {kind: OrderedDict() for kind in KEPT}
        self._default: Hashable = None

    def day(self, as_of: date, known_at: datetime | None) -> Future[FactGraph]:
        """The facts of one day, as far as they were known at a moment."""
        return self._soon("day", (as_of, known_at), lambda: self._graph(as_of, known_at))

    def groups(self, policy: Policy, as_of: date, known_at: datetime | None) -> Future[Groups]:
        """What a policy says of one day."""
        key = (policy.slug, as_of, known_at)
        return self._soon("answer", key, lambda: self._groups(policy, as_of, known_at))

    def changes(self, policy: Policy, before: Moment, after: Moment) -> Future[Document]:
        """What changed between two moments."""

        def make() -> Document:
            first, second = (self._graph(one.as_of, one.known_at) for one in (before, after))
            return differences(first, second, policy)

        return self._soon("change", (policy.slug, before, after), make)

    def what_if(self, policy: Policy, at: Moment, rows: Rows, without: list[str]) -> Future[Document]:
        """What would differ under a hypothesis; BadInput or UsageError for one that cannot be."""
        key = (policy.slug, at, orjson.dumps([rows, without], option=orjson.OPT_SORT_KEYS))

        def make() -> Document:
            supposed = suppose(self.facts, [facts_from_rows(rows, source=HYPOTHESIS)], without)
            return what_if(self._graph(at.as_of, at.known_at), supposed, policy)

        return self._soon("change", key, make)

    def default(self, policy: Policy, as_of: date) -> Future[Groups]:
        """The answer that is never put aside."""
        self._default = (policy.slug, as_of, None)
        return self.groups(policy, as_of, None)

    def near(self, as_of: date, known_at: datetime | None) -> Future[Neighbourhood]:
        """What lies around each party on a day, ready to be cut out."""
        return self._soon("near", (as_of, known_at), lambda: Neighbourhood(self._graph(as_of, known_at)))

    def worked(self, make: Callable[[], Any]) -> Future[Any]:
        """Compute something once on the worker, in its turn; Busy if too many wait."""
        with self._lock:
            if len(self._coming) >= WAITING:
                raise Busy("Too much else is being computed.", remedy="Ask again shortly.")
            key = ("once", object())
            coming = self._coming[key] = self._worker.submit(make)
        coming.add_done_callback(lambda _: self._coming.pop(key, None))
        return coming

    def _soon(self, kind: str, key: Hashable, make: Callable[[], Any]) -> Future[Any]:
        with self._lock:
            kept = self._kept[kind]
            if key in kept:
                kept.move_to_end(key)
                done: Future[Any] = Future()
                done.set_result(kept[key])
                return done
            coming = self._coming.get((kind, key))
            if coming is None:
                if len(self._coming) >= WAITING and key != self._default:
                    raise Busy(
                        f"{len(self._coming)} other days and policies are being computed.",
                        remedy="Ask again shortly.",
                    )
                coming = self._worker.submit(self._made, kind, key, make)
                self._coming[kind, key] = coming
            return coming

    def _made(self, kind: str, key: Hashable, make: Callable[[], Any]) -> Any:
        """On the worker: compute, keep, put aside what was asked for longest ago."""
        try:
            made = make()
            self._keep(kind, key, made)
        finally:
            with self._lock:
                self._coming.pop((kind, key), None)
        return made

    def _keep(self, kind: str, key: Hashable, made: Any) -> None:
        with self._lock:
            kept = self._kept[kind]
            kept[key] = made
            kept.move_to_end(key)
            old = [one for one in kept if one not in {key, self._default}]
            for one in old[: max(0, len(kept) - KEPT[kind])]:
                del kept[one]

    def _graph(self, as_of: date, known_at: datetime | None) -> FactGraph:
        """On the worker, which alone computes: a day is there, or nobody else is at it."""
        key = (as_of, known_at)
        with self._lock:
            found = self._kept["day"].get(key)
        if found is None:
            found = fact_graph(self.facts, as_of, known_at)
            self._keep("day", key, found)
        return found

    def _groups(self, policy: Policy, as_of: date, known_at: datetime | None) -> Groups:
        found = Groups(discover_in(self._graph(as_of, known_at), policy))
        found.warm()
        return found
