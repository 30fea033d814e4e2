"""A large group that is kept for the next question is what it was, whatever is asked between."""

from __future__ import annotations

import io
from datetime import date

import orjson

from discovery.facts.package import facts_from_rows
from discovery.groups import discover
from discovery.groups.looked_up import LARGE
from discovery.groups.why_not import why_not_in
from discovery.policies import load_policy
from discovery.service.groups import Groups

DAY = date(2026, 6, 30)
HEAD, SECOND, LAST = "H", "C-000", f"C-{LARGE - 1:03}"


def test_no_question_changes_a_group_that_is_kept() -> None:
    companies = [f"C-{number:03}" for number in range(LARGE)]
    kind = "enterprise_legal_person"
    parties = [{"id": party, "name": f"{party}公司", "kind": kind} for party in (HEAD, *companies)]
    above = [HEAD, SECOND, *(HEAD if number % 2 else SECOND for number in range(2, LARGE))]
    holdings = [
        {"holder": holder, "company": company, "voting_percent": "60"}
        for holder, company in zip(above, companies, strict=True)
    ]
    facts = facts_from_rows({"parties": parties, "holdings": holdings}, source="kept")
    answer = discover(facts, load_policy("cbrc-2010"), as_of=DAY)
    asked = Groups(answer)
    first = asked.about(SECOND, limit=5)
    ((document, _),) = answer._looked_up._large.values()
    before = orjson.dumps(document)
    name = document["id"]
    for party in (LAST, HEAD, SECOND):
        asked.about(party, limit=1)
        answer.about(party).write(io.BytesIO())
        for group in answer.about(party).document()["groups"]:
            assert orjson.dumps(group) == before
    asked.group(name, limit=7, offset=3)
    asked.evidence(name, LAST)
    asked.owners(LAST, threshold=None, limit=5)
    asked.administration(name)
    why_not_in(answer, controller=LAST, company=SECOND)
    list(answer.outcomes())
    answer.write(io.BytesIO())
    ((document, _),) = answer._looked_up._large.values()
    assert orjson.dumps(document) == before
    assert asked.about(SECOND, limit=5) == first
