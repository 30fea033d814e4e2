"""The controlling points over one company, a group or not, each with the steps that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from discovery.groups.proofs import Proofs
from discovery.groups.units import RING
from discovery.groups.writing import CONTROLLER_KINDS

if TYPE_CHECKING:
    from discovery.groups.answer import Answer

Document = dict[str, Any]


def controllers_of(answer: Answer, company: int) -> list[Document]:
    """Who controls the company under the policy and is controlled by nobody: kind, parties, steps."""
    units = answer.formation.units
    points = units.table.filter("point")
    over = units.rows.filter(pl.col("company") == company).join(points, on="unit", how="semi")
    ringed = units.members.filter(pl.col("party") == company).join(
        points.filter(pl.col("kind") == RING), on="unit", how="semi"
    )
    rows = pl.concat([over.select("unit", "company"), ringed.select("unit", company="party")])
    unled = answer.formation.unled
    rows = rows.join(unled, on=["unit", "company"], how="anti").sort("unit")
    ids = answer.graph.parties.ids
    found = []
    for _, proof in Proofs(answer.graph, answer.policy, units).of(rows):
        steps = {ids[number]: step for number, step in proof.steps.items()}
        found.append(
            {
                "kind": CONTROLLER_KINDS[proof.unit.kind],
                "parties": [ids[party] for party in proof.used],
                "evidence": dict(sorted(steps.items())),
                "flags": answer.methods_differ(proof, company),
            }
        )
    return sorted(found, key=lambda one: (one["kind"], one["parties"]))
