"""The products of credits as families: bonds, derivatives, acceptances and guarantees are counted apart."""

from __future__ import annotations

from typing import Final

import polars as pl

from discovery.facts.codes import Wording

OTHER: Final = "other"

FAMILIES: Final[dict[str, Wording]] = {
    "loan": Wording("贷款", "loans"),
    "trade_finance": Wording("贸易融资", "trade finance"),
    "acceptance": Wording("承兑", "acceptances"),
    "discount": Wording("贴现", "discounted bills"),
    "overdraft": Wording("透支", "overdrafts"),
    "factoring": Wording("保理", "factoring"),
    "letter_of_credit": Wording("信用证", "letters of credit"),
    "guarantee": Wording("担保", "guarantees given by the bank"),
    "commitment": Wording("承诺", "commitments"),
    "interbank": Wording("拆借", "interbank lending"),
    "leasing": Wording("租赁", "leasing"),
    "repo": Wording("回购", "repurchase agreements"),
    "bond": Wording("债券", "bonds and notes held"),
    "derivative": Wording("衍生产品", "derivatives"),
    OTHER: Wording("其他", "other"),
}
COVERABLE: Final = ("acceptance", "guarantee")

# The first family one of whose words stands in the product decides: a standby letter of credit is a
# guarantee, a discounted bill no note held.
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "acceptance": ("承兑", "acceptance"),
    "guarantee": ("保函", "担保", "备用信用证", "standby", "guarantee"),
    "letter_of_credit": ("信用证", "letter of credit", "letter_of_credit", "l/c"),
    "discount": ("贴现", "discount"),
    "derivative": ("衍生", "掉期", "远期", "期权", "derivative", "swap", "option", "forward"),
    "bond": ("债", "中期票据", "短期融资券", "资产支持证券", "bond", "note held", "debenture"),
    "factoring": ("保理", "factoring"),
    "trade_finance": ("押汇", "贸易融资", "福费廷", "trade finance", "trade_finance", "forfaiting"),
    "overdraft": ("透支", "overdraft"),
    "interbank": ("拆借", "拆放", "interbank"),
    "leasing": ("租赁", "leasing", "lease"),
    "repo": ("回购", "返售", "repo"),
    "commitment": ("承诺", "commitment"),
    "loan": ("贷款", "借款", "贷", "loan", "lending"),
}


def family_of(product: str | None) -> str:
    """The family of a product as the bank names it, in Chinese or English; `other` where no word tells."""
    text = (product or "").lower()
    return next((name for name, words in _WORDS.items() if any(word in text for word in words)), OTHER)


def families(products: pl.Series) -> pl.Series:
    """The family of each product; every name is looked at once."""
    names = products.unique()
    found = pl.DataFrame({"product": names, "family": [family_of(name) for name in names]})
    return pl.DataFrame({"product": products}).join(
        found, on="product", how="left", nulls_equal=True, maintain_order="left"
    )["family"]
