"""How Han characters are read, and how those readings are spelt in Latin letters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pypinyin.constants import PINYIN_DICT

from discovery.names.text import data_lines


@cache
def compound_surnames() -> frozenset[str]:
    """Surnames of two characters."""
    return frozenset(" ".join(data_lines("compound_surnames.txt")).split())


@cache
def _surname_readings() -> dict[str, tuple[str, ...]]:
    pairs = (line.split("\t") for line in data_lines("surname_readings.tsv"))
    return {surname: tuple(dict.fromkeys(listed.split())) for surname, listed in pairs}


def _toneless(reading: str) -> str:
    decomposed = unicodedata.normalize("NFD", reading.replace("ü", "v").replace("ê", "e"))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char) or char == "\u0308")
    return plain.replace("u\u0308", "v")


@lru_cache(maxsize=50_000)
def readings(char: str) -> tuple[str, ...]:
    """Toneless pinyin readings of one character, the commonest first (at most three)."""
    listed = PINYIN_DICT.get(ord(char), "")
    plain = dict.fromkeys(_toneless(reading) for reading in listed.split(",") if reading)
    return tuple(plain)[:3]


@lru_cache(maxsize=50_000)
def _first_reading(char: str) -> str:
    return (readings(char) or (char,))[0]


def pinyin(text: str) -> tuple[str, ...]:
    """Commonest toneless reading of each character; other characters stand for themselves."""
    return tuple(map(_first_reading, text))


@cache
def _syllable_numbers() -> npt.NDArray[np.uint64]:
    """A number for the commonest reading of each code point, 0 for no reading."""
    numbers: dict[str, int] = {}
    table = np.zeros(max(PINYIN_DICT) + 1, np.uint64)
    for code in PINYIN_DICT:
        read = readings(chr(code))
        if read:
            table[code] = numbers.setdefault(read[0], len(numbers) + 1)
    return table


def heard(codes: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    """The number of each code point's syllable, 0 for one that is not read."""
    table = _syllable_numbers()
    return np.where(codes < len(table), table[np.minimum(codes, len(table) - 1)], np.uint64(0))


def same_sound(left: str, right: str) -> bool:
    """Whether two characters share a toneless reading."""
    return left == right or not set(readings(left)).isdisjoint(readings(right))


_NEAR_SOUNDS: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("f", "h"))


def near_sound(left: str, right: str) -> bool:
    """Whether two characters are confused in southern speech (zh/z, -ng/-n, l/n ...)."""
    return same_sound(left, right) or not {blurred(r) for r in readings(left)}.isdisjoint(
        blurred(r) for r in readings(right)
    )


@lru_cache(maxsize=100_000)
def blurred(letters: str) -> str:
    """Syllables without what southern speech leaves out: zh, ch, sh as z, c, s, and -ng as -n."""
    return re.sub(r"ng(?![aeiou])", "n", re.sub(r"([zcs])h", r"\1", letters))


@cache
def _surname_table() -> frozenset[str]:
    return frozenset("".join(data_lines("surnames.txt")))


def split_surname(name: str) -> tuple[str, str]:
    """Surname and given name of a Han name; a two-character surname only if it is a known one."""
    if len(name) > 2 and name[:2] in compound_surnames():
        return name[:2], name[2:]
    return name[:1], name[1:]


def is_surname(text: str) -> bool:
    return text in compound_surnames() or text in _surname_table()


@lru_cache(maxsize=20_000)
def surname_spellings(surname: str) -> tuple[str, ...]:
    """Latin spellings of a surname: pinyin as surnames are read, Wade-Giles, Hong Kong."""
    known = _surname_readings().get(surname, ())
    if len(surname) == 2:
        parts = [(_surname_readings().get(char) or pinyin(char))[0] for char in surname]
        return tuple(dict.fromkeys((*(known or ("".join(parts),)), "".join(map(wade_giles, parts)))))
    return _spellings(surname, known or readings(surname)[:1])


@lru_cache(maxsize=20_000)
def given_spellings(char: str) -> tuple[str, ...]:
    """Latin spellings of one character of a given name: pinyin, Wade-Giles, Hong Kong."""
    return _spellings(char, readings(char)[:2])


def _spellings(char: str, read: tuple[str, ...]) -> tuple[str, ...]:
    pinyins = [
        form for r in read for form in ((r, r.replace("v", "yu"), r.replace("v", "u")) if "v" in r else (r,))
    ]
    wades = [wade_giles(reading) for reading in read]
    return tuple(dict.fromkeys([*pinyins, *wades, *cantonese(char)]))


@cache
def latin_surnames() -> frozenset[str]:
    """Every Latin spelling of a known surname."""
    return frozenset(
        spelt for surname in _surname_table() | compound_surnames() for spelt in surname_spellings(surname)
    )


@cache
def _cantonese() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in data_lines("cantonese.txt"):
        spellings, chars = line.split("\t")
        for char in chars:
            table[char] = tuple(dict.fromkeys((*table.get(char, ()), *spellings.split())))
    return table


def cantonese(char: str) -> tuple[str, ...]:
    """Spellings in use in Hong Kong for a character common in names; empty for any other."""
    return _cantonese().get(char, ())


_WADE_INITIALS: Final = {  # the longer ones first
    "zh": "ch", "ch": "ch", "sh": "sh", "q": "ch", "j": "ch", "x": "hs", "z": "ts", "c": "ts",
    "b": "p", "d": "t", "g": "k", "r": "j",
}  # fmt: skip
_WADE_FINALS: Final = (
    (r"ong$", "ung"),
    (r"ian$", "ien"),
    (r"ie$", "ieh"),
    (r"uo$", "o"),
    (r"ue$", "ueh"),
)


@cache
def _wade_exceptions() -> dict[str, str]:
    return dict(line.split("\t") for line in data_lines("wade_giles.tsv"))


@lru_cache(maxsize=2_000)
def wade_giles(reading: str) -> str:
    """A pinyin syllable in Wade-Giles as passports print it, without apostrophes."""
    if whole := _wade_exceptions().get(reading):
        return whole
    final = reading
    for pattern, spelt in _WADE_FINALS:
        changed = re.sub(pattern, spelt, final)
        if changed != final:
            final = changed
            break
    for initial, spelt in _WADE_INITIALS.items():
        if final.startswith(initial):
            final = spelt + final[len(initial) :]
            break
    return final.replace("v", "u")


@cache
def syllables() -> frozenset[str]:
    """All toneless pinyin syllables."""
    found: set[str] = set()
    for listed in PINYIN_DICT.values():
        found.update(_toneless(reading) for reading in listed.split(","))
    return frozenset(s for s in found if s.isascii() and s.isalpha() and (len(s) > 1 or s in "aoe"))
