"""Decided pairs, in columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from discovery.names.records import Rows

APART, REVIEW, MERGE = 0, 1, 2
DECISIONS: Final = ("apart", "review", "merge")
BINDS, NEUTRAL, STRAINS, FORBIDS = -1, 0, 1, 2  # what a pair says of joining the chains its records are in


@dataclass(frozen=True)
class Pairs:
    """Pairs of rows with score (thousandths), decision (APART, REVIEW, MERGE), veto, and what they rest on.

    `strength` orders pairs more finely than the score: the best are chained first.
    """

    left: Rows
    right: Rows
    score: npt.NDArray[np.int32]
    decision: npt.NDArray[np.int8]
    vetoed: npt.NDArray[np.bool_]
    strength: npt.NDArray[np.int32]
    levels: object = None

    def __len__(self) -> int:
        return len(self.left)

    def where(self, mask: npt.NDArray[np.bool_]) -> Pairs:
        """The pairs of the mask, without what they rest on."""
        return replace(
            self,
            left=self.left[mask],
            right=self.right[mask],
            score=self.score[mask],
            decision=self.decision[mask],
            vetoed=self.vetoed[mask],
            strength=self.strength[mask],
            levels=None,
        )
