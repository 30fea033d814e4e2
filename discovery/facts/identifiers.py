"""Identifiers with check digits, one at a time and a column at a time, and their masks for display.

- **USCC** (unified social credit code, GB 32100-2015): 18 characters of 31 (no I, O, S, V, Z), places 3
  to 8 the digits of an administrative division, the last one weighted modulo 31.
- **Resident ID number** (GB 11643-1999): 17 digits and a check character of ISO 7064 MOD 11-2; places 7
  to 14 are the birth date, which must exist.
- **LEI** (ISO 17442): 18 letters or digits and two check digits of ISO 7064 MOD 97-10.

Letters count in upper case; blanks and hyphens are not removed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_DIGITS: Final = "0123456789"
_BASE36: Final = _DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_USCC_WEIGHTS: Final = np.array([pow(3, place, 31) for place in range(17)])
_ID_WEIGHTS: Final = np.array([pow(2, 17 - place, 11) for place in range(17)])
_ID_CHECK: Final = "10X98765432"
_MAYBE_ID_NUMBER: Final = re.compile(r"\d{17}[\dXx]|\d{15}")

Codes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


def _places(alphabet: str) -> npt.NDArray[np.int64]:
    """For each byte its place in the alphabet, -1 where it has none; both cases of a letter alike."""
    table = np.full(256, -1, dtype=np.int64)
    for place, character in enumerate(alphabet):
        table[ord(character)] = place
        table[ord(character.lower())] = place
    return table


_IN_USCC: Final = _places(USCC_ALPHABET)
_IN_DIGITS: Final = _places(_DIGITS)
_IN_BASE36: Final = _places(_BASE36)


def _check_column(values: pl.Series, length: int, check: Callable[[Codes], Mask]) -> pl.Series:
    """True where a value has that many ASCII characters and passes; null where it is null."""
    fits = (values.str.len_bytes() == length).fill_null(value=False)
    joined = "".join(values.filter(fits).to_list()).encode()
    codes = np.frombuffer(joined, dtype=np.uint8).reshape(-1, length)
    passed = np.zeros(len(values), dtype=np.bool_)
    passed[fits.to_numpy()] = check(codes)
    nulls = values.is_null().to_numpy()
    return pl.Series(values.name, passed).set(pl.Series(nulls), None)


def _uscc_passes(codes: Codes) -> Mask:
    places = _IN_USCC[codes]
    division = (_IN_DIGITS[codes[:, 2:8]] >= 0).all(axis=1)
    check = (-(places[:, :17] @ _USCC_WEIGHTS)) % 31
    return np.asarray((places >= 0).all(axis=1) & division & (check == places[:, 17]))


def _dates_exist(digits: npt.NDArray[np.int64]) -> Mask:
    """True where eight digits are a calendar day after 1800."""
    year = digits[:, :4] @ np.array([1000, 100, 10, 1])
    month = digits[:, 4:6] @ np.array([10, 1])
    day = digits[:, 6:8] @ np.array([10, 1])
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    month_known = (month >= 1) & (month <= 12)
    days = lengths[np.where(month_known, month, 0)] + (leap & (month == 2))
    return np.asarray((year > 1800) & month_known & (day >= 1) & (day <= days))


def _id_number_passes(codes: Codes) -> Mask:
    digits = _IN_DIGITS[codes[:, :17]]
    expected = np.frombuffer(_ID_CHECK.encode(), dtype=np.uint8)[(digits @ _ID_WEIGHTS) % 11]
    last = np.where(codes[:, 17] == ord("x"), ord("X"), codes[:, 17])
    return np.asarray((digits >= 0).all(axis=1) & _dates_exist(digits[:, 6:14]) & (expected == last))


def _lei_passes(codes: Codes) -> Mask:
    places = _IN_BASE36[codes]
    remainder = np.zeros(len(codes), dtype=np.int64)
    for place in range(20):
        value = places[:, place]
        remainder = (remainder * np.where(value > 9, 100, 10) + value) % 97
    check_digits = (_IN_DIGITS[codes[:, 18:]] >= 0).all(axis=1)
    return np.asarray((places >= 0).all(axis=1) & check_digits & (remainder == 1))


def valid_usccs(values: pl.Series) -> pl.Series:
    """True where a value is a USCC with the right check character; null where it is null."""
    return _check_column(values, 18, _uscc_passes)


def valid_id_numbers(values: pl.Series) -> pl.Series:
    """True where a value is a resident ID number with an existing birth date and the right check."""
    return _check_column(values, 18, _id_number_passes)


def valid_leis(values: pl.Series) -> pl.Series:
    """True where a value is an LEI with the right check digits; null where it is null."""
    return _check_column(values, 20, _lei_passes)


def is_uscc(value: str) -> bool:
    """True for a USCC with the right check character."""
    return bool(valid_usccs(pl.Series([value], dtype=pl.String))[0])


def is_id_number(value: str) -> bool:
    """True for a resident ID number with an existing birth date and the right check character."""
    return bool(valid_id_numbers(pl.Series([value], dtype=pl.String))[0])


def is_lei(value: str) -> bool:
    """True for an LEI with the right check digits."""
    return bool(valid_leis(pl.Series([value], dtype=pl.String))[0])


def mask(value: str) -> str:
    """The value with its middle hidden: three characters in front and two at the end, none of a short one."""
    if len(value) < 12:
        return "*" * len(value)
    return value[:3] + "*" * (len(value) - 5) + value[-2:]


def mask_id_numbers(text: str) -> str:
    """The text with every run of characters that may be an ID number masked."""
    return _MAYBE_ID_NUMBER.sub(lambda found: mask(found.group()), text)
