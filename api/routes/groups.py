"""Groups by id, and why a party is a member of one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.administration import GroupAdministration
from api.asking import GroupId, Limit, Offset, PartyName, Question, plain
from api.schemas import GroupPage, MemberEvidence

router = APIRouter(prefix="/v1/groups", tags=["groups"])
Asked = Annotated[Question, Depends()]


@router.get("/{group}", summary="One group", response_model=None, responses={200: {"model": GroupPage}})
async def one(asked: Asked, group: GroupId, limit: Limit = 100, offset: Offset = 0) -> Response:
    """A group (or what an exemption leaves out) under the policy and on the day under which it was found."""
    return await asked.answer(asked.groups, lambda found: found.group(group, limit=limit, offset=offset))


@router.get(
    "/{group}/members/{party}/evidence",
    summary="Why a party is a member",
    response_model=None,
    responses={200: {"model": MemberEvidence}},
)
async def evidence(asked: Asked, group: GroupId, party: PartyName) -> Response:
    """The member's step and all that it rests on, also in words; the head has no step."""

    return await asked.answer(asked.groups, lambda found: found.evidence(group, plain(party)))


@router.get(
    "/{group}/administration",
    summary="How a group is administered",
    response_model=None,
    responses={200: {"model": GroupAdministration}},
)
async def administration(asked: Asked, group: GroupId) -> Response:
    """Type and mode, leading unit, totals, limits and their use, guarantees, warnings; all by the policy.

    What the facts cannot tell is said to be `not_assessed`, with the reason.
    """
    return await asked.answer(asked.groups, lambda found: found.administration(group))
