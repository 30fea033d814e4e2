"""The mappings that come with the program, on real rows where they may be had and on made-up ones."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

import discovery
from discovery.exchange.naming import party_kind_of_name

REAL = Path(discovery.__file__).parent / "sample" / "real"
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
IDX = SHARED / "idx" / "companyDetailsByKodeEmiten.json"
A_SHARE = SHARED / "a_share" / "listed_companies.csv"
needs_idx = pytest.mark.skipif(
    not IDX.exists(), reason="IDX data may not be shipped and is not beside the project"
)
needs_a_share = pytest.mark.skipif(
    not A_SHARE.exists(), reason="A-share data may not be shipped and is not beside the project"
)


def test_gleif_gives_entities_and_who_consolidates_whom(made):
    """13 entities keyed by LEI, 2 consolidations out of 10 relationships."""
    result = made(REAL / "gleif", "gleif")

    assert {"parties": 13, "powers": 2} == result.report.facts
    assert {
        "fund and branch relationships say nothing of consolidation": 8,
        "a reporting exception says why no parent is named": 10,
    } == result.report.filtered
    parties = {row["id"]: row for row in result.rows("parties")}
    dentsu = parties["213800FERQ5LE3H7WJ58"]
    assert ("213800FERQ5LE3H7WJ58", "GB", "01403668") == (
        dentsu["lei"],
        dentsu["country"],
        dentsu["registration_no"],
    )
    assert "DENTSU AEGIS NETWORK LTD.;AEGIS GROUP PLC" == dentsu["former_names"]
    direct = result.rows("powers")[0]
    assert ("ZZG38T0MDR3QY1ETUA76", "010CMKZ3VON21WF2ZD45") == (direct["holder"], direct["company"])
    assert ("consolidates", "2018-02-06") == (direct["kind"], direct["valid_from"])
    assert "IS_DIRECTLY_CONSOLIDATED_BY" == direct["document"]


def relationship(
    status: str, end: str | None, kind: str = "IS_DIRECTLY_CONSOLIDATED_BY", reg: str = "PUBLISHED"
) -> dict:
    period = {"StartDate": "2019-05-01T00:00:00.000Z", "PeriodType": "RELATIONSHIP_PERIOD"}
    return {
        "Relationship": {
            "StartNode": {"NodeID": "CHILD"},
            "EndNode": {"NodeID": "PARENT"},
            "RelationshipType": kind,
            "RelationshipPeriods": [
                {
                    "StartDate": "2020-01-01T00:00:00Z",
                    "EndDate": "2020-12-31T00:00:00Z",
                    "PeriodType": "ACCOUNTING_PERIOD",
                },
                {**period, **({"EndDate": end} if end else {})},
            ],
            "RelationshipStatus": status,
        },
        "Registration": {"RegistrationStatus": reg, "LastUpdateDate": "2021-01-01T00:00:00Z"},
    }


def test_gleif_relationships_that_ended_or_were_withdrawn(made, write):
    """Its own period dates a relationship; ended without a day, or annulled, it states nothing."""
    records = [
        relationship("ACTIVE", None),
        relationship("INACTIVE", "2021-12-31T00:00:00Z", "IS_ULTIMATELY_CONSOLIDATED_BY"),
        relationship("INACTIVE", None),
        relationship("ACTIVE", None, reg="ANNULLED"),
    ]

    result = made(write("rr-made.json", json.dumps(records)), "gleif")

    assert [("2019-05-01", ""), ("2019-05-01", "2022-01-01")] == [
        (row["valid_from"], row["valid_to"]) for row in result.rows("powers")
    ]
    assert {
        "ended on a day that is not given": 1,
        "the relationship was withdrawn": 1,
    } == result.report.filtered


def test_nic_gives_holdings_declared_control_and_half_open_periods(made):
    """100 rows: shares above zero are holdings, CTRL_IND 1 is control, the last day becomes the day after."""
    with (REAL / "nic" / "CSV_RELATIONSHIPS_ABRIDGED.csv").open(encoding="utf-8", newline="") as text:
        source = list(csv.DictReader(text))

    result = made(REAL / "nic" / "CSV_RELATIONSHIPS_ABRIDGED.csv", "nic")

    assert {"parties": 102, "holdings": 96, "powers": 96} == result.report.facts
    assert 2 == result.report.rows_without_fact  # reported, not controlled, nothing held
    assert sum(row["CTRL_IND"] == "1" for row in source) == len(result.rows("powers"))
    periods = [
        (row["equity_percent"], row["valid_from"], row["valid_to"])
        for row in result.rows("holdings")
        if (row["holder"], row["company"]) == ("rssd-1048728", "rssd-505")
    ]
    assert [("75", "1983-05-18", "1984-12-31"), ("100", "1984-12-31", "")] == periods
    held, controlled = (
        {(row["holder"], row["company"]) for row in result.rows(stem)} for stem in ("holdings", "powers")
    )
    assert ("rssd-1121340", "rssd-58757") in held - controlled
    assert ("rssd-2162966", "rssd-30810") in controlled - held


def holder(name: str, percent: str, *, flag: bool = False, lots: int = 1) -> str:
    return json.dumps({"Nama": name, "Persentase": 0, "Pengendali": flag, "Jumlah": lots}).replace(
        '"Persentase": 0', f'"Persentase": {percent}'
    )


def idx_page(code: str, name: str, holders: list[str], subsidiaries: list[tuple[str, str]]) -> str:
    listed = ", ".join(
        f'{{"Nama": {json.dumps(sub)}, "Persentase": {percent}}}' for sub, percent in subsidiaries
    )
    officers = (
        '"Direktur": [{"Nama": "Adi Putra", "Jabatan": "PRESIDEN DIREKTUR"},'
        '{"Nama": "Budi", "Jabatan": "DIREKTUR"}, {"Nama": "Citra", "Jabatan": "WAKIL DIREKTUR UTAMA"}],'
        '"Komisaris": [{"Nama": "Dewi", "Jabatan": "KOMISARIS"}]'
    )
    profile = json.dumps([{"KodeEmiten": code, "NamaEmiten": name}])
    held = ", ".join(holders)
    return f'{{"Profiles": {profile}, {officers}, "PemegangSaham": [{held}], "AnakPerusahaan": [{listed}]}}'


def test_idx_shapes(made, write):
    """Aggregates are left out, one holder's rows add up, two percents of a subsidiary do not."""
    page = idx_page(
        "ABCD",
        "Abcd Tbk",
        [
            holder("PT Satu Tbk", "17.69", flag=True),
            holder("PT. SATU TBK", "34.1", flag=True),
            holder("ADI  PUTRA", "0.0001"),
            holder("Dewi", "0", lots=0),
            *(holder(name, "5.5") for name in ("Masyarakat Non Warkat", "Afiliasi", "Saham Treasury")),
        ],
        [
            ('PT Anak ("PA")\r\n', "99.99"),
            ('PT Anak ("PA")', "99.99"),
            ("PT Anak", "90"),
            ("PT Dua (sebelumnya bernama PT Lama)", "60"),
            ("PT Abcd Tbk", "100"),
        ],
    )

    result = made(write("idx.json", f'{{"ABCD": {page}}}'), "idx")

    assert [
        ("org-ptsatutbk", "org-ptabcdtbk", "17.69"),
        ("org-ptsatutbk", "org-ptabcdtbk", "34.1"),
        ("person-adiputra@org-ptabcdtbk", "org-ptabcdtbk", "0.0001"),
        ("org-ptabcdtbk", "org-ptanak", "99.99"),
        ("org-ptabcdtbk", "org-ptanak", "90"),
        ("org-ptabcdtbk", "org-ptdua", "60"),
    ] == [(row["holder"], row["company"], row["equity_percent"]) for row in result.rows("holdings")]
    documents = {row["equity_percent"]: row["document"] for row in result.rows("holdings")}
    assert documents["17.69"] == documents["34.1"]
    assert documents["99.99"] != documents["90"]
    assert ["org-ptsatutbk"] == result.column("powers", "holder")
    assert ["general_manager", "director", "deputy_general_manager", "supervisor"] == result.column(
        "offices", "role"
    )
    assert {
        "an aggregate of holders, not a party": 3,
        "holds no share": 1,
        "a company that names itself as its subsidiary": 1,
    } == result.report.filtered
    parties = {row["id"]: row for row in result.rows("parties")}
    assert "PA" == parties["org-ptanak"]["other_names"]
    assert "PT Lama" == parties["org-ptdua"]["former_names"]


