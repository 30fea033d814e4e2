"""A published list as a table: a row a member, and one for each who left since the list before."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

from discovery.evidence.words import Language, say
from discovery.facts.codes import Wording
from discovery.service.members import harmless

Document = Mapping[str, Any]
COLUMNS: Final = {
    "number": Wording("期号", "list"),
    "as_of": Wording("基准日", "as of"),
    "group": Wording("集团编号", "group"),
    "controller": Wording("控制方", "controller"),
    "controller_name": Wording("控制方名称", "controller name"),
    "member": Wording("成员", "member"),
    "name": Wording("成员名称", "member name"),
    "client_no": Wording("客户号", "client number"),
    "client": Wording("是否客户", "client"),
    "basis": Wording("认定依据", "basis"),
    "change": Wording("变动", "change"),
}
_CHANGES: Final = {"joined": Wording("新增", "joined"), "left": Wording("退出", "left")}
_YES: Final = (Wording("否", "no"), Wording("是", "yes"))


def table(document: Document, before: Document | None, language: Language) -> str:
    """The rows as CSV with a header in that language; members who left stand with what they were."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([say(COLUMNS, column, language) for column in COLUMNS])
    for row in _rows(document, before, language):
        writer.writerow(map(harmless, row))
    return text.getvalue()


def _rows(document: Document, before: Document | None, language: Language) -> Iterator[list[str]]:
    old = {} if before is None else _by_group(before)
    new = _by_group(document)
    for gid in sorted(old.keys() | new.keys()):
        was, now = old.get(gid, {}), new.get(gid, {})
        for key in (*now, *(key for key in was if key not in now)):
            change = "left" if key not in now else "joined" if before is not None and key not in was else ""
            group, member = now.get(key) or was[key]
            yield _row(document, group, member, change, language)


def _by_group(document: Document) -> dict[str, dict[str, tuple[Document, Document]]]:
    """Members by group and record key, with the group they stand in."""
    return {
        group["id"]: {member["record_key"]: (group, member) for member in group["members"]}
        for group in document["groups"]
    }


def _row(document: Document, group: Document, member: Document, change: str, language: Language) -> list[str]:
    heads = group["controller"]["parties"]
    return [
        str(document["number"]),
        document["as_of"],
        group["id"],
        ";".join(head["record_key"] for head in heads),
        ";".join(head["name"] or "" for head in heads),
        member["record_key"],
        member["name"] or "",
        member["client_no"] or "",
        getattr(_YES[member["client"]], language),
        ";".join(member["basis"]),
        say(_CHANGES, change, language) if change else "",
    ]
