"""Who stands behind a party: its ultimate controllers and its owners, as a document and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from discovery.errors import UsageError
from discovery.evidence.wording import controller_label, flag_sentence, named, names_of, step_sentence
from discovery.evidence.words import Language, say
from discovery.facts.codes import Wording
from discovery.facts.facts import Facts
from discovery.facts.graph import fact_graph
from discovery.groups import Answer, discover_in
from discovery.groups.answer import number_of
from discovery.groups.owners import owners_in
from discovery.policies.values import Percent
from discovery.service.answers import Asked
from discovery.service.parties import resolve_party
from discovery.service.sources import Progress

Document = dict[str, Any]
OWNERS_SHOWN: Final = 100
_PERCENT: Final = TypeAdapter(Percent)

OUTCOMES: Final[dict[str, Wording]] = {
    "OWNER": Wording("受益所有人", "beneficial owner"),
    "REVIEW": Wording("待核", "for review"),
    "END": Wording("其上无登记信息的组织", "organisation with nothing on file above it"),
    "NONE": Wording("未达标准", "meets no test"),
}
MEASURES: Final[dict[str, Wording]] = {
    "equity": Wording("股权", "equity"),
    "voting": Wording("表决权", "votes"),
    "higher": Wording("逐层取高", "the higher at each layer"),
}


def owners(
    facts: Facts,
    asked: Asked,
    party: str,
    *,
    threshold: str | None = None,
    limit: int = OWNERS_SHOWN,
    progress: Progress | None = None,
) -> Document:
    """The ultimate controllers and owners of a party; see `discovery.groups.owners.owners_in`."""
    about = resolve_party(facts, party)
    rules = asked.rules()
    percent = threshold_of(threshold)
    graph = fact_graph(facts, asked.as_of, asked.known_at)
    if progress is not None:
        progress("discover", 0, 0)
    return owners_of(discover_in(graph, rules), about, threshold=percent, limit=limit)


def owners_of(answer: Answer, party: str, *, threshold: str | None, limit: int) -> Document:
    """The same of an answer that is there, the party named by its id; UsageError of a natural person."""
    if answer.graph.parties.person[number_of(answer.graph, party)]:
        raise UsageError(
            f"{party} is a natural person, whom nobody owns.",
            remedy="Ask about a company; `guanlian why` tells what names a person.",
            party=party,
        )
    return owners_in(answer, party, threshold=threshold, limit=limit)


def threshold_of(text: str | None) -> str | None:
    """A percentage in its shortest form; UsageError says what one looks like."""
    if text is None:
        return None
    try:
        percent: str = _PERCENT.validate_python(text.strip())
    except ValidationError as error:
        raise UsageError(
            f"The threshold {text!r} is no percentage.", remedy="Write 0 to 100 with at most six decimals."
        ) from error
    return percent


def owner_lines(found: Document, language: Language) -> Iterator[str]:
    """Controllers with their steps, then owners with shares by both methods, tests met and ways down."""
    zh = language == "zh"
    names = names_of(found)
    who = named(found["party"], names)
    yield (
        f"{who}：办法 {found['policy']}，基准日 {found['as_of']}"
        if zh
        else (f"{who}: policy {found['policy']}, as of {found['as_of']}")
    )
    covered = found["coverage"]
    yield (
        f"已知股权 {covered['equity']}%，已知表决权 {covered['votes']}%"
        if zh
        else f"{covered['equity']}% of its equity and {covered['votes']}% of its votes are on file"
    )
    yield from (flag_sentence(flag, language) for flag in found["flags"])
    yield ""
    yield "== 最终控制方（控制链）==" if zh else "== Ultimate controllers (control chain) =="
    if not found["controllers"]:
        yield "未见控制方；不等于证明无人控制。" if zh else "None is known; that proves no independence."
    for one in found["controllers"]:
        yield controller_label(one, names, language)
        yield from (f"  └─ {step_sentence(step, names, language)}" for step in one["evidence"].values())
        yield from (f"  ⚑{flag_sentence(flag, language)}" for flag in one["flags"])
    yield ""
    yield from _listed(found, names, language)


def _listed(found: Document, names: Mapping[str, str | None], language: Language) -> Iterator[str]:
    zh = language == "zh"
    total, returned = found["total"], found["returned"]
    cut = f"{returned} / {total}" if found["truncated"] else str(total)
    yield f"== 所有人（连乘相加）：{cut} ==" if zh else f"== Owners (multiplied and added): {cut} =="
    for one in found["owners"]:
        who = named(one["party"], names)
        met = "；".join(_met(met, language) for met in one["meets"])
        yield (
            f"{who}：{say(OUTCOMES, one['outcome'], language)}{'；' if met else ''}{met}"
            if zh
            else (f"{who}: {say(OUTCOMES, one['outcome'], language)}{'; ' if met else ''}{met}")
        )
        for measure, share in one["shares"].items():
            multiplied, chain = _share(share["multiply"]), share["control_chain"]
            word = say(MEASURES, measure, language)
            yield (
                f"  {word}：连乘 {multiplied}，控制链合计 {chain}%"
                if zh
                else f"  {word}: {multiplied} multiplied, {chain}% by control chain"
            )
        yield from (f"  ⚑{flag_sentence(flag, language)}" for flag in one["flags"])
        for path in one["paths"]:
            yield f"  {' → '.join(named(party, names) for party in path['parties'])}: {_share(path)}"
        if one["more_paths"]:
            yield "  …"


def _met(met: Document, language: Language) -> str:
    through = met.get("via", "")
    via = f"，经 {through}" if language == "zh" else f", through {through}"
    text = (
        f"{met['test']}（第{met['article']}条" if language == "zh" else f"{met['test']} (Art {met['article']}"
    )
    return text + (via if through else "") + ("）" if language == "zh" else ")")


def _share(share: Mapping[str, str]) -> str:
    upper = share.get("upper")
    return f"{share['share']}%" if upper is None else f"{share['share']}–{upper}%"
