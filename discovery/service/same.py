"""Are two answers the same, whatever the ids of their parties? Record keys tell who is who."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from discovery.evidence.models import GROUP_LISTS, PAIR_LISTS
from discovery.facts.facts import KEY, Facts

Document = Mapping[str, Any]
Keys = Mapping[str, str]  # party id -> smallest record key


def record_keys(facts: Facts) -> dict[str, str]:
    """The smallest record key of each party."""
    parties = facts["parties"]
    return dict(zip(parties["id"].to_list(), parties[KEY].to_list(), strict=True))


def differences(one: Document, one_keys: Keys, other: Document, other_keys: Keys) -> list[str]:
    """Where two answer documents differ; empty = the same.

    Party ids are replaced by record keys first. Findings about a file's rows are left out, since a store
    has no rows; so is `about`.
    """
    return list(_differing(_canonical(one, one_keys), _canonical(other, other_keys), ""))


def _canonical(answer: Document, keys: Keys) -> dict[str, Any]:
    """The answer by record keys, each list of outcomes as a mapping by its ids."""
    found: dict[str, Any] = {name: answer[name] for name in ("policy", "as_of", "known_at")}
    found["parties"] = {keys[party]: row for party, row in answer["parties"].items()}
    for name in GROUP_LISTS:
        found[name] = {f"{one['id']} {one['outcome']}": _group(one, keys) for one in answer[name]}
    for name in PAIR_LISTS:
        found[name] = {one["key"]: _pair(one, keys) for one in answer[name]}
    found["decisions"] = {one["fact"]: _decision(one, keys) for one in answer["decisions"]}
    told = [one for one in answer["findings"] if one["row"] is None]
    found["findings"] = sorted(
        f"{one['code']} {keys[one['party']] if one['party'] else ''} {one['detail']}" for one in told
    )
    return found


def _group(group: Document, keys: Keys) -> dict[str, Any]:
    found = dict(group)
    for name in ("members", "non_client_members"):
        found[name] = sorted(keys[party] for party in group[name])
    for name in ("member_flags", "basis", "coverage"):
        found[name] = {keys[party]: value for party, value in group[name].items()}
    found["evidence"] = {keys[company]: _step(step, keys) for company, step in group["evidence"].items()}
    if "shares" in group:
        found["shares"] = [_step(share, keys) for share in group["shares"]]
    controller = dict(group["controller"])
    controller["parties"] = [keys[party] for party in controller["parties"]]
    controller["kin"] = [{**one, "person": keys[one["person"]]} for one in controller.get("kin", ())]
    return {**found, "controller": controller}


def _step(step: Document, keys: Keys) -> dict[str, Any]:
    return {
        **step,
        "unit": [keys[party] for party in step["unit"]],
        "company": keys[step["company"]],
        "contributions": [{**part, "by": keys[part["by"]]} for part in step["contributions"]],
    }


def _decision(entry: Document, keys: Keys) -> dict[str, Any]:
    question = entry["question"]
    return {
        **entry,
        "parties": sorted(keys[party] for party in entry["parties"]),
        "question": question and _pair(question, keys),
    }


def _pair(pair: Document, keys: Keys) -> dict[str, Any]:
    return {
        **pair,
        "parties": sorted(keys[party] for party in pair["parties"]),
        "with": sorted(keys[party] for party in pair["with"]),
    }


def _differing(one: Any, other: Any, place: str) -> Iterator[str]:
    """Each place where two values differ, once."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in sorted({*one, *other}):
            if key not in one or key not in other:
                yield f"{place}/{key}: only in the {'second' if key not in one else 'first'}"
            else:
                yield from _differing(one[key], other[key], f"{place}/{key}")
    elif one != other:
        yield f"{place}: {one!r} and {other!r}"