@pytest.mark.parametrize("shape", ['{{"ABCD": {0}}}', "[{0}]", "{0}"])
def test_idx_pages_come_by_code_in_a_list_or_alone(made, write, shape):
    """The same page states the same in each of the three."""
    page = idx_page("ABCD", "PT Abcd Tbk", [holder("PT Satu", "60")], [])

    result = made(write("idx.json", shape.format(page)), "idx")

    assert ["60"] == result.column("holdings", "equity_percent")


@needs_idx
def test_idx_on_the_real_pages(made):
    """Five companies, counted a second way: distinct holders and subsidiaries, controllers, officers."""
    pages = json.loads(IDX.read_text(encoding="utf-8"), parse_float=Decimal).values()
    aggregates = ("Masyarakat", "Afiliasi", "Saham Treasury", "Pengendali", "Non Pengendali")
    held = {
        (number, row["Nama"].strip(), row["Persentase"])
        for number, page in enumerate(pages)
        for row in page["PemegangSaham"]
        if row["Jumlah"] and not row["Nama"].startswith(aggregates)
    }
    subsidiaries = {
        (number, row["Nama"].strip(), row["Persentase"])
        for number, page in enumerate(pages)
        for row in page["AnakPerusahaan"]
    }

    result = made(IDX, "idx")

    assert len(held) + len(subsidiaries) - 1 == len(result.rows("holdings"))  # one page lists its own company
    assert {"parties": 185, "holdings": 151, "offices": 38, "powers": 7} == result.report.facts
    assert [] == list(result.report.findings)


