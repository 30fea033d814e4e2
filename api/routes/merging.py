"""Parties made one, parted, kept apart; what that would do to groups; the feed of what became of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from api.asking import Question, soon
from api.bodies import JsonRoute, Pair, Preview, Undo
from api.writing import Stored
from discovery.errors import UsageError
from discovery.service import changing, identity
from discovery.service.preview import preview_merge

router = APIRouter(prefix="/v1", tags=["merging"], route_class=JsonRoute)
Store = Annotated[Stored, Depends()]
Asked = Annotated[Question, Depends()]


@router.post("/merges", summary="Make one party of two", response_model=None)
async def merge(store: Store, body: Pair) -> Response:
    """Records stay, old ids go on being understood. Where a second person must agree, `applied` is false."""
    one, other = body.parties
    return await store.changed(
        lambda graph: changing.merge(graph, one, other, by=body.by, reason=body.reason)
    )


@router.post("/merges/preview", summary="What a merge would do to groups", response_model=None)
async def preview(asked: Asked, body: Preview) -> Response:
    """Groups that would come, go, gain or lose members under a policy on a day. Nothing is written."""
    one, other = body.parties

    async def told() -> object:
        found = await asked.groups()
        return await soon(asked.generation.worked(lambda: preview_merge(found.answer, one, other)))

    return await asked.answer(told, tagged=False)


@router.post("/unmerges", summary="Undo a change, or split a party", response_model=None)
async def unmerge(store: Store, body: Undo) -> Response:
    """`change` undoes a merge, split or keep-apart exactly; `party` and `records` let records leave it."""
    what = body.change or body.party
    if what is None or (body.change is None) == (body.party is None) or (body.change and body.records):
        raise UsageError(
            "Say either a change or a party.", remedy="Give change; or party and the records that leave it."
        )
    return await store.changed(
        lambda graph: identity.unmerge(graph, what, body.records, by=body.by, reason=body.reason)
    )


@router.post("/aparts", summary="Keep two parties apart", response_model=None)
async def apart(store: Store, body: Pair) -> Response:
    """No later batch, and no chain of merges, makes them one."""
    one, other = body.parties
    return await store.changed(
        lambda graph: identity.keep_apart(graph, one, other, by=body.by, reason=body.reason)
    )


@router.get("/events", summary="What became of parties", response_model=None)
async def events(
    store: Store,
    after: Annotated[int, Query(ge=0, description="`next` of the page before; 0 for the first")] = 0,
    limit: Annotated[int, Query(ge=1, le=identity.MOST_EVENTS)] = 100,
) -> Response:
    """Merges and splits in the order of commits, numbered without a gap; go on from `next`."""
    return await store.asked(lambda graph: identity.events(graph, after=after, limit=limit))
