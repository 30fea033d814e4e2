"""The words of the administration report in Chinese and English."""

from __future__ import annotations

from typing import Final

from discovery.facts.codes import Wording

BASES_OF_LIMITS: Final[dict[str, Wording]] = {
    "net_capital": Wording("资本净额", "net capital"),
    "year_end_net_capital": Wording("上年末资本净额", "net capital at the year end"),
    "capital_balance": Wording("资本余额", "capital balance"),
    "tier1_net": Wording("一级资本净额", "tier-1 net capital"),
    "proposed_group_limit": Wording("拟核定的集团限额", "proposed group limit"),
}
COUNTING: Final[dict[str, Wording]] = {
    "gross": Wording("全额", "gross"),
    "net_of_cover": Wording("扣除保证金等", "net of cover"),
    "uncovered_part_for_acceptance_and_guarantee": Wording(
        "承兑和担保只计敞口", "acceptances and guarantees by their uncovered part"
    ),
}
VERDICTS: Final[dict[str, Wording]] = {
    "within": Wording("在限额内", "within"),
    "breach": Wording("超限", "breached"),
    "depends_on_count": Wording("取决于计量口径", "depends on the way of counting"),
    "not_judged": Wording("仅供参考（数值出自二手资料）", "shown only (read in a secondary source)"),
    "not_assessed": Wording("未评估", "not assessed"),
}
CRITERIA: Final[dict[str, Wording]] = {
    "only": Wording("唯一", "the only one"),
    "head_registered": Wording("集团本部登记地", "the group's head is registered there"),
    "head_seat": Wording("集团本部所在地", "the group's head sits there"),
    "largest_credit": Wording("授信占比最大", "most of the credit"),
    "earliest_credit": Wording("最早建立信贷关系", "the earliest credit with an open balance"),
    "largest_last_quarter": Wording("上季末余额最大", "most credit at the end of the last quarter"),
}
LEVELS: Final[dict[str, Wording]] = {
    "head_office": Wording("总行", "head office"),
    "tier1": Wording("一级分行", "tier-1 branch"),
    "tier2": Wording("二级分行", "tier-2 branch"),
    "county": Wording("县级机构", "county institution"),
}
STATES: Final[dict[str, Wording]] = {
    "raised": Wording("预警", "raised"),
    "clear": Wording("正常", "clear"),
    "not_assessed": Wording("未评估", "not assessed"),
}
TIES: Final[dict[str, Wording]] = {
    "equity_ties": Wording("股权控制的成员数", "members controlled by shares"),
    "person_ties": Wording("自然人控制的成员数", "members under persons"),
    "decided": Wording("人工认定", "made by a decision"),
    "unified_accounting_share": Wording("统一核算的成员占比（%）", "members with unified accounting (%)"),
    "unified_borrowing_share": Wording("统借统还的成员占比（%）", "members others borrow for (%)"),
    "members_financing_alone": Wording("可自行融资的成员数", "members that may borrow themselves"),
    "consolidated_share": Wording("纳入合并报表的成员占比（%）", "members consolidated (%)"),
    "statements_share": Wording("可取得合并报表的成员占比（%）", "members in statements at hand (%)"),
}
