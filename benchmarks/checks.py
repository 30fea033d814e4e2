"""What is made of rows: the same result from both sides, how many times faster, whether an aim is met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.measure import Row


class Disagreement(AssertionError):
    """Two ways to the same question gave different answers."""


def agree(one: Row, other: Row) -> None:
    """Raise Disagreement unless both rows have the same number of pairs and the same checksum."""
    for name in ("pairs", "checksum"):
        if one[name] != other[name]:
            raise Disagreement(
                f"{one['case']}: {one['what']} has {name} {one[name]:,}, {other['what']} {other[name]:,}"
            )


def used(rows: Sequence[Row], name: str = "cpu") -> float:
    """The sum over rows; of a server's CPU too."""
    total = sum(row[name] for row in rows)
    return total + sum(row["server_cpu"] or 0 for row in rows) if name == "cpu" else total


def ratio(slow: Sequence[Row], fast: Sequence[Row], least: float | None = None) -> Row:
    """How many times the seconds of `fast` those of `slow` are, CPU and wall; the aim is about the CPU."""
    times = {name: used(slow, name) / max(used(fast, name), 1e-6) for name in ("cpu", "wall")}
    return {
        "case": fast[-1]["case"],
        "what": f"{slow[-1]['what'].split(':')[0]} / kernel",
        "ratio": times,
        **({} if least is None else {"aim": f"{least:g}x", "met": times["cpu"] >= least}),
    }


def aim(rows: Sequence[Row], **most: float) -> Row:
    """Whether the rows together stay within `cpu`, `wall` (seconds, summed) and `peak_mb` (the highest)."""
    found: dict[str, Any] = {name: used(rows, name) for name in ("cpu", "wall")}
    found["peak_mb"] = max(row["peak_mb"] for row in rows)
    words = {"cpu": "CPU s", "wall": "s", "peak_mb": "MB"}
    return {
        "case": rows[-1]["case"],
        "what": "together",
        **found,
        "aim": ", ".join(f"{value:g} {words[name]}" for name, value in most.items()),
        "met": all(found[name] <= value for name, value in most.items()),
    }
