"""A block of a mapping at work: from a batch of rows to parties and facts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Protocol

from discovery.errors import BadInput
from discovery.exchange.mapping import Block, Condition, Fact, Party
from discovery.exchange.naming import name_key, organisation_id, party_kind_of_name, person_id
from discovery.exchange.rows import Batch
from discovery.exchange.values import TEXT, Expression, Test
from discovery.facts.schema import FILES

PERSON_NAME: Final = "person name"  # beside the columns of parties: a natural person's name key
BY_NAME: Final = "by name"  # and "yes" where the id rests on that name

Columns = dict[str, list[str]]


class Sink(Protocol):
    """Where rows of the package go."""

    def add(self, stem: str, columns: Columns) -> None: ...


@dataclass
class Tally:
    """Rows that were left out and why, and rows that count but meet the conditions of no fact."""

    filtered: Counter[str] = field(default_factory=Counter)
    without_fact: int = 0


class StatedBlock:
    """A block made ready to run. `run` states what the good rows of a batch say; bad rows state nothing."""

    def __init__(self, block: Block, sink: Sink, tally: Tally) -> None:
        self.block = block
        self.sink = sink
        self.tally = tally
        self.where = [Test(condition) for condition in block.where]
        self.values = {name: Expression(value, TEXT) for name, value in block.values.items()}
        self.parties = {name: StatedParty(party) for name, party in block.parties.items()}
        self.facts = [StatedFact(fact, block) for fact in block.facts]
        self.inner = [StatedBlock(inner, sink, tally) for inner in block.blocks]

    def run(self, rows: Batch) -> None:
        """States the facts of these rows, then those of the blocks inside."""
        batch = self._counted(self._unfolded(rows))
        if not len(batch):
            return
        for name, value in self.values.items():
            batch.names[name] = value.run(batch)
        staged: list[tuple[str, list[int], Columns]] = []
        everyone = list(range(len(batch)))
        for name, party in self.parties.items():
            columns = party.run(batch)
            batch.names[name] = columns["id"]
            staged.append(("parties", everyone, columns))
        staged += [fact.run(batch) for fact in self.facts]
        if self.facts and not self.inner:
            spoken = {row for stem, picks, _ in staged if stem != "parties" for row in picks}
            self.tally.without_fact += len(batch) - len(spoken)
        for stem, picks, columns in staged:
            self._state(stem, picks, columns, batch.bad)
        good = batch.take([row for row in everyone if row not in batch.bad])
        for inner in self.inner:
            inner.run(good)

    def _state(self, stem: str, picks: list[int], columns: Columns, bad: set[int]) -> None:
        key = columns["id"] if stem == "parties" else None
        kept = [at for at, row in enumerate(picks) if row not in bad and (key is None or key[at])]
        if len(kept) != len(picks):
            columns = {name: [column[at] for at in kept] for name, column in columns.items()}
        if kept:
            self.sink.add(stem, columns)

    def _unfolded(self, rows: Batch) -> Batch:
        if self.block.each is not None:
            return rows.each(self.block.each)
        split = self.block.split
        if split is None:
            return rows.take(list(range(len(rows))))
        pattern = re.compile(split.by)
        cells = rows.column(split.origin)
        parts = [[part.strip() for part in pattern.split(cell) if part and part.strip()] for cell in cells]
        return rows.split(split.name, parts)

    def _counted(self, batch: Batch) -> Batch:
        """The rows that pass every condition; the others are counted under the first they fail."""
        if self.block.skip is not None:
            self.tally.filtered[self.block.skip] += len(batch)
            return batch.take([])
        for test in self.where:
            holds = test.run(batch)
            picks = [row for row, held in enumerate(holds) if held]
            if len(picks) < len(batch):
                self.tally.filtered[test.reason] += len(batch) - len(picks)
                batch = batch.take(picks)
        return batch


class StatedParty:
    """A party of a block made ready to run: its columns of parties.csv, with `id`."""

    def __init__(self, party: Party) -> None:
        own = {column.name: column for column in FILES["parties"].columns}
        self.party = party
        self.id = Expression(party.id, own["id"]) if party.id is not None else None
        self.columns = {name: Expression(value, own[name]) for name, value in party.columns.items()}

    def run(self, batch: Batch) -> Columns:
        columns = {name: expression.run(batch) for name, expression in self.columns.items()}
        if self.id is not None:
            kinds, names = columns.get("kind", []), columns.get("name", [])
            people = [
                name_key(name) if kind == "natural_person" else ""
                for name, kind in zip(names, kinds, strict=False)
            ]
            return {"id": self.id.run(batch), **columns, **({PERSON_NAME: people} if any(people) else {})}
        names = columns["name"]
        kinds = columns.get("kind") or [party_kind_of_name(name) for name in names]
        is_person = [bool(name) and kind == "natural_person" for name, kind in zip(names, kinds, strict=True)]
        at = self._companies(batch, names, is_person)
        ids = [
            "" if not name_key(name) else person_id(name, company) if person else organisation_id(name)
            for name, person, company in zip(names, is_person, at, strict=True)
        ]
        keys = [name_key(name) if person else "" for name, person in zip(names, is_person, strict=True)]
        by_name = ["yes" if key else "" for key in keys]
        return {"id": ids, **columns, "kind": kinds, PERSON_NAME: keys, BY_NAME: by_name}

    def _companies(self, batch: Batch, names: list[str], is_person: list[bool]) -> list[str]:
        if self.party.of is not None:
            return batch.column(self.party.of)
        for row, person in enumerate(is_person):
            if person:
                batch.problem(
                    row,
                    source="name",
                    column="id",
                    value=names[row],
                    reason="a person is never keyed by name alone",
                    remedy="Say at which company (`of: $company`), or give the party an `id`.",
                )
        return [""] * len(batch)


class StatedFact:
    """A fact of a block made ready to run: its file and columns, for the rows that pass its conditions."""

    def __init__(self, fact: Fact, block: Block) -> None:
        own = {column.name: column for column in FILES[fact.stem].columns}
        self.stem = fact.stem
        self.where = [Test(condition) for condition in fact.where]
        values = {**block.common, **fact.columns}
        self.columns = {name: Expression(value, own[name]) for name, value in values.items()}

    def run(self, batch: Batch) -> tuple[str, list[int], Columns]:
        picks = list(range(len(batch)))
        for test in self.where:
            holds = test.run(batch)
            picks = [row for row in picks if holds[row]]
        some = batch.take(picks)
        return self.stem, picks, {name: expression.run(some) for name, expression in self.columns.items()}


def columns_read(block: Block) -> set[str]:
    """The columns of the source that the block and those inside it read."""
    given = set(block.values) | set(block.parties) | ({block.split.name} if block.split else set())
    read = {block.split.origin} if block.split else set()
    conditions: list[Condition] = [*block.where, *(test for fact in block.facts for test in fact.where)]
    values = [*block.values.values(), *block.common.values()]
    for fact in block.facts:
        values += fact.columns.values()
    for party in block.parties.values():
        values += [*party.columns.values(), *([party.id] if party.id is not None else [])]
    read |= {name for condition in conditions for name in condition.fields}
    read |= {name for value in values for name in value.sources}
    own = {name for name, value in block.values.items() if name in value.sources}
    for inner in block.blocks:
        read |= columns_read(inner)
    return {name for name in read if not name.startswith(("$", "^")) and (name not in given or name in own)}


def refuse_nested(block: Block, file: str) -> None:
    """A table has no nested lists; saying so beats finding nothing."""
    if block.each is not None:
        raise BadInput(
            f"{file}: `each: {block.each}` asks for a nested list, and a CSV has none.", remedy="Use `split`."
        )
    for inner in block.blocks:
        refuse_nested(inner, file)
