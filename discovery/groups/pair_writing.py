"""REVIEW, RELATED and LINK as published: keyed and put into text by columns, since there may be millions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, Final

import orjson
import polars as pl

from discovery.facts.graph import FactGraph
from discovery.facts.keys import FIELD_MARK, ITEM_MARK
from discovery.facts.lists import in_order

Document = dict[str, Any]

MEASURED: Final = frozenset({"REVIEW", "DEPENDENT_SET"})  # outcomes that tell the figures they rest on
FEW: Final = 100  # lists that are put into text one by one, which is faster than to begin on columns
_SHOWN: Final = ("key", "outcome", "parties", "with", "reason", "basis", "flags", "attributed_to", "evidence")


class PairWriter:
    """Writes frames of `pairs.SCHEMA` under one policy."""

    def __init__(self, graph: FactGraph, policy: str) -> None:
        self._parties = graph.parties
        self._policy = policy

    def _texts(self, lists: pl.Series, column: str) -> pl.Series:
        """Lists of party numbers as lists of what stands in a text column of the parties."""
        if lists.len() > FEW:
            return _texts(lists, self._parties.frame[column])
        texts = self._parties.keys if column == "key" else self._parties.ids
        named = [[texts[number] for number in items] for items in lists.to_list()]
        return pl.Series(named, dtype=pl.List(pl.String))

    def named(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """The pairs with `key`, sorted by it and each once, `parties` and `with` by their ids.

        `numbers`: the parties of both by number.
        """
        numbers = pl.concat_list("parties", "with").alias("numbers")
        if pairs.is_empty():
            return pairs.with_columns(numbers, pl.lit(None, dtype=pl.String).alias("key"))
        beside = pairs.select(in_order(pl.col("with").list.unique())).to_series()
        parts = pl.DataFrame(
            [
                pairs["outcome"],
                pairs["reason"],
                self._texts(pairs["parties"], "key").list.join(ITEM_MARK).alias("parties"),
                self._texts(beside, "key").list.join(ITEM_MARK).alias("with"),
            ]
        )
        whole = pl.concat_str(pl.lit(self._policy), pl.all(), separator=FIELD_MARK)
        keys = [
            f"o_{sha256(text.encode()).hexdigest()[:16]}"
            for text in parts.select(whole).to_series().to_list()
        ]
        order = (
            pl.DataFrame({"key": keys})
            .with_row_index("row")
            .sort("key", "row")
            .unique("key", keep="first", maintain_order=True)
        )
        kept = pairs[order["row"]]
        return kept.with_columns(
            numbers,
            self._texts(kept["parties"], "id").alias("parties"),
            self._texts(kept["with"], "id").alias("with"),
            order["key"],
        )

    @staticmethod
    def documents(named: pl.DataFrame) -> Iterator[Document]:
        """Each pair as a document."""
        rows = named.select(
            "key",
            "outcome",
            "parties",
            "with",
            "reason",
            "basis",
            "flags",
            "attributed_to",
            "facts",
            "measured",
        )
        for *shown, facts, measured in rows.iter_rows():
            document: Document = dict(zip(_SHOWN, (*shown, {"facts": facts}), strict=True))
            if document["outcome"] in MEASURED:
                document["measured"] = dict(zip(measured[::2], measured[1::2], strict=True))
                document["facts"] = facts
            yield document

    def lines(self, named: pl.DataFrame) -> Iterable[bytes]:
        """The documents as JSON, one a line."""
        if named.is_empty():
            return []
        if named["outcome"][0] in MEASURED:
            return map(orjson.dumps, self.documents(named))
        whole = named.select(
            pl.struct(
                *_SHOWN[:8],
                pl.struct("facts").alias("evidence"),
            ).struct.json_encode()
        )
        return (line.encode() for line in whole.to_series().to_list())


def _texts(lists: pl.Series, texts: pl.Series) -> pl.Series:
    """Lists of numbers as lists of the texts that have these numbers."""
    rows = pl.DataFrame({"row": pl.int_range(lists.len(), eager=True), "item": lists})
    items = rows.filter(pl.col("item").list.len() > 0).explode("item")
    found = (
        items.with_columns(texts.gather(items["item"]).alias("item"))
        .group_by("row", maintain_order=True)
        .agg("item")
    )
    whole = rows.select("row").join(found, on="row", how="left", maintain_order="left")["item"]
    return whole.fill_null(pl.Series([[]], dtype=pl.List(pl.String)))
