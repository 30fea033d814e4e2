"""Who is whose kin, from the two primitives parent_of and spouse_of (policies.md B1, B2).

Relations are always measured from an anchor by a fixed word such as "up, down" and never chained
further, so no closure can join unrelated families.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.kinship.scopes import CODE

MOST_CHILDREN: Final = 200  # a parent with more is a placeholder, not a parent: no siblings through it
FACTS: Final = ("f1", "f2", "f3", "f4")

NOBODY: Final = pl.DataFrame(
    schema={
        **dict.fromkeys(("person", "relative", *FACTS), pl.Int32()),
        "step": pl.Boolean(),
        "relation": pl.Int8(),
    }
)

# Each relation beyond the primitives as steps from the anchor.
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "spouse": ("spouse",),
    "parent": ("up",),
    "child": ("down",),
    "step_parent": ("step_up",),
    "step_child": ("step_down",),
    "grandparent": ("up_any", "up_any"),
    "grandchild": ("down_any", "down_any"),
    "sibling": ("up", "down"),
    "great_grandparent": ("up_any", "up_any", "up_any"),
    "great_grandchild": ("down_any", "down_any", "down_any"),
    "parent_sibling": ("up", "up", "down"),
    "sibling_child": ("up", "down", "down"),
    "cousin": ("up", "up", "down", "down"),
    "spouse_parent": ("spouse", "up"),
    "child_spouse": ("down", "spouse"),
    "spouse_grandparent": ("spouse", "up", "up"),
    "grandchild_spouse": ("down", "down", "spouse"),
    "sibling_spouse": ("up", "down", "spouse"),
    "spouse_sibling": ("spouse", "up", "down"),
    "spouse_sibling_spouse": ("spouse", "up", "down", "spouse"),
    "child_spouse_parent": ("down", "spouse", "up"),
}
# Relations a nearer one excludes: an uncle is not the parent, a cousin not the sibling.
_NOT_ALSO: Final[dict[str, tuple[str, ...]]] = {
    "parent_sibling": ("parent",),
    "sibling_child": ("child",),
    "cousin": ("sibling",),
    "child_spouse_parent": ("spouse",),
    "sibling_spouse": ("spouse",),
    "spouse_sibling_spouse": ("sibling", "spouse"),
}


def relations(kinship: pl.DataFrame, wanted: tuple[str, ...], active: npt.NDArray[np.bool_]) -> pl.DataFrame:
    """The wanted relations between active parties.

    `kinship` is the day's frame (parties by number, without birth ties that an adoption has ended);
    `active[n]` says whether party n matters as anchor or as relative; kin in between need not.
    Returns `person` (the anchor), `relative`,
    `relation` (code of `scopes.CODE`), `f1`..`f4` (row numbers in `kinship`, null where unused),
    `step` (the path leads over a step tie); one row a person, relative and relation: the path with
    the smallest rows.
    """
    if kinship.is_empty() or not wanted:
        return NOBODY
    steps = _primitive_steps(kinship)
    anchors = pl.DataFrame({"person": np.flatnonzero(active).astype(np.int32)})
    found = {name: _walk(steps, _WORDS[name], anchors) for name in _needed(wanted)}
    frames = []
    for name in wanted:
        frame = found[name]
        for other in _NOT_ALSO.get(name, ()):
            frame = frame.join(found[other], on=["person", "relative"], how="anti")
        frames.append(frame.with_columns(relation=pl.lit(CODE[name], dtype=pl.Int8)))
    table = pl.concat(frames)
    is_active = pl.Series(active[table["relative"].to_numpy()])
    return table.filter(is_active).sort("person", "relation", "relative")


def _needed(wanted: tuple[str, ...]) -> list[str]:
    names = set(wanted)
    for name in wanted:
        names.update(_NOT_ALSO.get(name, ()))
    return sorted(names, key=CODE.__getitem__)


def _primitive_steps(kinship: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """One step up, down or across as frames `from`, `to`, `fact` (row number), `step`."""
    rows = kinship.with_row_index("fact_row").with_columns(
        pl.col("fact_row").cast(pl.Int32), kind=pl.col("kind").fill_null("birth")
    )
    spouse = rows.filter(pl.col("relation") == "spouse_of").select(
        pl.col("person").alias("from"), pl.col("relative").alias("to"), pl.col("fact_row").alias("fact")
    )
    spouse = pl.concat(
        [spouse, spouse.select(pl.col("to").alias("from"), pl.col("from").alias("to"), "fact")]
    )
    parents = rows.filter(pl.col("relation") == "parent_of").select(
        child="relative", parent="person", kind="kind", fact="fact_row"
    )
    step = pl.col("kind") == "step_brought_up"
    up = parents.select(pl.col("child").alias("from"), pl.col("parent").alias("to"), "fact", step=step)
    down = parents.select(pl.col("parent").alias("from"), pl.col("child").alias("to"), "fact", step=step)
    crowded = down.group_by("from").len().filter(pl.col("len") > MOST_CHILDREN)
    down = down.join(crowded, on="from", how="anti")
    return {
        "spouse": spouse.with_columns(step=pl.lit(value=False)),
        "up": up.filter(~pl.col("step")),
        "step_up": up.filter("step"),
        "up_any": up,
        "down": down.filter(~pl.col("step")),
        "step_down": down.filter("step"),
        "down_any": down,
    }


def _walk(steps: dict[str, pl.DataFrame], word: tuple[str, ...], anchors: pl.DataFrame) -> pl.DataFrame:
    """Everybody reached from an anchor by the word, never turning back to where one came from."""
    frame = anchors.select("person", at="person", came=pl.lit(-1, dtype=pl.Int32), step=pl.lit(value=False))
    for number, name in enumerate(word):
        step = steps[name].rename({"from": "at", "to": "next", "fact": FACTS[number], "step": "over_step"})
        frame = (
            frame.join(step, on="at")
            .filter((pl.col("next") != pl.col("came")) & (pl.col("next") != pl.col("person")))
            .with_columns(came="at", at="next", step=pl.col("step") | pl.col("over_step"))
            .drop("next", "over_step")
        )
    unused = [pl.lit(None, dtype=pl.Int32).alias(fact) for fact in FACTS[len(word) :]]
    return (
        frame.with_columns(*unused)
        .select("person", pl.col("at").alias("relative"), *FACTS, "step")
        .sort("person", "relative", *FACTS, nulls_last=True)
        .unique(["person", "relative"], keep="first", maintain_order=True)
    )


def former_spouses(kinship: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Marriages that ended by the day: `person`, `relative`, `fact` (the fact id)."""
    return kinship.filter((pl.col("relation") == "spouse_of") & (pl.col("valid_to") <= as_of)).select(
        "person", "relative", "fact"
    )
