"""Facts and answers kept in memory, renewed when the source's version moves.

One thread reads and computes, one thing at a time: a day or policy that many ask for at once is
computed once, and memory stays bounded. While a new version is being made ready the one before goes on
answering, and says so.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import monotonic
from typing import Final, Literal

from discovery.errors import GuanlianError, UnknownPolicy
from discovery.graph.connection import Graph
from discovery.policies import Policy, load_policy, measure_slugs, policy_slugs
from discovery.service import kept
from discovery.service.candidates import Candidates
from discovery.service.days import today
from discovery.service.generation import Generation
from discovery.service.kept import Origin
from discovery.service.records import records_of
from discovery.service.versions import Source

POLL_SECONDS: Final = 1.0
LONGEST_PAUSE: Final = 60.0  # between tries to make a version ready that failed before
STALE_SECONDS: Final = 5.0  # so long the version may be unknown before answers are called stale
log = logging.getLogger("guanlian.resident")


class NotReady(GuanlianError):
    """The facts are still being made ready for questions."""


@dataclass(frozen=True, slots=True)
class Status:
    """How fresh answers are.

    `refreshing`: a newer version is in the making; `stale`: no word from the source of late.
    """

    state: Literal["starting", "ready", "refreshing", "stale"]
    version: str | None
    policy: str
    as_of: date | None  # the day that is meant when none is asked for
    checked_at: datetime  # when the source last named its version
    problem: str | None


class Resident:
    """A source's facts in memory. `start` reads them (and raises what is wrong); `stop` ends the threads."""

    def __init__(
        self,
        source: Source,
        policy: str,
        *,
        clock: Callable[[], date] = today,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        default = load_policy(policy)
        self.default = default.slug
        self._policies = {default.slug: default}
        self._source = source
        self._clock = clock
        self._poll_seconds = poll_seconds
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="guanlian-build")
        self._watcher = threading.Thread(target=self._watch, name="guanlian-watch", daemon=True)
        self._indexer = ThreadPoolExecutor(1, thread_name_prefix="guanlian-index")
        self._index: tuple[str, Future[Candidates]] | None = None
        self._indexing = threading.Lock()
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._first: Generation | None = None
        self._name = ""
        self._current: Generation | None = None
        self._day: date | None = None
        self._newest: str | None = None
        self._problem: str | None = None
        self._checked = (monotonic(), datetime.now(UTC))

    def start(self) -> None:
        """Read the facts; make the default policy's answer of today ready in the background."""
        self._first = Generation(*self._source.read(), self._worker)
        self._name = self._source.name()
        self._newest = self._first.version
        self._heard()
        self._watcher.start()

    def stop(self) -> None:
        """End the threads; a computation that runs is waited for."""
        self._stopping.set()
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._indexer.shutdown(wait=True, cancel_futures=True)
        if self._watcher.is_alive():
            self._watcher.join()
        self._source.close()

    def wait(self, seconds: float) -> bool:
        """Wait until the first answer is ready; False if it is not by then."""
        return self._ready.wait(seconds)

    def now(self) -> tuple[Generation, date]:
        """The version that answers, and the day meant when none is named. NotReady before the first."""
        generation, day = self._current, self._day
        if generation is None or day is None:
            raise NotReady(
                "The facts are being made ready." + (f" {self._problem}" if self._problem else ""),
                remedy="Ask again shortly; /readyz says when.",
            )
        return generation, day

    def policy(self, slug: str | None) -> Policy:
        """A shipped policy, or the default one; a path to a file is no slug (UnknownPolicy).

        PolicyFormsNoGroups, with the reason, for measures that form none.
        """
        name = slug or self.default
        found = self._policies.get(name)
        if found is None:
            if name not in measure_slugs():
                raise UnknownPolicy(
                    "There is no policy of that name.", remedy=f"Known: {', '.join(self.policy_slugs())}."
                )
            found = self._policies[name] = load_policy(name)
        return found

    def writable(self) -> Graph:
        """The store that is served, for what is written; ReadOnlyFacts if it is a folder."""
        return self._source.writable()

    def candidates(self, generation: Generation) -> Future[Candidates]:
        """The index of that version's records: the kept one or a new one, then renewed by differences."""
        with self._indexing:
            if self._index is None or self._index[0] != generation.version:
                before = self._index[1] if self._index else None
                made = self._indexer.submit(_indexed, generation, self._name, before)
                self._index = (generation.version, made)
            return self._index[1]

    def policy_slugs(self) -> list[str]:
        """What `policy` takes, sorted."""
        return sorted({*policy_slugs(), self.default})

    def status(self) -> Status:
        """What readiness and the headers of an answer say."""
        generation = self._current
        heard, checked_at = self._checked
        state: Literal["starting", "ready", "refreshing", "stale"] = "ready"
        if generation is None:
            state = "starting"
        elif self._newest != generation.version:
            state = "refreshing"
        elif monotonic() - heard > STALE_SECONDS + self._poll_seconds:
            state = "stale"
        version = generation.version if generation else None
        return Status(state, version, self.default, self._day, checked_at, self._problem)

    def _watch(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                self._look()
            except GuanlianError as error:
                self._fail(error.detail)
            except Exception as error:  # the watcher outlives whatever source and engine raise
                if self._stopping.is_set():
                    return
                log.exception("a version could not be made ready")
                self._fail(f"An unexpected {type(error).__name__}; the log has more.")
            else:
                self._problem, pause = None, self._poll_seconds
                continue
            pause = min(max(self._poll_seconds, pause * 2), LONGEST_PAUSE)

    def _fail(self, detail: str) -> None:
        if detail != self._problem:
            log.warning("%s", detail)
        self._problem = detail

    def _heard(self) -> None:
        self._checked = (monotonic(), datetime.now(UTC))

    def _look(self) -> None:
        """Is there a new version, or a new day? Make it ready, then let it answer."""
        generation, day = self._first or self._current, self._clock()
        self._newest = self._source.version()
        self._heard()
        if generation is None or generation.version != self._newest:
            generation = self._worker.submit(self._read).result()
        if generation is not self._current or day != self._day:
            generation.default(self.policy(None), day).result()
            self._current, self._day, self._first = generation, day, None
            self._ready.set()

    def _read(self) -> Generation:
        return Generation(*self._source.read(), self._worker)


def _indexed(generation: Generation, name: str, before: Future[Candidates] | None) -> Candidates:
    if before is None or before.exception() is not None:
        return kept.candidates(generation.facts, Origin(name, generation.version))
    return before.result().renewed(*records_of(generation.facts))
