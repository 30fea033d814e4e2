"""The closed lists: every flag, reason and finding code, with its sentence in Chinese and English."""

from __future__ import annotations

from typing import Final, NamedTuple


class Wording(NamedTuple):
    zh: str
    en: str


FINDINGS: Final[dict[str, Wording]] = {
    "unknown_party": Wording(
        "事实提到的编号不在当事人表中，已建占位", "a fact names an id that no party row has; a stub stands in"
    ),
    "kind_assumed": Wording(
        "主体类型未填，按企业法人处理", "the party's kind is empty; treated as an enterprise legal person"
    ),
    "duplicate_row": Wording("重复行，只算一次", "the same row stands twice and counts once"),
    "register_over_100": Wording(
        "登记比例合计超过100%", "the register of a company adds up to more than 100 %"
    ),
    "clients_assumed": Wording(
        "没有客户号，全部合格主体视为客户",
        "no party has a client number; every eligible party counts as a client",
    ),
    "register_incomplete": Wording(
        "已知表决权不超过一半且未见控制人，不能据此排除控制",
        "half or less of the votes is accounted for and no controller is known; this is no proof of independence",
    ),
}

FLAGS: Final[dict[str, Wording]] = {}

REASONS: Final[dict[str, Wording]] = {}
