"""A person's name in its forms: Han, pinyin in either order, initials, other romanisations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from typing import Final

from discovery.names.readings import (
    given_spellings,
    is_surname,
    pinyin,
    split_surname,
    surname_spellings,
    syllables,
)
from discovery.names.text import HAN, LONGEST, fold

_TITLES: Final = re.compile(r"(?<=..)(?:先生|女士|小姐|太太|博士|教授)$")
_LATIN_TITLES: Final = frozenset(
    ["mr", "mrs", "ms", "miss", "dr", "prof", "sir", "madam", "dame", "jr", "sr"]
)
_WORDS: Final = re.compile(r"[^\W\d_]+")
_MOST_FORMS: Final = 64


@dataclass(frozen=True, slots=True)
class PersonName:
    """One name of one person. `han` is empty for a Latin name, `words` for a Han name.

    `initials` marks a Latin name whose given names are letters only. `key` is the same for all full
    spellings in either order (the letters of its pinyin, sorted); `short_keys` the sorted first letters of
    surname and given name, one for each way of spelling it.
    """

    text: str
    han: str = ""
    words: tuple[str, ...] = ()
    initials: bool = False
    key: str = ""
    short_keys: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        return len(self.han) >= 2 or (len(self.words) >= 2 or sum(map(len, self.words)) >= 2)


@lru_cache(maxsize=300_000)
def parse_person(name: str) -> PersonName:
    """Take a person's name apart. Never fails: an unreadable one comes back unusable."""
    text = fold(name)
    if not text or len(name) > LONGEST:
        return PersonName("")
    if HAN.search(text):
        han = _TITLES.sub("", "".join(char for char in text if HAN.match(char)))
        return _han_name(text, han)
    words = tuple(w for w in _WORDS.findall(text.replace("'", "")) if w not in _LATIN_TITLES)
    return _latin_name(text, words)


def _han_name(text: str, han: str) -> PersonName:
    surname, given = split_surname(han)
    if not given:
        return PersonName(text, han=han)
    family = surname_spellings(surname)
    spelt = "".join((*family[:1], *pinyin(given)))
    firsts = dict.fromkeys(g[0] for g in (given_spellings(given[0]) or (given[0],)))
    short = dict.fromkeys("".join(sorted(f[0] + g)) for f in (family or (surname,)) for g in firsts)
    return PersonName(text, han=han, key="".join(sorted(spelt)), short_keys=tuple(short)[:4])


def _latin_name(text: str, words: tuple[str, ...]) -> PersonName:
    full = [w for w in words if len(w) > 1]
    initials = bool(full) and len(full) < len(words)
    letters = "".join(sorted("".join(words)))
    if initials:
        first = next(w for w in words if len(w) == 1)
        return PersonName(
            text, words=words, initials=True, short_keys=("".join(sorted(full[-1][0] + first)),)
        )
    if len(words) == 1:
        parts = segment(words[0])
        ends = (parts[1], parts[-1]) if len(parts) > 1 else ()
        starts = {"".join(sorted(parts[0][0] + end[0])) for end in ends}
        return PersonName(text, words=words, key=letters, short_keys=tuple(sorted(starts)))
    short = ("".join(sorted(words[0][0] + words[-1][0])),) if words else ()
    return PersonName(text, words=words, key=letters, short_keys=short)


@lru_cache(maxsize=100_000)
def segment(letters: str) -> tuple[str, ...]:
    """Pinyin syllables of letters run together, the longest first; empty if they are none."""
    if not letters:
        return ()
    known = syllables()
    for size in range(min(6, len(letters)), 0, -1):
        if letters[:size] in known:
            if size == len(letters):
                return (letters,)
            if rest := segment(letters[size:]):
                return (letters[:size], *rest)
    return ()


@lru_cache(maxsize=100_000)
def latin_forms(han: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Ways to write a Han name in letters: whole spellings in both orders, surnames, given initials.

    Pinyin with all readings of the surname, Wade-Giles and Hong Kong spellings; letters only, run together.
    """
    surname, given = split_surname(han)
    family = surname_spellings(surname)
    choices = product(*(given_spellings(char) or (char,) for char in given))
    names = ["".join(choice) for choice in islice(choices, _MOST_FORMS)]
    whole = frozenset(form for f in family for g in names for form in (f + g, g + f))
    choices = product(*({s[0] for s in given_spellings(char)} or {char} for char in given))
    return whole, frozenset(family), frozenset("".join(choice) for choice in islice(choices, _MOST_FORMS))


def looks_like_person(name: str) -> bool:
    """Whether a text reads as a Chinese person's name: a surname and one or two characters."""
    han = fold(name)
    surname, given = split_surname(han)
    return 1 <= len(given) <= 2 and is_surname(surname) and all(HAN.match(char) for char in han)
