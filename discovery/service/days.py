"""Days as the bank's calendar has them."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from discovery.errors import UsageError


def bank_zone() -> ZoneInfo:
    """The bank's time zone: `GUANLIAN_TZ`, by default Asia/Shanghai; UsageError for an unknown one."""
    name = os.environ.get("GUANLIAN_TZ") or "Asia/Shanghai"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(
            f"GUANLIAN_TZ is {name!r}, which is no time zone.", remedy="Set it to a name like Asia/Shanghai."
        ) from error


def today() -> date:
    """The bank's present day."""
    return datetime.now(bank_zone()).date()


def day(text: str | None) -> date:
    """The day that a text names, today if there is none; UsageError if it is no day."""
    if text is None:
        return today()
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise UsageError(f"{text!r} is not a day.", remedy="Write YYYY-MM-DD, as 2026-06-30.")
    return found


def moment(text: str | None) -> datetime | None:
    """The moment until which facts are known, in UTC without a mark, as frames hold it.

    A bare day is known to its end, and a moment without an offset is one of the bank's own clock.
    """
    if text is None:
        return None
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is neither a day nor a moment.",
            remedy="Write 2026-06-30 or 2026-06-30T09:30:00+08:00.",
        ) from error
    if len(text) == len("2026-06-30"):
        given = datetime.combine(given.date(), time.max)
    if given.tzinfo is None:
        given = given.replace(tzinfo=bank_zone())
    return given.astimezone(UTC).replace(tzinfo=None)
