"""The table: a row a measurement, in Markdown."""

from __future__ import annotations

from typing import Final

from benchmarks.measure import Row

HEAD: Final = (
    "| case | what | CPU s | server CPU s | wall s | peak MB | result |\n"
    "| --- | --- | ---: | ---: | ---: | ---: | --- |"
)
_SHOWN: Final = {
    "part",
    "case",
    "what",
    "cpu",
    "server_cpu",
    "wall",
    "peak_mb",
    "ratio",
    "aim",
    "met",
    "load",
}


def line(row: Row) -> str:
    """One measurement; a missing figure is an empty cell."""
    cells = [
        row["case"],
        row["what"],
        _seconds(row.get("cpu")),
        _seconds(row.get("server_cpu")),
        _seconds(row.get("wall")),
        f"{row['peak_mb']:,.0f}" if "peak_mb" in row else "",
        _result(row),
    ]
    return f"| {' | '.join(cells)} |"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}" if value < 10 else f"{value:.1f}"


def _result(row: Row) -> str:
    parts = [
        f"{_figure(value)} {name.replace('_', ' ')}" for name, value in row.items() if name not in _SHOWN
    ]
    if "ratio" in row:
        parts.append(f"{row['ratio']['cpu']:,.1f}x by CPU, {row['ratio']['wall']:,.1f}x by wall")
    if "aim" in row:
        parts.append(f"aim {row['aim']}: {'met' if row['met'] else 'missed'}")
    return ", ".join(parts)


def _figure(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
