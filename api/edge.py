"""What stands before every route: whose call it is, what is too long, what each answer carries, the log.

The access log has the route's pattern, never the address itself: addresses name people.
"""

from __future__ import annotations

import logging
import re
import secrets
import traceback
from time import perf_counter
from typing import Final
from urllib.parse import unquote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import OF_HTTP, problem
from discovery.service.lookup import shown

MOST_PATH: Final = 1_000
MOST_QUERY: Final = 2_000
MOST_BODY: Final = 8 * 1024 * 1024
LOCAL_NAMES: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
SLASH: Final = "\ue000"  # stands for an encoded slash inside one part of the path
_SLASH_BYTES: Final = "%EE%80%80"
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_PORT: Final = re.compile(r":\d+$")
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
}
access = logging.getLogger("guanlian.access")
errors = logging.getLogger("guanlian.errors")


class Edge:
    """The outermost layer of the app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = perf_counter(), 0
        request = Request(scope)
        scope["request_id"] = _request_id(request)

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = scope["request_id"]
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            refused = _refusal(request)
            if refused is not None:
                await _answer(request, refused, scope, receive, dressed)
                return
            scope["path"] = _path(scope)
            await self._app(scope, receive, dressed)
        except Exception as error:  # nobody outside may see what broke, and it must be noted
            frames = "".join(traceback.format_tb(error.__traceback__))
            errors.error("%s %s\n%s", scope["request_id"], type(error).__name__, frames)
            if status:
                raise
            await _answer(request, 500, scope, receive, dressed)
        finally:
            route = getattr(scope.get("route"), "path", "-")
            spent = (perf_counter() - started) * 1000
            access.info("%s %s %s %d %.1fms", scope["request_id"], scope["method"], route, status, spent)


async def _answer(request: Request, status: int, scope: Scope, receive: Receive, send: Send) -> None:
    name, kind = OF_HTTP[status]
    await problem(request, name, kind.en)(scope, receive, send)


def _request_id(request: Request) -> str:
    """The caller's own, if it is a plain word in which no ID number can stand; else a fresh one."""
    given = request.headers.get("x-request-id", "")
    plain = _REQUEST_ID.fullmatch(given) and shown(given) == given
    return given if plain else secrets.token_hex(8)


def _refusal(request: Request) -> int | None:
    """The status by which a request is turned away unread.

    A page in a browser can make a name of its own point to this machine; it is told by the Host header.
    """
    host = _PORT.sub("", request.headers.get("host", "")).lower()
    if host not in LOCAL_NAMES:
        return 421
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not length.isdecimal():
        return 411
    if int(length) > MOST_BODY:
        return 413
    raw = _raw_path(request.scope)
    if len(raw) > MOST_PATH or len(request.scope["query_string"]) > MOST_QUERY:
        return 414
    return 404 if _SLASH_BYTES in raw.upper() else None


def _raw_path(scope: Scope) -> str:
    raw: bytes = scope.get("raw_path") or b""
    return raw.partition(b"?")[0].decode("latin-1")


def _path(scope: Scope) -> str:
    """The path with encoded slashes kept apart from those between its parts (a record key has one)."""
    return unquote(re.sub("%2f", _SLASH_BYTES, _raw_path(scope), flags=re.IGNORECASE))
