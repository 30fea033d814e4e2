"""What changed between two days, and what would under a hypothesis."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.asking import KnownAt, Limit, Offset, PolicySlug, Question, soon
from api.bodies import JsonRoute
from api.schemas import ChangePage, WhatIfPage
from discovery.errors import BadInput
from discovery.service.changes import Moment, cut
from discovery.service.days import day, moment
from discovery.service.what_if import Rows

MOST_BYTES = 1_000_000  # of a hypothesis
_DAY = r"^\d{4}-\d\d-\d\d$"
_HYPOTHESIS = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "facts": {
                            "type": "object",
                            "description": "rows by file of the facts package, values as in the file",
                            "additionalProperties": {"type": "array", "items": {"type": "object"}},
                        },
                        "without": {
                            "type": "array",
                            "items": {"type": "string"},
                            "description": "ids of facts to be taken away",
                        },
                    },
                }
            }
        },
    }
}
router = APIRouter(prefix="/v1", tags=["changes"], route_class=JsonRoute)
Asked = Annotated[Question, Depends()]


class Span:
    """Two moments under one policy; the later one is the question's own."""

    def __init__(
        self,
        request: Request,
        *,
        start: Annotated[str, Query(alias="from", pattern=_DAY, description="the earlier day")],
        end: Annotated[
            str | None, Query(alias="to", pattern=_DAY, description="the later day; today if empty")
        ] = None,
        known_from: KnownAt = None,
        known_to: KnownAt = None,
        policy: PolicySlug = None,
    ) -> None:
        self.question = Question(request, policy, end, known_to)
        self.before = Moment(day(start), moment(known_from))
        self.after = Moment(self.question.as_of, self.question.known_at)


@router.get("/changes", summary="Changes", response_model=None, responses={200: {"model": ChangePage}})
async def changes(span: Annotated[Span, Depends()], limit: Limit = 100, offset: Offset = 0) -> Response:
    """Groups that differ between two days, or by what was known: formed, dissolved, merged, split, changed.

    Each member that joined or left names the facts that made the difference; `total` counts the groups.
    """
    asked = span.question
    return await asked.answer(
        lambda: soon(asked.generation.changes(asked.policy, span.before, span.after)),
        lambda found: cut(found, limit, offset),
    )


@router.post(
    "/what-if",
    summary="What if",
    response_model=None,
    responses={200: {"model": WhatIfPage}},
    openapi_extra=_HYPOTHESIS,
)
async def what_if(request: Request, asked: Asked, limit: Limit = 100, offset: Offset = 0) -> Response:
    """Groups that would differ if these facts were so and those were not; nothing is stored.

    A supposed holding stands in place of what that holder has in that company. Parties are named by id,
    record key, client number, USCC or LEI; who is unknown is a stub.
    """
    rows, without = _hypothesis(await _body(request))
    at = Moment(asked.as_of, asked.known_at)
    return await asked.answer(
        lambda: soon(asked.generation.what_if(asked.policy, at, rows, without)),
        lambda found: cut(found, limit, offset),
        tagged=False,
    )


async def _body(request: Request) -> bytes:
    read = bytearray()
    async for part in request.stream():
        read += part
        if len(read) > MOST_BYTES:
            raise BadInput(
                f"The hypothesis is longer than {MOST_BYTES:,} bytes.",
                remedy="Load a package into a store of its own.",
            )
    return bytes(read)


def _hypothesis(body: bytes) -> tuple[Rows, list[str]]:
    """The rows by file and the facts to be left out; BadInput names what is not of that shape."""
    try:
        given: Any = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _misshapen(f"The body is no JSON: {error.msg}.") from error
    if not isinstance(given, dict) or given.keys() - {"facts", "without"}:
        raise _misshapen("The body is no object of facts and without.")
    rows, without = given.get("facts", {}), given.get("without", [])
    if not isinstance(rows, dict) or not all(
        isinstance(each, list) and all(isinstance(row, dict) for row in each) for each in rows.values()
    ):
        raise _misshapen("facts is no object of lists of rows.")
    if not isinstance(without, list) or not all(isinstance(fact, str) for fact in without):
        raise _misshapen("without is no list of fact ids.")
    if not (any(rows.values()) or without):
        raise _misshapen("There is no hypothesis.")
    return rows, without


def _misshapen(detail: str) -> BadInput:
    return BadInput(detail, remedy='Send {"facts": {"holdings": [{...}]}, "without": ["holding_..."]}.')
