"""From a request to the store, for what is asked of it or written to it directly."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import orjson
from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException

from api.edge import LOCAL_NAMES
from discovery.errors import GuanlianError
from discovery.service import changing
from discovery.service.resident import Resident

log = logging.getLogger("guanlian.changes")
Document = dict[str, Any]


def from_here(request: Request) -> None:
    """A page of another origin may not write: browsers send its name, and only JSON is read."""
    origin = request.headers.get("origin")
    if origin is not None and (urlsplit(origin).hostname or "") not in {
        name.strip("[]") for name in LOCAL_NAMES
    }:
        raise HTTPException(403)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415)


class Stored:
    """The store behind the service; ReadOnlyFacts where it answers from a folder."""

    def __init__(self, request: Request) -> None:
        if request.method != "GET":
            from_here(request)
        self._resident: Resident = request.app.state.resident

    async def asked(self, question: Callable[[Any], Document]) -> Response:
        """What the store answers now."""
        return _json(await run_in_threadpool(lambda: question(self._resident.writable())))

    async def changed(self, make: Callable[[Any], Document]) -> Response:
        """A change, written when this returns; the bank's own groups in the store follow afterwards."""
        graph = await run_in_threadpool(self._resident.writable)
        done = await run_in_threadpool(make, graph)
        answer = _json(done)
        if done.get("moved"):
            answer.background = BackgroundTask(follow, graph)
        return answer


def _json(found: Document) -> Response:
    return Response(orjson.dumps(found), media_type="application/json")


def follow(graph: Any) -> None:
    """Let the bank's own groups in the store follow a change; a failure is logged, the change stands."""
    try:
        changing.follow(graph)
    except GuanlianError as error:
        log.warning("the groups in the store did not follow: %s", error.detail)
