"""Company names compared: what is one, what is kept apart."""

from __future__ import annotations

from unicodedata import normalize

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.names.answers import MERGE_AT, REVIEW_AT
from discovery.names.company_match import compare_company_names
from discovery.names.company_records import company_shares
from discovery.names.text import simplification


def _no_letter(char: str) -> bool:
    """Not a letter or number in disguise either, as a circled one."""
    return not any(part.isalnum() for part in normalize("NFKC", char))


WORDS = st.sampled_from(
    [
        "北京",
        "上海市",
        "（深圳）",
        "陕西",
        "山西",
        "华恒",
        "信达",
        "三一",
        "科技",
        "贸易",
        "集团",
        "股份有限公司",
        "有限公司",
        "一号",
        "2号",
        "分公司",
        "银行",
        "ABC",
        "Ltd",
        " ",
        "😀",
        "\x00",
        "·",
        "ST",
        "第三",
        "有限合伙",
        "恆達",
        "控股",
    ]
)
NAMES = st.lists(WORDS, max_size=7).map("".join) | st.text(max_size=12)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("重庆三峡水利电力(集团)股份有限公司", "重慶三峽水利電力（集團）股份有限公司"),
        ("恒为科技(上海)股份有限公司", "恒为科技（ 上海 ）股份有限公司"),
        ("江苏神马电力股份有限公司", "江苏神马电力（股份）有限公司"),
        ("江苏神马电力股份有限公司", "江苏神马电力股份公司"),
        ("ＡＢＣ科技有限公司", "abc科技有限公司"),
        ("鼎晖一号股权投资基金（有限合伙）", "鼎晖1号股权投资基金(有限合伙)"),
        ("上海华恒科技有限公司", "华恒科技（上海）有限公司"),
        ("山东坤泰新材料科技股份有限公司", "山东坤泰新材辽科技股份有限公司"),
        ("青岛农村商业银行股份有限公司（简称:青岛农商银行）", "青岛农商银行"),
        ("Hikvision Digital Technology Co., Ltd.", "HIKVISION DIGITAL TECHNOLOGY CO LTD"),
        ("Société Générale S.A.", "Societe Generale SA"),
        ("重庆三峡水利电力（集团）股份有限公司", "三峡水利电力"),
        ("武汉微创光电股份有限公司", "微创光电"),
    ],
)
def test_one_company_in_other_clothes_is_merged(left, right):
    """Width, script, brackets, region first or last, one class of form, a like-sounding slip: all one."""
    assert "merge" == compare_company_names(left, right).decision


@pytest.mark.parametrize(
    ("left", "right", "part"),
    [
        ("鼎晖一号股权投资基金（有限合伙）", "鼎晖二号股权投资基金（有限合伙）", "ordinal"),
        ("红杉一期投资中心（有限合伙）", "红杉二期投资中心（有限合伙）", "ordinal"),
        ("江苏神马电力股份有限公司", "江苏神马电力股份有限公司南京分公司", "branch"),
        ("神马电力有限公司苏州分公司", "神马电力有限公司宿州分公司", "branch"),
        ("广东久量股份有限公司", "广东久量集团有限公司", "group"),
        ("上海华恒科技有限公司", "北京华恒科技有限公司", "region"),
        ("华恒科技（上海）有限公司", "华恒科技（北京）有限公司", "region"),
        ("陕西华恒科技有限公司", "山西华恒科技有限公司", "region"),
        ("Sequoia Fund II LP", "Sequoia Fund III LP", "ordinal"),
    ],
)
def test_a_veto_keeps_apart_and_says_which_part(left, right, part):
    """Other ordinal, branch, group and region are never one, however alike the rest."""
    answer = compare_company_names(left, right)

    assert "apart" == answer.decision
    assert part in {p.part for p in answer.parts if p.state == "vetoed"}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("广东华恒科技有限公司", "深圳华恒科技有限公司"),
        ("江苏神马电力股份有限公司", "神马电力股份有限公司"),
        ("江苏神马电力股份有限公司", "江苏神马电力有限公司"),
        ("通达股份", "江苏通达动力科技股份有限公司"),
        ("苏豪弘业", "苏豪弘业期货股份有限公司"),
        ("中信证券", "中信建投证券股份有限公司"),
    ],
)
def test_what_may_be_one_goes_to_a_person(left, right):
    """A wider region, a missing one, another form and a bare trade name are questions, no answers."""
    assert "review" == compare_company_names(left, right).decision


def test_another_trade_name_in_the_same_trade_is_another_company():
    """Only the distinctive token differs, and it decides."""
    assert (
        "apart"
        == compare_company_names(
            "深圳市易天自动化设备股份有限公司", "深圳市劲拓自动化设备股份有限公司"
        ).decision
    )


@settings(deadline=None)
@given(NAMES, NAMES)
def test_the_order_of_the_sides_does_not_matter(left, right):
    """compare(a, b) is compare(b, a) with the sides of each part exchanged."""
    one, other = compare_company_names(left, right), compare_company_names(right, left)

    assert (one.score, one.decision) == (other.score, other.decision)
    assert one.parts == tuple(part.swapped() for part in other.parts) or left == right


@settings(deadline=None)
@given(NAMES)
def test_unicode_forms_do_not_matter(name):
    """A name and its full-width form compare alike with any other."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
    probe = "江苏神马电力股份有限公司"

    assert compare_company_names(name, probe).score == compare_company_names(wide, probe).score


@settings(deadline=None)
@given(st.text(alphabet=st.characters(categories=["P", "S", "Z", "C", "M"]).filter(_no_letter), max_size=20))
def test_nothing_matches_by_emptiness(name):
    """A text without letters is no company, not even beside itself."""
    assert "apart" == compare_company_names(name, name).decision


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=500))
def test_each_character_is_simplified_by_itself(place):
    """A name and the same with one traditional character are one: no phrase table is at work."""
    old, new = simplification()
    simple, traditional = new[place], old[place]
    one, other = f"江苏{simple}信达电力股份有限公司", f"江苏{traditional}信达电力股份有限公司"

    assert "merge" == compare_company_names(one, other).decision


def test_shares_keep_decisions_and_order():
    """Calibration moves no pair over a bound, nor before another."""
    scores = np.arange(1001, dtype=np.int32)
    shares = company_shares(scores)

    assert (np.diff(shares) >= 0).all()
    for bound in (REVIEW_AT, MERGE_AT):
        assert np.array_equal(scores >= bound, shares >= bound)
