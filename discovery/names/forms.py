"""The one form of each kind of value that equality is tested in: columns of text, all at once.

A form is made in two steps, `TEXT` and then `KEPT`, each for a whole table in one call: one record costs a
handful of calls, and a million are read by all processors.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Final

import polars as pl

from discovery.names.text import LONGEST, simplification

NO_DAY: Final = -1
_NOTHING: Final = ("null", "none", "nan", "na", "n/a", "无", "不详", "未知", "-", "--", "/")
_COMPANY_FORM: Final = r"(?:股份有限公司|股份公司|有限责任公司|有限公司|公司)$"
_MANY: Final = 1_000  # texts from which on it pays to look whether they repeat
_EARLIEST, _STAND_IN = date(1850, 1, 1), date(1900, 1, 1)


def _code(name: str) -> pl.Expr:
    text = pl.col(name).str.slice(0, 60).str.normalize("NFKC").str.to_uppercase()
    return text.str.replace_all(r"[^0-9A-Z]", "")


def _code_kept(name: str) -> pl.Expr:
    """Shorter than five, or one sign throughout, is nothing."""
    text = pl.col(name)
    nothing = (text.str.len_chars() < 5) | text.str.contains(r"^(?:0+|1+|9+|X+|1234567\d*)$")
    return _unless(nothing, text)


def _unless(wrong: pl.Expr, text: pl.Expr) -> pl.Expr:
    return pl.when(wrong).then(pl.lit("")).otherwise(text)


def _phone() -> pl.Expr:
    """Digits without China's prefix."""
    digits = pl.col("phone").str.slice(0, 60).str.normalize("NFKC").str.replace_all(r"[^0-9]", "")
    return digits.str.replace(r"^(?:00)?86(1\d{10})$", "$1").str.replace(r"^0(1\d{10})$", "$1")


def _phone_kept() -> pl.Expr:
    text = pl.col("phone")
    return _unless((text.str.len_chars() < 7) | text.str.contains(r"^(?:0+|1+|8+|9+)$"), text)


def _email_kept() -> pl.Expr:
    text = pl.col("email")
    return _unless(~text.str.contains(r"^[^@\s]+@[^@\s]+\.[^@\s]+$"), text)


def as_date(text: pl.Expr) -> pl.Expr:
    """The day a text writes, in any of the usual ways; null for none."""
    text = text.str.slice(0, 30).str.normalize("NFKC")
    text = text.str.replace_all(r"[年月/.]", "-").str.replace_all(r"[日\s]", "")
    text = text.str.replace(r"^(\d{4})(\d{2})(\d{2})$", "$1-$2-$3").str.replace(r"t.*$", "")
    return text.str.to_date("%Y-%m-%d", strict=False)


def day_number(name: str) -> pl.Expr:
    """year·10000 + month·100 + day of a column of dates; NO_DAY for none and for a stand-in (1900-01-01)."""
    day = pl.col(name)
    number = day.dt.year().cast(pl.Int32) * 10_000 + day.dt.month().cast(pl.Int32) * 100
    number += day.dt.day().cast(pl.Int32)
    plausible = (day >= _EARLIEST) & (day != _STAND_IN)
    return pl.when(plausible).then(number).otherwise(pl.lit(NO_DAY, pl.Int32))


_CODES: Final = ("uscc", "id_number", "lei", "registration_no")
TEXT: Final = {
    **{name: _code(name) for name in _CODES},
    "phone": _phone(),
    "email": pl.col("email").str.strip_chars().str.to_lowercase(),
    "birth_date": as_date(pl.col("birth_date")),
}
KEPT: Final = {
    **{name: _code_kept(name) for name in _CODES},
    "phone": _phone_kept(),
    "email": _email_kept(),
    "birth_date": day_number("birth_date"),
}
PLAIN: Final = ("address", "employer", "country")
FORMED: Final = (*TEXT, *PLAIN)
_EMPTY: Final = {name: pl.lit("").alias(name) for name in FORMED} | {
    "birth_date": pl.lit(NO_DAY, pl.Int32).alias("birth_date")
}


def formed(texts: pl.DataFrame, said: Collection[str]) -> pl.DataFrame:
    """The columns FORMED of texts, those not `said` empty; birth dates as numbers of days.

    Codes, phones, e-mails: half width, without what only separates, nothing where they cannot be one.
    `employer` stands without its form, so that 股份公司 and 股份有限公司 are one; an address
    has six signs at least.
    """
    spoken = [name for name in TEXT if name in said]
    found = texts.select(TEXT[name].alias(name) for name in spoken)
    found = found.select(KEPT[name].alias(name) for name in spoken)
    plains = [plain(texts[name]) for name in PLAIN if name in said]
    empty = [_EMPTY[name] for name in FORMED if name not in said]
    found = texts.select("id", *found.get_columns(), *plains, *empty)
    address = pl.col("address")
    return found.with_columns(
        address=_unless(address.str.len_chars() < 6, address),
        employer=pl.col("employer").str.replace(_COMPANY_FORM, ""),
    )


def address_place() -> pl.Expr:
    """The numbers of a Han address; nothing for another."""
    address = pl.col("address")
    return _unless(~address.str.contains(r"\p{Han}"), address.str.replace_all(r"[^0-9]+", " "))


def plain(values: pl.Series) -> pl.Series:
    """Letters and digits alone, simplified, lower case; words for nothing are nothing."""
    if len(values) >= _MANY and values.n_unique() < len(values) // 2:
        known = values.unique()
        return values.replace_strict(known, plain(known), return_dtype=pl.String)
    text = pl.col(values.name)
    folded = text.str.slice(0, LONGEST).str.normalize("NFKC").str.to_lowercase().str.strip_chars()
    frame = values.to_frame().select(folded, others=folded.str.contains(_other_characters()))
    if frame["others"].any():
        frame = frame.with_columns(_simplified(frame[values.name], frame["others"]))
    letters = text.str.replace_all(r"[^\p{L}\p{N}]+", "")
    return frame.select(_unless(text.is_in(_NOTHING), letters).alias(values.name)).to_series()


def _simplified(text: pl.Series, others: pl.Series) -> pl.Series:
    """Texts with other than simplified characters are rewritten, and only these."""
    old, new = simplification()
    return text.scatter(others.arg_true(), text.filter(others).str.replace_many(old, new))


@cache
def _other_characters() -> str:
    return "[" + "".join(simplification()[0]) + "]"


def long_form(numbers: pl.Series) -> pl.Series:
    """ID numbers of fifteen digits as the eighteen they became."""
    old = numbers.str.contains(r"^[0-9]{15}$")
    if not old.any():
        return numbers
    pairs = zip(numbers.to_list(), old.to_list(), strict=True)
    return pl.Series([_eighteen(number) if is_old else number for number, is_old in pairs], dtype=pl.String)


def _eighteen(number: str) -> str:
    body = number[:6] + "19" + number[6:]
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]
