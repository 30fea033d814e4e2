"""What the OpenAPI document shows is what the service answers."""

from __future__ import annotations

import httpx
import pytest
from jsonschema import Draft202012Validator

from api.described import examples, method_of

OF_STORE = ("/v1/merges", "/v1/unmerges", "/v1/aparts", "/v1/events", "/v1/review", "/v1/clients")
EXAMPLES = {one["name"]: one for one in examples()}


@pytest.fixture(scope="module")
def document(sample: httpx.Client) -> dict:
    """The OpenAPI document as it is served."""
    return sample.get("/openapi.json").json()


def shown(document: dict) -> dict[str, tuple[dict, dict]]:
    """Every example of the document by name, with the schema that stands beside it."""
    found = {}
    for item in document["paths"].values():
        for answer in (one for operation in item.values() for one in operation["responses"].values()):
            for content in answer.get("content", {}).values():
                for name, example in content.get("examples", {}).items():
                    found[name] = example, content["schema"]
    return found


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_documented_request_is_answered_as_documented(name: str, document: dict, sample: httpx.Client):
    """The request in the document, sent to a service over the examples' facts, gives the answer beside it."""
    example, schema = shown(document)[name]
    method, _, request = example["summary"].partition(" ")

    answer = sample.request(method, request, json=EXAMPLES[name].get("body"))
    body = answer.json()

    if answer.status_code >= 400:
        assert body.pop("request_id") == answer.headers["x-request-id"]
        example = {**example, "value": {**example["value"]}}
    assert (example["value"], EXAMPLES[name]["status"]) == (body, answer.status_code)
    Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json())


def test_every_data_route_has_an_example(document: dict):
    """A route without an example would be one that nobody tried as it is documented."""
    with_example = {one["route"] for one in EXAMPLES.values()}

    plain = {"/readyz", "/v1/policies"}
    data = {path for path in document["paths"] if path not in plain and not path.startswith(OF_STORE)}

    assert data == with_example


def test_parameters_show_what_the_examples_ask(document: dict):
    """Each required parameter carries a value that can be tried."""
    for path, item in document["paths"].items():
        for parameter in (one for each in item.values() for one in each.get("parameters", ())):
            if parameter["required"] and not path.startswith(OF_STORE):
                assert parameter["example"], (path, parameter["name"])


def test_the_documentation_page_needs_no_other_host(sample: httpx.Client):
    """No script runs and nothing is fetched; every route is on the page."""
    answer = sample.get("/docs")

    assert (200, "text/html; charset=utf-8") == (answer.status_code, answer.headers["content-type"])
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert not any(mark in answer.text for mark in ("<script", "http://", "https://", "<link", "src="))
    assert all(f"{method_of(example)} {example['route']}" in answer.text for example in EXAMPLES.values())
    assert "海晏控股有限公司" in answer.text
