"""The queue of what waits for a person: listed, shown side by side, decided."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from api.asking import Question
from api.bodies import Decide, JsonRoute
from api.writing import Stored
from discovery.service import reviewing

router = APIRouter(prefix="/v1/review", tags=["review"], route_class=JsonRoute)
Store = Annotated[Stored, Depends()]
Which = Annotated[str, Path(pattern=r"^q_[0-9a-f]{16}$", description="the question's id")]


@router.get("", summary="What waits for a decision", response_model=None)
async def queue(
    store: Store,
    status: Annotated[str, Query(max_length=60, description="open,waiting,done,lapsed")] = "open,waiting",
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """A page of questions: those that wait for a second person, then the most alike, then the oldest."""
    statuses = tuple(part.strip() for part in status.split(","))
    return await store.asked(lambda graph: reviewing.queue(graph, statuses=statuses, limit=limit, page=page))


@router.get("/outcomes", summary="What a policy asks", response_model=None)
async def outcomes(
    asked: Annotated[Question, Depends()],
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """The policy's questions that nobody has decided, by key, with how long each has been known.

    `POST /v1/decisions` answers one.
    """
    return await asked.answer(
        asked.groups, lambda found: reviewing.outcomes(found.answer, limit=limit, page=page)
    )


@router.get("/{question}", summary="One question, side by side", response_model=None)
async def show(store: Store, question: Which) -> Response:
    """Both parties field by field, what the names say part by part, and the opinions so far."""
    return await store.asked(lambda graph: reviewing.show(graph, question))


@router.post("/{question}", summary="Decide a question", response_model=None)
async def decide(store: Store, question: Which, body: Decide) -> Response:
    """`merge` and `apart` take effect at once, or once a second person agrees (`applied`)."""
    return await store.changed(
        lambda graph: reviewing.decide(graph, question, body.decision, by=body.by, reason=body.reason)
    )
