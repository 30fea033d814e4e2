"""People's names: the ways they are written, and how far two agree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.names.person import parse_person, segment
from discovery.names.person_match import NameLevel, name_level
from discovery.names.readings import given_spellings, surname_spellings, wade_giles

HAN = st.text(alphabet="王李张曾单仇欧阳诸葛伟芳娜敏静丽强建国文吕区华", min_size=0, max_size=5)
LATIN = st.lists(
    st.sampled_from(["Zhang", "Wei", "Li", "Na", "X.", "wulei", "Chan", "Tai", "O'Brien", "é", "-"]),
    max_size=4,
).map(" ".join)
NAMES = HAN | LATIN | st.text(max_size=10)


@pytest.mark.parametrize(
    ("surname", "spelling"),
    [
        ("曾", "zeng"),
        ("单", "shan"),
        ("仇", "qiu"),
        ("解", "xie"),
        ("查", "zha"),
        ("区", "ou"),
        ("尉迟", "yuchi"),
        ("欧阳", "ouyang"),
    ],
)
def test_a_surname_has_its_own_reading(surname, spelling):
    """曾 is zeng, not ceng, and 单 shan, not dan, where they are surnames."""
    assert spelling == surname_spellings(surname)[0]


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("龍磊", "龙磊", NameLevel.SAME),
        ("廖\u3000军", "廖军", NameLevel.SAME),
        ("吴磊先生", "吴磊", NameLevel.SAME),
        ("吴磊", "Lei WU", NameLevel.SPELT),
        ("吴磊", "Wu Lei", NameLevel.SPELT),
        ("吴磊", "wulei", NameLevel.SPELT),
        ("Wu Lei", "wulei", NameLevel.SPELT),
        ("歐陽軍", "Ouyang Jun", NameLevel.SPELT),
        ("单田芳", "Shan Tianfang", NameLevel.SPELT),
        ("陈大文", "Chan Tai Man", NameLevel.SPELT),
        ("张建国", "Chang Chien-kuo", NameLevel.SPELT),
        ("张建国", "J.G. Zhang", NameLevel.INITIALS),
        ("刘林", "刘赁", NameLevel.SOUND),
        ("mitchell green", "green mitchel", NameLevel.TYPO),
        ("王晓明", "王晓亮", NameLevel.PARTIAL),
        ("Wang Li", "Wang Lin", NameLevel.PARTIAL),
        ("anna smith", "anna kowalski", NameLevel.GIVEN),
        ("王伟", "李伟", NameLevel.DIFFERENT),
        ("", "", NameLevel.UNKNOWN),
        ("王", "王", NameLevel.UNKNOWN),
    ],
)
def test_two_names_agree_to_a_level(left, right, level):
    """Scripts, orders and romanisations agree; brothers, sisters and other surnames do not."""
    assert level == name_level(left, right)


def test_wade_giles_and_hong_kong_spellings_are_known():
    """Both stand in the spellings of a character."""
    assert ("chung", "hsu", "tzu", "chueh") == tuple(map(wade_giles, ("zhong", "xu", "zi", "jue")))
    assert {"guo", "kuo", "kwok"} <= set(given_spellings("国"))


def test_letters_run_together_fall_into_syllables():
    """The longest syllables that leave no rest."""
    assert ("xiao", "xiu", "ying") == segment("xiaoxiuying")
    assert () == segment("smith")


@settings(deadline=None)
@given(NAMES, NAMES)
def test_levels_are_symmetric(left, right):
    """Which name comes first does not matter."""
    assert name_level(left, right) == name_level(right, left)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(categories=["P", "S", "Z", "C", "N"]), max_size=20))
def test_nothing_agrees_by_emptiness(name):
    """A text without a name agrees with nothing, itself included."""
    assert NameLevel.UNKNOWN == name_level(name, name)


@settings(deadline=None)
@given(st.text(alphabet="王李张曾单仇伟芳娜敏静丽强建国文", min_size=2, max_size=3))
def test_every_spelling_of_a_name_agrees_with_it(name):
    """Any surname reading before or after any reading of the rest is a spelling of the name."""
    for first in surname_spellings(name[0]):
        given_part = "".join(given_spellings(char)[0] for char in name[1:])
        assert NameLevel.SPELT == name_level(name, f"{first} {given_part}")
        assert NameLevel.SPELT == name_level(name, f"{given_part} {first.upper()}")


def test_an_endless_name_is_no_name():
    """Ten thousand characters are not read."""
    assert not parse_person("张" * 10_000).usable
