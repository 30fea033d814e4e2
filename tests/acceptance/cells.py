"""Cells of the tables: what a policy must say of the facts, in the tables' own notation.

| statement | the answer holds |
| --- | --- |
| `GROUP{A,S,X}@A` | a group of exactly these members, with company A on top |
| `@cluster(h)`, `@cluster(g|c)` | a family on top, anchored at h, at either of g and c |
| `@ring{A,B}`, `@none` | a ring on top, nobody |
| `EXEMPT{G,P} 49(1)` | the shape of a group, left out by that article |
| `REVIEW{X}@A,B joint_control` | a question about exactly X, with at least A and B, for that reason |
| `RELATED{A,B} concert`, `LINK{X,Y}@d key_person` | an association, a lead; `{*}` whichever companies |
| `+flag(X)`, `+flag` | the flag stands on member X; on the outcome or any of its members |
| `X:B14` | membership of X rests on that basis |
| `no REVIEW`, `no LINK key_person` | nothing of the kind |
| `NONE` | no group, exemption or question |

A cell is exhaustive for GROUP and EXEMPT and names the least of everything else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

AVAILABLE = [
    *("abc-2009", "bank-credit-risk", "cbirc-era-annex", "cbrc-2003", "cbrc-2010", "city-commercial"),
    *("everbright", "fi-county", "group-related-forms", "huishang", "rural-related-client"),
    *("substance-eleven", "unified-credit-hq", "xindu-guicheng", "xx-group-management"),
    "xx-hidden-association",
]
BESIDE_ALL = ("corp-group-risk",)  # forms groups, but the tables' "all" does not mean it

# Policies with the parameters of `cbrc-2010`: test_twins holds them equal, so that their rows are slow
# tests, save where a row names one alone.
TWINS = [
    *("bank-credit-risk", "cbrc-2003", "city-commercial", "everbright", "rural-related-client"),
    *("unified-credit-hq", "xx-hidden-association"),
]
EACH = [pytest.param(slug, marks=[pytest.mark.slow] if slug in TWINS else []) for slug in AVAILABLE]

CORE = (
    "cbrc-2003 cbrc-2010 unified-credit-hq xx-hidden-association "
    "abc-2009 city-commercial bank-credit-risk fi-county"
)
FOLLOWERS = "everbright rural-related-client"  # what they leave open they take from cbrc-2010
OWN_TEST = "xx-group-management cbirc-era-annex group-related-forms huishang xindu-guicheng substance-eleven"
ALL = f"{CORE} {OWN_TEST}"
OTHERS = "others"  # those of ALL that no other row of the table names

Answer = Mapping[str, Any]
Outcome = Mapping[str, Any]

_LISTS = {"GROUP": "groups", "EXEMPT": "exempt", "REVIEW": "review", "RELATED": "related", "LINK": "links"}
_EXHAUSTIVE = ("GROUP", "EXEMPT")
_STATEMENT = re.compile(
    r"(?P<no>no )?(?P<outcome>[A-Z]+)(?:\{(?P<parties>[\w,*]+)\})?"
    r"(?:@(?P<head>(?:ring\{|cluster\()?[\w,|]+[})]?))?(?P<words>(?: \S+)*)"
)


@dataclass(frozen=True)
class Statement:
    """One outcome as a cell writes it."""

    text: str
    outcome: str
    absent: bool = False
    parties: frozenset[str] | None = None
    head: str = ""
    reason: str = ""
    flags: tuple[str, ...] = ()
    bases: tuple[tuple[str, str], ...] = field(default=())

    def holds_of(self, said: Outcome) -> bool:
        return (
            said["outcome"] == self.outcome
            and (self.parties is None or self.parties == _parties(said))
            and (not self.head or _heads(self.head, said))
            and self.reason in ("", said.get("article") if self.outcome == "EXEMPT" else said.get("reason"))
            and all(_flagged(flag, said) for flag in self.flags)
            and all(code in _bases(said, company) for company, code in self.bases)
        )


def cells(table: Mapping[str, str]) -> pytest.MarkDecorator:
    """Parametrise a test over `policy` and `expected`: every available policy that the table names.

    A key lists slugs, or is OTHERS. A policy that stands in two rows is an error of the table.
    """
    named = [slug for slugs in table for slug in slugs.split() if slug != OTHERS]
    if doubled := {slug for slug in named if named.count(slug) > 1}:
        raise ValueError(f"{sorted(doubled)} stand in two rows")
    rest = [slug for slug in ALL.split() if slug not in named]
    slow = {slug for slug in TWINS if slug not in table}
    rows = [
        (slug, " ".join(expected.split()))
        for slugs, expected in table.items()
        for slug in (rest if slugs == OTHERS else slugs.split())
    ]
    rows += [
        (slug, expected)
        for follower in FOLLOWERS.split()
        for slug, expected in [(follower, dict(rows).get("cbrc-2010", ""))]
        if expected and follower not in named
    ]
    chosen = [row for row in rows if row[0] in (*AVAILABLE, *BESIDE_ALL)]
    if not chosen:
        raise ValueError("the table has no row of an available policy")
    return pytest.mark.parametrize(
        ("policy", "expected"),
        [
            pytest.param(slug, cell, id=slug, marks=[pytest.mark.slow] if slug in slow else [])
            for slug, cell in chosen
        ],
    )


def read_cell(cell: str) -> list[Statement]:
    """The statements of a cell."""
    parts = [part.strip() for part in cell.split(";") if part.strip()]
    return [_read(part) for part in parts]


def differences(cell: str, answer: Answer) -> list[str]:
    """What the answer lacks of the cell, and what it says beyond it; empty when they agree."""
    statements = read_cell(cell)
    said = {outcome: list(answer[name]) for outcome, name in _LISTS.items()}
    wrong: list[str] = []
    for statement in statements:
        found = [outcome for outcome in said[statement.outcome] if statement.holds_of(outcome)]
        if statement.absent and found:
            wrong += [f"unwanted: {_shown(outcome)}" for outcome in found]
        elif not statement.absent and not found:
            wrong.append(f"missing: {statement.text}")
    for kind in _EXHAUSTIVE:
        wanted = [s for s in statements if s.outcome == kind and not s.absent]
        wrong += [
            f"beyond the cell: {_shown(o)}" for o in said[kind] if not any(s.holds_of(o) for s in wanted)
        ]
        if len(said[kind]) > len(wanted):
            wrong.append(f"{len(said[kind])} {kind} for {len(wanted)}")
    if wrong:
        wrong += [f"said: {_shown(outcome)}" for outcomes in said.values() for outcome in outcomes]
    return wrong


def only(answer: Answer, *members: str) -> Outcome:
    """The one group of exactly these members."""
    (group,) = [group for group in answer["groups"] if sorted(group["members"]) == sorted(members)]
    return group


def bases(group: Outcome, company: str) -> set[str]:
    """The basis codes on which a company's membership rests, the further ones included."""
    return _bases(group, company)


