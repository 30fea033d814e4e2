"""The policies there are, and each in words a credit officer can hold beside the measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from discovery.evidence.words import BASES, MEASURES, OPERATORS, Language, say
from discovery.facts.codes import FLAGS, REASONS, Wording
from discovery.kinship.scopes import RELATIONS
from discovery.policies import Groupless, Policy, load_measures, measure_slugs
from discovery.policies.model import OFF_BY_DEFAULT, TRIGGERS, Basis, Exemption, Persons
from discovery.policies.values import Rule
from discovery.service.policy_beside import beside, silences
from discovery.service.policy_citing import cited
from discovery.service.policy_conditions import condition_text
from discovery.service.policy_management import management
from discovery.service.policy_notes import decided_only, notes
from discovery.service.policy_words import (
    EFFECTS,
    JOINT,
    KINDS,
    OFFICES,
    POWERS,
    PURPOSES,
    joined,
)

_RELATIONS = {relation.name: Wording(relation.zh, relation.en) for relation in RELATIONS}
_PERCENT = frozenset({"voting", "equity", "voting_commanded", "equity_commanded", "board_votes", "seats"})


def policy_list() -> list[dict[str, Any]]:
    """Slug, title and source of all shipped measures; `forms_groups` where they can be asked for groups."""
    found = (load_measures(slug) for slug in measure_slugs())
    return [
        {
            "slug": one.slug,
            "title": one.title.model_dump(),
            "source": one.source.model_dump(),
            "forms_groups": isinstance(one, Policy),
        }
        for one in found
    ]


def list_lines(found: list[dict[str, Any]], language: Language) -> Iterator[str]:
    """The list in words, those that form no groups marked."""
    mark = "（不产生集团）" if language == "zh" else " (forms no groups)"
    for one in found:
        yield f"{one['slug']:<21} {one['title'][language]}{'' if one['forms_groups'] else mark}"


def policy_document(name: str, overrides: Mapping[str, object] | None = None) -> dict[str, Any]:
    """The whole policy as data, what it inherits and what is laid over it included."""
    return load_measures(name, overrides).model_dump(mode="json", exclude_none=True)


def policy_lines(
    name: str, language: Language, overrides: Mapping[str, object] | None = None
) -> Iterator[str]:
    """The policy in words: who may be a member, what counts as control, persons, exemptions, questions."""
    policy = load_measures(name, overrides)
    zh = language == "zh"
    yield f"{policy.slug}  {getattr(policy.title, language)}"
    yield f"  {getattr(policy.source, language)}"
    if policy.valid_from or policy.valid_to:
        yield f"  {policy.valid_from or ''} – {policy.valid_to or ''}"
    if isinstance(policy, Policy) and policy.inherits is not None:
        yield f"  承自 {policy.inherits}" if zh else f"  inherits {policy.inherits}"
    yield ""
    if isinstance(policy, Groupless):
        reason = getattr(policy.reason, language)
        yield f"{say(PURPOSES, policy.purpose, language)}{'：' if zh else ': '}{reason}"
        yield from notes(policy, language)
        return
    yield _members(policy, language)
    heads = _listed(KINDS, policy.controllers.kinds, language)
    yield (f"控制方：{heads}" if zh else f"Heads: {heads}") + cited(policy.controllers, language)
    yield ""
    yield say(_INDIRECT, policy.control.indirect, language)
    yield from (f"  {_basis(basis, language)}" for basis in policy.control.bases)
    if policy.persons is not None:
        yield ""
        yield from _persons(policy.persons, language)
    yield from _ends(policy, language)
    yield from _conditions(policy, language)
    yield from beside(policy, language)
    yield from management(policy, language)
    yield from _questions(policy, language)
    yield from decided_only(policy, language)
    yield from silences(policy, language)
    yield from notes(policy, language)


_INDIRECT: Final = {
    "control_chain": Wording(
        "控制（逐级相加，非相乘）：", "Control (shares are added up level by level, never multiplied):"
    ),
    "multiply": Wording(
        "控制（间接持股沿各路径相乘后相加）：",
        "Control (indirect shares are multiplied along each path and added up):",
    ),
}


def _members(policy: Policy, language: Language) -> str:
    members = policy.members
    kinds = _listed(KINDS, members.kinds, language)
    article = cited(members, language)
    if language == "zh":
        own = "；可自行融资的非法人组织" if members.own_financing else ""
        return f"成员：{kinds}{own}；至少 {members.min} 个{article}"
    own = "; unincorporated bodies that borrow in their own right" if members.own_financing else ""
    return f"Members: {kinds}{own}; at least {members.min}{article}"


def _listed(table: dict[str, Wording], codes: Iterable[str], language: Language) -> str:
    return joined((say(table, code, language) for code in codes), language)


def _basis(basis: Basis, language: Language) -> str:
    """One ground: code, what it is, its test, its article."""
    zh = language == "zh"
    test = ""
    if basis.measure in _PERCENT:
        op = say(OPERATORS, basis.op, language)
        measure = say(MEASURES, basis.measure, language)
        of = "of the " if basis.measure == "seats" else ""
        test = f"{measure}{op}{basis.threshold}%" if zh else f"{op} {basis.threshold}% {of}{measure}"
        if basis.by_agreement:
            test += (
                "（恰好达到时须有一部分经由协议）" if zh else " (exactly that only with a part by agreement)"
            )
    elif basis.measure == "posts":
        posts = "董事长、总经理、财务总监中" if zh else "of chairman, general manager and CFO"
        test = f"{posts}至少 {basis.at_least} 个" if zh else f"at least {basis.at_least} {posts}"
    if basis.powers:
        test = _listed(POWERS, basis.powers, language)
    text = f"{basis.code} {say(BASES, basis.code, language)}{'：' if zh else ': '}{test}"
    return text + cited(basis, language) + _flagged(basis, language)


def _flagged(rule: Rule, language: Language) -> str:
    """What every answer that rests on the rule says beside."""
    unclear = ("boundary_ambiguous",) if getattr(rule, "boundary_ambiguous", False) else ()
    flags = (*getattr(rule, "flags", ()), *unclear)
    words = joined((say(FLAGS, flag, language) for flag in flags), language)
    return "" if not flags else f"；注明：{words}" if language == "zh" else f"; marked: {words}"


def _persons(persons: Persons, language: Language) -> Iterator[str]:
    zh = language == "zh"
    yield ("自然人" if zh else "Natural persons") + cited(persons, language) + _flagged(persons, language)
    major = persons.major_investor
    op, measure = say(OPERATORS, major.op, language), say(MEASURES, major.measure, language)
    stake = f"{measure}{op}{major.threshold}%" if zh else f"{op} {major.threshold}% {measure}"
    yield (f"  主要投资者：{stake}" if zh else f"  major investor: {stake}") + cited(major, language)
    managers = persons.key_managers
    offices = _listed(OFFICES, managers.roles, language)
    if managers.executive_only:
        offices += "（仅执行职务）" if zh else " (executive posts only)"
    yield (f"  关键管理人员：{offices}" if zh else f"  key managers: {offices}") + cited(managers, language)
    kin = persons.kin
    counted = _listed(_RELATIONS, kin.deem, language) or ("无" if zh else "none")
    yield (f"  近亲属：{counted}" if zh else f"  kin who count: {counted}") + cited(kin, language)
    yield f"    {say(JOINT, kin.joint, language)}"
    asked = [name for name in kin.review if name not in kin.deem]
    if asked:
        wider = _listed(_RELATIONS, asked, language)
        yield f"  需人工确认的亲属：{wider}" if zh else f"  kin who raise a question: {wider}"
    if kin.listed:
        narrow = _listed(_RELATIONS, kin.listed, language)
        yield f"  列举形式中的亲属：{narrow}" if zh else f"  kin in the list of forms: {narrow}"
    if kin.add_up is not None:
        added = _listed(_RELATIONS, kin.add_up.scope, language)
        yield (
            f"  股东家庭合并计算：{added}" if zh else f"  a shareholder's family is added up: {added}"
        ) + cited(kin.add_up, language)
    for basis in persons.bases:
        parts = [*(say(OFFICES, role, language) for role in (*basis.roles, *basis.posts))]
        parts += [say(POWERS, power, language) for power in basis.powers]
        text = joined(parts, language)
        if basis.private_only:
            text += "（限私营企业）" if zh else " (private companies only)"
        yield f"  {basis.code} {say(BASES, basis.code, language)}{'：' if zh else ': '}{text}" + cited(
            basis, language
        )


def _ends(policy: Policy, language: Language) -> Iterator[str]:
    """Influence and joint control, which add end nodes."""
    zh = language == "zh"
    if policy.influence is not None:
        found = policy.influence
        op = say(OPERATORS, found.op, language)
        share = f"表决权{op}{found.threshold}%" if zh else f"{op} {found.threshold}% of the votes"
        parts = [share, *(say(POWERS, power, language) for power in found.powers)]
        if found.board_seat:
            parts.append("董事会席位" if zh else "a seat on the board")
        text = ("、" if zh else ", ").join(parts)
        yield ""
        yield (
            f"{found.code} {say(BASES, found.code, language)}{'：' if zh else ': '}{text}"
            + cited(found, language)
            + _flagged(found, language)
        )
        if found.joint_venture is not None:
            venture = found.joint_venture
            half = "  恰好50%：合营企业" if zh else "  exactly 50%: a joint venture"
            yield half + cited(venture, language)
    if policy.joint_control is not None:
        joint = policy.joint_control
        text = "一致同意的共同控制" if zh else "joint control by unanimity"
        if joint.persons == "review":
            text += "（涉及自然人的须人工确认）" if zh else " (a natural person's part is a question)"
        yield f"{joint.code} {text}" + cited(joint, language) + _flagged(joint, language)


def _conditions(policy: Policy, language: Language) -> Iterator[str]:
    zh = language == "zh"
    if policy.inclusion is not None:
        yield ""
        condition = condition_text(policy.inclusion.when, language)
        yield (f"纳入条件：{condition}" if zh else f"Included if: {condition}") + cited(
            policy.inclusion, language
        )
    if policy.exemptions:
        yield ""
        yield "豁免：" if zh else "Exemptions:"
        yield from (f"  {_exemption(one, language)}" for one in policy.exemptions)


def _exemption(exemption: Exemption, language: Language) -> str:
    zh = language == "zh"
    text = condition_text(exemption.when, language)
    if exemption.unless is not None:
        but = condition_text(exemption.unless, language)
        text += f"，但{but}除外" if zh else f", unless {but}"
    effect = say(EFFECTS, exemption.effect, language)
    name = say(REASONS, exemption.id, language)
    article = cited(exemption, language) + _flagged(exemption, language)
    if exemption.whom == "state_owner_too":
        effect += "（含国家机关）" if zh else ", under organs too"
    return (
        f"{exemption.id}（{name}）：{text} → {effect}{article}"
        if zh
        else (f"{exemption.id} ({name}): {text} → {effect}{article}")
    )


def _questions(policy: Policy, language: Language) -> Iterator[str]:
    """What is put to a person under this policy."""
    raised = [name for name in TRIGGERS if policy.triggers(name)]
    zh = language == "zh"
    yield ""
    yield "提请人工判断的情形：" if zh else "Put to a person:"
    yield from (f"  {name}: {say(REASONS, name, language)}" for name in raised)
    silent = [name for name in TRIGGERS if name not in raised and name not in OFF_BY_DEFAULT]
    if silent:
        yield f"  不提请：{'、'.join(silent)}" if zh else f"  not raised: {', '.join(silent)}"
