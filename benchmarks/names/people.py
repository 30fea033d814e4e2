"""People's records with a truth: the shipped ones, and any number made with a fixed seed."""

from __future__ import annotations

import random
from collections import Counter
from importlib.resources import files

import polars as pl
from pypinyin import lazy_pinyin

from benchmarks.names.measures import Figure, Pair, at_least, calibration, pairs_within
from discovery.names.decisions import MERGE, REVIEW
from discovery.names.linking import Links, link_records
from discovery.names.readings import cantonese, same_sound, surname_spellings, wade_giles
from discovery.names.text import simplification

FAMILIES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹"
    "彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任卢姚沈钟姜崔谭陆范汪廖石金单仇解"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂玉萍红建国华"
    "文辉力健俊峰雪梅琳浩宇欣怡子轩晨曦嘉诚梓涵博雅思远志鹏海燕春兰"
)
STREETS = [
    "南京市鼓楼区中山路",
    "深圳市南山区科技园路",
    "杭州市西湖区文三路",
    "北京市朝阳区建国路",
    "成都市高新区天府大道",
    "广州市天河区体育西路",
]
COLUMNS = ("id", "name", "birth_date", "phone", "address", "employer", "id_number")
Row = tuple[str, str, str, str, str, str, str]


def shipped() -> tuple[pl.DataFrame, dict[str, str]]:
    """The shipped records as `names link` reads them, and each record's person."""
    text = files("benchmarks.names").joinpath("people.csv").read_bytes()
    frame = pl.read_csv(text, infer_schema=False)
    truth = dict(zip(frame["record_id"], frame["person_id"], strict=True))
    return frame.rename({"record_id": "id", "id_token": "id_number"}).drop(
        "person_id", "name_kind", "gender"
    ), truth


