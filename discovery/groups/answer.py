"""The answer: outcomes kept in columns, written out only as far as they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cached_property
from itertools import chain
from typing import IO, Any, Final

import numpy as np
import numpy.typing as npt
import orjson
import polars as pl

from discovery.connections.sign_rules import not_assessed
from discovery.control.registers import LOW_CONFIDENCE
from discovery.control.stakes import Stakes
from discovery.errors import UnknownParty
from discovery.facts.codes import FINDINGS
from discovery.facts.collector import no_collector
from discovery.facts.findings import Finding
from discovery.facts.graph import FactGraph
from discovery.facts.keys import outcome_key
from discovery.facts.lists import in_order
from discovery.facts.schema import PARTY_KINDS
from discovery.groups.amounts import decimal_text
from discovery.groups.day_groups import DayGroups
from discovery.groups.deciding import Settled, reported
from discovery.groups.eligible import Eligible
from discovery.groups.formation import Formation
from discovery.groups.looked_up import LookedUp
from discovery.groups.missing import in_force, not_on_file
from discovery.groups.pair_writing import PairWriter
from discovery.groups.pairs import Pair, pair_frame
from discovery.groups.proofs import Proof
from discovery.groups.rulings import Ruling
from discovery.groups.state_owners import SetApart
from discovery.groups.writing import Document, GroupWriter, named_by
from discovery.policies.model import Policy

LISTS: Final = {
    "REVIEW": "review",
    "RELATED": "related",
    "LINK": "links",
    "DEPENDENT_SET": "dependent_sets",
}
_FILL_CLIENTS: Final = "Fill client_no for the bank's own clients."
_LOOK_YOURSELF: Final = "Look at these signs by hand, or add the facts that show them."
_ADD_HOLDINGS: Final = "Add the missing holdings, or take the answer as open."
CHUNK: Final = 20_000  # groups whose evidence is drawn at a time
Progress = Callable[[int, int], None]


class Answer:
    """What `discover` found. Documents have the published shape (`docs/answer.schema.json`)."""

    def __init__(
        self,
        graph: FactGraph,
        policy: Policy,
        who: Eligible,
        formation: Formation,
        *,
        rulings: dict[int, Ruling],
        apart: list[SetApart],
        pairs: pl.DataFrame,
        incomplete: npt.NDArray[np.int32],
        about: int | None,
        looked_up: LookedUp | None = None,
        decisions: Settled | None = None,
    ) -> None:
        self.graph = graph
        self.policy = policy
        self._who = who
        self._formation = formation
        self._rulings = rulings
        self._apart = apart
        self._pairs = pairs
        self._incomplete = incomplete
        self._about = about
        self._decisions = decisions or Settled()
        self._looked_up = looked_up or LookedUp(len(graph.parties), formation, pairs, self._writer(formation))

    def _writer(self, formation: Formation) -> GroupWriter:
        before = next((one.before for one in self._apart), None)
        return GroupWriter(self.graph, self.policy, self._who, formation, before)

    @property
    def as_of(self) -> date:
        return self.graph.as_of

    @property
    def formation(self) -> Formation:
        """The groups and their members as columns."""
        return self._formation

    def methods_differ(self, proof: Proof, company: int) -> list[str]:
        """The flag of a controlled company of which the other method would say otherwise."""
        return self._looked_up.writer.methods_differ(proof, company)

    def stakes(self, measure: str) -> Stakes:
        """The direct stakes of one measure, made once."""
        return self._looked_up.writer.held(measure)

    def parties_named(self, parties: Iterable[str]) -> Document:
        """Name, kind and whether a client, by id."""
        ids, known = sorted(parties), self.graph.parties
        numbers = [known.number[party] for party in ids]
        kinds, clients = known.kind[numbers].tolist(), self._clients[numbers].tolist()
        return {
            party: {"name": known.names[number], "kind": PARTY_KINDS[kind], "client": client}
            for party, number, kind, client in zip(ids, numbers, kinds, clients, strict=True)
        }

    @property
    def rulings(self) -> dict[int, Ruling]:
        """What the policy's exemptions say of groups, by unit."""
        return self._rulings

    def dependent_sets(self) -> pl.DataFrame:
        """Who stands in which set of economic dependence: `key`, `party` (a number)."""
        named = self._pair_writer.named(self._pairs.filter(pl.col("outcome") == "DEPENDENT_SET"))
        rows = [
            (key, self.graph.parties.number[party])
            for key, parties, others in named.select("key", "parties", "with").iter_rows()
            for party in (*parties, *others)
        ]
        return pl.DataFrame(rows, schema={"key": pl.String, "party": pl.Int32}, orient="row")

    def group_ids(self, units: Iterable[int]) -> dict[int, str]:
        """The group ids of some units."""
        return {unit: self._looked_up.writer.id_of(unit) for unit in units}

    def about(self, party: str) -> Answer:
        """The same answer filtered to the outcomes that name the party; UnknownParty if nobody has the id."""
        return self._like(about=number_of(self.graph, party), decisions=self._decisions)

    @property
    def day_groups(self) -> DayGroups:
        """Who stands where, without what is asked about it."""
        return DayGroups(self.graph, self._who, self._formation, self._rulings, self._apart)

    def settled(self, decisions: Settled) -> Answer:
        """The same answer with what recorded decisions made of its questions."""
        return self._like(about=self._about, decisions=decisions)

    def _like(self, *, about: int | None, decisions: Settled) -> Answer:
        return Answer(
            self.graph,
            self.policy,
            self._who,
            self._formation,
            rulings=self._rulings,
            apart=self._apart,
            pairs=self._pairs,
            incomplete=self._incomplete,
            about=about,
            looked_up=self._looked_up,
            decisions=decisions,
        )

    def questions(self, keys: set[str]) -> Iterator[Document]:
        """The questions with these keys, but for those about groups that stand."""
        if not keys:
            return
        named = self._named_pairs([], "REVIEW")
        found = named.filter(pl.col("key").is_in(list(keys)))
        yield from self._pair_writer.documents(found)

    def asking(self, offset: int, limit: int) -> tuple[int, list[Document]]:
        """A page of the questions by key, those to confirm a group among them; how many there are."""
        named = self._named_pairs([pair for _, pair in self._confirmations], "REVIEW")
        return named.height, list(self._pair_writer.documents(named[offset : offset + limit]))

    def confirming(self, keys: set[str]) -> Iterator[tuple[Document, str]]:
        """The questions with these keys about groups that stand, with the group's id."""
        keyed = self.graph.parties.keys
        for group, pair in self._confirmations if keys else ():
            sides = ([keyed[party] for party in side] for side in (pair.parties, pair.others))
            if outcome_key(self.policy.slug, pair.outcome, pair.reason, *sides) in keys:
                named = self._pair_writer.named(pair_frame([pair]))
                yield from ((document, group) for document in self._pair_writer.documents(named))

    @cached_property
    def _confirmations(self) -> list[tuple[str, Pair]]:
        """What groups that stand ask for themselves, with their ids; drawn a chunk at a time."""
        if not self.policy.triggers("confirm"):
            return []
        kept = self._doubtful()
        units = kept["unit"].unique().sort().to_list()
        found: list[tuple[str, Pair]] = []
        for start in range(0, len(units), CHUNK):
            members = kept.filter(pl.col("unit").is_in(units[start : start + CHUNK]))
            for _, group, pairs in self._looked_up.writer.write(members, self._rulings):
                if pairs and self._names(named_by(group)):
                    found += [(group["id"], pair) for pair in pairs]
        return found

    def _doubtful(self) -> pl.DataFrame:
        """The members of groups that may ask for a confirmation: of families, and of facts little trusted."""
        units = self._formation.units
        marks = units.registers.frame.filter((pl.col("mark") & LOW_CONFIDENCE) > 0)
        if marks.height:
            return self._selected()
        several = units.members.group_by("unit").len().filter(pl.col("len") > 1)
        return self._selected().join(several, on="unit", how="semi")

    def members_of(self, groups: set[str]) -> dict[str, list[int]]:
        """The members, by number, of the groups with these ids."""
        if not groups:
            return {}
        writer = self._looked_up.writer
        ids = {unit: writer.id_of(unit) for unit in self._formation.groups["unit"].to_list()}
        chosen = {unit: group for unit, group in ids.items() if group in groups}
        rows = self._formation.members.filter(pl.col("unit").is_in(list(chosen)))
        listed = rows.group_by("unit").agg(pl.col("company").sort()).rows()
        return {chosen[unit]: companies for unit, companies in listed}

    def decisions(self) -> list[Document]:
        """What became of every recorded decision, as far as it names the party asked about."""
        return [entry for entry in self._decisions.entries if self._names(named_in(entry))]

    def heads(self) -> dict[str, str]:
        """By group id, the party (a company, the anchor, one of the ring) whose outcomes hold the group."""
        ids = self.graph.parties.ids
        writers = [self._looked_up.writer, *(self._writer(one.before) for one in self._apart)]
        found: dict[str, str] = {}
        for writer in writers:
            formation = writer.formation
            for number in formation.groups["unit"].to_list():
                found[writer.id_of(number)] = ids[formation.units.unit(number).head]
        return found

    def document(self) -> Document:
        """The whole answer as one document."""
        lists = self.lists()
        decided = (party for entry in self.decisions() for party in named_in(entry))
        return {
            **self.head(),
            "parties": self.parties(chain.from_iterable(lists.values()), decided),
            **lists,
            "decisions": self.decisions(),
            "findings": [finding.to_dict() for finding in self.findings()],
        }

    def lists(self) -> dict[str, list[Document]]:
        """All outcomes by the name of their list, in the order of their ids."""
        lists: dict[str, list[Document]] = {name: [] for name in ("groups", "exempt", *LISTS.values())}
        for name, document in self.outcomes():
            lists[name].append(document)
        for found in lists.values():
            found.sort(key=lambda one: str(one.get("id") or one["key"]))
        return lists

    def parties(self, outcomes: Iterable[Document], others: Iterable[str] = ()) -> Document:
        """Name, kind and whether a client, by id, of the parties that outcomes name and of others."""
        mentioned = set(others)
        for document in outcomes:
            _mention(document, mentioned)
        return self.parties_named(mentioned)

    def head(self) -> Document:
        """Policy, day and state of knowledge."""
        known = self.graph.known_at
        return {
            "policy": self.policy.slug,
            "as_of": self.graph.as_of.isoformat(),
            "known_at": known.isoformat() if known else None,
        }

    def write(self, stream: IO[bytes], progress: Progress | None = None) -> None:
        """Stream the document as JSON, groups as they are drawn, every list in the order of its ids."""
        with no_collector():
            self._write(stream, progress)

    def _write(self, stream: IO[bytes], progress: Progress | None) -> None:
        mentioned: set[str] = set()
        named = np.zeros(len(self.graph.parties), np.bool_)
        asked: list[Pair] = []
        head = orjson.dumps(self.head(), option=orjson.OPT_INDENT_2)
        stream.write(head[:-2])
        kept = self._selected()
        with ThreadPoolExecutor(1) as beside:  # only REVIEW hangs on what groups ask for
            known = {name: beside.submit(self._pair_lines, name, ()) for name in LISTS if name != "REVIEW"}
            for name, exempt in (("groups", False), ("exempt", True)):
                stream.write(b',\n"' + name.encode() + b'": [')
                if exempt or self._about is not None:
                    drawn = self._groups(kept, asked, exempt=exempt, progress=progress)
                    lines = _dumped(drawn, mentioned)
                else:
                    lines = self._group_lines(kept, asked, named, progress)
                stream.writelines(_listed(lines))
                stream.write(b"\n]")
            known["REVIEW"] = beside.submit(self._pair_lines, "REVIEW", asked)
            for outcome, name in LISTS.items():
                stream.write(b',\n"' + name.encode() + b'": [')
                pairs, numbers = known.pop(outcome).result()
                stream.writelines(_listed(pairs))
                named[numbers] = True
                stream.write(b"\n]")
        for entry in self.decisions():
            mentioned.update(named_in(entry))
        rest = {
            "decisions": self.decisions(),
            "findings": [finding.to_dict() for finding in self.findings()],
        }
        number = self.graph.parties.number
        named[[number[party] for party in mentioned]] = True
        stream.write(b",\n" + orjson.dumps(rest)[1:-1] + b',"parties":{')
        stream.write(",".join(self._party_lines(np.flatnonzero(named))).encode() + b"}}\n")

    def _pair_lines(
        self, outcome: str, asked: Sequence[Pair]
    ) -> tuple[Iterable[bytes], npt.NDArray[np.int32]]:
        """The pairs of one outcome as JSON, one a line, and the parties that they name."""
        named = self._named_pairs(asked, outcome)
        return self._pair_writer.lines(named), named["numbers"].explode().drop_nulls().to_numpy()

    def groups(self) -> Iterator[Document]:
        """The groups and the sets that an exemption leaves out."""
        with no_collector():
            for exempt in (False, True):
                yield from self._groups(self._selected(), [], exempt=exempt)

    def outcomes(self) -> Iterator[tuple[str, Document]]:
        """Every outcome with the name of its list."""
        asked: list[Pair] = []
        kept = self._selected()
        for name, exempt in (("groups", False), ("exempt", True)):
            for document in self._groups(kept, asked, exempt=exempt):
                yield name, document
        for document in self._pair_writer.documents(self._named_pairs(asked)):
            yield LISTS[document["outcome"]], document

    def _selected(self) -> pl.DataFrame:
        """The members of the groups asked for."""
        if self._about is not None:
            return self._looked_up.members(self._about)
        return self._formation.members.join(self._formation.groups, on="unit", how="semi")

    def _groups(
        self, kept: pl.DataFrame, asked: list[Pair], *, exempt: bool, progress: Progress | None = None
    ) -> Iterator[Document]:
        """Groups (or sets an exemption leaves out) in the order of their ids, drawn a chunk at a time."""
        apart = list(self._set_apart()) if exempt else []
        for chunk, members in self._chunks(kept, exempt=exempt, progress=progress):
            for _, document in self._drawn(chunk, members, asked):
                if exempt:
                    apart.append(document)
                else:
                    yield document
        yield from sorted(apart, key=lambda document: str(document["id"]))

    def _chunks(
        self, kept: pl.DataFrame, *, exempt: bool, progress: Progress | None
    ) -> Iterator[tuple[list[int], pl.DataFrame]]:
        """Units in the order of their group ids, some at a time, with their members."""
        ruled = {unit for unit, ruling in self._rulings.items() if ruling.reason}
        units = [unit for unit in kept["unit"].unique().to_list() if (unit in ruled) == exempt]
        units.sort(key=self._looked_up.writer.id_of)
        for start in range(0, len(units), CHUNK):
            chunk = units[start : start + CHUNK]
            members = kept
            if len(units) > CHUNK or exempt or ruled:
                members = kept.filter(pl.col("unit").is_in(chunk))
            yield chunk, members
            if progress is not None:
                progress(min(start + CHUNK, len(units)), len(units))

    def _drawn(
        self, units: list[int], members: pl.DataFrame, asked: list[Pair]
    ) -> Iterator[tuple[int, Document]]:
        """The documents of these units as far as they are asked for."""
        if self._about is None:
            written = self._looked_up.writer.write(members, self._rulings)
            drawn = {unit: (group, pairs) for unit, group, pairs in written}
        else:
            drawn = dict(self._looked_up.drawn(members, self._rulings))
        for unit in units:
            document, pairs = drawn[unit]
            again = self._decisions.reopened.get(document["id"])
            if again is not None:
                document = {**document, "flags": sorted({*document["flags"], again})}
            if self._names(named_by(document)):
                asked += pairs
                yield unit, document

    def _group_lines(
        self, kept: pl.DataFrame, asked: list[Pair], named: npt.NDArray[np.bool_], progress: Progress | None
    ) -> Iterator[bytes]:
        """All groups as JSON in the order of their ids, those that are ordinary by columns.

        `named` is set for the parties that they name.
        """
        writer = self._looked_up.writer
        ordinary = writer.ordinary.copy()
        ordinary[[unit for unit, ruling in self._rulings.items() if ruling.flags]] = False
        reopened = self._decisions.reopened
        for chunk, members in self._chunks(kept, exempt=False, progress=progress):
            ordinary[[unit for unit in chunk if writer.id_of(unit) in reopened]] = False
            by_columns = pl.Series(ordinary[members["unit"].to_numpy()])
            lines, parties = writer.lines(members.filter(by_columns))
            named[parties] = True
            rest = [unit for unit in chunk if unit not in lines]
            others = dict(self._drawn(rest, members.filter(~by_columns), asked))
            for unit in chunk:
                if unit in lines:
                    yield lines[unit].encode()
                else:
                    named[self._numbers_in(others[unit])] = True
                    yield orjson.dumps(others[unit])

    def _numbers_in(self, document: Document) -> list[int]:
        """The parties that a group names, by number."""
        mentioned: set[str] = set()
        _mention(document, mentioned)
        return [self.graph.parties.number[party] for party in mentioned]

    def _set_apart(self) -> Iterator[Document]:
        """State owners set apart by an exemption, and what stands directly below them."""
        for apart in self._apart:
            direct = apart.direct(self._formation)
            rulings = {unit: apart.ruling(unit) for unit in direct["unit"].unique().to_list()}
            for _, document, _ in self._writer(apart.before).write(direct, rulings):
                if self._names(named_by(document)):
                    yield document

    def _names(self, parties: Any) -> bool:
        return self._about is None or self.graph.parties.ids[self._about] in parties

    def _named_pairs(self, asked: Sequence[Pair], outcome: str | None = None) -> pl.DataFrame:
        """The pairs (of one outcome) as far as they are asked for, keyed and by ids."""
        frame = self._known_pairs
        if asked:
            frame = pl.concat([frame, pair_frame(asked)])
        if outcome is not None:
            frame = frame.filter(pl.col("outcome") == outcome)
        if self._about is not None:
            named = pl.col("parties").list.contains(self._about) | pl.col("with").list.contains(self._about)
            frame = frame.filter(named)
        return self._after_decisions(self._pair_writer.named(frame))

    def _after_decisions(self, named: pl.DataFrame) -> pl.DataFrame:
        """Without the questions that are answered; what is open again says so."""
        closed, reopened = self._decisions.closed, self._decisions.reopened
        if closed:
            named = named.filter(~pl.col("key").is_in(list(closed)))
        if not reopened:
            return named
        flag = pl.col("key").replace_strict(dict(reopened), default=None, return_dtype=pl.String)
        again = in_order(pl.concat_list(pl.col("flags"), flag).list.drop_nulls())
        return named.with_columns(
            pl.when(flag.is_null()).then(pl.col("flags")).otherwise(again).alias("flags")
        )

    @cached_property
    def _known_pairs(self) -> pl.DataFrame:
        return self._pairs if self._about is None else self._looked_up.pairs(self._about)

    @property
    def _pair_writer(self) -> PairWriter:
        return PairWriter(self.graph, self.policy.slug)

    def findings(self) -> Iterator[Finding]:
        """What is odd about the facts, as far as it was asked for; what the engine noticed comes last."""
        facts = self.graph.facts
        if self._about is None:
            yield from facts.findings
        else:
            yield from facts.findings_about(self.graph.parties.ids[self._about])
        for entry in self.decisions():
            odd = reported(entry, self._decisions.closed)
            if odd is not None:
                yield odd
        if self.policy.triggers("hidden_association"):
            names = ", ".join(not_assessed(self.graph, self.policy.hidden_association))
            detail = f"hidden_association: {names}"
            yield Finding("not_assessed", "info", detail=detail, remedy=_LOOK_YOURSELF)
        if not self.graph.parties.any_client_number:
            detail = FINDINGS["clients_assumed"].en
            yield Finding("clients_assumed", "info", detail=detail, remedy=_FILL_CLIENTS)
        yield from in_force(self.graph, self.policy)
        yield from not_on_file(self.graph, self.policy)
        numbers = self._incomplete
        if self._about is not None:
            numbers = numbers[slice(*np.searchsorted(numbers, [self._about, self._about + 1]))]
        for number in numbers.tolist():
            yield self._register_incomplete(number)

    def _register_incomplete(self, number: int) -> Finding:
        known = decimal_text(int(self.graph.votes_on_file[number]))
        return Finding(
            "register_incomplete",
            "info",
            party=self.graph.parties.ids[number],
            detail=f"{known} % of the votes is on file and no controller is known.",
            remedy=_ADD_HOLDINGS,
        )

    def _party_lines(self, numbers: npt.NDArray[np.int64]) -> pl.Series:
        """The parties as `parties_named` says them, each as a JSON key and value, by columns."""
        frame = self.graph.parties.frame[numbers].select(
            "id",
            "name",
            kind=pl.Series(PARTY_KINDS, dtype=pl.String).gather(self.graph.parties.kind[numbers]),
            client=pl.Series(self._clients[numbers]),
        )
        key = pl.struct("id").struct.json_encode().str.slice(len('{"id":')).str.head(-1)
        value = pl.struct("name", "kind", "client").struct.json_encode()
        return frame.sort("id").select(key + ":" + value).to_series()

    @property
    def _clients(self) -> npt.NDArray[np.bool_]:
        parties = self.graph.parties
        return parties.client if parties.any_client_number else self._who.clients


