"""The rule vocabulary in Chinese and English: kinds, offices, powers, measured quantities, scopes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from discovery.evidence.words import Language
from discovery.facts.codes import Wording
from discovery.facts.schema import PARTY_KINDS, POWER_KINDS, ROLES

KINDS: Final[dict[str, Wording]] = {
    "enterprise_legal_person": Wording("企业法人", "enterprise legal persons"),
    "institution_legal_person": Wording("事业法人", "institution legal persons"),
    "non_bank_fi": Wording("非银行金融机构", "non-bank financial institutions"),
    "commercial_bank": Wording("商业银行", "commercial banks"),
    "unincorporated": Wording("非法人组织", "unincorporated bodies"),
    "partnership": Wording("合伙企业", "partnerships"),
    "government": Wording("政府机关", "government organs"),
    "natural_person": Wording("自然人", "natural persons"),
}
OFFICES: Final[dict[str, Wording]] = {
    "legal_representative": Wording("法定代表人", "legal representative"),
    "chairman": Wording("董事长", "chairman"),
    "vice_chairman": Wording("副董事长", "vice chairman"),
    "director": Wording("董事", "director"),
    "independent_director": Wording("独立董事", "independent director"),
    "general_manager": Wording("总经理", "general manager"),
    "deputy_general_manager": Wording("副总经理", "deputy general manager"),
    "chief_accountant": Wording("总会计师", "chief accountant"),
    "cfo": Wording("财务总监", "CFO"),
    "executive_partner": Wording("执行事务合伙人", "executive partner"),
    "supervisor": Wording("监事", "supervisor"),
    "board_secretary": Wording("董事会秘书", "board secretary"),
    "other": Wording("其他", "other"),
}
POWERS: Final[dict[str, Wording]] = {
    "charter": Wording("章程授权", "power under the charter"),
    "contract": Wording("合同授权", "power under a contract"),
    "decides_finance_operations": Wording("决定财务和经营政策", "deciding finance and operations"),
    "appoints_seats": Wording("任免董事会席位", "appointing board seats"),
    "board_votes": Wording("董事会表决权", "votes at board meetings"),
    "consolidates": Wording("纳入合并报表", "consolidating the statements"),
    "centralised_finance": Wording("财务集中管理", "centralised finance"),
    "unified_accounting": Wording("统一核算", "unified accounting"),
    "unified_borrow_repay": Wording("统借统还", "unified borrowing and repaying"),
    "unified_allocation": Wording("统一调配资金", "unified allocation of funds"),
    "appoints_posts": Wording("任免关键职位", "appointing key posts"),
    "sole_nominates_posts": Wording("独家提名关键职位", "sole nomination for key posts"),
    "sets_pay": Wording("决定薪酬", "setting the pay"),
    "decides_investment": Wording("决定投资", "deciding investment"),
    "decides_guarantee": Wording("决定担保", "deciding guarantees"),
    "declared_controller": Wording("申报或登记的实际控制人", "declared or registered controller"),
    "policy_participation": Wording("参与政策制定", "taking part in policy"),
    "manager_exchange": Wording("互换管理人员", "exchange of managers"),
    "technical_dependence": Wording("技术依赖", "technical dependence"),
    "economic_dependence": Wording("经济依存", "economic dependence"),
    "statements_obtainable": Wording("可取得报表", "statements obtainable"),
}
MEASURED: Final[dict[str, Wording]] = {
    "members_with_credit": Wording("有授信的成员数", "members with credit"),
    "npl_share": Wording("不良余额占比（%）", "non-performing share of the balances (%)"),
    "disposed_share": Wording("已移交处置余额占比（%）", "share handed to disposal (%)"),
    "low_risk_share": Wording("低风险业务占比（%）", "low-risk share of the credit (%)"),
    "unified_borrow_repay": Wording("统借统还的事实数", "facts of unified borrowing and repaying"),
    "state_owner": Wording("控制方为国家机关或国有资本运营公司", "the controller is a state owner"),
    "transactions_with_owner": Wording("与出资人的资金往来和交易数", "payments and trades with the owner"),
    "unfair_transactions_with_owner": Wording("与出资人的非公允交易数", "unfair dealings with the owner"),
    "unfair_transactions_among_controlled": Wording(
        "出资人所控企业之间的非公允交易数", "unfair dealings among the controlled"
    ),
    "control_between_siblings": Wording("直接子企业之间的控制关系数", "control between direct subsidiaries"),
}
EFFECTS: Final[dict[str, Wording]] = {
    "exempt": Wording("不纳入集团管理", "the set is left out"),
    "split_controller": Wording("控制方单列", "the owner is set apart"),
    "split_siblings": Wording("各子企业分别成组", "the subsidiaries are taken apart"),
}
JOINT: Final[dict[str, Wording]] = {
    "cluster": Wording("亲属合并计算", "kin are added up"),
    "strict": Wording("亲属须共同参与", "kin must take part jointly"),
    "each_alone": Wording("各人单独达到标准", "each has to reach the mark alone"),
}
PURPOSES: Final[dict[str, Wording]] = {
    "credit_process": Wording("授信流程，不产生集团", "Credit process, forms no groups"),
    "reporting_basis": Wording("统计口径，不产生集团", "Reporting basis, forms no groups"),
    "refused": Wording("不予采用", "Refused as a rule for groups"),
}
CONTROL_SYMBOLS: Final[dict[str, Wording]] = {
    "==": Wording("等于", "is"),
    "!=": Wording("不等于", "is not"),
    ">=": Wording("不低于", "at least"),
    "<=": Wording("不高于", "at most"),
    ">": Wording("超过", "more than"),
    "<": Wording("低于", "less than"),
}

TABLES: Final = {"kinds": (KINDS, PARTY_KINDS), "offices": (OFFICES, ROLES), "powers": (POWERS, POWER_KINDS)}
ATTRIBUTIONS: Final[dict[str, Wording]] = {
    "consolidator": Wording("合并其报表者", "who consolidates it"),
    "highest_equity": Wording("持股比例最高者", "the largest equity in it"),
    "highest_credit_share": Wording("授信余额最大者", "the group with the largest balances"),
    "earliest_managed": Wording("最早纳入管理者", "managed as a group the earliest"),
}
COUNTED: Final[dict[str, Wording]] = {
    "include_bonds": Wording("债券", "bonds"),
    "include_derivatives": Wording("衍生品", "derivatives"),
    "include_low_risk": Wording("低风险业务", "low-risk business"),
}
SIGN_FIGURES: Final[dict[str, Wording]] = {
    "most_sharing": Wording("超过{}方共有的不计", "what more than {} parties share says nothing"),
    "moved_within_months": Wording("管理人员在{}个月内转任", "a manager moved within {} months"),
    "dealings_within_months": Wording("交易回看{}个月", "dealings of the last {} months"),
    "fund_share": Wording("经合伙企业持有，各层不低于{}%", "through a partnership: {}% on each layer"),
    "investor_share": Wording("同一投资者在各合伙企业不低于{}%", "one investor with {}% of each partnership"),
    "concentration": Wording("与对方的交易占各自{}%以上", "{}% of each one's trades with the other"),
    "least_trades": Wording("至少{}笔交易", "at least {} trades"),
    "offset_within": Wording("双向交易相差不超过{}%", "trades that offset each other within {}%"),
    "round_trip_within": Wording("往返资金相差不超过{}%", "money there and back within {}%"),
    "proceeds_share": Wording("授信的{}%以上付给对方", "{}% of a credit paid on to the other"),
    "proceeds_within_days": Wording("授信后{}日内", "within {} days of the credit"),
}
OWNER_MEASURES: Final[dict[str, Wording]] = {
    "equity": Wording("股权", "equity"),
    "voting": Wording("表决权", "votes"),
    "higher": Wording("股权与表决权孰高", "equity or votes, the higher at each layer"),
}
METHODS: Final[dict[str, Wording]] = {
    "multiply": Wording("逐层相乘后相加", "multiplied along each path and added up"),
    "control_chain": Wording("沿控制链逐级相加", "whole along control"),
}
DEPENDENCES: Final[dict[str, Wording]] = {
    "sales_share": Wording("一年内销售占比", "share of its sales of a year"),
    "purchases_share": Wording("一年内采购占比", "share of its purchases of a year"),
    "guarantee_share": Wording("为其担保占自身授信余额之比", "what it guarantees, in its own balances"),
}


def joined(words: Iterable[str], language: Language) -> str:
    """Words of a list as one writes them."""
    return ("、" if language == "zh" else ", ").join(words)
