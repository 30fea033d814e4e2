"""What a policy has beside groups, in words: signs, owners, dependence, values set aside, silences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from discovery.evidence.words import BASES, OPERATORS, Language, say
from discovery.facts.codes import INDICATORS, REASONS, Wording
from discovery.policies import Policy
from discovery.policies.hidden_association import HiddenAssociation
from discovery.policies.owners import Dependence, DependenceTest, Owners, OwnerTest
from discovery.service.policy_citing import cited
from discovery.service.policy_words import (
    DEPENDENCES,
    METHODS,
    OWNER_MEASURES,
    POWERS,
    SIGN_FIGURES,
    joined,
)

_PARTS: Final[dict[str, Wording]] = {
    "persons": Wording("自然人", "natural persons"),
    "inclusion": Wording("纳入条件", "a condition of inclusion"),
    "exemptions": Wording("豁免", "exemptions"),
    "types": Wording("集团类型", "types of groups"),
    "attribution": Wording("归属顺序", "attribution"),
    "lead": Wording("主办行", "the leading unit"),
    "limits": Wording("限额", "limits"),
    "catch_all": Wording("兜底条款", "a catch-all"),
    "owners": Wording("受益所有人", "beneficial owners"),
    "dependence": Wording("经济依存", "economic dependence"),
}
_ALONE: Final[dict[str, Wording]] = {
    "influence": Wording("重大影响", "significant influence"),
    "joint_control": Wording("共同控制", "joint control"),
    "inclusion": _PARTS["inclusion"],
}


def beside(policy: Policy, language: Language) -> Iterator[str]:
    """Signs that are looked for, owners, economic dependence, values that are set aside."""
    if policy.triggers("hidden_association"):
        yield from _signs(policy.hidden_association, language)
    if policy.owners is not None:
        yield from _owners(policy.owners, language)
    if policy.dependence is not None:
        yield from _dependence(policy.dependence, language)
    yield from _aside(policy, language)


def silences(policy: Policy, language: Language) -> Iterator[str]:
    """Parts of a policy of which these measures say nothing, and from what confidence on a fact counts."""
    zh = language == "zh"
    least = policy.evidence.min_confidence
    yield ""
    yield (
        f"可信度低于{least}的关键事实须人工确认"
        if zh
        else f"A needed fact of confidence below {least} asks for a person"
    ) + cited(policy.evidence, language)
    silent = [getattr(word, language) for name, word in _PARTS.items() if not getattr(policy, name)]
    if silent:
        yield (
            f"办法未涉及：{joined(silent, language)}"
            if zh
            else f"Nothing is said of: {joined(silent, language)}"
        )


def _signs(rule: HiddenAssociation, language: Language) -> Iterator[str]:
    zh = language == "zh"
    yield ""
    yield (
        "隐性关联的迹象（只提请人工判断）：" if zh else "Signs of hidden association (each a question only):"
    ) + cited(rule, language)
    yield from (
        f"  {name}{'：' if zh else ': '}{say(INDICATORS, name, language)}" for name in rule.indicators
    )
    figures = (say(SIGN_FIGURES, name, language).format(getattr(rule, name)) for name in SIGN_FIGURES)
    yield f"  标准：{'；'.join(figures)}" if zh else f"  figures: {'; '.join(figures)}"


def _owners(owners: Owners, language: Language) -> Iterator[str]:
    zh = language == "zh"
    order = (
        ("，依次适用，前项无人时适用后项" if zh else ", each only where those before found nobody")
        if owners.in_order
        else ""
    )
    yield ""
    yield (f"受益所有人{order}：" if zh else f"Beneficial owners{order}:") + cited(owners, language)
    yield from (
        f"  {one.id}{'：' if zh else ': '}{_owner(one, language)}{cited(one, language)}"
        for one in owners.tests
    )


def _owner(test: OwnerTest, language: Language) -> str:
    zh = language == "zh"
    if test.by == "control":
        return "依本办法为其控制方" if zh else "controls it under these measures"
    op, measure = say(OPERATORS, test.op, language), say(OWNER_MEASURES, test.measure, language)
    if test.by == "mixed":
        share = f"{measure}{op}{test.threshold}%" if zh else f"{op} {test.threshold}% of its {measure}"
        return (
            f"控制持有其{share}的实体，或在控制它的实体中持有{share}"
            if zh
            else f"controls who holds {share}, or holds as much of who controls it"
        )
    method = say(METHODS, test.method, language)
    return (
        f"累计{measure}{op}{test.threshold}%（{method}）"
        if zh
        else f"{op} {test.threshold}% of the {measure} ({method})"
    )


def _dependence(rule: Dependence, language: Language) -> Iterator[str]:
    zh = language == "zh"
    yield ""
    yield ("经济依存（在集团之外另列）：" if zh else "Economic dependence (sets beside groups):") + cited(
        rule, language
    )
    yield from (
        f"  {one.id}{'：' if zh else ': '}{_test(one, language)}{cited(one, language)}" for one in rule.tests
    )


def _test(test: DependenceTest, language: Language) -> str:
    if test.measure == "power":
        return say(POWERS, "economic_dependence", language)
    op, measure = say(OPERATORS, test.op, language), say(DEPENDENCES, test.measure, language)
    return f"{measure}{op}{test.threshold}%" if language == "zh" else f"{measure}: {op} {test.threshold}%"


def _aside(policy: Policy, language: Language) -> Iterator[str]:
    """Rules that were not read in the text: they decide nothing until they are told to count."""
    if not policy.aside:
        return
    yield ""
    yield (
        "未经核对而搁置、不据以认定的规则（--set unverified=count 使其生效）："
        if language == "zh"
        else "Unverified rules, set aside (--set unverified=count lets them count and shows them):"
    )
    for place in policy.aside:
        code = place.rpartition(".")[2]
        yield f"  {place}  {say(BASES | REASONS | _ALONE, code, language)}"
