"""From the parameters of a request to what is in memory, and back with the headers of an answer."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from datetime import date, datetime
from typing import Annotated, Any, Final, TypeVar

import orjson
from fastapi import Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from api.edge import SLASH
from discovery.service.days import day, moment
from discovery.service.generation import Busy, Generation
from discovery.service.groups import Groups
from discovery.service.resident import Resident

PATIENCE_SECONDS: Final = 30.0  # how long a request waits for a day or policy that nobody asked for yet
MOST_LISTED: Final = 1_000
T = TypeVar("T")

PolicySlug = Annotated[
    str | None,
    Query(alias="policy", max_length=80, description="slug of the policy; the service's own if empty"),
]
AsOf = Annotated[
    str | None,
    Query(
        pattern=r"^\d{4}-\d\d-\d\d$", description="the day for which facts are taken to hold; today if empty"
    ),
]
KnownAt = Annotated[
    str | None,
    Query(
        max_length=40,
        description="what was recorded until then: a day or an ISO moment; all that is known if empty",
    ),
]
Limit = Annotated[int, Query(ge=1, le=MOST_LISTED, description="how many are listed at most")]
Offset = Annotated[int, Query(ge=0, le=100_000_000, description="how many are passed over")]
PartyName = Annotated[
    str,
    Path(
        min_length=1,
        max_length=300,
        description="party id, record key (`source%2Fid`), client number, USCC or LEI",
    ),
]
GroupId = Annotated[str, Path(pattern=r"^g_[0-9a-f]{16}$", description="the group's id")]


class Question:
    """One request: under which policy and for which day it asks, and the version it is answered from."""

    def __init__(
        self, request: Request, policy: PolicySlug = None, as_of: AsOf = None, known_at: KnownAt = None
    ) -> None:
        self._request = request
        self._resident: Resident = request.app.state.resident
        self.generation: Generation
        self.generation, usual = self._resident.now()
        self.policy = self._resident.policy(policy)
        self.as_of: date = usual if as_of is None else day(as_of)
        self.known_at: datetime | None = moment(known_at)

    async def graph(self) -> Any:
        """The facts of the day."""
        return await soon(self.generation.day(self.as_of, self.known_at))

    async def groups(self) -> Groups:
        """What the policy says of the day."""
        return await soon(self.generation.groups(self.policy, self.as_of, self.known_at))

    def candidates(self) -> Future[Any]:
        """Whom a new client may be, among the records of this version."""
        return self._resident.candidates(self.generation)

    def near(self) -> Future[Any]:
        """What lies around each party on the day."""
        return self.generation.near(self.as_of, self.known_at)

    async def answer(
        self,
        kept: Callable[[], Awaitable[Any]],
        make: Callable[[Any], Any] | None = None,
        *,
        tagged: bool = True,
    ) -> Response:
        """What `kept` awaits, or what `make` draws from it; 304 where the caller has this very answer.

        Not `tagged` is an answer that hangs on more than the address.
        """
        headers = self._headers()
        if not tagged:
            del headers["ETag"]
        elif headers["ETag"] in self._request.headers.get("if-none-match", "").split(", "):
            return Response(status_code=304, headers=headers)
        known = await kept()
        body = await run_in_threadpool(lambda: orjson.dumps(known if make is None else make(known)))
        return Response(body, media_type="application/json", headers=headers)

    def _headers(self) -> dict[str, str]:
        status = self._resident.status()
        url = self._request.url
        asked = (self.generation.version, self.policy.slug, self.as_of, self.known_at, url.path, url.query)
        tag = hashlib.sha256(repr(asked).encode()).hexdigest()[:32]
        headers = {"ETag": f'"{tag}"', "Guanlian-Version": self.generation.version}
        if status.state in {"stale", "refreshing"}:
            headers["Guanlian-Stale"] = f"{status.state}; checked={status.checked_at.isoformat()}"
        return headers


async def soon(future: Future[T]) -> T:
    """The result, if it is there or comes in time; no thread waits for it. Busy if it does not."""
    if not future.done():
        coming = asyncio.wrap_future(future)
        await asyncio.wait({coming}, timeout=PATIENCE_SECONDS)
        if not coming.done():
            raise Busy("That day and policy are still being computed.", remedy="Ask again shortly.")
    return future.result()


def plain(text: str) -> str:
    """A part of the path as it was meant, its encoded slashes given back."""
    return text.replace(SLASH, "/")