def number_of(graph: FactGraph, party: str) -> int:
    """The party's number by its id; UnknownParty with a remedy."""
    number = graph.parties.number.get(party)
    if number is None:
        raise UnknownParty(
            f"The facts hold no party {party!r}.",
            remedy="Give the id that stands in parties.csv, or the party id of the store.",
            party=party,
        )
    return number


def _mention(document: Document, mentioned: set[str]) -> None:
    """Add the parties a document names; a step's `by` is in the unit, has a step, or is bound."""
    if "controller" not in document:
        mentioned.update(document["parties"], document["with"])
        return
    mentioned.update(
        document["members"],
        document["non_client_members"],
        document["controller"]["parties"],
        document["evidence"],
    )
    for carried in document.get("shares", ()):
        mentioned.add(carried["company"])
        mentioned.update(share["by"] for share in carried["contributions"])
    unit = None
    for step in document["evidence"].values():
        if step["unit"] is not unit:
            unit = step["unit"]
            mentioned.update(unit)
        for share in step["contributions"]:
            if "through" in share:
                mentioned.add(share["by"])


def named_in(entry: Document) -> set[str]:
    """The parties that the entry of a decision names."""
    question = entry["question"] or {"parties": (), "with": ()}
    return {*entry["parties"], *question["parties"], *question["with"]}


def _dumped(documents: Iterator[Document], mentioned: set[str]) -> Iterator[bytes]:
    for document in documents:
        _mention(document, mentioned)
        yield orjson.dumps(document)


def _listed(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The items of a JSON list, each on its line."""
    lead = b"\n"
    for line in lines:
        yield lead + line
        lead = b",\n"
