"""The queue of doubtful pairs: shown side by side, decided by one person or, where set so, by two.

A question stays in the queue until it is decided or no longer arises: nobody takes it out by looking at it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, Literal

import orjson
import polars as pl

from discovery.errors import LoadInProgress, UsageError
from discovery.facts.identifiers import mask_id_numbers
from discovery.facts.keys import hex16
from discovery.graph import identity
from discovery.graph.connection import TRIES, Graph, Row, Step
from discovery.graph.recovery import moment_text
from discovery.groups import Answer
from discovery.names.decisions import DECISIONS
from discovery.names.linking import JUDGES
from discovery.names.records import KEYED, Kind, read_records
from discovery.names.sharing import measure
from discovery.service.identity import document, party_in, said
from discovery.service.records import TEXTS

Document = dict[str, Any]
Decision = Literal["merge", "apart", "unsure"]
PAIR_DECISIONS: Final = ("merge", "apart", "unsure")
PENDING: Final = ("open", "waiting")
STATUSES: Final = (*PENDING, "done", "lapsed")
COMPARED: Final = (
    "name", "other_names", "former_names", "kind", "country", "region", "uscc", "lei", "registration_no",
    "id_number_masked", "birth_date", "phone", "email", "address", "client_no", "branch",
)  # fmt: skip
PROPOSED: Final = 1_000  # thousandths: what a person proposed stands first


class UnknownQuestion(UsageError):
    """The queue has no such question."""


class AlreadyDecided(UsageError):
    """The question is no longer open."""


class SecondPerson(UsageError):
    """Somebody else must agree; one person counts once."""


def queue(graph: Graph, *, statuses: tuple[str, ...] = PENDING, limit: int = 20, page: int = 1) -> Document:
    """A page of the questions, with how many there are; those that wait for a second person come first."""
    wrong = [one for one in statuses if one not in STATUSES]
    if wrong:
        raise UsageError(f"There is no status {wrong[0]!r}.", remedy=f"Statuses: {', '.join(STATUSES)}.")
    chosen = list(statuses)
    total = int(graph.read("review/count", statuses=chosen)[0]["total"])
    rows = graph.read("review/list", statuses=chosen, skip=(page - 1) * limit, most=limit)
    return {
        "total": total,
        "returned": len(rows),
        "truncated": (page - 1) * limit + len(rows) < total,
        "four_eyes": four_eyes(graph),
        "questions": [_listed(row) for row in rows],
    }


def outcomes(answer: Answer, *, limit: int = 20, page: int = 1) -> Document:
    """A page of the policy's questions that nobody has decided, with how long each has been known.

    They are decided by key, as recorded decisions; a question stays until then or until facts settle it.
    """
    total, found = answer.asking((page - 1) * limit, limit)
    now = datetime.now(UTC).replace(tzinfo=None)
    since = _known_since(answer, {fact for one in found for fact in one["facts"] or ()})
    names = answer.graph.parties.names
    number = answer.graph.parties.number
    told = []
    for one in found:
        moment = max((since[fact] for fact in one["facts"] or () if fact in since), default=None)
        named = (*one["parties"], *one["with"])
        told.append(
            {
                **one,
                "type": "outcome",
                "names": {party: mask_id_numbers(names[number[party]] or party) for party in named},
                "opened_at": None if moment is None else moment.isoformat(),
                "age_days": None if moment is None else max((now - moment).days, 0),
            }
        )
    return {
        "policy": answer.policy.slug,
        "as_of": answer.as_of.isoformat(),
        "total": total,
        "returned": len(told),
        "truncated": (page - 1) * limit + len(told) < total,
        "questions": told,
    }


def _known_since(answer: Answer, wanted: set[str]) -> dict[str, datetime]:
    """Since when each fact is known, where that is on file."""
    found: dict[str, datetime] = {}
    for stem, frame in answer.graph.facts.frames.items():
        name = next((one for one in ("known_from", "recorded_at") if one in frame.columns), None)
        if stem == "parties" or name is None or not wanted:
            continue
        rows = frame.filter(pl.col("fact").is_in(list(wanted))).select("fact", name).drop_nulls()
        found |= dict(rows.group_by("fact").agg(pl.col(name).min()).rows())
    return found


def show(graph: Graph, question: str) -> Document:
    """A question with the two parties side by side, field by field and part by part."""
    row = _question(graph, question)
    kept = row["question"]
    one, other = (_first(row[side], kept[side]) for side in ("left", "right"))
    fields = []
    for name in COMPARED:
        left, right = (_shown(name, side.get(name)) for side in (one, other))
        if left is not None or right is not None:
            same = "missing" if left is None or right is None else "same" if left == right else "differs"
            fields.append({"field": name, "left": left, "right": right, "state": same})
    decided = _compared(kept["kind"], one, other)
    return {
        **_listed(
            {
                "question": kept,
                "left": {"id": row["left_party"], "name": one.get("name")},
                "right": {"id": row["right_party"], "name": other.get("name")},
            }
        ),
        "records": {
            side: [mask_id_numbers(record["key"]) for record in row[side]] for side in ("left", "right")
        },
        "fields": fields,
        "compared": decided,
    }


def decide(graph: Graph, question: str, decision: str, *, by: str, reason: str) -> Document:
    """Record what a person decides: `merge` and `apart` take effect, with four eyes once a second agrees.

    `unsure` leaves the question open, with the opinion beside it. AlreadyDecided, SecondPerson, KeptApart.
    """
    if decision not in PAIR_DECISIONS:
        raise UsageError(
            f"There is no decision {decision[:40]!r}.", remedy=f"Say one of {', '.join(PAIR_DECISIONS)}."
        )
    by, reason = said(by=by, reason=reason)
    for _ in range(TRIES):
        row = _question(graph, question)
        kept = row["question"]
        if kept["status"] not in PENDING:
            raise AlreadyDecided(
                f"{question} is {kept['status']} already.", remedy="`guanlian review show` tells by whom."
            )
        if row["left_party"] == row["right_party"]:
            at = moment_text()
            graph.write("review/lapse", ids=[question], at=at)
            raise AlreadyDecided("They are one party by now.", remedy="Nothing is to be decided.")
        done = _decided(graph, kept, decision, by, reason)
        if done is not None:
            return done
    raise LoadInProgress("Others decide the same question meanwhile.", remedy="Look at it again.")


def _decided(graph: Graph, kept: Row, decision: str, by: str, reason: str) -> Document | None:
    """The decision carried out; None if somebody else's opinion came in between."""
    waiting = _opinions(kept)[-1] if kept["status"] == "waiting" else None
    if waiting is not None and decision != "unsure" and waiting["by"].casefold() == by.casefold():
        raise SecondPerson(f"{waiting['by']} has decided already.", remedy="A second person must agree.")
    agreed = waiting is not None and waiting["decision"] == decision
    effective = decision != "unsure" and (agreed or not four_eyes(graph))
    status = "done" if effective else "open" if decision == "unsure" or waiting else "waiting"
    at = moment_text()
    opinion = orjson.dumps({"decision": decision, "by": by, "reason": reason, "at": at}).decode()
    seen = len(kept["opinions"])
    step: Step = (
        "review/opine",
        {"id": kept["id"], "seen": seen, "opinion": opinion, "status": status, "at": at},
    )
    answer = {"id": kept["id"], "decision": decision, "status": status, "applied": effective, "change": None}
    if not effective:
        return answer if graph.write_all([step])[0] else None
    who = by if waiting is None else f"{waiting['by']}, {by}"
    make = identity.merge if decision == "merge" else identity.keep_apart
    change = make(graph, [kept["left"]], [kept["right"]], by=who, reason=reason, steps=[step])
    return answer | document(change)


