"""Products as the bank writes them fall into families; the more telling word wins."""

from __future__ import annotations

import polars as pl
import pytest

from discovery.exposure.products import FAMILIES, OTHER, families, family_of


@pytest.mark.parametrize(
    ("product", "family"),
    [
        ("流动资金贷款", "loan"),
        ("银行承兑汇票", "acceptance"),
        ("商业汇票贴现", "discount"),
        ("非融资性保函", "guarantee"),
        ("备用信用证", "guarantee"),
        ("standby letter of credit", "guarantee"),
        ("国内信用证", "letter_of_credit"),
        ("企业债券投资", "bond"),
        ("中期票据", "bond"),
        ("利率掉期", "derivative"),
        ("贷款承诺", "commitment"),
        ("Loan", "loan"),
        ("国内保理", "factoring"),
        ("托管", OTHER),
        (None, OTHER),
        ("", OTHER),
    ],
)
def test_family(product, family):
    """One product, one family of the closed list."""
    assert family == family_of(product)
    assert family in FAMILIES


def test_a_column_keeps_its_order():
    """Each row gets the family of its own product, empty ones among them."""
    products = pl.Series(["保函", None, "贷款", "保函"], dtype=pl.String)

    assert ["guarantee", OTHER, "loan", "guarantee"] == families(products).to_list()
