"""Parties: found by an identifier or exact name, and the outcomes that name one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from api.asking import Limit, Offset, PartyName, Question, plain
from api.owner_schemas import PartyOwners
from api.schemas import PartyCard, PartyGroups, PartyPage
from discovery.errors import UsageError
from discovery.service.lookup import LOOKED_UP, one_party, parties_by

router = APIRouter(prefix="/v1/parties", tags=["parties"])
Asked = Annotated[Question, Depends()]
Value = Annotated[str | None, Query(min_length=1, max_length=300)]


@router.get("", summary="Find parties", response_model=None, responses={200: {"model": PartyPage}})
async def find(  # noqa: PLR0917  FastAPI gives them by name
    asked: Asked,
    party: Annotated[Value, Query(alias="id")] = None,
    client_no: Value = None,
    uscc: Value = None,
    lei: Value = None,
    name: Value = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Response:
    """Every party with exactly that value, by record key. One of id, client_no, uscc, lei and name is given.

    A name is compared as it stands; an empty list says that no party of these facts has the value, no more.
    """
    given = {
        column: value
        for column, value in zip(LOOKED_UP, (party, client_no, uscc, lei, name), strict=True)
        if value is not None
    }
    if len(given) != 1:
        raise UsageError(
            f"{len(given)} of {', '.join(LOOKED_UP)} are given.", remedy="Give exactly one of them."
        )
    ((column, value),) = given.items()

    return await asked.answer(
        asked.graph, lambda graph: parties_by(graph, column, value, limit=limit, offset=offset)
    )


@router.get("/{party}", summary="One party", response_model=None, responses={200: {"model": PartyCard}})
async def one(asked: Asked, party: PartyName) -> Response:
    """What the facts say of a party itself."""
    return await asked.answer(asked.graph, lambda graph: one_party(graph, plain(party)))


@router.get(
    "/{party}/groups",
    summary="Groups and other outcomes of a party",
    response_model=None,
    responses={200: {"model": PartyGroups}},
)
async def groups(asked: Asked, party: PartyName, limit: Limit = 100) -> Response:
    """Every outcome that names the party under a policy on a day, with evidence: it may be in several groups.

    No outcome is no proof of independence: see `findings`. Of long lists and large groups a part is
    listed, the party itself always; `counts` says how many there are.
    """

    return await asked.answer(asked.groups, lambda found: found.about(plain(party), limit=limit))


@router.get(
    "/{party}/owners",
    summary="Ultimate controllers and owners of a party",
    response_model=None,
    responses={200: {"model": PartyOwners}},
)
async def owners(
    asked: Asked,
    party: PartyName,
    threshold: Annotated[
        str | None, Query(max_length=12, description="percent; instead of the rule's figure for shares")
    ] = None,
    limit: Limit = 100,
) -> Response:
    """Who controls the party by control chain, who owns it by multiplication, and the tests they meet."""

    return await asked.answer(
        asked.groups, lambda found: found.owners(plain(party), threshold=threshold, limit=limit)
    )
