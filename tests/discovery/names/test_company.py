"""Company names taken apart."""

from __future__ import annotations

import pytest

from discovery.names.company import number, parse_company


@pytest.mark.parametrize(
    ("name", "places", "trade", "industry", "form"),
    [
        ("江苏神马电力股份有限公司", ("32",), "神马", ("电力",), "joint_stock"),
        ("神马电力（江苏）股份有限公司", ("32",), "神马", ("电力",), "joint_stock"),
        ("江苏神马电力（股份）有限公司", ("32",), "神马", ("电力",), "joint_stock"),
        ("重慶三峽水利電力有限公司", ("50",), "三峡", ("水利", "电力"), "limited"),
        ("广东省深圳市信达科技有限责任公司", ("44", "4403"), "信达", ("科技",), "limited"),
        ("北京银行股份有限公司", ("11",), "", ("银行",), "joint_stock"),
    ],
)
def test_a_name_falls_into_region_trade_name_industry_and_form(name, places, trade, industry, form):
    """All legal orders and both character sets give the same parts."""
    parsed = parse_company(name)

    assert (places, trade, industry, form) == (parsed.places, parsed.trade, parsed.industry, parsed.form)


@pytest.mark.parametrize(
    ("name", "ordinals"),
    [
        ("上海鼎晖一号股权投资基金（有限合伙）", (1,)),
        ("上海鼎晖1号股权投资基金（有限合伙）", (1,)),
        ("宁波红杉二期投资中心（有限合伙）", (2,)),
        ("天津第一机床厂", (1,)),
        ("中铁二十二局集团有限公司", (22,)),
        ("五矿发展股份有限公司", ()),
        ("三一重工股份有限公司", ()),
        ("Sequoia Capital Fund III LP", (3,)),
    ],
)
def test_an_ordinal_is_a_number_that_counts_something(name, ordinals):
    """一号, 1号 and 二期 count; 五矿 and 三一 are trade names."""
    parsed = parse_company(name)

    assert ordinals == (parsed.foreign.numbers if parsed.foreign else parsed.ordinals)


def test_a_branch_is_told_from_its_head():
    """What stands between the head's name and the branch word is the branch's own part."""
    head, branch = (
        parse_company("招商银行股份有限公司"),
        parse_company("招商银行股份有限公司深圳第二支行"),
    )

    assert head.branch is None
    assert ("深圳第二", "支行", head.core) == (branch.branch, branch.branch_kind, branch.core)


def test_a_group_is_marked_wherever_the_word_stands():
    """集团 before the form, in brackets and inside the name all make a group."""
    names = ("深圳市天健集团股份有限公司", "深圳市天健（集团）股份有限公司", "杭叉集团股份有限公司")

    assert all(parse_company(name).group for name in names)
    assert not parse_company("深圳市天健股份有限公司").group


@pytest.mark.parametrize(
    "name", ["", "。", "王", "！！！", "\x00\x01", "😀😀", "张" * 10_000, "()（）", "有限公司", "集团"]
)
def test_what_is_no_name_is_unusable_and_no_error(name):
    """Empty, one-character, all-punctuation and endless texts are answered, not compared."""
    assert not parse_company(name).usable


@pytest.mark.parametrize(
    ("text", "value"), [("12", 12), ("十二", 12), ("二十", 20), ("一百零三", 103), ("一二", 12), ("十", 10)]
)
def test_chinese_numbers_have_a_value(text, value):
    """Digits in a row and counted tens are both written."""
    assert value == number(text)
