"""How large the benchmarks are: the aims are about `full`; `tiny` shows that everything runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Size:
    """Numbers of companies, a benchmark each; `asked`: questions over HTTP."""

    scale_free: tuple[int, ...]
    against_duckdb: int  # the largest scale-free graph on which DuckDB runs too
    joint: int
    depth: int
    chain: int
    hub: int
    core: int
    cypher: int
    package: int
    loaded: int
    asked: int


SIZES: Final = {
    "tiny": Size((2_000,), 2_000, 2_000, 20, 500, 500, 100, 300, 1_000, 500, 20),
    "small": Size((100_000,), 100_000, 20_000, 100, 10_000, 10_000, 1_000, 10_000, 50_000, 12_500, 100),
    "full": Size(
        (1_000_000, 10_000_000), 1_000_000, 100_000, 250, 100_000, 100_000, 5_000, 100_000,
        1_000_000, 125_000, 200,
    ),
}  # fmt: skip
