"""State owners whom an exemption sets apart, and what becomes of the groups below them."""

from __future__ import annotations

from discovery.evidence.checking.book import Book
from discovery.evidence.checking.exempt import Exemptions, Verdict
from discovery.evidence.checking.groups import Groups
from discovery.evidence.checking.points_multiplied import points


def set_apart(book: Book, exemptions: Exemptions) -> dict[str, Verdict]:
    """State owners who head a group until an exemption sets them apart, with what sets them apart."""
    apart: dict[str, Verdict] = {}
    if not any(rule.effect != "exempt" for rule in book.policy.exemptions):
        return apart
    before = Groups(book, points(book))
    for head in book.by_key(book.parties):
        if not exemptions.owner(head) or not book.admissible(head):
            continue
        found = before.found({"kind": "company", "parties": [head]})
        if found is None or not found.stands_together(book.policy.members.min):
            continue
        verdict = exemptions.of_owner(head)
        if verdict.reason:
            apart[head] = verdict
    return apart


def groups_after(book: Book, apart: dict[str, Verdict]) -> Groups:
    """The groups once these owners are set apart; as clients they may join each subsidiary freed by it."""
    joining = frozenset(
        head
        for head, verdict in apart.items()
        if verdict.effect == "split_siblings" and book.member(head) and book.client(head)
    )
    return Groups(book, points(book, frozenset(apart)), joining)
