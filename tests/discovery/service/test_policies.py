"""A policy in words says all that its file says, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from discovery import cli
from discovery.evidence.words import article_words
from discovery.facts.codes import FLAGS
from discovery.facts.schema import BRANCH_LEVELS
from discovery.policies import measure_slugs
from discovery.policies.administration import AttributionRule, Base, Count, Criterion
from discovery.policies.expressions import TIES
from discovery.policies.hidden_association import HiddenAssociation
from discovery.policies.owners import DependenceTest, OwnerTest
from discovery.policies.values import Status
from discovery.service import administration_words, policy_words
from discovery.service.policies import policy_document, policy_lines
from discovery.service.policy_citing import STATUSES

SAMPLE = str(Path(__file__).parents[3] / "discovery" / "sample" / "guanlian")
FIGURES = {"threshold", "le", "platform_le", "months", "equity_changes", "guarantee_share", "min_confidence"}
NAMED = ("code", "id")


def said(data: Any, language: str, path: str = "") -> Iterator[tuple[str, str]]:
    """Where something stands in a policy as data, and the text that must tell of it."""
    if isinstance(data, list):
        for item in data:
            yield from said(item, language, path)
    if not isinstance(data, dict):
        return
    for key, value in data.items():
        place = f"{path}.{key}"
        if key in {"article", "members_sum"} or key.endswith("_article"):
            yield place, article_words(value, language)
        elif key == "status":
            yield place, getattr(STATUSES[value], language)
        elif key in {*NAMED, language} or (key in FIGURES and str(value) not in {"0", "-"}):
            yield place, str(value)
        elif key == "flags":
            yield from ((place, getattr(FLAGS[flag], language)) for flag in value)
        elif key == "over":
            yield place, f"{int(value):,}"
        else:
            yield from said(value, language, place)


@pytest.mark.parametrize("slug", measure_slugs())
def test_everything_in_the_file_is_told(slug):
    """Each article, figure, code, name and status that a policy has stands in its words."""
    document = policy_document(slug)
    if "hidden_association" not in document.get("review", {}).get("switch_on", []):
        document.pop("hidden_association", None)

    for language in ("zh", "en"):
        text = "\n".join(policy_lines(slug, language))
        assert [] == [place for place, words in said(document, language) if words not in text]


def test_every_value_a_policy_may_have_has_its_word():
    """The closed lists of the rule vocabulary and the tables of words are the same."""
    figures = HiddenAssociation.model_fields.keys() - {"status", "article", "presumed", "indicators"}
    measures = set(get_args(DependenceTest.model_fields["measure"].annotation)) - {"power"}

    assert set(get_args(Status)) == STATUSES.keys()
    assert set(get_args(AttributionRule)) == policy_words.ATTRIBUTIONS.keys()
    assert set(get_args(Criterion)) | {"only"} == administration_words.CRITERIA.keys()
    assert set(get_args(Base)) == administration_words.BASES_OF_LIMITS.keys()
    assert set(get_args(Count)) == administration_words.COUNTING.keys()
    assert set(BRANCH_LEVELS) == administration_words.LEVELS.keys()
    assert TIES.keys() == administration_words.TIES.keys()
    assert figures == policy_words.SIGN_FIGURES.keys()
    assert set(get_args(OwnerTest.model_fields["measure"].annotation)) == policy_words.OWNER_MEASURES.keys()
    assert set(get_args(OwnerTest.model_fields["method"].annotation)) == policy_words.METHODS.keys()
    assert measures == policy_words.DEPENDENCES.keys()


def test_a_condition_inside_another_stands_in_brackets():
    """`a or (b and c)` is not read as `(a or b) and c`."""
    text = "\n".join(policy_lines("abc-2009", "en"))

    assert "100 or (members others borrow for (%) at least 100 and members" in text


def test_an_inherited_limit_cites_its_article_once(capfd):
    """The policy it comes from and its article, one time each: in the policy's words and in a report."""
    (limit,) = (line for line in policy_lines("fi-county", "en") if line.startswith("  group:"))
    ask = ["administer", SAMPLE, "--as-of", "2026-06-30", "--policy", "fi-county", "--party", "huayue"]
    assert 0 == cli.run([*ask, "--lang", "en"])
    report = next(line for line in capfd.readouterr().out.splitlines() if line.startswith("  Limit (group)"))
    assert 0 == cli.run([*ask, "--json"])
    (group,) = json.loads(capfd.readouterr().out)["groups"]

    for line in (limit, report):
        assert (1, 1) == (line.count("cbrc-2010"), line.count("Art 12"))
    assert ("12", "cbrc-2010") == (group["limits"][0]["article"], group["limits"][0]["of"])
