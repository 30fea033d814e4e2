"""One written form for a name, whatever its script width, character set or invisible marks."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

LONGEST = 300  # characters of a name that are read; a longer text is not a name

HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f\u3007]")
LATIN: Final = re.compile(r"[a-z]")
_SPACES: Final = re.compile(r"\s+")
_HAN_SPACES: Final = re.compile(r"(?<=[^a-z0-9,.])\s+|\s+(?=[^a-z0-9])")
_BRACKETS: Final = str.maketrans("[{〔【〖「『<《〈]}〕】〗」』>》〉", "((((((((((" + "))))))))))")
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣ー~", "-") | dict.fromkeys("•‧∙⋅・●･", "·"))
_QUOTES: Final = str.maketrans(dict.fromkeys("’‘ʼ`´ʹ", "'") | dict.fromkeys("“”„", '"'))


def data_lines(name: str) -> list[str]:
    """Lines of one of the room's tables, comments and blanks left out."""
    text = files("discovery.names").joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _simplified() -> dict[int, str]:
    pairs = (line.split("\t") for line in data_lines("characters.tsv"))
    return {ord(old): new for old, new in pairs}


@cache
def _folding() -> dict[int, str | int | None]:
    table: dict[int, str | int | None] = {}
    for part in (_BRACKETS, _DASHES, _QUOTES):
        table.update(part)
    table.update(_simplified())
    return table


@cache
def _folded() -> frozenset[str]:
    return frozenset(map(chr, _folding()))


@cache
def simplification() -> tuple[list[str], list[str]]:
    """The same table as two columns, for replacing in whole columns of text."""
    table = _simplified()
    return [chr(old) for old in table], list(table.values())


def _visible(text: str) -> str:
    """Without control, format and private marks and pictures; letters lose their accents."""
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if category in {"Cc", "Zl", "Zp", "Zs"}:
            kept.append(" ")
        elif category[0] not in "CM" and category not in {"So", "Sk"}:
            kept.append(char)
    return "".join(kept)


@cache
def _plain() -> re.Pattern[str]:
    """Texts of these characters only need no look at each character's category."""
    return re.compile(r"[\u4e00-\u9fffa-zA-Z0-9 ()&,.·'*/+-]*\Z")


def fold(name: str) -> str:
    """The form that names are compared in: simplified, half width, lower case, one kind of bracket.

    Spaces stay only between Latin words. Empty for a text without any letter, digit or Han character.
    """
    text = name[: LONGEST + 1].strip().replace("（", "(").replace("）", ")").replace("\u3000", " ")
    if not _plain().match(text):
        text = _visible(unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)))
        text = unicodedata.normalize("NFKC", text)
    if not _folded().isdisjoint(text):
        text = text.translate(_folding())
    text = text.casefold()
    if " " in text or not text.isprintable():
        text = _SPACES.sub(" ", text).strip()
        if HAN.search(text):
            text = _HAN_SPACES.sub("", text)
    return text if any(map(str.isalnum, text)) else ""


def has_han(text: str) -> bool:
    return HAN.search(text) is not None
