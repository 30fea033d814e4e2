"""How large the benchmarks are. The aims are about `full`; `tiny` shows that everything runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Size:
    """Numbers of companies, a benchmark each; `asked`: questions over HTTP; `aims`: whether judged."""

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
    shared: int
    asked: int
    aims: bool = False


SIZES: Final = {
    "tiny": Size(
        scale_free=(2_000,),
        against_duckdb=2_000,
        joint=2_000,
        depth=20,
        chain=500,
        hub=500,
        core=100,
        cypher=300,
        package=1_000,
        loaded=500,
        shared=500,
        asked=20,
    ),
    "small": Size(
        scale_free=(100_000,),
        against_duckdb=100_000,
        joint=20_000,
        depth=100,
        chain=10_000,
        hub=10_000,
        core=1_000,
        cypher=5_000,
        package=50_000,
        loaded=12_500,
        shared=20_000,
        asked=100,
    ),
    "full": Size(
        scale_free=(1_000_000, 10_000_000),
        against_duckdb=1_000_000,
        joint=100_000,
        depth=1_000,
        chain=100_000,
        hub=100_000,
        core=5_000,
        cypher=20_000,
        package=1_000_000,
        loaded=125_000,
        shared=200_000,
        asked=200,
        aims=True,
    ),
}