def propose(graph: Graph, one: str, other: str, *, by: str, reason: str) -> Document:
    """Ask a second person whether two parties are one: the first opinion is that they are."""
    (_, left), (_, right) = party_in(graph, one), party_in(graph, other)
    if set(left) & set(right):
        raise UsageError("They are one party already.", remedy="Nothing is to be done.")
    keys = sorted((left[0], right[0]))
    row = {"id": f"q_{hex16(' '.join(keys))}", "left": keys[0], "right": keys[1], "score": PROPOSED}
    people = graph.read("identity/records_of", ids=[party_in(graph, one)[0]])[0]["kind"] == "natural_person"
    row |= {"kind": "person" if people else "company", "why": "proposed"}
    graph.write("review/ask", rows=[row], at=moment_text())
    return decide(graph, str(row["id"]), "merge", by=by, reason=reason)


def four_eyes(graph: Graph) -> bool:
    """Does a second person have to agree?"""
    return bool(graph.read_anyway("review/settings")[0]["four_eyes"])


def eyes(graph: Graph, number: str | None = None) -> Document:
    """How many people must agree: `two` or `one` says so from now on, nothing only asks."""
    if number is not None:
        graph.write("review/set_four_eyes", four_eyes=number == "two")
    return {"four_eyes": four_eyes(graph)}


