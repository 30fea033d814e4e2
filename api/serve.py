"""Serving over HTTP on this machine."""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import sys
from pathlib import Path
from typing import Final

import uvicorn

from api.app import create_app
from discovery.errors import UsageError
from discovery.service.resident import Resident
from discovery.service.versions import FolderSource, StoreSource

IMAGE: Final = "GUANLIAN_IMAGE"  # set in our container image alone, whose port is published on 127.0.0.1
WAIT_SECONDS: Final = 10  # for requests that are being answered when the service is stopped


def run(
    *, host: str = "127.0.0.1", port: int = 8000, path: Path | None = None, policy: str = "cbrc-2010"
) -> None:
    """Serve a folder of facts, or the store, until interrupted.

    Raises what is wrong with host, port, policy, folder or store before it listens.
    """
    _check_host(host)
    with listening(host, port) as listener:
        resident = Resident(StoreSource() if path is None else FolderSource(path), policy)
        resident.start()
        _log_to_stderr()
        address = _address(listener)
        print(f"Guanlian answers at {address}, its documentation is at {address}/docs", file=sys.stderr)
        server(resident).run(sockets=[listener])


def server(resident: Resident) -> uvicorn.Server:
    """The server of facts that were started; it waits for requests under way when it is stopped."""
    config = uvicorn.Config(
        create_app(resident),
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=WAIT_SECONDS,
        timeout_keep_alive=30,
        limit_concurrency=200,
        h11_max_incomplete_event_size=16_384,
        proxy_headers=False,
        ws="none",
    )
    return uvicorn.Server(config)


def _check_host(host: str) -> None:
    """Whoever reaches the service may ask everything, so only this machine may reach it."""
    if host == "localhost" or _loopback(host) or os.environ.get(IMAGE) == "1":
        return
    raise UsageError(
        f"Guanlian does not listen on {host}: it has no keys and roles yet, so whoever reaches it may see "
        "every party.",
        remedy="Serve on 127.0.0.1 and let a proxy that knows your users stand in front.",
        host=host,
    )


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listening(host: str, port: int) -> socket.socket:
    """The open port; UsageError if it is taken. Port 0 takes a free one."""
    name = "127.0.0.1" if host == "localhost" else host
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    # named, so that asyncio sees TCP and sends the parts of an answer without waiting for acknowledgements
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((name, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        raise UsageError(
            f"The port {port} on {host} cannot be used: {getattr(error, 'strerror', None) or error}.",
            remedy="Choose another with --port; 0 takes a free one.",
            port=port,
        ) from error
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _log_to_stderr() -> None:
    """Our own lines: time, logger, message. Requests stand there by route, never by address."""
    log = logging.getLogger("guanlian")
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False
