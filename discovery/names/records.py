"""Records about parties as columns: every value in the one form that equality is tested in."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.facts.identifiers import valid_id_numbers, valid_leis, valid_usccs
from discovery.names import forms
from discovery.names.company_columns import Marks, no_columns, read_columns
from discovery.names.forms import NO_DAY

Kind = Literal["person", "company"]
Keys = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
SEED: Final = 17  # of the hash

COLUMNS: Final = (
    "id", "name", "other_names", "former_names", "country", "region", "uscc", "lei", "registration_no",
    "id_number", "birth_date", "phone", "email", "address", "employer",
)  # fmt: skip
NAMES: Final = ("name", "other_names", "former_names")
KEYED: Final = (
    "id_number_hmac",
    "id_number_sure",
)  # in place of a person's ID number: its keyed hash, checked


@dataclass(frozen=True)
class Records:
    """One row a record. Hashed columns are 64-bit keys of the normal form, 0 for nothing known.

    `names`: all written names, the current one first; `name_set` a key of them all. `main_id`: a person's
    ID number, a company's USCC; `sure_id` where it bears its own check digit; `lei` only where valid.
    `birth`: year·10000 + month·100 + day, or -1. `address_place`: the numbers of a Han address, else 0:
    Han addresses of one street differ in these alone. Texts are normal forms, for the measures of likeness.
    `parts`, `marks`: a company's name taken apart (`read_columns`).
    """

    ids: pl.Series
    names: list[tuple[str, ...]]
    name_set: Keys
    main_id: Keys
    main_id_text: pl.Series
    sure_id: npt.NDArray[np.bool_]
    lei: Keys
    registration: Keys
    registration_text: pl.Series
    birth: npt.NDArray[np.int32]
    phone: Keys
    email: Keys
    address: Keys
    address_text: pl.Series
    address_place: Keys
    employer: Keys
    country: Keys
    region: pl.Series
    parts: pl.DataFrame
    marks: Marks

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: Rows) -> Records:
        """The rows asked for, in that order."""
        values: dict[str, object] = {}
        for item in fields(self):
            column = getattr(self, item.name)
            if isinstance(column, list):
                values[item.name] = [column[row] for row in rows]
            else:
                values[item.name] = column.gather(rows) if isinstance(column, pl.Series) else column[rows]
        return replace(self, **values)  # type: ignore[arg-type]  # by the fields' names

    def append(self, other: Records) -> Records:
        """Both, this one first."""
        values: dict[str, object] = {}
        for item in fields(self):
            mine, theirs = getattr(self, item.name), getattr(other, item.name)
            if isinstance(mine, list):
                values[item.name] = mine + theirs
            elif isinstance(mine, (pl.Series, pl.DataFrame)):
                values[item.name] = pl.concat([mine, theirs])
            else:
                values[item.name] = np.concatenate([mine, theirs])
        return replace(self, **values)  # type: ignore[arg-type]  # by the fields' names


def read_records(frame: pl.DataFrame, kind: Kind) -> Records:
    """Columns of `parties.csv` (and `employer`) as records; only `id` and `name` need be there.

    ID numbers may come as `id_number_hmac` with `id_number_sure`: equal or not is all that is asked of them.
    """
    given = [name for name in COLUMNS if name in frame.columns]
    texts = frame.select(pl.col(given).cast(pl.String).fill_null(""))
    said = _said(texts)
    read = forms.formed(texts, said)
    read = _person_ids(read, frame) if kind == "person" else _company_ids(read)
    names = pl.concat_str([name if name in given else pl.lit("") for name in NAMES], separator="\x1f")
    keys = read.with_columns(texts.select(names.alias("names")), place=forms.address_place()).select(_KEYS)
    written = _all_names(texts, said)
    parts, marks = read_columns(written) if kind == "company" else no_columns(len(frame))
    return Records(
        ids=texts["id"],
        names=written,
        main_id_text=read["main_id"],
        registration_text=read["registration_no"],
        sure_id=read["sure_id"].to_numpy(),
        birth=read["birth_date"].to_numpy(),
        address_text=read["address"],
        region=texts["region"] if "region" in said else _blank(len(frame)),
        parts=parts,
        marks=marks,
        **{column.name: column.to_numpy() for column in keys},
    )


def _said(texts: pl.DataFrame) -> set[str]:
    """The columns in which any row says anything."""
    if not len(texts):
        return set()
    longest = texts.select(pl.all().str.len_bytes().max()).row(0)
    return {name for name, length in zip(texts.columns, longest, strict=True) if length}


def _blank(size: int) -> pl.Series:
    return pl.Series([""], dtype=pl.String).new_from_index(0, size)


def _company_ids(read: pl.DataFrame) -> pl.DataFrame:
    """Main code, LEI and registration; a code without its check digit says what any other number does."""
    read = read.with_columns(sure_id=valid_usccs(read["uscc"]), sure_lei=valid_leis(read["lei"]))
    number = pl.col("registration_no")
    return read.select(
        pl.exclude("uscc", "lei", "registration_no"),
        pl.when("sure_id").then("uscc").otherwise(pl.lit("")).alias("main_id"),
        pl.when("sure_lei").then("lei").otherwise(pl.lit("")).alias("lei"),
        pl.when((number == "") & ~pl.col("sure_id")).then("uscc").otherwise(number).alias("registration_no"),
    )


def _person_ids(read: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """The ID number or its keyed hash, and the birth date that a number tells where none is stated."""
    if KEYED[0] in frame.columns:
        keyed, checked = frame[KEYED[0]].fill_null(""), frame[KEYED[1]].fill_null(value=False)
        return read.with_columns(keyed.alias("main_id"), checked.alias("sure_id"))
    main = forms.long_form(read["id_number"])
    sure = valid_id_numbers(main)
    read = read.with_columns(main.alias("main_id"), sure.alias("sure_id"))
    if not sure.any():
        return read
    unborn = pl.col("sure_id") & (pl.col("birth_date") == NO_DAY)
    told = read.select(forms.as_date(pl.col("main_id").str.slice(6, 8)).alias("told"))
    told = told.select(forms.day_number("told").alias("told"))
    return read.with_columns(told).with_columns(
        birth_date=pl.when(unborn).then("told").otherwise("birth_date")
    )


def _key(column: str, name: str) -> pl.Expr:
    """A 64-bit key of each text; 0 for an empty one."""
    text = pl.col(column)
    return pl.when(text == "").then(pl.lit(0, pl.UInt64)).otherwise(text.hash(SEED)).alias(name)


_KEYS: Final = [
    _key("names", "name_set"),
    _key("main_id", "main_id"),
    _key("lei", "lei"),
    _key("registration_no", "registration"),
    _key("phone", "phone"),
    _key("email", "email"),
    _key("address", "address"),
    _key("place", "address_place"),
    _key("employer", "employer"),
    _key("country", "country"),
]


def _all_names(texts: pl.DataFrame, said: set[str]) -> list[tuple[str, ...]]:
    names: list[tuple[str, ...]] = [(name,) for name in texts["name"].to_list()]
    for extra in ("other_names", "former_names"):
        if extra not in said:
            continue
        for row, text in enumerate(texts[extra].to_list()):
            if text:
                others = (part.strip() for part in text.replace("；", ";").split(";"))
                names[row] = tuple(dict.fromkeys((*names[row], *(part for part in others if part))))
    return names


def hashed(values: pl.Series) -> Keys:
    """64-bit keys of texts; 0 for an empty one."""
    return values.to_frame("text").select(_key("text", "key")).to_series().to_numpy(writable=True)
