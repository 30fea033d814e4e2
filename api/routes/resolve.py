"""A new client: who it may be, in which group it would stand; and storing it once that is clear."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query
from fastapi.responses import Response

from api.asking import Question, soon
from api.bodies import JsonRoute
from api.writing import Stored
from discovery.errors import UsageError
from discovery.service import clients, resolving

router = APIRouter(prefix="/v1", tags=["resolve"], route_class=JsonRoute)
Asked = Annotated[Question, Depends()]
Store = Annotated[Stored, Depends()]
MOST_WITH_GROUPS = 50


@router.post("/resolve", summary="Who a client may be, and its groups", response_model=None)
async def resolve(
    asked: Asked,
    body: Annotated[
        dict[str, Any],
        Body(description='{"queries": {"q1": {"schema": "Company", "properties": {"name": ["..."]}}}}'),
    ],
    limit: Annotated[int, Query(ge=1, le=100, description="results a query")] = 5,
    cutoff: Annotated[float, Query(ge=0, le=1, description="least score where nothing else speaks")] = 0.3,
    membership: Annotated[bool | None, Query(description="groups too; by default for one query")] = None,
) -> Response:
    """One query or up to 1,000 by the caller's keys, in the shape of yente's `/match`. Nothing is stored.

    A query may state `holders`, `officers` and `holdings`, each an entity like itself (or `id`, a party) with
    `role`, `equity_percent`, `voting_percent`. `membership` tells the outcomes that would name the client.
    """
    queries = body.get("queries")
    many = len(queries) if isinstance(queries, dict) else 0
    if membership and many > MOST_WITH_GROUPS:
        raise UsageError(
            f"Groups are asked for {many:,} queries.", remedy=f"Send {MOST_WITH_GROUPS} at most with them."
        )
    wanted = resolving.Asked(limit, round(cutoff * 1000), many == 1 if membership is None else membership)

    async def world() -> resolving.World:
        index = await soon(asked.candidates())
        found = await asked.groups()
        return resolving.World(index, found, await soon(asked.near()))

    return await asked.answer(world, lambda known: resolving.resolve(queries, known, wanted), tagged=False)


@router.put("/clients/{client}", summary="Store a client", response_model=None)
async def store(
    store: Store,
    client: Annotated[str, Path(min_length=1, max_length=100, description="the bank's id of the client")],
    body: Annotated[dict[str, Any], Body(description="an entity as resolve takes it; `party`: who it is")],
) -> Response:
    """The client as a record of its own source with its holders and officers; sent again it changes nothing.

    With `party` (and `by`, `reason`) its record becomes one with that party.
    """
    return await store.changed(lambda graph: clients.store_client(graph, client, body))
