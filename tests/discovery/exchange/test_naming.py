"""Names: what kind of party they speak of, and the ids made from them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.exchange.naming import (
    SAFE_ID,
    all_safe,
    name_key,
    organisation_id,
    organisation_kind_of_name,
    party_kind_of_name,
    person_id,
    safe_id,
)
from discovery.facts.schema import PARTY_KINDS

KINDS = {
    "enterprise_legal_person": [
        "安平控股有限公司",
        "长江某某厂",
        "海尔某某集团",
        "新疆某某国有资产经营有限责任公司",  # manages state assets, and is a company
        "某某国有资本运营管理有限公司",
        "某某集团有限公司(香港)",
        "台灣某某股份有限公司",
        "PT. Tiara Marga",
        "Astra Agro Lestari Tbk",
        "Mediahuis Ireland Limited",
        "OONA INDONESIA PTE. LTD.",
        "SEB SA",
        "ARISTEIA CAPITAL, L.L.C.",
        "GE Pacific-3 Holdings, Inc.",
        "M & A Inc.",
        "CV Maju Jaya",
    ],
    "natural_person": [
        "王明",
        "欧阳正良",
        "渡边庸一",
        "郑广会",  # ends like an association, and is too short for one
        "阿依古丽·买买提",
        "Chenhui Feng(冯晨晖)",
        "HONGBO YAO",
        "Drs Lo Kheng Hong",
        "Lee Ka-shing",
        "Nguyen Van Sa",
    ],
    "government": [
        "深圳市人民政府国有资产监督管理委员会",
        "某市国资委",
        "许昌市人民政府",
        "江苏省政府",
        "财政部",
        "河南省财政厅",
        "淄博市财政局",
        "广州开发区管理委员会",
        "某某新区管委会",
        "江西省交通运输厅",
        "海宁市财政局(海宁市人民政府国有资产监督管理办公室)",
        "常州国家高新技术产业开发区(新北区)党政办公室",
        "Republic of Indonesia",
    ],
    "institution_legal_person": ["南京大学", "某省广播电视台", "交通运输部公路科学研究所"],
    "commercial_bank": ["某某银行股份有限公司", "某某农村商业银行股份有限公司", "Bank Mandiri (Persero) Tbk"],
    "non_bank_fi": ["某某证券股份有限公司", "某某保险(集团)股份有限公司", "PT Asuransi Bina Dana Arta Tbk"],
    "partnership": ["某某投资合伙企业(有限合伙)", "Blackstone L.P."],
    "unincorporated": ["某某银行股份有限公司深圳分行", "某某有限公司上海分公司"],
    "": ["某街道南山村村民委员会", "安徽省供销合作社联合社", "中国人民银行", "", "…"],
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in KINDS.items() for name in names])
def test_a_name_shows_its_kind_by_its_markers(kind, name):
    """Company, organ, institution, partnership or person, in Chinese, Indonesian and English."""
    assert kind == party_kind_of_name(name)


@given(st.text(max_size=60))
def test_any_text_has_a_kind_or_none(name):
    """Whatever a cell holds, the answer is an allowed kind or empty, never a crash."""
    assert party_kind_of_name(name) in {*PARTY_KINDS, ""}
    assert organisation_kind_of_name(name) != "natural_person"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PT. Tiara Marga Trakindo", "PT TIARA  MARGA TRAKINDO"),
        ("万科企业股份有限公司", "万科企业股份有限公司 "),
        ("某某（集团）有限公司", "某某(集团)有限公司"),
        ("ＡＢＣ　Ltd", "abc ltd."),
    ],
)
def test_writers_vary_and_the_key_does_not(one, other):
    """Width, case, spaces and punctuation do not make another organisation."""
    assert organisation_id(one) == organisation_id(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("PT Astra", "Astra Ltd"), ("Fund 1.1", "Fund 11"), ("A & B Ltd", "AB Ltd"), ("某某一号", "某某二号")],
)
def test_what_tells_organisations_apart_stays_in_the_key(one, other):
    """Legal forms, ordinals, & and marks between digits are part of a name."""
    assert organisation_id(one) != organisation_id(other)


def test_a_person_is_keyed_by_name_and_company():
    """The same name at another company is another id."""
    assert person_id("王 明", "C1") == person_id("王明", "C1")
    assert person_id("王明", "C1") != person_id("王明", "C2")


@given(st.text(max_size=200))
def test_an_id_is_safe_stable_and_left_alone_when_safe(text):
    """Making an id safe twice changes nothing more, and only unsafe text is touched."""
    made = safe_id(text)

    assert made == safe_id(made)
    assert not text or SAFE_ID.fullmatch(made)
    assert (made == text) == (not text or SAFE_ID.fullmatch(text) is not None)


@given(st.lists(st.text(st.characters(exclude_characters="\n"), max_size=100), max_size=6))
def test_a_column_is_safe_when_each_id_is(ids):
    """The check of a whole column agrees with the check one by one."""
    assert all_safe(ids) == all(text == safe_id(text) for text in ids)


@given(st.text(max_size=60))
def test_the_key_of_a_key_is_the_key(name):
    """Keys are stable, so ids made from names already normalised are the same ids."""
    assert name_key(name) == name_key(unicodedata.normalize("NFKC", name))
