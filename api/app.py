"""The app: routes, errors, the edge around them, and the description of it all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from api.described import describe
from api.edge import Edge
from api.problems import answer_problems
from api.routes import changes, decisions, groups, merging, parties, resolve, review, state
from api.schemas import Problem
from discovery.service.resident import Resident

DESCRIPTION = (
    "Which clients of a bank belong together, under the bank's own measures, with proof. "
    "Answers come from memory; Guanlian-Version says of which version of the facts. "
    "Errors are problem documents (RFC 9457)."
)


def create_app(resident: Resident) -> FastAPI:
    """The service over facts that were started already; they are stopped with it."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(resident.stop)

    app = FastAPI(
        title="Guanlian 关联",
        version=_version(),
        description=DESCRIPTION,
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses={"default": {"model": Problem, "description": "A problem."}},
    )
    app.state.resident = resident
    for routes in (parties, groups, resolve, merging, review, changes, decisions, state):
        app.include_router(routes.router)
    answer_problems(app)
    describe(app)
    app.add_middleware(Edge)
    return app


def _version() -> str:
    try:
        return version("guanlian")
    except PackageNotFoundError:
        return "0"
