"""Recorded decisions: what became of them, and a new one."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, BackgroundTasks, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.asking import Limit, Offset, Question
from api.bodies import JsonRoute
from api.schemas import DecisionPage, Recorded
from api.writing import follow, from_here
from discovery.service.decisions import Decision, occurring, record
from discovery.service.groups import Groups
from discovery.service.lookup import party_number

router = APIRouter(prefix="/v1/decisions", tags=["decisions"], route_class=JsonRoute)
Asked = Annotated[Question, Depends()]
Text = Annotated[str, Field(min_length=1, max_length=2_000)]


class NewDecision(BaseModel):
    """A person's word: `accept` or `reject` the outcome with `key`, or `group` parties under an article."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["accept", "reject", "group"]
    key: str | None = Field(
        default=None, pattern=r"^[og]_[0-9a-f]{16}$", description="of a question or group"
    )
    parties: tuple[Annotated[str, Field(min_length=1, max_length=300)], ...] = Field(
        default=(), max_length=1_000, description="members that a group loses, or those to tie together"
    )
    article: Annotated[str, Field(max_length=200)] | None = None
    by: Text = Field(description="who decides")
    reason: Text = Field(description="why")
    until: date | None = Field(default=None, description="the last day on which it stands")


@router.get("", summary="Recorded decisions", response_model=None, responses={200: {"model": DecisionPage}})
async def listed(asked: Asked, limit: Limit = 100, offset: Offset = 0) -> Response:
    """Every decision that bears on the policy and day, by fact id, and what became of it."""

    def page(found: Groups) -> dict[str, Any]:
        every = found.answer.decisions()
        shown = every[offset : offset + limit]
        return {
            "total": len(every),
            "returned": len(shown),
            "truncated": offset + len(shown) < len(every),
            "limit": limit,
            "offset": offset,
            "decisions": shown,
        }

    return await asked.answer(asked.groups, page)


@router.post("", summary="Record a decision", status_code=201)
async def recorded(
    request: Request, asked: Asked, said: NewDecision, afterwards: BackgroundTasks
) -> Recorded:
    """Write a decision into the store as a fact; the same one twice is one fact.

    The outcome must occur under the policy and on the day of the query. Answers follow with the next
    version of the facts, and so do the bank's own groups in the store. 409 where a folder is served.
    """
    from_here(request)
    groups = await asked.groups()
    graph = await run_in_threadpool(request.app.state.resident.writable)

    def write() -> str:
        if said.decision != "group" and said.key is not None:
            occurring(groups.answer, said.key)
        ids = groups.graph.parties.ids
        parties = tuple(ids[party_number(groups.graph, name)] for name in said.parties)
        decision = Decision(
            said.decision,
            said.by,
            said.reason,
            said.key,
            asked.policy.slug,
            parties,
            said.article,
            said.until,
        )
        return record(graph, **vars(decision))

    fact = await run_in_threadpool(write)
    afterwards.add_task(follow, graph)
    return Recorded(fact=fact, policy=asked.policy.slug, key=said.key)
