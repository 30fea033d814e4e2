"""A company name taken apart: region, trade name, industry, organisation form, ordinal, branch."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

from discovery.names import regions
from discovery.names.foreign import ForeignName, parse_foreign
from discovery.names.text import HAN, LONGEST, data_lines, fold

_FORMS: Final = {
    form: kind
    for kind, forms in (row.split("\t") for row in data_lines("forms.tsv"))
    for form in forms.split()
}


def _by_end(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Words by their last two characters, the longest first."""
    found: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        found.setdefault(word[-2:], []).append(word)
    return {end: tuple(listed) for end, listed in found.items()}


_FORMS_BY_END: Final = _by_end(_FORMS)
_BRANCH_KINDS: Final = tuple(sorted(" ".join(data_lines("branches.txt")).split(), key=len, reverse=True))
_HEAD_END: Final = re.compile("(" + "|".join(sorted(_FORMS, key=len, reverse=True)) + "|集团|银行|联社|保险)")
_LISTING: Final = re.compile(r"^(?:\*?st|s\*st|sst|xd|xr|dr|n|c)(?=[\u4e00-\u9fff])")
_SHARE_CLASS: Final = re.compile(r"(?<=[\u4e00-\u9fff])(?:-?[abuwvdr]|-uw|-b)$")
_BRACKETED: Final = re.compile(r"\(([^()]*)\)")
_ALIAS: Final = re.compile(r"^(?:简称|原名|曾用名|原|又名|亦称|英文名|以下简称)[:：]?(.+)$")
_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
}
_NUMBER: Final = r"(?:[0-9]+|[零〇一二三四五六七八九十百两壹贰叁]+)"
_COUNTING: Final = frozenset("0123456789第号期一二三四五六七八九十iv")
_COUNTS: Final = frozenset("0123456789零〇一二三四五六七八九十百两壹贰叁")
_UNITS: Final = "厂|院|中学|小学|局|公司|店|处|部|队|矿|司|中心|幼儿园|医院|学校|标段"
_ORDINAL: Final = re.compile(
    rf"第?(?P<a>{_NUMBER})(?P<unit>号|期|分(?=[公行店厂])|支(?=行))|第(?P<b>{_NUMBER})"
    rf"|(?<=[\u4e00-\u9fff]{{2}})(?P<c>{_NUMBER})(?=(?:{_UNITS})$)"
    r"|(?<=[\u4e00-\u9fff])(?P<roman>i{1,3}|iv|vi{0,3}|ix)(?=$|[\u4e00-\u9fff])"
    r"|(?<=[\u4e00-\u9fff])(?P<d>[0-9]{1,3})(?=$|[\u4e00-\u9fff])"
)
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
_FUND_TAIL: Final = re.compile(rf"(?<=[\u4e00-\u9fff])(?P<n>{_NUMBER})$")
_ZONE: Final = re.compile(
    r"^.{0,6}?(?:保税港区|保税区|综合保税区|高新技术产业开发区|经济技术开发区|高新区|经济开发区|开发区|自贸区|自由贸易试验区)"
)
_GROUP: Final = re.compile(r"(?:集团)+(?:股份|控股|总)?$|集团$")
_EMPTY_WORDS: Final = frozenset(
    (*_FORMS, "集团", "控股", "股份", "企业", "测试", "未知", "不详", "待定", "空白")
)
GENERIC_TAILS: Final = ("股份", "集团", "控股", "公司", "实业", "企业")


