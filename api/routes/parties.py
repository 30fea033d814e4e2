"""Parties: found by an identifier or exact name, and the outcomes that name one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from api.asking import Limit, Offset, PartyName, Question, plain
from api.schemas import PartyCard, PartyGroups, PartyPage
from discovery.errors import UsageError
from discovery.facts.graph import FactGraph
from discovery.service.groups import Groups
from discovery.service.lookup import LOOKED_UP, numbers_by, party_card, party_number

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

    def page(graph: FactGraph) -> dict[str, Any]:
        found = numbers_by(graph, column, value)
        listed = found[offset : offset + limit]
        return {
            "total": len(found),
            "returned": len(listed),
            "truncated": len(listed) < len(found),
            "limit": limit,
            "offset": offset,
            "parties": [party_card(graph, number) for number in listed],
        }

    return await asked.answer(asked.graph, page)


@router.get("/{party}", summary="One party", response_model=None, responses={200: {"model": PartyCard}})
async def one(asked: Asked, party: PartyName) -> Response:
    """What the facts say of a party itself."""
    return await asked.answer(asked.graph, lambda graph: party_card(graph, party_number(graph, plain(party))))


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

    def outcomes(found: Groups) -> dict[str, Any]:
        number = party_number(found.graph, plain(party))
        return found.about(found.graph.parties.ids[number], limit=limit)

    return await asked.answer(asked.groups, outcomes)
