"""Named peers on the same pairs and records in the same run; an absent one is said to be absent."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import polars as pl
from rapidfuzz import fuzz

from benchmarks.names.companies import Row
from benchmarks.names.measures import Figure, pairs_within, recall_at_precision
from discovery.names.company_match import compare_company_names
from discovery.names.text import has_han

Score = Callable[[str, str], int]


def compare_names(rows: list[Row], part: str) -> list[Figure]:
    """Recall at precision .99 on Han beside Han: ours, WRatio, and nomenklatura where it is installed."""
    chosen = [row for row in rows if row[3].startswith(part) and has_han(row[0]) and has_han(row[1])]
    scorers: dict[str, Score | None] = {
        "guanlian": lambda a, b: compare_company_names(a, b).score,
        "rapidfuzz WRatio": lambda a, b: int(fuzz.WRatio(a, b) * 10),
        "nomenklatura logic-v2": _nomenklatura(),
    }
    figures = []
    for name, score in scorers.items():
        if score is None:
            figures.append(Figure(f"{name}: recall at precision .99", "not installed"))
            continue
        start = time.process_time()
        scored = [(score(left, right), same) for left, right, same, _ in chosen]
        spent = (time.process_time() - start) / len(chosen) * 1e6
        recall, cut = recall_at_precision(scored, 0.99)
        figures.append(
            Figure(f"{name}: recall at precision .99", f"{recall:.4f} (cut {cut}), {spent:.0f} us a pair")
        )
    return figures


def _nomenklatura() -> Score | None:
    if not find_spec("nomenklatura"):
        return None
    from followthemoney import model  # noqa: PLC0415  a peer, absent from most machines
    from nomenklatura.matching import get_algorithm  # noqa: PLC0415  as above
    from nomenklatura.matching.types import ScoringConfig  # noqa: PLC0415  as above

    algorithm, config = get_algorithm("logic-v2"), ScoringConfig.defaults()

    def entity(key: str, name: str) -> Any:
        return model.get_proxy({"id": key, "schema": "Company", "properties": {"name": [name]}})

    return lambda a, b: int(algorithm.compare(entity("a", a), entity("b", b), config).score * 1000)


def splink_clusters(frame: pl.DataFrame) -> list[tuple[str, str]] | None:
    """Cluster and id of each record by Splink on DuckDB with stock comparisons; None where it is absent."""
    if not find_spec("splink") or not find_spec("pandas"):
        return None
    import splink.comparison_library as cl  # noqa: PLC0415  as above
    from splink import Linker, SettingsCreator, block_on  # noqa: PLC0415  as above
    from splink.backends.duckdb import DuckDBAPI  # noqa: PLC0415  as above

    columns = [
        name for name in ("birth_date", "phone", "address", "employer", "id_number") if name in frame.columns
    ]
    blocks = [block_on(name) for name in ("name", *columns) if name != "employer"]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            *(cl.DamerauLevenshteinAtThresholds(name, [1, 2]) for name in columns),
        ],
        blocking_rules_to_generate_predictions=blocks,
    )
    table = frame.with_columns(pl.col(pl.String).replace("", None)).to_pandas()
    linker = Linker(DuckDBAPI().register(table), settings, log_level=50)
    linker.training.estimate_probability_two_random_records_match(blocks[:2], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for block in blocks[:2]:
        linker.training.estimate_parameters_using_expectation_maximisation(block)
    predicted = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_probability=0.95
    )
    rows = clusters.as_pandas_dataframe()
    return list(zip(rows["cluster_id"], rows["id"], strict=True))


def splink_figures(title: str, frame: pl.DataFrame, truth: dict[str, str]) -> list[Figure]:
    """Precision, recall and F1 of Splink's clusters on the same records."""
    start = time.process_time()
    clusters = splink_clusters(frame)
    if clusters is None:
        return [Figure(f"{title}: Splink on DuckDB", "not installed")]
    merged = pairs_within(clusters)
    same = pairs_within((truth[record], record) for record in frame["id"])
    right = len(merged & same)
    precision, recall = right / max(len(merged), 1), right / len(same)
    score = 2 * precision * recall / max(precision + recall, 1e-9)
    spent = time.process_time() - start
    return [
        Figure(
            f"{title}: Splink precision, recall, F1",
            f"{precision:.5f} {recall:.4f} {score:.4f}, {spent:.1f} CPU s",
        )
    ]
