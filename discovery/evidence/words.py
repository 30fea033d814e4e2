"""Measures, comparisons, bases and outcomes in Chinese and English."""

from __future__ import annotations

from typing import Final, Literal

from discovery.facts.codes import Wording

Language = Literal["zh", "en"]

MEASURES: Final[dict[str, Wording]] = {
    "voting": Wording("表决权", "of the votes"),
    "equity": Wording("股权", "of the equity"),
    "voting_held": Wording("所持表决权", "of the votes as held"),
    "voting_commanded": Wording("按协议支配的表决权", "of the votes, agreements counted"),
    "equity_commanded": Wording("按协议支配的股权", "of the equity, agreements counted"),
    "seats": Wording("董事会席位", "seats on the board"),
    "board_votes": Wording("董事会表决权", "of the votes at board meetings"),
    "posts": Wording("个关键职位的任免权", "key posts at its disposal"),
    "power": Wording("项决定权", "power to decide"),
    "family": Wording("家族企业", "family enterprise"),
}
OPERATORS: Final[dict[str, Wording]] = {
    ">": Wording("超过", "more than"),
    ">=": Wording("不低于", "at least"),
}
BASES: Final[dict[str, Wording]] = {
    "HEAD": Wording("集团控制方", "heads the group"),
    "DECISION": Wording("人工认定", "recorded decision"),
    "B1": Wording("持股控制", "share majority"),
    "B2": Wording("与其他投资者的协议", "agreement with other investors"),
    "B3": Wording("章程或协议赋予财务和经营决策权", "charter or contract"),
    "B4": Wording("有权任免董事会多数成员", "appoints most of the board"),
    "B5": Wording("董事会会议表决权", "votes at board meetings"),
    "B6": Wording("纳入合并报表", "consolidated statements"),
    "B7": Wording("财务集中", "centralised finance"),
    "B8": Wording("统一借还或调配资金", "unified borrowing or allocation of funds"),
    "B9": Wording("大额长期占用资金", "occupation of funds"),
    "B10": Wording("通过关联交易转移资金或利润", "shifting of funds or profit"),
    "B11": Wording("任免关键高管", "appoints key managers"),
    "B12": Wording("董事会席位过半", "more than half of the board seats"),
    "B13": Wording("法定代表人或实际控制人为同一人或近亲", "same legal representative, controller or kin"),
    "B14": Wording("同一家族企业", "same family enterprise"),
    "B15": Wording("决定投资或担保", "decides investment or guarantees"),
    "B16": Wording("一般控制概念", "general concept of control"),
    "B17": Wording("共同控制", "joint control"),
    "B18": Wording("重大影响", "significant influence"),
    "B19": Wording("合营或联营企业", "joint venture or associate"),
    "B20": Wording("申报或登记的实际控制人", "declared or registered actual controller"),
}
OUTCOMES: Final[dict[str, Wording]] = {
    "GROUP": Wording("集团", "GROUP"),
    "EXEMPT": Wording("豁免", "EXEMPT"),
    "REVIEW": Wording("待核", "REVIEW"),
    "RELATED": Wording("关联", "RELATED"),
    "LINK": Wording("线索", "LINK"),
    "DEPENDENT_SET": Wording("经济依存", "DEPENDENT SET"),
}
DECISIONS: Final[dict[str, Wording]] = {
    "accept": Wording("采纳", "accepted"),
    "reject": Wording("否决", "rejected"),
    "group": Wording("认定为集团", "tied together"),
}
STATUSES: Final[dict[str, Wording]] = {
    "applied": Wording("已应用", "applied"),
    "expired": Wording("已过期", "expired"),
    "contradicted": Wording("与另一决定相反", "contradicted by another decision"),
    "orphaned": Wording("所指结果已不存在", "what it names no longer occurs"),
}


def say(table: dict[str, Wording], code: str, language: Language) -> str:
    """The word for a code, or the code itself where the table does not know it."""
    wording = table.get(code)
    return code if wording is None else getattr(wording, language)


def article_words(article: str, language: Language) -> str:
    """An article as a person cites it: of these measures, of those they inherit from, or none."""
    if article == "-":
        return "无条款号" if language == "zh" else "no article number"
    policy, inherited, number = article.rpartition(" §")
    of = f"{policy} " if inherited else ""
    return f"{of}第{number}条" if language == "zh" else f"{of}Art {number}"