class CompanyName(NamedTuple):
    """The parts of one company name, all in folded form.

    `compact` is the text without brackets and spaces. `places`: codes of the regions named, widest first;
    `place_text` as written. `core` is trade name and industry without region, form, group and ordinal.
    `form` is a class (joint_stock, limited, company, partnership, ...), "" for a name without any: a short
    name. `branch`: what stands between head and branch suffix, None for a head.
    """

    text: str
    compact: str = ""
    places: tuple[str, ...] = ()
    place_text: str = ""
    trade: str = ""
    industry: tuple[str, ...] = ()
    core: str = ""
    form: str = ""
    group: bool = False
    ordinals: tuple[int, ...] = ()
    branch: str | None = None
    branch_kind: str = ""
    aliases: tuple[str, ...] = ()
    foreign: ForeignName | None = None

    @property
    def short(self) -> bool:
        return not self.form and self.foreign is None

    @property
    def usable(self) -> bool:
        """Whether the name says enough to be compared at all."""
        if self.foreign is not None:
            return self.foreign.usable
        return self.core not in _EMPTY_WORDS and len(self.core) + len(self.place_text) >= 2


@cache
def industries() -> frozenset[str]:
    """Words that say what a company does."""
    return frozenset(word for line in data_lines("industries.txt") for word in line.split())


@cache
def _industries_by_end() -> dict[str, tuple[str, ...]]:
    return _by_end(word for word in industries() if 2 <= len(word) <= 8)


@cache
def families() -> frozenset[str]:
    """Trade names that many different companies share."""
    return frozenset(word for line in data_lines("families.txt") for word in line.split())


def number(text: str) -> int:
    """The value of Arabic or Chinese digits: 12, 十二, 一二, 二十."""
    if text.isdigit():
        return int(text)
    total, current = 0, 0
    if "十" not in text and "百" not in text:
        for char in text:
            total = total * 10 + _DIGITS.get(char, 0)
        return total
    for char in text:
        if char == "百":
            total, current = total + max(current, 1) * 100, 0
        elif char == "十":
            total, current = total + max(current, 1) * 10, 0
        else:
            current = _DIGITS.get(char, 0)
    return total + current


@lru_cache(maxsize=200_000)
def parse_company(name: str) -> CompanyName:
    """Take a company name apart. Never fails: what cannot be read comes back with an empty core."""
    text = fold(name)
    if not text or len(name) > LONGEST:
        return CompanyName("")
    if not HAN.search(text):
        return CompanyName(text, text.replace(" ", ""), foreign=parse_foreign(text))
    return _parse_han(text)


def _parse_han(text: str) -> CompanyName:
    bare = _LISTING.sub("", text)
    bare = (_SHARE_CLASS.sub("", bare) if bare[-1:].isascii() else bare) or text
    bare, brackets = _open_brackets(bare)
    head, branch, branch_kind = _split_branch(bare)
    body, form = _split_form(_split_vehicle(head, brackets.form), brackets.form)
    group = brackets.group
    while "集团" in body and (found := _GROUP.search(body)) and found.start() > 1:
        body, group = body[: found.start()] + ("控股" if "控股" in found[0] else ""), True
    if body.startswith("集团") and len(body) > 3:
        body = body[2:]
    inner = body.find("集团", 2)
    if inner > 0:
        body, group = body[:inner] + body[inner + 2 :], True
    places, place_text, core = _split_places(body)
    core, ordinals = _split_ordinals(core)
    trade, words = split_trade(core)
    return CompanyName(
        text=text,
        compact=text.replace("(", "").replace(")", "").replace(" ", ""),
        places=(*places, *brackets.places),
        place_text=place_text,
        trade=trade,
        industry=words,
        core=core,
        form=form or ("none" if branch is not None else ""),
        group=group,
        ordinals=ordinals,
        branch=branch,
        branch_kind=branch_kind,
        aliases=brackets.aliases,
    )


@dataclass(slots=True)
class _Brackets:
    places: tuple[str, ...] = ()
    form: str = ""
    group: bool = False
    aliases: tuple[str, ...] = ()