def flags(outcome: Outcome) -> set[str]:
    """The flags of an outcome and of its members."""
    of_members = outcome.get("member_flags", {}).values()
    return {*outcome["flags"], *(flag for flags in of_members for flag in flags)}


def _read(part: str) -> Statement:
    if part == "NONE":
        return Statement(part, "REVIEW", absent=True)
    found = _STATEMENT.fullmatch(part)
    if not found or found["outcome"] not in _LISTS:
        raise ValueError(f"no statement of a cell: {part!r}")
    words = found["words"].split()
    named_flags = tuple(word[1:] for word in words if word.startswith("+"))
    named_bases = tuple(tuple(word.split(":")) for word in words if ":" in word)
    rest = [word for word in words if not word.startswith("+") and ":" not in word]
    if len(rest) > 1 or (rest and found["outcome"] == "GROUP"):
        raise ValueError(f"one reason or article at most, and none of a group: {part!r}")
    parties = found["parties"]
    return Statement(
        text=part,
        outcome=found["outcome"],
        absent=bool(found["no"]),
        parties=None if parties in (None, "*") else frozenset(parties.split(",")),
        head=found["head"] or "",
        reason=rest[0] if rest else "",
        flags=named_flags,
        bases=named_bases,
    )


def _parties(said: Outcome) -> frozenset[str]:
    if "members" in said:
        return frozenset(said["members"])
    pair = said.get("with") or [] if said["outcome"] == "RELATED" else []
    return frozenset([*said["parties"], *pair])


def _heads(head: str, said: Outcome) -> bool:
    if "controller" not in said:
        return set(head.split(",")) <= set(said.get("with") or [])
    kind, parties = said["controller"]["kind"], said["controller"]["parties"]
    if head == "none":
        return kind == "none"
    if ring := re.fullmatch(r"ring\{(.*)\}", head):
        return kind == "ring" and sorted(parties) == sorted(ring[1].split(","))
    if cluster := re.fullmatch(r"cluster\((.*)\)", head):
        return kind == "person" and parties[0] in cluster[1].split("|")
    return kind == "company" and parties == [head]


def _flagged(flag: str, said: Outcome) -> bool:
    if of_member := re.fullmatch(r"(\w+)\((\w+)\)", flag):
        return of_member[1] in said.get("member_flags", {}).get(of_member[2], [])
    return flag in flags(said)


def _bases(said: Outcome, company: str) -> set[str]:
    step = (said.get("evidence") or {}).get(company, {})
    return {*said["basis"].get(company, []), *filter(None, [step.get("basis")]), *step.get("also", [])}


def _shown(said: Outcome) -> str:
    head = said["controller"] if "controller" in said else {"with": said.get("with")}
    words = [
        said.get("reason") or "",
        said.get("article") or "",
        *(f"+{flag}" for flag in sorted(flags(said))),
    ]
    names = ",".join(sorted(_parties(said)))
    return f"{said['outcome']}{{{names}}} {dict(head)} {' '.join(filter(None, words))} {said.get('basis')}"
