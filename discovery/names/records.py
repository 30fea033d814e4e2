"""Records about parties as columns: every value in the one form that equality is tested in."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.facts.identifiers import valid_id_numbers, valid_leis, valid_usccs
from discovery.names.company_columns import Marks, no_columns, read_columns
from discovery.names.text import simplification

Kind = Literal["person", "company"]
Keys = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]

COLUMNS: Final = (
    "id", "name", "other_names", "former_names", "country", "region", "uscc", "lei", "registration_no",
    "id_number", "birth_date", "phone", "email", "address", "employer",
)  # fmt: skip
KEYED: Final = (
    "id_number_hmac",
    "id_number_sure",
)  # in place of a person's ID number: its keyed hash, checked
NO_DAY: Final = -1
_NOTHING: Final = ["null", "none", "nan", "na", "n/a", "无", "不详", "未知", "-", "--", "/"]


@dataclass(frozen=True)
class Records:
    """One row a record. Hashed columns are 64-bit keys of the normal form, 0 for nothing known.

    `names`: all written names, the current one first; `name_set` a key of them all. `main_id`: a person's
    ID number, a company's USCC; `sure_id` where it bears its own check digit; `lei` only where valid.
    `birth`: year·10000 + month·100 + day, or -1. `address_place`: the numbers of a Han address, else 0:
    Han addresses of one street differ in these alone. Texts are normal forms, for the measures of likeness.
    `whole`, `body`, `place`, `marks`: parts of a company's name (`NameColumns`).
    """

    ids: pl.Series
    names: list[tuple[str, ...]]
    name_set: Keys
    main_id: Keys
    main_id_text: pl.Series
    sure_id: npt.NDArray[np.bool_]
    lei: Keys
    registration: Keys
    birth: npt.NDArray[np.int32]
    phone: Keys
    email: Keys
    address: Keys
    address_text: pl.Series
    address_place: Keys
    employer: Keys
    country: Keys
    region: pl.Series
    whole: pl.Series
    body: pl.Series
    place: pl.Series
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
            elif isinstance(mine, pl.Series):
                values[item.name] = pl.concat([mine, theirs])
            else:
                values[item.name] = np.concatenate([mine, theirs])
        return replace(self, **values)  # type: ignore[arg-type]  # by the fields' names


def read_records(frame: pl.DataFrame, kind: Kind) -> Records:
    """Columns of `parties.csv` (and `employer`) as records; only `id` and `name` need be there.

    ID numbers may come as `id_number_hmac` with `id_number_sure`: equal or not is all that is asked of them.
    """
    column = {name: _column(frame, name) for name in COLUMNS}
    main = _code(column["id_number"] if kind == "person" else column["uscc"])
    sure = valid_id_numbers(main) if kind == "person" else valid_usccs(main)
    lei = _code(column["lei"])
    registration = _code(column["registration_no"])
    if kind == "company":  # a code without its check digit still says something, as any other number does
        registration = pl.select(
            pl.when((registration == "") & ~sure).then(main).otherwise(registration)
        ).to_series()
        main = main.set(~sure, "")
    else:
        main = _long_form(main)
        sure = valid_id_numbers(main)
        if KEYED[0] in frame.columns:
            main, sure = _column(frame, KEYED[0]), frame[KEYED[1]].fill_null(value=False)
    birth = _days(column["birth_date"])
    if kind == "person":
        told = _days(main.set(main.str.len_chars() != 18, "").str.slice(6, 8))
        birth = np.where((birth == NO_DAY) & sure.to_numpy(), told, birth).astype(np.int32)
    names = [column[name] for name in ("name", "other_names", "former_names")]
    written = _all_names(column)
    parts = read_columns(written) if kind == "company" else no_columns(len(frame))
    address = _plain(column["address"])
    address = address.set(address.str.len_chars() < 6, "")
    email = column["email"].str.strip_chars().str.to_lowercase()
    return Records(
        ids=column["id"],
        names=written,
        name_set=hashed(pl.select(pl.concat_str(*names, separator="\x1f")).to_series()),
        main_id=hashed(main),
        main_id_text=main,
        sure_id=sure.to_numpy().astype(np.bool_),
        lei=hashed(lei.set(~valid_leis(lei), "")),
        registration=hashed(registration),
        birth=birth,
        phone=hashed(_phone(column["phone"])),
        email=hashed(email.set(~email.str.contains(r"^[^@\s]+@[^@\s]+\.[^@\s]+$"), "")),
        address=hashed(address),
        address_text=address,
        address_place=_place(address),
        employer=hashed(_employer(column["employer"])),
        country=hashed(_plain(column["country"])),
        region=column["region"],
        whole=parts.whole,
        body=parts.body,
        place=parts.place,
        marks=parts.marks,
    )


def _column(frame: pl.DataFrame, name: str) -> pl.Series:
    if name not in frame.columns:
        return pl.Series(name, [""], dtype=pl.String).new_from_index(0, len(frame))
    return frame[name].cast(pl.String).fill_null("")


def _all_names(column: dict[str, pl.Series]) -> list[tuple[str, ...]]:
    names: list[tuple[str, ...]] = [(name,) for name in column["name"].to_list()]
    for extra in ("other_names", "former_names"):
        filled = (column[extra] != "").arg_true().to_list()
        for row in filled:
            others = (part.strip() for part in column[extra][row].replace("；", ";").split(";"))
            names[row] = tuple(dict.fromkeys((*names[row], *(part for part in others if part))))
    return names


def hashed(values: pl.Series) -> Keys:
    """64-bit keys of texts; 0 for an empty one."""
    keys = values.hash(seed=17).to_numpy().copy()
    keys[(values == "").to_numpy()] = 0
    return keys.astype(np.uint64)


def _plain(values: pl.Series) -> pl.Series:
    if bool((values == "").all()):
        return values
    if values.n_unique() < len(values) // 2:
        known = values.unique()
        return values.replace_strict(known, _plain(known), return_dtype=pl.String)
    text = values.str.slice(0, 300).str.normalize("NFKC").str.to_lowercase().str.strip_chars()
    text = _simplified(text.set(text.is_in(_NOTHING), ""))
    return text.str.replace_all(r"[^\p{L}\p{N}]+", "")


def _simplified(text: pl.Series) -> pl.Series:
    """Simplified characters; texts without any other character are passed by."""
    old, new = simplification()
    other = text.str.contains("[" + "".join(old) + "]")
    if not other.any():
        return text
    return text.scatter(other.arg_true(), text.filter(other).str.replace_many(old, new))


def _code(values: pl.Series) -> pl.Series:
    """Identifiers: half width, upper case, no blanks or hyphens; shorter than five is nothing."""
    text = values.str.slice(0, 60).str.normalize("NFKC").str.to_uppercase().str.replace_all(r"[^0-9A-Z]", "")
    nothing = (text.str.len_chars() < 5) | text.str.contains(r"^(?:0+|1+|9+|X+|1234567\d*)$")
    return text.set(nothing, "")


def _long_form(numbers: pl.Series) -> pl.Series:
    """ID numbers of fifteen digits as the eighteen they became."""
    old = numbers.str.contains(r"^[0-9]{15}$")
    if not old.any():
        return numbers
    return pl.Series(
        [_eighteen(n) if is_old else n for n, is_old in zip(numbers, old, strict=True)], dtype=pl.String
    )


def _eighteen(number: str) -> str:
    body = number[:6] + "19" + number[6:]
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def _phone(values: pl.Series) -> pl.Series:
    digits = values.str.slice(0, 60).str.normalize("NFKC").str.replace_all(r"[^0-9]", "")
    digits = digits.str.replace(r"^(?:00)?86(1\d{10})$", "$1").str.replace(r"^0(1\d{10})$", "$1")
    return digits.set((digits.str.len_chars() < 7) | digits.str.contains(r"^(?:0+|1+|8+|9+)$"), "")


def _place(address: pl.Series) -> Keys:
    numbers = address.str.replace_all(r"[^0-9]+", " ")
    keys = hashed(numbers)
    keys[(~address.str.contains(r"\p{Han}")).to_numpy()] = 0
    return keys


_COMPANY_FORM: Final = r"(?:股份有限公司|股份公司|有限责任公司|有限公司|公司)$"


def _employer(values: pl.Series) -> pl.Series:
    """A company name without its form, so that 股份公司 and 股份有限公司 are one employer."""
    return _plain(values).str.replace(_COMPANY_FORM, "")


def _days(values: pl.Series) -> npt.NDArray[np.int32]:
    text = values.str.slice(0, 30).str.normalize("NFKC")
    text = text.str.replace_all(r"[年月/.]", "-").str.replace_all(r"[日\s]", "")
    text = text.str.replace(r"^(\d{4})(\d{2})(\d{2})$", "$1-$2-$3").str.replace(r"t.*$", "")
    days = text.str.to_date("%Y-%m-%d", strict=False)
    number = (
        days.dt.year().cast(pl.Int32) * 10_000
        + days.dt.month().cast(pl.Int32) * 100
        + days.dt.day().cast(pl.Int32)
    )
    plausible = ((number > 18500000) & (number != 19000101)).fill_null(value=False)
    return number.set(~plausible, NO_DAY).fill_null(NO_DAY).to_numpy().astype(np.int32)