def _open_brackets(text: str) -> tuple[str, _Brackets]:
    """Sort what stands in brackets; what is none of the known kinds stays in the name, unbracketed."""
    found = _Brackets()
    if "(" not in text and ")" not in text:
        return text, found

    def sort(match: re.Match[str]) -> str:
        inside = match[1].strip()
        if not inside or inside in {"筹", "筹备"}:
            return ""
        if inside in {"集团", "控股集团", "企业集团"}:
            found.group = True
            return ""
        if inside in _FORMS:
            found.form = _FORMS[inside]
            return ""
        if alias := _ALIAS.match(inside):
            found.aliases = (*found.aliases, alias[1])
            return ""
        code = regions.place_code(inside)
        if code is not None:
            found.places = (*found.places, code) if code else found.places
            return ""
        return inside

    return _BRACKETED.sub(sort, text).replace("(", "").replace(")", ""), found


def _split_branch(text: str) -> tuple[str, str | None, str]:
    if not text.endswith(_BRANCH_KINDS):
        return text, None, ""
    kind = next(kind for kind in _BRANCH_KINDS if text.endswith(kind))
    rest = text[: -len(kind)]
    if not rest:
        return text, None, ""
    ends = [found.end() for found in _HEAD_END.finditer(rest)]
    if not ends:
        return rest, "", kind
    return rest[: ends[-1]], rest[ends[-1] :], kind


def _split_form(text: str, bracket_form: str) -> tuple[str, str]:
    for form in _FORMS_BY_END.get(text[-2:], ()):
        if text.endswith(form):
            rest = text[: -len(form)]
            return (rest, bracket_form or _FORMS[form]) if rest else (text, "")
    return text, bracket_form


def _split_vehicle(text: str, bracket_form: str) -> str:
    """A partnership's body word (管理中心, 企业) is part of its form, not of its name."""
    if bracket_form == "partnership" and len(text) > 4:
        return re.sub("(?:中心|合伙企业|企业|合伙)$", "", text)
    return text


def _split_places(text: str) -> tuple[tuple[str, ...], str, str]:
    places: list[str] = []
    rest, written = text, ""
    for _ in range(4):
        word, code = regions.leading_place(rest)
        remaining = rest[len(word) :]
        if not word or len(remaining) < 2 or (places and code and not regions.compatible(places[-1], code)):
            break
        rest, written = remaining, written + word
        if code:
            places.append(code)
    if "区" in rest and (zone := _ZONE.match(rest)) and len(rest) - zone.end() >= 2:
        rest, written = rest[zone.end() :], written + zone[0]
    return tuple(places), written, rest


def _split_ordinals(text: str) -> tuple[str, tuple[int, ...]]:
    found: list[int] = []

    def take(match: re.Match[str]) -> str:
        if match["roman"]:
            found.append(_ROMAN.get(match["roman"], 0))
        else:
            found.append(number(match["a"] or match["b"] or match["c"] or match["d"]))
        unit = match["unit"] or ""
        return "" if unit in {"号", "期"} else unit

    rest = _ORDINAL.sub(take, text) if not _COUNTING.isdisjoint(text) else text
    if rest[-1:] in _COUNTS and (tail := _FUND_TAIL.search(rest)) and len(rest) - len(tail[0]) >= 4:
        found.append(number(tail["n"]))
        rest = rest[: tail.start()]
    if len(rest) < 2:
        return text, ()
    return rest, tuple(found)


@lru_cache(maxsize=200_000)
def split_trade(core: str) -> tuple[str, tuple[str, ...]]:
    """Trade name, and the industry words after it; a trade name keeps at least two characters."""
    words: list[str] = []
    rest = core
    by_end = _industries_by_end()
    while len(rest) > 2 and (ends := by_end.get(rest[-2:])):
        word = next(filter(rest.endswith, ends), "")
        if not word or 0 < len(rest) - len(word) < 2:
            break
        words.append(word)
        rest = rest[: -len(word)]
        if not rest:
            break
    if rest in industries():
        words.append(rest)
        rest = ""
    return rest, tuple(reversed(words))


def ordinals_in(text: str) -> tuple[int, ...]:
    """The numbers that a text counts with (第二, 3号, 二期)."""
    return _split_ordinals("甲乙" + text)[1]
