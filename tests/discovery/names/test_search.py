"""Candidates: the nearest names of many, at once after they were added."""

from __future__ import annotations

import random

import pytest

from benchmarks.names.companies import PLACES, TRADES, WORK
from discovery.names.search import NameSearch


def registered(size: int) -> list[tuple[str, ...]]:
    rng = random.Random(3)  # noqa: S311  names, no secrets
    return [
        (f"{rng.choice(PLACES)}{rng.choice(TRADES)}{rng.choice(TRADES)[0]}{rng.choice(WORK)}有限公司",)
        for _ in range(size)
    ]


@pytest.fixture(scope="module")
def search() -> NameSearch:
    made = NameSearch()
    made.add(
        [
            ("重庆三峡水利电力（集团）股份有限公司", "三峡水利"),
            ("山东威高血液净化制品股份有限公司",),
            ("吴磊",),
            ("曾国强",),
            ("Hangzhou Hikvision Digital Technology Co., Ltd.",),
        ]
    )
    made.add(registered(3000))
    return made


@pytest.mark.parametrize(
    ("asked", "row"),
    [
        ("重慶三峽水利電力", 0),
        ("三峡水利", 0),
        ("威高血净", 1),
        ("山东威高血夜净化制品股份有限公司", 1),
        ("Lei WU", 2),
        ("吴雷", 2),
        ("Zeng Guoqiang", 3),
        ("hikvision digital", 4),
    ],
)
def test_the_name_meant_comes_first(search, asked, row):
    """By traditional characters, short name, abbreviation, slip, pinyin, sound and part."""
    assert row == search.search(asked)[0].row


def test_what_is_added_is_found_at_once():
    """Adding one by one, past the joining of segments, finds the same as adding all at once."""
    names = registered(40)
    grown, whole = NameSearch(), NameSearch()
    for name in names:
        grown.add([name])
    whole.add(names)

    for name in names:
        assert [(h.name, h.score) for h in whole.search(name[0], 5)] == [
            (h.name, h.score) for h in grown.search(name[0], 5)
        ]


@pytest.mark.parametrize("asked", ["", "！！", "😀", "\x00", "张" * 10_000])
def test_what_is_no_name_finds_nothing(search, asked):
    """No result by emptiness, and no error."""
    assert [] == search.search(asked)


def test_no_more_than_asked_for(search):
    """Ranks stop at k, best first, each row once."""
    hits = search.search("北京华恒科技有限公司", 7)

    assert 7 == len(hits) == len({hit.row for hit in hits})
    assert sorted((hit.score for hit in hits), reverse=True) == [hit.score for hit in hits]


def test_an_empty_index_answers():
    """Nothing added, nothing found."""
    assert [] == NameSearch().search("王伟")
