"""Days and answers in memory: computed once, few of them kept, never more queued than is bearable."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest

from discovery.facts.facts import Facts
from discovery.facts.graph import FactGraph, fact_graph
from discovery.facts.package import facts_from_rows
from discovery.policies import load_policy
from discovery.service import generation as generation_module
from discovery.service.generation import KEPT, WAITING, Busy, Generation

DAY = date(2026, 6, 30)
FACTS = facts_from_rows({"holdings": [{"holder": "A", "company": "X", "equity_percent": "60"}]})
POLICY = load_policy("cbrc-2010")


class Cut:
    """Cuts the facts to a day, counts how often, and waits while it is held."""

    def __init__(self) -> None:
        self.asked = 0
        self.broken = False
        self.free = threading.Event()

    def __call__(self, facts: Facts, as_of: date, known_at: datetime | None) -> FactGraph:
        self.asked += 1
        assert self.free.wait(30)
        if self.broken:
            self.broken = False
            raise MemoryError
        return fact_graph(facts, as_of, known_at)


@pytest.fixture
def history(monkeypatch):
    """A cut whose first asker waits until `free` is set."""
    cut = Cut()
    monkeypatch.setattr(generation_module, "fact_graph", cut)
    return cut


@pytest.fixture
def generation(history):
    """A generation over it with a worker of its own."""
    with ThreadPoolExecutor(1) as worker:
        yield Generation("v1", FACTS, worker)
        history.free.set()


def test_what_many_ask_for_at_once_is_computed_once(generation, history):
    """Fifty questions about one day and policy wait for one computation and get the same answer."""
    with ThreadPoolExecutor(50) as askers:
        asked = list(askers.map(lambda _: generation.groups(POLICY, DAY, None), range(50)))
        history.free.set()
        answers = [future.result(60) for future in asked]

    assert 1 == history.asked
    assert {id(answers[0])} == {id(answer) for answer in answers}


def test_more_than_a_few_waiting_days_are_refused(generation, history):
    """The queue has an end; whoever comes later is told so, and the default answer is never refused."""
    for number in range(WAITING):
        generation.day(DAY - timedelta(number + 1), None)
    with pytest.raises(Busy):
        generation.day(DAY - timedelta(99), None)
    default = generation.default(POLICY, DAY)
    history.free.set()

    assert "A" in default.result(60).graph.parties.ids


def test_only_the_last_days_are_kept_and_the_default_always(generation, history):
    """Memory does not grow with the number of days that were asked for."""
    history.free.set()
    default = generation.default(POLICY, DAY).result(60)
    days = [DAY - timedelta(number + 1) for number in range(12)]
    for day in days:
        generation.day(day, None).result(60)
        generation.groups(POLICY, day, None).result(60)
    before = history.asked

    assert default is generation.groups(POLICY, DAY, None).result(60)
    generation.groups(POLICY, days[-1], None).result(60)
    assert before == history.asked
    generation.groups(POLICY, days[0], None).result(60)
    assert before + 1 == history.asked
    assert all(len(kept) <= KEPT[kind] for kind, kept in generation._kept.items())


def test_a_failure_is_told_and_not_kept(generation, history):
    """A computation that broke is tried again when somebody asks again."""
    history.free.set()
    history.broken = True

    with pytest.raises(MemoryError):
        generation.day(DAY, None).result(60)
    assert "A" in generation.day(DAY, None).result(60).parties.ids
