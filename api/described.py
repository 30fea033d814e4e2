"""The OpenAPI document, with real requests and the answers that the tests hold them to.

The examples are asked of the package in `examples/facts`; each stands in a file of its own, with
`request`, `route`, `status` and `answer`; where it is no GET also `method` and `body`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import MEDIA_TYPE

FOLDER: Final = Path(__file__).parent / "examples"
FACTS: Final = FOLDER / "facts"
AS_OF: Final = "2026-06-30"  # the day the examples are about


@cache
def examples() -> tuple[dict[str, Any], ...]:
    """The documented requests with their answers, by name of file."""
    files = sorted(FOLDER.glob("*.json"))
    return tuple({"name": file.stem, **json.loads(file.read_text(encoding="utf-8"))} for file in files)


def describe(app: FastAPI) -> None:
    """Put the examples, and errors as they really are, into the app's OpenAPI document."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes
            )
            for path, item in document["paths"].items():
                for example in examples():
                    if example["route"] == path:
                        _add(item[method_of(example).lower()], example)
                for operation in item.values():
                    _errors(operation)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's way to set it


def method_of(example: dict[str, Any]) -> str:
    """How the example is sent."""
    return str(example.get("method", "GET"))


def _errors(operation: dict[str, Any]) -> None:
    """Errors have a media type of their own."""
    content = operation["responses"]["default"]["content"]
    content[MEDIA_TYPE] = {**content.pop("application/json"), **content.get(MEDIA_TYPE, {})}


def _add(operation: dict[str, Any], example: dict[str, Any]) -> None:
    status = str(example["status"])
    good = status == "200"
    answer = operation["responses"][status if good else "default"]
    content = answer.setdefault("content", {}).setdefault("application/json" if good else MEDIA_TYPE, {})
    shown = {"summary": f"{method_of(example)} {example['request']}", "value": example["answer"]}
    if "body" in example:
        sent = operation["requestBody"]["content"]["application/json"].setdefault("examples", {})
        sent[example["name"]] = {"summary": shown["summary"], "value": example["body"]}
    content.setdefault("examples", {})[example["name"]] = shown
    if good:
        given = _given(example)
        for parameter in operation.get("parameters", ()):
            if parameter["name"] in given:
                parameter.setdefault("example", given[parameter["name"]])


def _given(example: dict[str, Any]) -> dict[str, str]:
    """The parameters of an example's request by name."""
    url = urlsplit(example["request"])
    pattern = re.sub(r"\\?\{(\w+)\\?\}", r"(?P<\1>[^/]+)", example["route"])
    found = re.fullmatch(pattern, url.path)
    parts = {name: unquote(value) for name, value in (found.groupdict() if found else {}).items()}
    return parts | {name: values[0] for name, values in parse_qs(url.query).items()}
