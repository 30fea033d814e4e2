"""What is sent to the routes that change something: JSON alone, which no other site's page can send."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import Field

from discovery.evidence.models import Part

Name = Annotated[str, Field(min_length=1, max_length=300, description="a party, as in all routes")]
By = Annotated[str, Field(min_length=1, max_length=100, description="who decides")]
Reason = Annotated[str, Field(min_length=1, max_length=1_000, description="why")]


class _Strict(Request):
    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = orjson.loads(await self.body())
        return self._json


class JsonRoute(APIRoute):
    """Reads what is sent as JSON to the letter, so that whatever was read can be stored and written again.

    Half a character (a lone surrogate), NaN or nesting without end is no JSON.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handle(_Strict(request.scope, request.receive))

        return strict


class Pair(Part):
    """Two parties, who says so and why."""

    parties: tuple[Name, Name]
    by: By
    reason: Reason


class Undo(Part):
    """A change to undo; or a party and the records that leave it."""

    change: str | None = Field(default=None, pattern=r"^c_[0-9a-f]{16}$")
    party: Name | None = None
    records: tuple[Name, ...] = Field(default=(), max_length=1_000, description="record keys, source/id")
    by: By
    reason: Reason


class Preview(Part):
    """Two parties that might be one."""

    parties: tuple[Name, Name]


class Decide(Part):
    """A decision on a question of the queue."""

    decision: str = Field(max_length=40, description="merge, apart or unsure")
    by: By
    reason: Reason
