"""`guanlian groups --policy all` or `a,b,c`: several policies side by side."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import orjson

from discovery.commands.terminal import Language, Show, binary_stdout, say
from discovery.service.several import One


def write_answers(found: Iterable[One], show: Show | None) -> None:
    """`answers`, each the whole answer of a policy, then `policies`: what each took, and from the others."""
    stream = binary_stdout()
    stream.write(b'{"answers": [')
    told: list[dict[str, Any]] = []
    for one in found:
        stream.write(b",\n" if told else b"\n")
        one.answer.write(stream)
        told.append(one.to_dict())
        if show:
            show("groups", len(told), 0)
    stream.write(b'],\n"policies": ' + orjson.dumps(told) + b"}\n")
    sys.stdout.flush()


def say_table(rows: Iterable[dict[str, Any]], tongue: Language) -> None:
    """A line a policy: groups, exempted sets, members, seconds, what was shared."""
    say(_line(row, tongue) for row in rows)


def _line(row: dict[str, Any], tongue: Language) -> str:
    if tongue == "zh":
        text = "{policy}：集团 {groups:,}，豁免 {exempt:,}，成员 {members:,}，{seconds:.2f} 秒"
        shared = f"（共用 {'、'.join(row['shared'])}）"
    else:
        text = "{policy}: {groups:,} groups, {exempt:,} exempt, {members:,} members, {seconds:.2f} s"
        shared = f" (shared {', '.join(row['shared'])})"
    return text.format_map(row) + (shared if row["shared"] else "")