def generated(people: int, seed: int = 7) -> tuple[pl.DataFrame, dict[str, str]]:
    """Households, colleagues, namesakes, twins, agents' phones; all spellings, values missing or wrong."""
    rng = random.Random(seed)
    firms = [f"{rng.choice(GIVEN)}{rng.choice(GIVEN)}{n}科技有限公司" for n in range(max(people // 40, 5))]
    agents = [_phone(rng) for _ in range(max(people // 300, 1))]
    rows: list[Row] = []
    truth: dict[str, str] = {}
    person = 0
    while person < people:
        home, line = _address(rng), _phone(rng)
        family = rng.choice(FAMILIES)
        twin_birth = _birth(rng)
        twins = rng.random() < 0.02
        names = {_name(rng, family) for _ in range(rng.choice([1, 1, 1, 2, 3]))}
        for name in sorted(names):  # nobody names two of a household alike
            person += 1
            birth = twin_birth if twins else _birth(rng)
            phone = (
                rng.choice(agents) if rng.random() < 0.03 else line if rng.random() < 0.25 else _phone(rng)
            )
            facts = (birth, phone, home, rng.choice(firms), f"{rng.getrandbits(40):010x}")
            for _ in range(rng.choice([1, 1, 2, 2, 3, 4])):
                truth[str(len(rows))] = str(person)
                rows.append((str(len(rows)), _written(rng, name), *_worn(rng, facts)))
    rng.shuffle(rows)
    return pl.DataFrame(rows, schema=COLUMNS, orient="row"), truth


def _name(rng: random.Random, family: str) -> str:
    given = "".join(rng.choices(GIVEN, k=rng.choice([1, 1, 2])))
    return (family if rng.random() < 0.6 else rng.choice(FAMILIES)) + given


def _birth(rng: random.Random) -> str:
    return f"{rng.randrange(1945, 2006)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"


def _phone(rng: random.Random) -> str:
    return rng.choice(["13", "15", "18"]) + "".join(rng.choices("0123456789", k=9))


def _address(rng: random.Random) -> str:
    house, block, stair, flat = (rng.randrange(1, most) for most in (300, 30, 5, 3300))
    return f"{rng.choice(STREETS)}{house}号{block}栋{stair}单元{flat}室"


def _written(rng: random.Random, name: str) -> str:  # noqa: PLR0911  one return a way
    """One way of writing a Han name; most are plain."""
    family, given = name[0], name[1:]
    way = rng.random()
    syllables = lazy_pinyin(given)
    first = surname_spellings(family)[0]
    spelt = "".join(syllables)
    if way < 0.70:
        return name
    if way < 0.76:
        return "".join(_traditional(char) for char in name)
    if way < 0.80:
        return f"{spelt.capitalize()} {first.upper()}"
    if way < 0.84:
        return f"{first.capitalize()} {spelt.capitalize()}"
    if way < 0.87:
        return first + spelt
    if way < 0.90:
        return f"{family}\u3000{given}"
    if way < 0.93:
        return ".".join(s[0].upper() for s in syllables) + f". {first.capitalize()}"
    if way < 0.96:
        return name[:-1] + next((c for c in GIVEN if c != name[-1] and same_sound(c, name[-1])), name[-1])
    hong_kong = [cantonese(char) for char in name]
    if way < 0.98 and all(hong_kong):
        return " ".join(spellings[0].capitalize() for spellings in hong_kong)
    return f"{wade_giles(first).capitalize()} {'-'.join(wade_giles(s) for s in syllables).capitalize()}"


def _traditional(char: str) -> str:
    old, new = simplification()
    return old[new.index(char)] if char in new else char


def _worn(rng: random.Random, facts: tuple[str, str, str, str, str]) -> tuple[str, ...]:
    """The facts as one record holds them: some missing, some out of date, some mistyped."""
    birth, phone, address, employer, number = facts
    if rng.random() < 0.04:
        birth = rng.choice(
            [
                f"{int(birth[:4]) + 1}{birth[4:]}",
                f"{birth[:4]}-{birth[8:]}-{birth[5:7]}" if birth[8:] <= "12" else birth,
            ]
        )
    if rng.random() < 0.08:
        phone = _phone(rng)
    if rng.random() < 0.08:
        address = _address(rng)
    keep = (0.85, 0.85, 0.85, 0.59, 0.71)
    return tuple(
        value if rng.random() < p else ""
        for value, p in zip((birth, phone, address, employer, number), keep, strict=True)
    )


def figures(title: str, frame: pl.DataFrame, truth: dict[str, str]) -> list[Figure]:
    """Precision and recall of merges, and recall with reviews, over pairs of records."""
    links = link_records(frame, "person")
    same = pairs_within((truth[record], record) for record in frame["id"])
    merged = pairs_within(zip(links.cluster, links.records.ids, strict=True))
    review = decided(links, REVIEW)
    right = len(merged & same)
    size = Counter(truth.values())
    return [
        Figure(
            f"{title}: records, true pairs, reviews",
            f"{len(frame)}, {len(same)}, {len(review)} ({len(size)} people)",
        ),
        at_least(
            f"{title}: precision of merges",
            right / max(len(merged), 1),
            0.9995,
            f"{len(merged) - right} wrong",
        ),
        at_least(f"{title}: recall of merges", right / len(same), 0.90),
        at_least(f"{title}: recall with reviews", len((merged | review) & same) / len(same), 0.99),
        Figure(f"{title}: reviews that are no pair", f"{len(review - same)}"),
        *calibration(title, _scored(links, truth)),
    ]


def _scored(links: Links, truth: dict[str, str]) -> list[tuple[int, bool]]:
    people = [truth[record] for record in links.records.ids.to_list()]
    pairs = links.pairs
    rows = zip(pairs.score.tolist(), pairs.left.tolist(), pairs.right.tolist(), strict=True)
    return [(score, people[a] == people[b]) for score, a, b in rows]


def decided(links: Links, decision: int) -> set[Pair]:
    """Pairs of ids with that decision (MERGE or REVIEW)."""
    ids = links.records.ids.to_list()
    chosen = links.pairs.decision == decision
    pairs = zip(links.pairs.left[chosen].tolist(), links.pairs.right[chosen].tolist(), strict=True)
    return {(min(ids[a], ids[b]), max(ids[a], ids[b])) for a, b in pairs}


__all__ = ["MERGE", "REVIEW", "decided", "figures", "generated", "shipped"]
