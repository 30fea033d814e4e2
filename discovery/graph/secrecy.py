"""ID numbers in the store: a keyed hash for matching and a mask for display, never the number itself."""

from __future__ import annotations

import hashlib
import hmac
import os

import polars as pl

from discovery.facts.identifiers import mask, valid_id_numbers
from discovery.graph.home import home, secret_once


def hmac_key() -> bytes:
    """`GUANLIAN_HMAC_KEY`, else a key made once and kept for its owner alone (`keys/id-number.key`)."""
    return (os.environ.get("GUANLIAN_HMAC_KEY") or secret_once(home() / "keys" / "id-number.key")).encode()


def keyed(numbers: pl.Series, key: bytes) -> pl.Series:
    """HMAC-SHA-256 of each number, blanks removed and in upper case; null stays null."""
    texts = (None if number is None else hashed(number, key) for number in numbers)
    return pl.Series(numbers.name, list(texts), dtype=pl.String)


def hashed(number: str, key: bytes) -> str:
    """The keyed hash by which the same number is found again."""
    return hmac.digest(key, "".join(number.split()).upper().encode(), hashlib.sha256).hex()


def sure(numbers: pl.Series) -> pl.Series:
    """Whether each number is a resident's with the right check digit; null stays null."""
    valid = valid_id_numbers(numbers.str.replace_all(r"\s", "").str.to_uppercase().fill_null(""))
    return valid.set(numbers.is_null(), None)


def masked(numbers: pl.Series) -> pl.Series:
    """Each number as people may see it."""
    texts = (None if number is None else mask(number) for number in numbers)
    return pl.Series(numbers.name, list(texts), dtype=pl.String)
