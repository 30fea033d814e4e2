"""Places in company names: administrative divisions of China, short and long forms, and countries."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from discovery.names.text import data_lines

_SUFFIX: Final = re.compile(
    r"(特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|自治县|地区|省|市|盟|县|区|旗|林区)$"
)
_PEOPLES: Final = re.compile(
    r"(?<=..)(藏族|羌族|彝族|苗族|土家族|布依族|侗族|壮族|傣族|哈尼族|白族|景颇族|傈僳族|回族|蒙古族|蒙古|哈萨克|柯尔克孜|朝鲜族|满族|瑶族)+$"
)
_OVERSEAS: Final = {
    "香港": "81", "澳门": "82", "台湾": "71", "中国": "", "中华人民共和国": "", "美国": "x-us", "英国": "x-gb",
    "日本": "x-jp", "韩国": "x-kr", "新加坡": "x-sg", "德国": "x-de", "法国": "x-fr", "加拿大": "x-ca",
    "澳大利亚": "x-au", "意大利": "x-it", "瑞士": "x-ch", "荷兰": "x-nl", "俄罗斯": "x-ru", "泰国": "x-th",
    "越南": "x-vn", "马来西亚": "x-my", "印度尼西亚": "x-id", "印度": "x-in", "开曼": "x-ky", "百慕大": "x-bm",
    "亚太": "x-asia-pacific", "亚洲": "x-asia",
}  # fmt: skip
SHORT: Final = {
    "京": "11", "津": "12", "冀": "13", "晋": "14", "辽": "21", "吉": "22", "沪": "31", "申": "31", "苏": "32", "浙": "33",
    "皖": "34", "闽": "35", "赣": "36", "鲁": "37", "豫": "41", "鄂": "42", "湘": "43", "粤": "44", "桂": "45", "琼": "46",
    "渝": "50", "川": "51", "蜀": "51", "黔": "52", "滇": "53", "藏": "54", "陕": "61", "秦": "61", "甘": "62", "陇": "62",
    "青": "63", "宁": "64", "新": "65", "港": "81", "澳": "82", "台": "71", "深": "4403", "穗": "4401", "杭": "3301",
    "甬": "3302", "厦": "3502", "汉": "4201", "蓉": "5101",
}  # fmt: skip


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
    known.update(_OVERSEAS)
    return known


@cache
def _longest() -> int:
    return max(map(len, table()))


@lru_cache(maxsize=100_000)
def leading_place(text: str) -> tuple[str, str]:
    """The longest place name that the text starts with, and its code; empty if there is none."""
    known = table()
    for size in range(min(_longest(), len(text)), 1, -1):
        if text[:size] in known:
            return text[:size], known[text[:size]]
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
