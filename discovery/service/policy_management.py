"""How a policy has groups administered, in words: types, attribution, lead, limits, guarantees, warnings."""

from __future__ import annotations

from collections.abc import Iterator

from discovery.evidence.words import Language, say
from discovery.facts.codes import WARNINGS
from discovery.policies import Policy
from discovery.policies.administration import Attribution, Counting, Guarantees, Lead, LeadRule, Limits, Types
from discovery.policies.values import Text
from discovery.service.administration_words import BASES_OF_LIMITS, COUNTING, CRITERIA, LEVELS
from discovery.service.policy_citing import cited
from discovery.service.policy_conditions import condition_text
from discovery.service.policy_words import ATTRIBUTIONS, COUNTED, joined


def management(policy: Policy, language: Language) -> Iterator[str]:
    """Everything the policy has done with groups once they stand; what it does not ask is not there."""
    if policy.types is not None:
        yield from _types(policy.types, language)
    if policy.attribution is not None:
        yield from _attribution(policy.attribution, language)
    if policy.lead is not None:
        yield from _lead(policy.lead, language)
    if policy.limits is not None:
        yield from _limits(policy.limits, language)
    yield from _warnings(policy, language)


def _text(text: Text, language: Language) -> str:
    return text.zh if language == "zh" else text.en


def _types(types: Types, language: Language) -> Iterator[str]:
    zh = language == "zh"
    yield ""
    yield ("集团类型，依次判断" if zh else "Types of groups, tried in this order") + cited(types, language)
    for one in types.order:
        when = condition_text(one.when, language)
        yield (
            f"  {one.code}类：{_text(one.name, language)}{cited(one, language)}"
            if zh
            else f"  {one.code}: {_text(one.name, language)}{cited(one, language)}"
        )
        yield f"    条件：{when}" if zh else f"    if {when}"
        mode = _text(one.mode, language) + cited(one, language, article=one.mode_article)
        yield f"    授信模式：{mode}" if zh else f"    mode: {mode}"


def _attribution(rule: Attribution, language: Language) -> Iterator[str]:
    zh = language == "zh"
    order = (" → " if zh else ", then ").join(say(ATTRIBUTIONS, name, language) for name in rule.order)
    yield ""
    yield (
        f"多个集团均可归入时，依次按：{order}" if zh else f"If several groups may claim a company: {order}"
    ) + cited(rule, language)


def _lead(lead: Lead, language: Language) -> Iterator[str]:
    zh = language == "zh"
    total = {"granted": ("批准额与余额孰高", "what was granted, or is outstanding if that is more"),
             "outstanding": ("余额", "what is outstanding")}[lead.total][0 if zh else 1]  # fmt: skip
    yield ""
    yield (
        f"主办行，适用第一项相符的规则（授信按{total}计）："
        if zh
        else (f"Leading unit, by the first rule that applies (credit counts by {total}):")
    )
    for rule in lead.rules:
        yield f"  {rule.id}{'：' if zh else ': '}{_lead_rule(rule, lead.currency, language)}"
    for one in lead.approvals:
        body, over = _text(one.body, language), _amount(one.over, lead.currency)
        yield (
            f"  {one.id}：授信合计超过{over}的，先报{body}"
            if zh
            else f"  {one.id}: credit of more than {over} in all goes first to {body}"
        ) + cited(one, language)


def _amount(money: str, currency: str) -> str:
    whole, _, rest = money.partition(".")
    return f"{int(whole):,}{f'.{rest}' if rest else ''} {currency}"


def _lead_rule(rule: LeadRule, currency: str, language: Language) -> str:
    zh = language == "zh"
    when = []
    if rule.across is not None:
        level = say(LEVELS, rule.across, language)
        when.append(
            f"授信跨两个以上{level}（或更高层级）"
            if zh
            else f"credit under two or more units of level {level} or above"
        )
    if rule.over is not None:
        over = _amount(rule.over, currency)
        when.append(f"授信合计超过{over}" if zh else f"more than {over} in all")
    if rule.head_has_credit:
        when.append("集团本部有授信" if zh else "the group's head has credit")
    unit = (
        say(LEVELS, rule.unit, language) if rule.unit else ("经办机构" if zh else "the branch of the credit")
    )
    text = unit
    if rule.choose:
        by = (" → " if zh else ", else ").join(say(CRITERIA, name, language) for name in rule.choose)
        text += f"；不止一个时按：{by}" if zh else f"; of several: {by}"
    if rule.named_by is not None:
        level = say(LEVELS, rule.named_by, language)
        text += f"；由{level}最终指定" if zh else f"; the {level} has the last word"
    if when:
        condition = ("，且" if zh else " and ").join(when)
        text = f"{condition}的，为{text}" if zh else f"{condition} → {text}"
    return text + cited(rule, language)


