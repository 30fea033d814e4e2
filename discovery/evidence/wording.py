"""Sentences drawn from an answer: pure functions of a step or outcome, a names mapping and a language.

Nothing here is stored in an answer, and no figure is rounded: amounts stand as the step has them.
`names` gives the name of a party by id; a party without a name is shown by its id alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from discovery.evidence.words import (
    BASES,
    DECISIONS,
    MEASURES,
    OPERATORS,
    OUTCOMES,
    STATUSES,
    Language,
    article_words,
    say,
)
from discovery.facts.codes import FINDINGS, FLAGS, REASONS, Wording
from discovery.kinship.scopes import RELATIONS

Names = Mapping[str, str | None]
_RELATIONS: Final = {relation.name: Wording(relation.zh, relation.en) for relation in RELATIONS}
_PERCENT: Final = frozenset(
    {"voting", "equity", "voting_held", "voting_commanded", "equity_commanded", "board_votes"}
)
SHOWN: Final = 12  # contributions of one step and parties of one list that a line names


def names_of(answer: Mapping[str, Any]) -> dict[str, str | None]:
    """The names mapping of an answer document."""
    return {party: row.get("name") for party, row in answer["parties"].items()}


def named(party: str, names: Names) -> str:
    """A party as a person reads it: the name, then the id."""
    name = names.get(party)
    return f"{name} ({party})" if name and name != party else party


def listed(parties: Iterable[str], names: Names, language: Language) -> str:
    """Several parties; after the first dozen only their number."""
    all_of = list(parties)
    text = ("、" if language == "zh" else ", ").join(named(party, names) for party in all_of[:SHOWN])
    more = len(all_of) - SHOWN
    if more <= 0:
        return text
    return f"{text}等{len(all_of)}个" if language == "zh" else f"{text} and {more} more"


def controller_label(controller: Mapping[str, Any], names: Names, language: Language) -> str:
    """Who stands on top: a company, a person with kin, a ring, nobody."""
    parties = list(controller["parties"])
    zh = language == "zh"
    if controller["kind"] == "none":
        return "无控制方" if zh else "nobody on top"
    if controller["kind"] == "ring":
        inside = listed(parties, names, language)
        return f"互相控制的{inside}" if zh else f"the ring of {inside}"
    if controller["kind"] == "person" and len(parties) > 1:
        kin = [_relative(one, names, language) for one in controller.get("kin", ())]
        head = named(parties[0], names)
        among = ("、" if zh else ", ").join(kin) or listed(parties[1:], names, language)
        return f"{head}及亲属：{among}" if zh else f"{head} with kin: {among}"
    return listed(parties, names, language)


def _relative(kin: Mapping[str, Any], names: Names, language: Language) -> str:
    relation = say(_RELATIONS, kin["relation"], language)
    who = named(kin["person"], names)
    return f"{relation}{who}" if language == "zh" else f"{relation} {who}"


def step_sentence(step: Mapping[str, Any], names: Names, language: Language) -> str:
    """Why the unit controls or influences the company, in one sentence."""
    parts = [_contribution(step, part, names, language) for part in step["contributions"][:SHOWN]]
    more = len(step["contributions"]) - SHOWN
    if more > 0:
        parts.append(f"另有{more}项" if language == "zh" else f"{more} more")
    sums = " + ".join(parts)
    unit = listed(step["unit"], names, language)
    company = named(step["company"], names)
    if step.get("decided"):
        return _decided(step, unit, company, language)
    basis = say(BASES, step["basis"], language)
    article = article_words(step["article"], language)
    if language == "zh":
        presumed = "，推定" if step["presumed"] else ""
        return f"{unit}→{company}：{_claim(step, language)}＝{sums}（{basis}，{article}{presumed}）"
    presumed = ", presumed" if step["presumed"] else ""
    return f"{unit} → {company}: {_claim(step, language)} = {sums} ({basis}, {article}{presumed})"


def share_sentence(share: Mapping[str, Any], names: Names, language: Language) -> str:
    """How much of a company on the way a unit has, in one sentence."""
    parts = [_contribution(share, part, names, language) for part in share["contributions"][:SHOWN]]
    more = len(share["contributions"]) - SHOWN
    if more > 0:
        parts.append(f"另有{more}项" if language == "zh" else f"{more} more")
    unit, company = listed(share["unit"], names, language), named(share["company"], names)
    word = say(MEASURES, share["measure"], language)
    sums = " + ".join(parts)
    if language == "zh":
        return f"途经 {unit}→{company}：{word}{share['total']}%＝{sums}"
    return f"on the way, {unit} → {company}: {share['total']}% {word} = {sums}"


def _decided(step: Mapping[str, Any], unit: str, company: str, language: Language) -> str:
    """Why a company stands in a group where people decided it."""
    word = say(BASES, step["basis"], language)
    zh = language == "zh"
    signed = ("；" if zh else "; ").join(
        f"{_signed(one, language)} [{one['fact']}]" for one in step["decided"]
    )
    article = article_words(step["article"], language)
    return (
        f"{unit}→{company}：{word}（{article}）：{signed}"
        if zh
        else f"{unit} → {company}: {word} ({article}): {signed}"
    )


def decision_sentence(entry: Mapping[str, Any], names: Names, language: Language) -> str:
    """A recorded decision in one line: what, about whom, who, why, until when, and whether it applies."""
    word = say(DECISIONS, entry["decision"], language)
    status = say(STATUSES, entry["status"], language)
    about = listed(entry["parties"], names, language) or str(entry["key"] or "")
    signed = _signed(entry, language)
    if language == "zh":
        return f"{word}：{about}（{signed}）；{status}"
    return f"{word}: {about} ({signed}); {status}"


def _signed(said: Mapping[str, Any], language: Language) -> str:
    """Who decided, why, and until when."""
    until = said.get("until")
    if language == "zh":
        return f"{said['by']}：{said['why']}" + (f"，有效期至{until}" if until else "")
    return f"{said['by']}: {said['why']}" + (f", until {until}" if until else "")


def _claim(step: Mapping[str, Any], language: Language) -> str:
    """The total and the test it passes."""
    measure, total, threshold = step["measure"], step["total"], step["threshold"]
    word = say(MEASURES, measure, language)
    asked = say(OPERATORS, step["op"], language)
    zh = language == "zh"
    if measure in _PERCENT:
        return f"{word}{total}%（须{asked}{threshold}%）" if zh else f"{total}% {word} ({asked} {threshold}%)"
    if measure == "seats":
        seats = f"{total}/{step.get('of', '?')}"
        return f"{word}{seats}（须{asked}{threshold}%）" if zh else f"{seats} {word} ({asked} {threshold}%)"
    if measure == "posts":
        return f"{total}{word}（须{asked}{threshold}）" if zh else f"{total} {word} ({asked} {threshold})"
    return word


def _contribution(step: Mapping[str, Any], part: Mapping[str, Any], names: Names, language: Language) -> str:
    unit = "%" if step["measure"] in _PERCENT else ""
    amount = "" if step["measure"] in {"power", "posts"} else f" {part['amount']}{unit}"
    bound = ""
    if part.get("through"):
        bound = f"，经{part['through']}" if language == "zh" else f", through {part['through']}"
    times = f" × {part['share']}%" if part.get("share", "100") != "100" else ""
    return f"{named(part['by'], names)}{amount}{times} [{part['fact']}{bound}]"


def outcome_sentence(outcome: Mapping[str, Any], names: Names, language: Language) -> str:
    """An outcome in one line: what it is, whom it is about, why."""
    word = say(OUTCOMES, outcome["outcome"], language)
    zh = language == "zh"
    if "controller" in outcome:
        head = controller_label(outcome["controller"], names, language)
        inside = listed(outcome["members"], names, language)
        text = f"{word}：{inside}；控制方：{head}" if zh else f"{word}: {inside}; on top: {head}"
        if outcome["outcome"] == "EXEMPT":
            text += _why(outcome, language)
    else:
        inside = listed(outcome["parties"], names, language)
        text = f"{word}：{inside}" if zh else f"{word}: {inside}"
        if outcome.get("with"):
            besides = listed(outcome["with"], names, language)
            text += f"；涉及：{besides}" if zh else f"; with: {besides}"
        text += _why(outcome, language)
    noted = [flag_sentence(flag, language) for flag in outcome.get("flags", ())]
    if noted:
        text += f"。提示：{'；'.join(noted)}" if zh else f". Note: {'; '.join(noted)}"
    return f"{text}。" if zh else f"{text}."


def _why(outcome: Mapping[str, Any], language: Language) -> str:
    reason = say(REASONS, outcome["reason"], language)
    cited = article_words(outcome["article"], language) if outcome.get("article") else ""
    if language == "zh":
        return f"；原因：{reason}" + (f"（{cited}）" if cited else "")
    return f"; because: {reason}" + (f" ({cited})" if cited else "")


def flag_sentence(flag: str, language: Language) -> str:
    """A flag in words."""
    return say(FLAGS, flag, language)


def reason_sentence(reason: str, language: Language) -> str:
    """A reason of REVIEW, RELATED, LINK or EXEMPT in words."""
    return say(REASONS, reason, language)


def finding_sentence(finding: Mapping[str, Any], names: Names, language: Language) -> str:
    """A finding in words, with its place."""
    text = say(FINDINGS, finding["code"], language)
    place = " ".join(str(finding[key]) for key in ("file", "row", "field") if finding.get(key) is not None)
    who = f" {named(finding['party'], names)}" if finding.get("party") else ""
    detail = f" ({finding['detail']})" if finding.get("detail") else ""
    return f"{place + ': ' if place else ''}{text}{who}{detail}"


def group_tree(group: Mapping[str, Any], names: Names, language: Language) -> list[str]:
    """A group as lines of a tree: the controller, each member with its proof, whatever proofs rest on."""
    steps = group["evidence"]
    lines = [outcome_sentence(group, names, language)]
    inside = [*group["members"], *group["non_client_members"]]
    on_the_way = [company for company in sorted(steps) if company not in set(inside)]
    rows = [(company, "") for company in inside]
    rows += [(company, "经由" if language == "zh" else "on the way: ") for company in on_the_way]
    for number, (company, mark) in enumerate(rows):
        last = number + 1 == len(rows)
        lines.append(f"{'└─' if last else '├─'} {mark}{_member(group, company, names, language)}")
        step = steps.get(company)
        if step is not None:
            rail = "   " if last else "│  "
            lines.append(f"{rail}└─ {step_sentence(step, names, language)}")
    lines += [f"   {share_sentence(share, names, language)}" for share in group.get("shares", ())]
    return lines


def _member(group: Mapping[str, Any], company: str, names: Names, language: Language) -> str:
    codes = group["basis"].get(company, ())
    basis = "; ".join(f"{code} {say(BASES, code, language)}" for code in codes)
    other = company in group["non_client_members"]
    mark = ("（非客户）" if language == "zh" else " (no client)") if other else ""
    coverage = group["coverage"].get(company)
    known = ""
    if coverage is not None:
        known = f"，已知表决权{coverage}%" if language == "zh" else f", {coverage}% of its votes are known"
    noted = group["member_flags"].get(company, ())
    flags = "".join(f" ⚑{flag_sentence(flag, language)}" for flag in noted)
    return f"{named(company, names)}{mark} [{basis}{known}]{flags}"