A_SHARE_ROWS = """\
code,short_name,full_name,english_name,pinyin_initials,area,industry,controller,controller_type,list_date
000001,甲股份,甲科技股份有限公司,A Co.,a,深圳,软件,王明,民营企业,19910129
000002,乙股份,乙(集团)股份有限公司,B Co.,b,上海,软件,王明,民营企业,19910129
000003,丙股份,丙银行股份有限公司,C Co.,c,北京,银行,某市国有资产监督管理委员会,地方国企,19910129
000004,丁股份,丁股份有限公司,D Co.,d,北京,软件,无实际控制人,无,19910129
000005,戊股份,戊股份有限公司,E Co.,e,北京,软件,,,19910129
000006,己股份,己股份有限公司,F Co.,f,北京,软件,"李强、赵敏",民营企业,19910129
000007,庚股份,庚股份有限公司,G Co.,g,北京,软件,某区国资委(某区财政局、某区集体资产办公室),地方国企,19910129
000008,辛股份,辛股份有限公司,H Co.,h,北京,软件,甲科技股份有限公司,,19910129
000009,壬股份,壬股份有限公司,I Co.,i,北京,软件,某市国有资产监督管理委员会,地方国企,19910129
"""


def test_a_share_shapes(made, write):
    """Organs are one party everywhere, people are not; a listed controller is the listed company."""
    result = made(write("listed.csv", A_SHARE_ROWS), "a-share")

    powers = [(row["holder"], row["company"]) for row in result.rows("powers")]
    assert [
        ("person-王明@org-甲科技股份有限公司", "org-甲科技股份有限公司"),
        ("person-王明@org-乙集团股份有限公司", "org-乙集团股份有限公司"),
        ("org-某市国有资产监督管理委员会", "org-丙银行股份有限公司"),
        ("person-李强@org-己股份有限公司", "org-己股份有限公司"),
        ("person-赵敏@org-己股份有限公司", "org-己股份有限公司"),
        ("org-某区国资委某区财政局某区集体资产办公室", "org-庚股份有限公司"),
        ("org-甲科技股份有限公司", "org-辛股份有限公司"),
        ("org-某市国有资产监督管理委员会", "org-壬股份有限公司"),
    ] == powers
    kinds = {row["id"]: row["kind"] for row in result.rows("parties")}
    assert "government" == kinds["org-某市国有资产监督管理委员会"] == kinds[powers[5][0]]
    assert "commercial_bank" == kinds["org-丙银行股份有限公司"]
    private = {row["id"]: row["is_private"] for row in result.rows("parties")}
    assert ("true", "false", "") == tuple(
        private[f"org-{name}"] for name in ("甲科技股份有限公司", "丙银行股份有限公司", "丁股份有限公司")
    )
    assert {"no controller is given": 1, "nobody controls it (无实际控制人)": 1} == result.report.filtered
    assert ["same_person_name"] == [finding.code for finding in result.report.findings]


@needs_a_share
def test_a_share_on_the_real_list(made):
    """Every declared controller is one fact, counted a second way; no organ is a company or a person."""
    with A_SHARE.open(encoding="utf-8-sig", newline="") as text:
        declared = [
            row["controller"] for row in csv.DictReader(text) if row["controller"] not in {"", "无实际控制人"}
        ]

    result = made(A_SHARE, "a-share")

    assert len(declared) == len(result.rows("powers")) == 1160
    organs = {name for name in declared if name.endswith(("委员会", "人民政府", "局", "厅", "财政部"))}
    villages = {name for name in organs if "村民" in name}
    assert {"government"} == {party_kind_of_name(name) for name in organs - villages}
    people = {row["id"] for row in result.rows("parties") if row["kind"] == "natural_person"}
    assert len(people) == sum(party_kind_of_name(name) == "natural_person" for name in declared)
    assert 10 == len(result.report.findings)
