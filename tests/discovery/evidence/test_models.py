"""The answer document: the published schema and what the models refuse."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from discovery.evidence.models import Answer, GroupOutcome, PairOutcome, Step, answer_schema
from discovery.groups import discover
from discovery.policies import load_policy
from tests.discovery.evidence.worlds import facts_of, world
from tests.unlike import each, firsts

VALIDATOR = Draft202012Validator(answer_schema())
PUBLISHED = Path(__file__).parents[3] / "docs" / "answer.schema.json"


def test_the_published_schema_is_current():
    """docs/answer.schema.json says what the models say."""
    assert answer_schema() == json.loads(PUBLISHED.read_text(encoding="utf-8"))


def test_the_schema_is_one():
    """The published schema is valid JSON Schema 2020-12."""
    Draft202012Validator.check_schema(answer_schema())


@pytest.mark.parametrize("model", [Step, GroupOutcome, PairOutcome])
def test_examples_are_of_the_shape_they_show(model):
    """Each example in the schema validates against its own model."""
    for example in model.model_config["json_schema_extra"]["examples"]:
        model.model_validate(example)


@pytest.mark.parametrize("policy", each(firsts()))
def test_what_the_engine_writes_fits(policy):
    """Documents of the engine fit the models and the schema, whatever the policy; a world for each."""
    seed = len(policy)
    answer = discover(facts_of(world(seed)), load_policy(policy), as_of=date(2026, 6, 30)).document()

    Answer.model_validate(answer)
    assert [] == [error.message for error in VALIDATOR.iter_errors(answer)]


def test_unknown_keys_are_refused():
    """A key that no contract names is an error, so a slip of the pen is seen."""
    with pytest.raises(ValidationError, match="extra_forbidden"):
        PairOutcome.model_validate({**_example(PairOutcome), "colour": "red"})


def test_closed_lists_are_closed():
    """A flag that no list names is refused."""
    with pytest.raises(ValidationError, match="closed list"):
        GroupOutcome.model_validate({**_example(GroupOutcome), "flags": ["gloomy"]})


def test_numbers_are_decimal_text():
    """A total is text in its shortest form: neither a number nor padded with zeros."""
    for total in (55, "55.0", "055", "5e1"):
        with pytest.raises(ValidationError):
            Step.model_validate({**_example(Step), "total": total})


def _example(model):
    return model.model_config["json_schema_extra"]["examples"][0]
