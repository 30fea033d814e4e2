"""How Han characters are read, and how those readings are spelt in Latin letters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from pypinyin.constants import PINYIN_DICT

from discovery.names.text import data_lines

SURNAME_READINGS: Final = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "朴": "piao", "查": "zha", "任": "ren",
    "华": "hua", "盖": "ge", "翟": "zhai", "乐": "yue", "尉": "wei", "缪": "miao", "冼": "xian", "员": "yun",
    "黑": "he", "秘": "bi", "种": "chong", "折": "she", "逄": "pang", "纪": "ji", "燕": "yan", "召": "shao",
    "覃": "qin", "谌": "chen", "洗": "xian", "万": "wan", "隗": "wei", "哈": "ha", "尹": "yin", "应": "ying",
    "葛": "ge", "宁": "ning", "那": "na", "祭": "zhai", "晟": "cheng", "郇": "xun", "褚": "chu", "繁": "po",
    "吴": "wu", "石": "shi", "沈": "shen", "叶": "ye", "邢": "xing", "适": "kuo", "长": "zhang", "车": "che",
    "都": "du", "干": "gan", "柏": "bai", "卜": "bu", "贾": "jia", "丁": "ding", "俞": "yu", "於": "yu", "于": "yu",
    "强": "qiang", "盛": "sheng", "宓": "mi", "殷": "yin", "费": "fei", "江": "jiang", "阚": "kan", "过": "guo",
}  # fmt: skip
ALSO_READ: Final = {"覃": ("tan",), "冼": ("sheng",), "任": (), "谌": ("shen",), "纪": (), "宁": (), "吕": ("lv", "lyu"),
                    "盖": ("gai",), "隗": ("kui",), "应": (), "翟": ("di",), "乐": ("le",), "洗": (), "缪": (), "石": ()}  # fmt: skip
COMPOUND_SURNAMES: Final = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "夏侯",
        "端木",
        "长孙",
        "独孤",
        "南宫",
        "宇文",
        "轩辕",
        "钟离",
        "闻人",
        "司空",
        "公冶",
        "百里",
        "呼延",
        "澹台",
        "淳于",
        "太史",
        "申屠",
        "赫连",
        "万俟",
        "濮阳",
        "单于",
        "拓跋",
        "完颜",
        "西门",
        "东郭",
        "南门",
        "归海",
        "羊舌",
        "微生",
        "梁丘",
        "左丘",
        "公羊",
        "谷梁",
        "亓官",
        "仲孙",
        "鲜于",
        "闾丘",
        "子车",
        "宗政",
        "第五",
        "纳兰",
        "叶赫",
        "爱新",
        "范姜",
        "张简",
    ]
)
_COMPOUND_READINGS: Final = {"尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "澹台": "tan tai",
                             "长孙": "zhang sun", "亓官": "qi guan", "令狐": "ling hu"}  # fmt: skip
_TONES: Final = {"ü": "v"}


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


def same_sound(left: str, right: str) -> bool:
    """Whether two characters share a toneless reading."""
    return left == right or not set(readings(left)).isdisjoint(readings(right))


_NEAR_SOUNDS: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("f", "h"))


def near_sound(left: str, right: str) -> bool:
    """Whether two characters are confused in southern speech (zh/z, -ng/-n, l/n ...)."""
    return same_sound(left, right) or not {_blurred(r) for r in readings(left)}.isdisjoint(
        _blurred(r) for r in readings(right)
    )


@lru_cache(maxsize=2_000)
def _blurred(reading: str) -> str:
    blurred = re.sub(r"^(zh|ch|sh)", lambda found: found[0][0], reading)
    return re.sub(r"ng$", "n", blurred)


@cache
def _surname_table() -> frozenset[str]:
    return frozenset("".join(data_lines("surnames.txt")))


def split_surname(name: str) -> tuple[str, str]:
    """Surname and given name of a Han name; a two-character surname only if it is a known one."""
    if len(name) > 2 and name[:2] in COMPOUND_SURNAMES:
        return name[:2], name[2:]
    return name[:1], name[1:]


def is_surname(text: str) -> bool:
    return text in COMPOUND_SURNAMES or text in _surname_table()


@lru_cache(maxsize=20_000)
def surname_spellings(surname: str) -> tuple[str, ...]:
    """Latin spellings of a surname: pinyin as surnames are read, Wade-Giles, Hong Kong."""
    if len(surname) == 2:
        known = _COMPOUND_READINGS.get(surname)
        parts = known.split() if known else [SURNAME_READINGS.get(c) or pinyin(c)[0] for c in surname]
        return tuple(dict.fromkeys(("".join(parts), "".join(wade_giles(part) for part in parts))))
    first = SURNAME_READINGS.get(surname)
    read = (
        (first, *ALSO_READ.get(surname, ()))
        if first
        else (*readings(surname)[:1], *ALSO_READ.get(surname, ()))
    )
    return _spellings(surname, tuple(r for r in read if r))


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


_WADE_INITIALS: Final = (("zh", "ch"), ("ch", "ch"), ("sh", "sh"), ("q", "ch"), ("j", "ch"), ("x", "hs"), ("z", "ts"),
                         ("c", "ts"), ("b", "p"), ("d", "t"), ("g", "k"), ("r", "j"))  # fmt: skip
_WADE_WHOLE: Final = {"zi": "tzu", "ci": "tzu", "si": "szu", "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih",
                      "er": "erh", "you": "yu", "yan": "yen", "ye": "yeh", "yi": "i", "he": "ho", "ge": "ko", "ke": "ko",
                      "e": "o", "guo": "kuo", "kuo": "kuo", "huo": "huo", "shuo": "shuo", "gui": "kuei", "kui": "kuei"}  # fmt: skip
_WADE_FINALS: Final = (
    (r"ong$", "ung"),
    (r"ian$", "ien"),
    (r"ie$", "ieh"),
    (r"uo$", "o"),
    (r"ue$", "ueh"),
    (r"iu$", "iu"),
)


@lru_cache(maxsize=2_000)
def wade_giles(reading: str) -> str:
    """A pinyin syllable in Wade-Giles as passports print it, without apostrophes."""
    if reading in _WADE_WHOLE:
        return _WADE_WHOLE[reading]
    final = reading
    for pattern, spelt in _WADE_FINALS:
        changed = re.sub(pattern, spelt, final)
        if changed != final:
            final = changed
            break
    for initial, spelt in _WADE_INITIALS:
        if final.startswith(initial):
            final = spelt + final[len(initial) :]
            break
    return final.replace("v", "u")


@cache
def syllables() -> frozenset[str]:
    """All toneless pinyin syllables."""
    found = set()
    for listed in PINYIN_DICT.values():
        found.update(_toneless(reading) for reading in listed.split(","))
    return frozenset(s for s in found if s.isascii() and s.isalpha() and (len(s) > 1 or s in "aoe"))
