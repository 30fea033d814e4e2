"""Keys of records: the same for one record as for a table, however they are made."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from benchmarks.names.people import generated
from benchmarks.names.speed import companies
from discovery.names.linking import JUDGES
from discovery.names.records import read_records

ODD = [
    "招商局", "江苏省苏豪控股集团有限公司北京分公司", "深圳市海晏科技(深圳)有限公司", "Haiyan Ports Ltd",
    "沪海晏", "", "无锡", "北京一号投资基金(有限合伙)", "海晏科技有限公司(简称:海晏)",
    "ＡＢＣ集团股份有限公司",
    "！！",
    "江苏神马電力股份有限公司",
]  # fmt: skip


def _keys(frame: pl.DataFrame, kind: str) -> list[set[tuple[str, int, int]]]:
    """For each row its keys: kind of key, key, side; and under "" the key of its name."""
    records = read_records(frame, kind)
    names, blocks = JUDGES[kind].keys(records)
    found = [{("", int(name), 0)} for name in names]
    for block in blocks:
        once = np.unique(
            np.stack([block.rows.astype(np.uint64), block.keys, block.sides.astype(np.uint64)]), axis=1
        )
        assert once.shape[1] == len(block.rows), f"{block.name}: a key stands twice"
        for row, key, side in zip(
            block.rows.tolist(), block.keys.tolist(), block.sides.tolist(), strict=True
        ):
            found[row].add((block.name, key, side))
    return found


@pytest.mark.parametrize("kind", ["person", "company"])
def test_keys_of_one_record_are_its_keys_in_a_table(kind: str):
    """Whether columns or single names are read, each record has the same keys, each of them once."""
    frame = generated(60, seed=4)[0][:100] if kind == "person" else companies(100, seed=3)
    odd = pl.DataFrame({"name": ODD, "other_names": ["海晏;海晏;Haiyan Haiyan", "江苏苏豪", *[""] * 10]})
    frame = pl.concat([frame.with_columns(pl.col("id").cast(pl.String)), odd], how="diagonal")
    frame = frame.with_columns(id=pl.int_range(pl.len()).cast(pl.String))

    assert _keys(frame, kind) == [_keys(frame[row : row + 1], kind)[0] for row in range(len(frame))]