def _limits(limits: Limits, language: Language) -> Iterator[str]:
    zh = language == "zh"
    yield ""
    yield "限额：" if zh else "Limits:"
    for rule in limits.rules:
        base = say(BASES_OF_LIMITS, rule.base, language)
        who = {"group": ("集团", "a group"), "member": ("单一成员", "a member")}[rule.scope][0 if zh else 1]
        shown = ("；只列示，不作判断" if zh else "; shown, never judged") if rule.secondary else ""
        yield (
            f"  {rule.id}：{who}不超过{base}的{rule.le}%{shown}"
            if zh
            else f"  {rule.id}: {who} at most {rule.le}% of {base}{shown}"
        ) + cited(rule, language)
    if limits.counting is not None:
        yield f"  {_counting(limits.counting, language)}"
    if limits.members_sum is not None:
        text = (
            "  成员额度之和不超过集团限额" if zh else "  the members' limits together stay within the group's"
        )
        yield text + cited(limits, language, article=limits.members_sum)
    if limits.guarantees is not None:
        yield from (f"  {line}" for line in _guarantees(limits.guarantees, language))


def _counting(rule: Counting, language: Language) -> str:
    zh = language == "zh"
    parts = (
        say(COUNTING, rule.count, language)
        if rule.count
        else (
            "全额与扣除保证金等两种口径并列（办法未定）"
            if zh
            else "gross and net of cover are both shown, the measures leave it open"
        ),
        *(f"{say(COUNTED, name, language)}{_counts(getattr(rule, name), language)}" for name in COUNTED),
    )
    return ("计量口径：" if zh else "counted: ") + joined(parts, language) + cited(rule, language)


def _counts(included: bool | None, language: Language) -> str:
    words = {True: ("计入", ": counted"), False: ("不计入", ": not counted"), None: ("未定", ": left open")}
    return words[included][0 if language == "zh" else 1]


def _guarantees(rule: Guarantees, language: Language) -> Iterator[str]:
    zh = language == "zh"
    base = say(BASES_OF_LIMITS, rule.base, language)
    yield (
        f"成员间保证不超过{base}的{rule.le}%"
        if zh
        else f"guarantees among members: at most {rule.le}% of {base}"
    ) + cited(rule, language)
    if rule.platform_le is not None:
        yield (
            f"政府融资平台为{rule.platform_le}%" if zh else f"financing platforms: {rule.platform_le}%"
        ) + cited(rule, language, article=rule.platform_article)
    if rule.left_out is not None:
        marks = joined((*rule.left_out.grades, *rule.left_out.tiers), language)
        yield (
            f"不计入的保证人（本行等级或分类）：{marks}"
            if zh
            else f"guarantors left out, by the bank's marks: {marks}"
        ) + cited(rule.left_out, language)
    if rule.secured_article is not None:
        yield (
            "同一用信另有抵质押的部分剔除"
            if zh
            else "what the same drawing has of mortgages and pledges is taken out"
        ) + cited(rule, language, article=rule.secured_article)
    if rule.elsewhere_article is not None:
        yield (
            "并对照集团在全部金融机构的授信"
            if zh
            else "also watched beside the group's credit at all institutions"
        ) + cited(rule, language, article=rule.elsewhere_article)


def _warnings(policy: Policy, language: Language) -> Iterator[str]:
    zh, rule = language == "zh", policy.warnings
    raised = [say(WARNINGS, name, language) for name in WARNINGS if name not in rule.switch_off]
    yield ""
    yield f"预警（回看{rule.months}个月）：" if zh else f"Warnings, over {rule.months} months:"
    yield f"  {('；' if zh else '; ').join(raised)}"
    yield (
        f"  成员股权变更不少于{rule.equity_changes}次；成员间保证超过集团限额的{rule.guarantee_share}%"
        if zh
        else f"  from {rule.equity_changes} changes of holdings in members; "
        f"from more than {rule.guarantee_share}% of the group's limit in guarantees"
    )
    if rule.switch_off:
        silent = joined((say(WARNINGS, name, language) for name in rule.switch_off), language)
        yield f"  不预警：{silent}" if zh else f"  not raised: {silent}"
