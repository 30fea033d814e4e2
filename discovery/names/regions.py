"""Places in company names: administrative divisions of China, short and long forms, and countries."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from discovery.names.text import data_lines

_SUFFIX: Final = re.compile(
    r"(特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|自治县|地区|省|市|盟|县|区|旗|林区)$"
)
_PEOPLES: Final = re.compile(
    r"(?<=..)(藏族|羌族|彝族|苗族|土家族|布依族|侗族|壮族|傣族|哈尼族|白族|景颇族|傈僳族|回族|蒙古族|蒙古|哈萨克|柯尔克孜|朝鲜族|满族|瑶族)+$"
)


@cache
def abbreviations() -> dict[str, str]:
    """One character for a place (沪, 深), and the place's code."""
    return dict(line.split("\t") for line in data_lines("abbreviations.tsv"))


def _trimmed(code: str) -> str:
    """The code without its empty lower levels, so that a place's code starts with its province's."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def _short_names(name: str, code: str) -> list[str]:
    stem = _PEOPLES.sub("", _SUFFIX.sub("", name))
    bare = len(code) < 6  # a county's bare name is too often a trade name
    forms = [stem] if bare and len(stem) >= 2 else []
    if len(code) == 4:
        forms.append(stem + "市")
    if len(code) == 2:
        forms += [stem + "省", stem + "市"] if len(stem) < 4 else []
    return forms


@cache
def table() -> dict[str, str]:
    """Every written form of a place to its trimmed code; a bare county name only with its suffix."""
    known: dict[str, str] = {}
    rows = [line.split("\t") for line in data_lines("regions.tsv")]
    for full_code, name in sorted(rows, key=lambda row: len(_trimmed(row[0])), reverse=True):
        code = _trimmed(full_code)
        if len(code) == 6 and len(name) < 3:
            continue
        if len(code) == 6 and name in known:
            known[name] = "?"  # one name in several provinces says little
            continue
        known[name] = code
        for form in _short_names(name, code):
            known[form] = code
    for line in data_lines("places.tsv"):
        code, names = line.split("\t")
        known.update(dict.fromkeys(names.split(), code))
    return known


@cache
def _longest() -> dict[str, int]:
    """The first two characters of every place, and the length of the longest that begins so."""
    longest: dict[str, int] = {}
    for name in table():
        longest[name[:2]] = max(len(name), longest.get(name[:2], 0))
    return longest


def leading_place(text: str) -> tuple[str, str]:
    """The longest place name that the text starts with, and its code; empty if there is none."""
    known = table()
    for size in range(min(_longest().get(text[:2], 0), len(text)), 1, -1):
        if (place := text[:size]) in known:
            return place, known[place]
    return "", ""


def place_code(text: str) -> str | None:
    """Code of a text that is a place name and nothing else (``""`` for China), or None."""
    found = table().get(text)
    return found if found is not None else table().get(text + "市")


def compatible(left: str, right: str) -> bool:
    """Whether one place lies within the other, or nothing is known of one."""
    if "?" in (left, right) or not left or not right:
        return True
    return left.startswith(right) or right.startswith(left)
