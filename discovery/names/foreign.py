"""Company names in Latin letters: words, legal form, and the country words in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from discovery.names.text import data_lines

_TOKENS: Final = re.compile(r"[^\W_]+", re.UNICODE)
_DOTTED: Final = re.compile(r"\b(?:\w\.){2,}")


@cache
def _forms() -> dict[str, str]:
    """Every written legal form and its class: Ltd and Limited are one."""
    rows = (line.split("\t") for line in data_lines("foreign_forms.tsv"))
    return {form: kind for kind, forms in rows for form in forms.split("|")}


@cache
def _generic() -> frozenset[str]:
    return frozenset(" ".join(data_lines("foreign_words.txt")).split())


@dataclass(frozen=True, slots=True)
class ForeignName:
    """Words of a Latin name without its legal form; `kind` is the form's class, "" if none is written.

    `numbers` are its ordinals (digits and Roman numerals from II); `distinctive` leaves out words of trade.
    """

    words: tuple[str, ...]
    kind: str
    distinctive: tuple[str, ...]
    numbers: tuple[int, ...]
    branch: bool = False

    @property
    def usable(self) -> bool:
        return sum(map(len, self.words)) >= 2


_ROMAN: Final = {"ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
_COUNT: Final = {"one": 1, "two": 2, "three": 3, "first": 1, "second": 2, "third": 3}


def parse_foreign(text: str) -> ForeignName:
    """Parts of a folded Latin name; a branch is one that says so."""
    plain = _DOTTED.sub(lambda found: found[0].replace(".", ""), text.replace("&", " and "))
    words = _TOKENS.findall(plain.replace("'", ""))
    branch = "branch" in words or "representative" in words
    kind = ""
    for _ in range(2):
        for size in (4, 3, 2, 1):
            form = " ".join(words[-size:])
            if len(words) > size and form in _forms():
                kind = kind or _forms()[form]
                words = words[:-size]
                break
    numbers = tuple(
        _ROMAN.get(w) or _COUNT.get(w) or int(w[:6])
        for w in words
        if w in _ROMAN or w in _COUNT or w.isdecimal()
    )
    distinctive = tuple(w for w in words if w not in _generic() and w not in _ROMAN and not w.isdecimal())
    return ForeignName(tuple(words), kind, distinctive, numbers, branch)
