"""The members of all groups as a CSV, for spreadsheets and other systems."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from discovery.groups import Answer
from discovery.service.files import whole_file

Document = Mapping[str, Any]
MEMBER_COLUMNS: Final = (
    "group",
    "outcome",
    "controller",
    "controller_name",
    "member",
    "name",
    "client",
    "basis",
    "coverage",
    "flags",
    "reason",
)


@contextmanager
def members_file(path: Path, answer: Answer) -> Iterator[Callable[[Document], None]]:
    """A CSV of members; yields what is to be given each group. It is there whole at the end, or not at all.

    A row a member, columns `MEMBER_COLUMNS`. A cell that a spreadsheet would take for a formula gets an
    apostrophe in front. BadInput if the file cannot be written.
    """
    parties = answer.graph.parties
    with whole_file(path) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(MEMBER_COLUMNS)

        def name(party: str) -> str:
            return parties.names[parties.number[party]] or ""

        def add(group: Document) -> None:
            writer.writerows(map(harmless, row) for row in _rows(group, name))

        yield add


def _rows(group: Document, name: Callable[[str], str]) -> Iterator[tuple[str, ...]]:
    heads = group["controller"]["parties"]
    clients = set(group["members"])
    for member in (*group["members"], *group["non_client_members"]):
        yield (
            group["id"],
            group["outcome"],
            ";".join(heads),
            ";".join(map(name, heads)),
            member,
            name(member),
            "true" if member in clients else "false",
            ";".join(group["basis"].get(member, ())),
            group["coverage"].get(member, ""),
            ";".join(sorted({*group["flags"], *group["member_flags"].get(member, ())})),
            group.get("reason", ""),
        )


def harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula, with an apostrophe in front."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
