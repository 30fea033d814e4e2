"""The administration of groups as lines for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from discovery.evidence.wording import controller_label, listed, named
from discovery.evidence.words import Language, article_words, say
from discovery.facts.codes import NOT_ASSESSED, REASONS, WARNINGS, Wording
from discovery.groups import Answer
from discovery.policies.cited import INHERITED
from discovery.service.administration import head_of, parties_of
from discovery.service.administration_words import (
    BASES_OF_LIMITS,
    COUNTING,
    CRITERIA,
    LEVELS,
    STATES,
    TIES,
    VERDICTS,
)
from discovery.service.policy_words import MEASURED
from discovery.service.reports import heading

Document = dict[str, Any]
Names = dict[str, str | None]
SHOWN_MEMBERS = 10


def administration_lines(
    answer: Answer, total: int, documents: Iterable[Document], language: Language, *, limit: int, page: int
) -> Iterator[str]:
    """One page of groups, each with everything the policy does with it."""
    head, zh = head_of(answer), language == "zh"
    yield (
        f"办法 {head['policy']}，基准日 {head['as_of']}"
        if zh
        else f"Policy {head['policy']}, as of {head['as_of']}"
    )
    first = (page - 1) * limit
    shown = list(islice(documents, first, first + limit))
    yield from heading("groups", total, first, len(shown), language)
    parties = parties_of(answer, shown)
    names = {party: row["name"] for party, row in parties.items()}
    for document in shown:
        yield ""
        yield from group_lines(document, names, language)


def group_lines(document: Document, names: Names, language: Language) -> Iterator[str]:
    """One group: type, lead, totals, limits, guarantees, exemptions, warnings."""
    zh = language == "zh"
    label = controller_label({**document["controller"], "kin": ()}, names, language)
    yield f"{document['id']}  {document['outcome']}  {label}"
    members = listed(document["members"], names, language)
    yield f"  成员：{members}" if zh else f"  Members: {members}"
    yield from _type(document["type"], language)
    yield from _lead(document, language)
    yield from _totals(document["totals"], names, language)
    yield from _limits(document, names, language)
    yield from _guarantees(document, names, language)
    yield from _exemptions(document["exemptions"], language)
    yield from _warnings(document["warnings"], language)
    for finding in document["findings"]:
        yield f"  ! {finding['detail']} {finding['remedy']}"


def _type(found: Document | None, language: Language) -> Iterator[str]:
    if found is None:
        return
    zh = language == "zh"
    if found["code"] is None:
        lacking = ", ".join(say(TIES, name, language) for name in found.get("undecided") or ())
        yield f"  类型：未定 {lacking}".rstrip() if zh else f"  Type: undecided {lacking}".rstrip()
        return
    name, mode = found["name"][language], found["mode"][language]
    presumed = ("，推定" if zh else ", presumed") if found["presumed"] else ""
    if zh:
        yield f"  类型：{found['code']}（{name}；{article_words(found['article'], language)}{presumed}）"
        yield f"  授信模式：{mode}{_article(found['mode_article'], language)}"
    else:
        yield f"  Type: {found['code']}: {name} ({article_words(found['article'], language)}{presumed})"
        yield f"  Mode: {mode}{_article(found['mode_article'], language)}"


def _lead(document: Document, language: Language) -> Iterator[str]:
    found, zh = document["lead"], language == "zh"
    if found is not None:
        unit = found["unit"] and (f"{found['name']} ({found['unit']})" if found["name"] else found["unit"])
        text = unit or ("未定" if zh else "undecided")
        if not found["assessed"]:
            text = say(VERDICTS, "not_assessed", language)
        if found["by"] is not None:
            by = say(CRITERIA, found["by"], language)
            text += f"：{by}" if zh else f": {by}"
        if found["named_by"] is not None:
            level = say(LEVELS, found["named_by"], language)
            text += f"；由{level}指定" if zh else f"; to be named by the {level}"
        text += _article(found["article"], language)
        yield f"  主办：{text}" if zh else f"  Leads: {text}"
    for one in document["approvals"]:
        body, total = one["body"][language], one["total"] or "?"
        needed = {
            True: ("须先报", "goes first to"),
            False: ("不须报", "need not go to"),
            None: ("未评估：", "not assessed:"),
        }
        words = needed[one["needed"]][0 if zh else 1]
        text = (
            f"{words}{body}，{total}/{one['over']}" if zh else f"{words} {body}, {total} beside {one['over']}"
        )
        yield f"  {text}{_article(one['article'], language)}"


def _article(article: str | None, language: Language, of: str | None = None) -> str:
    if not article:
        return ""
    words = article_words(f"{of}{INHERITED}{article}" if of else article, language)
    return f"（{words}）" if language == "zh" else f" ({words})"


def _totals(found: Document, names: Names, language: Language) -> Iterator[str]:
    zh = language == "zh"
    if not found["assessed"]:
        yield f"  {'授信' if zh else 'Credit'}: {say(NOT_ASSESSED, 'no_credit_on_file', language)}"
        return
    if found["currency"] is None:
        yield f"  {'授信' if zh else 'Credit'}: {say(NOT_ASSESSED, 'several_currencies', language)}"
    else:
        yield f"  {'授信' if zh else 'Credit'}: {_amounts(found, found['currency'], language)}"
    for row in found["members"][:SHOWN_MEMBERS]:
        yield f"    {named(row['party'], names)}: {_amounts(row, row['currency'], language)}"
    more = len(found["members"]) - SHOWN_MEMBERS
    if more > 0:
        yield f"    …另有{more}户" if zh else f"    … {more} more"


def _amounts(row: Document, currency: str | None, language: Language) -> str:
    if currency is None:
        return say(NOT_ASSESSED, "several_currencies", language)
    limit = f"额度 {row['limit']}" if language == "zh" else f"limit {row['limit']}"
    gross = f"{say(COUNTING, 'gross', language)} {row['gross']}"
    net = f"{say(COUNTING, 'net_of_cover', language)} {row['net_of_cover']}"
    return f"{limit}, {gross}, {net} {currency}".rstrip()


def _limits(document: Document, names: Names, language: Language) -> Iterator[str]:
    zh = language == "zh"
    for one in document["limits"]:
        if one["party"] is not None and one["verdict"] in {"within", "not_assessed"}:
            continue  # of members what is over, or open, is told
        who = ("集团" if zh else "group") if one["party"] is None else named(one["party"], names)
        base = say(BASES_OF_LIMITS, one["base"], language)
        used = "; ".join(
            f"{say(COUNTING, way['count'], language)} {way['ratio']} = {way['share']}%" for way in one["used"]
        )
        why = say(NOT_ASSESSED, one["why"], language) if one["why"] else used
        verdict = say(VERDICTS, one["verdict"], language)
        article = _article(one["article"], language, one["of"])
        yield (
            f"  限额（{who}）：不超过{base}的{one['le']}%{article}：{verdict}：{why}"
            if zh
            else f"  Limit ({who}): at most {one['le']}% of {base}{article}: {verdict}: {why}"
        )
    found = document["members_sum"]
    if found is not None:
        verdict = (
            _yes_no(found["within"], language)
            if found["why"] is None
            else say(NOT_ASSESSED, found["why"], language)
        )
        article = _article(found["article"], language)
        text = f"{found['total']} / {found['limit'] or '?'}"
        yield (
            f"  成员额度之和不超过集团限额{article}：{text}：{verdict}"
            if zh
            else f"  Members' limits within the group's{article}: {text}: {verdict}"
        )


def _yes_no(within: bool | None, language: Language) -> str:
    return say(VERDICTS, "not_assessed" if within is None else "within" if within else "breach", language)


def _guarantees(document: Document, names: Names, language: Language) -> Iterator[str]:
    found, zh = document["guarantees"], language == "zh"
    if found is not None:
        verdict = _yes_no(found["within"], language)
        parts = f"{found['total']} - {found['left_out']} - {found['secured']} = {found['counted']}"
        used = (
            f"{found['ratio']} = {found['share']}%"
            if found["ratio"]
            else say(NOT_ASSESSED, found["why"], language)
        )
        article = _article(found["article"], language)
        yield (
            f"  内部保证（总额-剔除-另有抵质押）：{parts}；{used}，上限{found['le']}%{article}：{verdict}"
            if zh
            else f"  Guarantees among members (all - left out - also secured): {parts}; {used}, "
            f"at most {found['le']}%{article}: {verdict}"
        )
    for ring in document["rings"]:
        inside = listed(ring["parties"], names, language)
        where = (
            ("集团内" if zh else "inside the group")
            if ring["inside"]
            else ("跨集团" if zh else "across groups")
        )
        yield f"  担保圈（{where}）：{inside}" if zh else f"  Guarantee ring ({where}): {inside}"


def _exemptions(found: list[Document], language: Language) -> Iterator[str]:
    zh = language == "zh"
    for one in found:
        name = say(REASONS | _INCLUSION, one["id"], language)
        state = {
            True: ("成立", "holds"),
            False: ("不成立", "does not hold"),
            None: ("未评估", "not assessed"),
        }
        figures = "; ".join(
            f"{say(MEASURED, row['quantity'], language)} {row['is'] or '?'} ({row['asked']})"
            for row in one["figures"]
        )
        words = state[one["holds"]][0 if zh else 1]
        yield f"  {name}{_article(one['article'], language)}: {words}{': ' if figures else ''}{figures}"


_INCLUSION = {"inclusion": Wording("纳入集团管理的条件", "condition of inclusion")}


def _warnings(found: list[Document], language: Language) -> Iterator[str]:
    zh = language == "zh"
    for one in found:
        if one["state"] != "raised":
            continue
        figures = ", ".join(f"{key} {value}" for key, value in one["measured"].items())
        facts = "、".join(one["facts"][:3]) if zh else ", ".join(one["facts"][:3])
        text = f"{say(WARNINGS, one['warning'], language)} ({figures}) {facts}".rstrip()
        yield f"  预警：{text}" if zh else f"  Warning: {text}"
    for state in ("clear", "not_assessed"):
        names = [say(WARNINGS, one["warning"], language) for one in found if one["state"] == state]
        if names:
            text = ("、" if zh else "; ").join(names)
            yield f"  {say(STATES, state, language)}：{text}" if zh else f"  No {text}"
