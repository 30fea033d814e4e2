"""The list of recognised groups as it is published: dated, numbered, hashed, chained to the list before.

A list is two files, `<policy>_<number>_<day>.json` and `.csv`. The JSON holds the SHA-256 of its own
canonical form (keys sorted, no blanks, UTF-8, without the hash itself), that of the CSV, and that of the
list before, so that no list can be altered, taken out or put in without breaking the chain
(abc-2009 Art 24: the recognised list and every change are published).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson

from discovery.errors import BadInput
from discovery.evidence.words import Language
from discovery.facts.graph import FactGraph
from discovery.facts.schema import PARTY_KINDS
from discovery.groups import Answer
from discovery.service.days import today
from discovery.service.files import read_json, whole_file
from discovery.service.list_table import table
from discovery.service.lookup import shown

Document = dict[str, Any]
FORMAT: Final = "guanlian-list-1"
_NAME: Final = re.compile(r"^(?P<policy>.+)_(?P<number>\d{4,})_\d{4}-\d\d-\d\d\.json$")


@dataclass(frozen=True)
class Published:
    """A list with its files; `new` is false where the last list already says all of it."""

    document: Document
    json: Path
    csv: Path
    new: bool


def publish(answer: Answer, folder: Path, language: Language = "zh") -> Published:
    """Write the next list into the folder, or nothing if the last one is of that day and says the same.

    BadInput if the folder cannot be written or its last list is not whole.
    """
    _made(folder)
    slug = answer.policy.slug
    last = next(reversed(_lists(folder, slug)), None)
    before = None if last is None else _whole(last)
    document = _document(answer, before)
    if before is not None and last is not None and _says(before) == _says(document):
        return Published(before, last, last.with_suffix(".csv"), new=False)
    path = folder / f"{slug}_{document['number']:04d}_{document['as_of']}.json"
    rows = table(document, before, language).encode("utf-8-sig")
    document["csv_sha256"] = sha256(rows).hexdigest()
    document["sha256"] = digest(document)
    with whole_file(path.with_suffix(".csv")) as draft:
        draft.write_bytes(rows)
    with whole_file(path) as draft:
        draft.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return Published(document, path, path.with_suffix(".csv"), new=True)


def verify(folder: Path) -> tuple[int, list[Document]]:
    """How many lists there are, and what is wrong with them: `file`, `fault`; empty = all whole, none gone.

    BadInput if there is no list.
    """
    chains: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.json")):
        if (found := _NAME.match(path.name)) is not None:
            chains.setdefault(found["policy"], []).append(path)
    if not chains:
        raise BadInput(f"{folder} holds no published list.", remedy="Name the folder given to publish --out.")
    faults = [fault for slug in sorted(chains) for fault in _faults(_lists(folder, slug))]
    return sum(map(len, chains.values())), faults


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical form of a list: JSON, keys sorted, no blanks, UTF-8, without `sha256`."""
    plain = {name: value for name, value in document.items() if name != "sha256"}
    return sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _faults(paths: list[Path]) -> Iterator[Document]:
    before: Document | None = None
    for place, path in enumerate(paths, start=1):
        try:
            document = read_json(path)
        except BadInput as error:
            yield {"file": path.name, "fault": error.detail}
            before = {}
            continue
        yield from ({"file": path.name, "fault": fault} for fault in _altered(path, document))
        if document.get("number") != place:
            yield {"file": path.name, "fault": f"It is list {document.get('number')} and stands at {place}."}
        wanted = None if before is None else {name: before.get(name) for name in ("number", "sha256")}
        if document.get("previous") != wanted:
            yield {"file": path.name, "fault": "It does not name the list before it by its hash."}
        before = document


def _altered(path: Path, document: Document) -> Iterator[str]:
    """What in the two files of a list is not as it was published."""
    if document.get("format") != FORMAT or document.get("sha256") != digest(document):
        yield f"{path.name} is not what was published: its hash is another."
    rows = path.with_suffix(".csv")
    if not rows.exists() or sha256(rows.read_bytes()).hexdigest() != document.get("csv_sha256"):
        yield f"{rows.name} is missing or not what was published."


def _whole(path: Path) -> Document:
    """A list as it was published; BadInput if it was altered since."""
    document = read_json(path)
    for fault in _altered(path, document):
        raise BadInput(
            fault, remedy="Take the file from a copy; guanlian publish --verify checks all of them."
        )
    return document


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"{folder} cannot be made: {error.strerror}.", remedy="Name another folder."
        ) from error


def _lists(folder: Path, slug: str) -> list[Path]:
    """The lists of a policy in the order of their numbers."""
    found = []
    for path in folder.glob("*.json"):
        named = _NAME.match(path.name)
        if named is not None and named["policy"] == slug:
            found.append((int(named["number"]), path))
    return [path for _, path in sorted(found)]


def _says(document: Document) -> Document:
    return {name: document[name] for name in ("policy", "as_of", "known_at", "groups", "exempt")}


def _document(answer: Answer, before: Document | None) -> Document:
    groups: dict[str, list[Document]] = {"GROUP": [], "EXEMPT": []}
    for group in answer.groups():
        groups[group["outcome"]].append(_entry(group, answer.graph))
    known = answer.graph.known_at
    document: Document = {
        "format": FORMAT,
        "number": 1 if before is None else before["number"] + 1,
        "policy": answer.policy.slug,
        "title": {"zh": answer.policy.title.zh, "en": answer.policy.title.en},
        "as_of": answer.as_of.isoformat(),
        "known_at": known.isoformat() if known else None,
        "published_on": today().isoformat(),
        "previous": before and {"number": before["number"], "sha256": before["sha256"]},
        "groups": groups["GROUP"],
        "exempt": groups["EXEMPT"],
    }
    return document | {"changes": _changes(before, document)}


def _entry(group: Document, graph: FactGraph) -> Document:
    inside = [
        *((one, True) for one in group["members"]),
        *((one, False) for one in group["non_client_members"]),
    ]
    reason = {"reason": group["reason"], "article": group["article"]} if group["outcome"] == "EXEMPT" else {}
    return {
        "id": group["id"],
        "controller": {
            "kind": group["controller"]["kind"],
            "parties": [_named(graph, party) for party in group["controller"]["parties"]],
        },
        "members": [
            {**_named(graph, party), "client": client, "basis": group["basis"][party]}
            for party, client in inside
        ],
        "flags": group["flags"],
        **reason,
    }


def _named(graph: FactGraph, party: str) -> Document:
    """A party as it may be published: record key, name, client number; ID numbers masked."""
    parties = graph.parties
    number = parties.number[party]
    key, name = parties.keys[number], parties.names[number]
    return {
        "record_key": shown(key) if parties.person[number] else key,
        "name": name and shown(name),
        "kind": PARTY_KINDS[parties.kind[number]],
        "client_no": parties.frame["client_no"][number],
    }


def _changes(before: Document | None, document: Document) -> Document | None:
    """What differs from the list before: groups by id, members by record key."""
    if before is None:
        return None
    old, new = (_members(one) for one in (before, document))
    both = sorted(old.keys() & new.keys())
    return {
        "formed": sorted(new.keys() - old.keys()),
        "dissolved": sorted(old.keys() - new.keys()),
        "joined": [{"group": one, "record_key": key} for one in both for key in sorted(new[one] - old[one])],
        "left": [{"group": one, "record_key": key} for one in both for key in sorted(old[one] - new[one])],
    }


def _members(document: Document) -> dict[str, set[str]]:
    return {group["id"]: {one["record_key"] for one in group["members"]} for group in document["groups"]}
