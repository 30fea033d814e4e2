"""Is the service alive and ready, which policies it knows, what its problems mean, its own pages."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from api.pages import CONTENT_POLICY, docs_page
from api.problems import KINDS, problem
from api.schemas import Health, Policies, PolicyTitle, Readiness
from discovery.service.resident import Resident

router = APIRouter(tags=["service"])


@router.get("/healthz", summary="Alive")
async def healthz() -> Health:
    """The process answers; it says nothing of the facts."""
    return Health(status="ok")


@router.get("/readyz", summary="Ready", response_model=None, responses={200: {"model": Readiness}})
async def readyz(request: Request) -> Response:
    """503 until the first answer is in memory, and while the store gives no word.

    Questions are then still answered from memory, marked with the header Guanlian-Stale.
    """
    resident: Resident = request.app.state.resident
    status = resident.status()
    if status.state in {"starting", "stale"}:
        return problem(
            request,
            "NotReady" if status.state == "starting" else "StoreUnavailable",
            status.problem or "The facts are being made ready.",
            facts={
                "state": status.state,
                "version": status.version,
                "checked_at": status.checked_at.isoformat(),
            },
        )
    ready = Readiness(
        status="ready" if status.state == "ready" else "refreshing",
        version=str(status.version),
        policy=status.policy,
        as_of=str(status.as_of),
        checked_at=status.checked_at.isoformat(),
        problem=status.problem,
    )
    return Response(ready.model_dump_json(), media_type="application/json")


@router.get("/v1/policies", summary="Policies")
async def policies(request: Request) -> Policies:
    """The policies that may be asked for."""
    resident: Resident = request.app.state.resident
    known = [resident.policy(slug) for slug in resident.policy_slugs()]
    return Policies(
        policies=tuple(
            PolicyTitle(
                slug=policy.slug,
                title={"zh": policy.title.zh, "en": policy.title.en},
                source={"zh": policy.source.zh, "en": policy.source.en},
                default=policy.slug == resident.default,
            )
            for policy in known
        )
    )


@router.get("/problems/{name}", summary="What a problem means")
async def problem_kind(name: str) -> dict[str, str | int]:
    """The kind of problem that an error's `type` names."""
    kind = KINDS.get(name)
    if kind is None:
        raise HTTPException(404)
    return {"type": f"/problems/{name}", "status": kind.status, "en": kind.en, "zh": kind.zh}


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> HTMLResponse:
    """The routes on one page that needs no script and no other host."""
    page = docs_page(request.app.openapi())
    return HTMLResponse(page, headers={"Content-Security-Policy": CONTENT_POLICY})
