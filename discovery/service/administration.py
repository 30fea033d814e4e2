"""How groups are administered: of all groups, of one, of those that name a party."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from discovery.errors import UsageError
from discovery.exposure import Administration
from discovery.groups import Answer
from discovery.groups.answer import number_of
from discovery.service.lookup import shown

Document = dict[str, Any]
__all__ = ["Administration", "UnknownGroup", "administered", "head_of", "of_group", "parties_of"]
CONTROLLER: Final = "controller"


class UnknownGroup(UsageError):
    """No group of that id stands on that day under that policy."""


def administered(
    answer: Answer, *, group: str | None = None, party: str | None = None
) -> tuple[int, Iterator[Document]]:
    """The number of groups asked for and their administration: one group's, a party's, or of all.

    `party` is a party id. UnknownGroup if no group has the id.
    """
    whole = Administration(answer)
    if group is not None:
        unit = _unit(whole, group)
        return 1, whole.documents({unit})
    if party is not None:
        units = whole.units_with(number_of(answer.graph, party))
        return len(units), whole.documents(units)
    return answer.formation.groups.height, whole.documents()


def of_group(whole: Administration, group: str) -> Document:
    """One group's administration, with head and names; UnknownGroup if there is none of that id."""
    (found,) = whole.documents({_unit(whole, group)})
    return {**head_of(whole.answer), "parties": parties_of(whole.answer, [found]), "group": found}


def _unit(whole: Administration, group: str) -> int:
    unit = whole.unit_of(group)
    if unit is None:
        raise UnknownGroup(
            f"There is no group {group} on {whole.answer.as_of} under {whole.policy.slug}.",
            remedy="Name the policy and the day under which you found it.",
            group=group,
        )
    return unit


def head_of(answer: Answer) -> Document:
    """Policy, day and moment of an answer."""
    known = answer.graph.known_at
    return {
        "policy": answer.policy.slug,
        "as_of": answer.as_of.isoformat(),
        "known_at": known.isoformat() if known else None,
    }


def parties_of(answer: Answer, documents: Iterable[Document]) -> dict[str, Document]:
    """The names of the parties that the documents mention."""
    parties = answer.graph.parties
    found: set[str] = set()
    for document in documents:
        found |= _mentioned(document)
    names = {party: parties.names[parties.number[party]] for party in sorted(found)}
    return {party: {"name": shown(name) if name else name} for party, name in names.items()}


def _mentioned(document: Document) -> set[str]:
    found = {*document["members"], *document[CONTROLLER]["parties"]}
    found |= {row["party"] for row in document["totals"]["members"]}
    found |= {party for ring in document["rings"] for party in ring["parties"]}
    for warning in document["warnings"]:
        found |= {warning["measured"][key] for key in ("holder", "company") if key in warning["measured"]}
    return found
