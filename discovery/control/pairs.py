"""All pairs of controller and controlled company: the whole relation, not only its tops.

Quadratic in the depth of chains, so it is only ever exported, with a limit.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.control.kernel import rows_by
from discovery.control.registers import Registers, Slot, registers
from discovery.errors import UsageError
from discovery.facts.graph import FactGraph

MOST_PAIRS = 50_000_000


def holdings_slot(threshold: int, *, strict: bool, measure: str) -> Slot:
    """The pure share test: votes as held or equity, against millionths of a percent."""
    return Slot("share", "voting_held" if measure == "voting" else "equity", threshold, strict)


def control_pairs(
    graph: FactGraph,
    slots: list[Slot],
    *,
    multiply: bool = False,
    kin: pl.DataFrame | None = None,
    party: int | None = None,
    limit: int = MOST_PAIRS,
) -> pl.DataFrame:
    """Who controls what: `controller`, `company` by number, sorted, never a party itself.

    `kin` (`person`, `relative`) widens a person to the person's cluster; `party` asks for what one
    party controls. With `multiply` indirect shares are multiplied along each path. UsageError past
    `limit` pairs.
    """
    brought = registers(graph, slots, multiply=multiply)
    heads, offsets, members = _units(brought, kin, party)
    found = brought.control((offsets, members), limit=limit)
    if not found.complete:
        raise UsageError(
            f"There are more than {limit:,} pairs of controller and company.",
            remedy="Ask for one party with --party, or raise --limit.",
        )
    pairs = pl.DataFrame({"controller": heads[found.unit], "company": found.company})
    return pairs.sort("controller", "company")


def _units(
    brought: Registers, kin: pl.DataFrame | None, party: int | None
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """The heads, and the units as (offsets, members): everybody who brings something, or one party."""
    brings = np.diff(brought.entries.start) > 0
    if kin is None:
        kin = pl.DataFrame(schema={"person": pl.Int32, "relative": pl.Int32})
    bringing = pl.Series(brings[kin["relative"].to_numpy()], dtype=pl.Boolean)
    others = kin.select("person", "relative").filter(bringing).unique()
    acting = brings.copy()
    acting[others["person"].to_numpy()] = True
    heads = np.flatnonzero(acting).astype(np.int32) if party is None else np.array([party], np.int32)
    numbers = pl.DataFrame({"person": heads, "unit": np.arange(len(heads), dtype=np.int32)})
    relatives = others.join(numbers, on="person").select("unit", person="relative")
    units = pl.concat([numbers.select("unit", "person"), relatives])
    offsets, order = rows_by(units["unit"].to_numpy(), len(heads))
    return heads, offsets, units["person"].to_numpy()[order]
