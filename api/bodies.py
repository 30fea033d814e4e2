"""What is sent to the routes that change something: JSON alone, which no other site's page can send."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from discovery.evidence.models import Part

Name = Annotated[str, Field(min_length=1, max_length=300, description="a party, as in all routes")]
By = Annotated[str, Field(min_length=1, max_length=100, description="who decides")]
Reason = Annotated[str, Field(min_length=1, max_length=1_000, description="why")]


class Pair(Part):
    """Two parties, who says so and why."""

    parties: tuple[Name, Name]
    by: By
    reason: Reason


class Undo(Part):
    """A change to undo; or a party and the records that leave it."""

    change: str | None = Field(default=None, pattern=r"^c_[0-9a-f]{16}$")
    party: Name | None = None
    records: tuple[Name, ...] = Field(default=(), max_length=1_000, description="record keys, source/id")
    by: By
    reason: Reason


class Preview(Part):
    """Two parties that might be one."""

    parties: tuple[Name, Name]


class Decide(Part):
    """A decision on a question of the queue."""

    decision: str = Field(max_length=40, description="merge, apart or unsure")
    by: By
    reason: Reason