def _question(graph: Graph, question: str) -> Row:
    rows = graph.read("review/show", id=question)
    if not rows:
        raise UnknownQuestion(
            f"There is no question {mask_id_numbers(question[:60])!r}.",
            remedy="`guanlian review list` names them.",
        )
    return rows[0]


def _opinions(kept: Row) -> list[Document]:
    return [orjson.loads(text) for text in kept["opinions"]]


def _listed(row: Row) -> Document:
    kept = row["question"]
    opened = datetime.fromisoformat(kept["opened_at"])
    return {
        "id": kept["id"],
        "type": "pair",
        "kind": kept["kind"],
        "status": kept["status"],
        "score": f"{kept['score'] // 1000}.{kept['score'] % 1000:03}",
        "why": kept["why"],
        "opened_at": kept["opened_at"],
        "age_days": max((datetime.now(UTC) - opened).days, 0),
        "left": _side(kept["left"], row["left"]),
        "right": _side(kept["right"], row["right"]),
        "opinions": _opinions(kept),
    }


def _side(key: str, party: Row) -> Document:
    name = party["name"]
    return {
        "party": party["id"],
        "record": mask_id_numbers(key),
        "name": None if name is None else mask_id_numbers(name),
    }


def _first(records: list[Row], key: str) -> Row:
    """The record the question is about, filled from the others of its party in the order of keys."""
    found: Row = {}
    for record in sorted(records, key=lambda one: (one["key"] != key, one["key"])):
        found = {**{name: value for name, value in record.items() if value is not None}, **found}
    return found


def _shown(name: str, value: Any) -> str | None:
    return None if value is None else str(value) if name in {"uscc", "lei"} else mask_id_numbers(str(value))


def _compared(kind: Kind, one: Row, other: Row) -> Document:
    """What the names room says of the two, part by part, on their own (as if no third shared a value)."""
    rows = [
        {"id": side, **{name: record.get(name) for name in (*TEXTS, *KEYED)}}
        for side, record in (("left", one), ("right", other))
    ]
    schema = {
        "id": pl.String(),
        **dict.fromkeys(TEXTS, pl.String()),
        KEYED[0]: pl.String(),
        KEYED[1]: pl.Boolean(),
    }
    records = read_records(pl.DataFrame(rows, schema=schema), kind)
    judge = JUDGES[kind]
    sharing = measure(records, judge.keys(records)[0])
    index = pl.Series([0, 1]).to_numpy()
    pairs = judge.compare(records, sharing, index[:1], index[1:])
    parts = judge.explain(records, pairs, 0)
    score = int(pairs.score[0])
    return {
        "decision": DECISIONS[int(pairs.decision[0])],
        "score": f"{score // 1000}.{score % 1000:03}",
        "parts": [
            {
                "part": part.part,
                "state": part.state,
                "left": mask_id_numbers(part.left),
                "right": mask_id_numbers(part.right),
            }
            for part in parts
        ],
    }
