"""Keys under which companies' names meet: plain names by whole columns, the others one by one."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.names import regions
from discovery.names.blocking import BlockKey, block_key
from discovery.names.company import CompanyName, parse_company
from discovery.names.company_columns import PLACE, SHORT, SPECIAL, STEM, TRADE, sounds
from discovery.names.readings import pinyin
from discovery.names.records import Keys, Records, Rows, hashed
from discovery.names.short_names import stem_of
from discovery.names.text import fold

FULL_SIDE, SHORT_SIDE, LATIN_SIDE = 0, 1, 1
FEW: Final = 16  # records up to which each is taken by itself: a column costs more calls than it saves
SHORT_KEYS: Final = (2, 3, 4)  # characters that a short name and a full one begin with; more as records grow
KINDS: Final = {
    "text": 300,
    "sound": 40,
    "core": 40,
    "place_trade": 12,
    "short2": 60,
    "short3": 60,
    "short4": 60,
    "latin": 20,
}
_Found = tuple[Rows, pl.Series, npt.NDArray[np.int8]]


class CompanyKeys:
    """Keys of every written name of every record, and one key a record for its current name."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._found: dict[str, list[_Found]] = {kind: [] for kind in KINDS}
        self._single: dict[str, list[tuple[int, str, int]]] = {kind: [] for kind in KINDS}
        few = len(records) <= FEW
        self._cores: pl.Series | None = None
        self._special = np.flatnonzero(few | (records.marks[:, SHORT] == SPECIAL))
        if not few:
            self._take_plain()
        self._take_special()

    def names(self) -> Keys:
        """The trade name and industry of the current name."""
        names = [self._records.names[row][0] for row in self._special.tolist()]
        special = hashed(
            pl.Series([parse_company(name).core or fold(name) for name in names], dtype=pl.String)
        )
        keys = np.zeros(len(self._records), np.uint64) if self._cores is None else hashed(self._cores)
        keys[self._special] = special
        return keys

    def blocks(self) -> list[BlockKey]:
        return [self._block(kind, most) for kind, most in KINDS.items()]

    def _block(self, kind: str, most: int) -> BlockKey:
        found = self._found[kind]
        rows = np.concatenate([rows for rows, _, _ in found])
        texts = pl.concat([texts for _, texts, _ in found])
        sides = np.concatenate([sides for _, _, sides in found])
        keys = sounds(texts) if kind == "sound" else hashed(texts)
        return block_key(
            kind, keys, most, rows, sides if kind == "latin" or kind.startswith("short") else None
        )

    def _put(self, kind: str, texts: pl.Series, side: int = FULL_SIDE) -> None:
        rows = (texts.str.len_chars() > 0).arg_true().to_numpy().astype(np.int64)
        self._found[kind].append((rows, texts.gather(rows), np.full(len(rows), side, np.int8)))

    def _take_plain(self) -> None:
        records, marks = self._records, self._records.marks
        frame = pl.DataFrame(
            {
                "body": records.parts["body"],
                "province": records.parts["places"].str.extract("^([^ ]{1,2})").fill_null(""),
                "short": marks[:, SHORT] == SHORT_SIDE,
                "place": np.maximum(marks[:, PLACE], 0),
                "trade": np.maximum(marks[:, TRADE], 0),
                "stem": np.maximum(marks[:, STEM], 0),
            }
        ).with_columns(core=pl.col("body").str.slice(pl.col("place")))
        frame = frame.with_columns(
            trade=pl.col("core").str.slice(0, pl.col("trade")),
            stem=pl.col("body").str.slice(0, pl.col("stem")),
        )
        self._cores = frame["core"]
        self._put("text", records.parts["whole"])
        self._put("sound", records.parts["whole"])
        self._put("core", frame["core"])
        narrow = (pl.col("province") != "") & (pl.col("trade").str.len_chars() >= 2)
        self._put("place_trade", _where(frame, narrow, pl.col("province") + pl.col("trade")))
        spelt = {trade: "".join(pinyin(trade)) for trade in frame["trade"].unique().to_list()}
        self._put("latin", frame["trade"].replace_strict(spelt, return_dtype=pl.String))
        self._take_plain_short(frame)

    def _take_plain_short(self, frame: pl.DataFrame) -> None:
        letters = sorted(regions.abbreviations())
        stem, short = pl.col("stem"), pl.col("short")
        province = short & (stem.str.len_chars() > 2) & stem.str.slice(0, 1).is_in(letters)
        for size in SHORT_KEYS:
            kind = f"short{size}"
            first, second = (pl.col(name).str.slice(0, size) for name in ("body", "core"))
            third = pl.col("body").str.slice(0, pl.min_horizontal("place", 1))
            third += pl.col("core").str.slice(0, size - 1)
            fresh = (third != first) & (third != second)
            for mask, start in (
                (~short, first),
                (~short & (second != first), second),
                (~short & fresh, third),
            ):
                self._put(kind, _sized(frame, mask, start, size))
            self._put(kind, _sized(frame, short, stem.str.slice(0, size), size), SHORT_SIDE)
            self._put(kind, _sized(frame, province, stem.str.slice(1, size), size), SHORT_SIDE)

    def _take_special(self) -> None:
        for row in self._special.tolist():
            for name in self._records.names[row]:
                parsed = parse_company(name)
                if parsed.usable:
                    self._take(row, parsed)
        for kind, single in self._single.items():
            rows, texts, sides = zip(*dict.fromkeys(single), strict=True) if single else ((), (), ())
            found = np.array(rows, np.int64), pl.Series(texts, dtype=pl.String), np.array(sides, np.int8)
            self._found[kind].append(found)

    def _one(self, kind: str, row: int, key: str, side: int = FULL_SIDE) -> None:
        if key:
            self._single[kind].append((row, key, side))

    def _take(self, row: int, name: CompanyName) -> None:
        self._one("text", row, name.compact)
        if name.foreign:
            self._one("core", row, "".join(name.foreign.words))
            for word in name.foreign.distinctive[:4]:
                self._one("latin", row, word, LATIN_SIDE)
            return
        self._one("sound", row, name.compact)
        self._one("core", row, name.core)
        if name.places and len(name.trade) >= 2:
            self._one("place_trade", row, name.places[0][:2] + name.trade)
        self._one("latin", row, "".join(pinyin(name.trade)))
        self._take_short(row, name)
        for alias in name.aliases:
            self._one("text", row, alias)

    def _take_short(self, row: int, name: CompanyName) -> None:
        stem = stem_of(name) if name.short else ""
        province = len(stem) > 2 and stem[0] in regions.abbreviations()
        for size in SHORT_KEYS:
            if name.short:
                starts, side = {stem[:size], stem[1 : size + 1] if province else ""}, SHORT_SIDE
            else:
                body = name.place_text + name.core
                narrow = name.place_text[:1] + name.core[: size - 1]
                starts, side = {body[:size], name.core[:size], narrow}, FULL_SIDE
            for start in sorted(starts):
                self._one(f"short{size}", row, start if len(start) == size else "", side)


def _where(frame: pl.DataFrame, mask: pl.Expr, text: pl.Expr) -> pl.Series:
    return frame.select(pl.when(mask).then(text).otherwise(pl.lit(""))).to_series()


def _sized(frame: pl.DataFrame, mask: pl.Expr, text: pl.Expr, size: int) -> pl.Series:
    return _where(frame, mask & (text.str.len_chars() == size), text)
