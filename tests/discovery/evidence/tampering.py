"""Every way to change one value of an answer document."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

Place = tuple[str | int, ...]


def leaves(document: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Each single value of the document, with its place."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from leaves(value, (*place, key))
    elif isinstance(document, list):
        for number, value in enumerate(document):
            yield from leaves(value, (*place, number))
    else:
        yield place, document


def changes(document: Any) -> Iterator[tuple[Place, Any, Any]]:
    """Every tampering: the place, what stood there, what is put there instead."""
    others = _by_form(document)
    for place, value in leaves(document):
        for other in _instead(value, others):
            if other != value or isinstance(other, bool) != isinstance(value, bool):
                yield place, value, other


def tampered(document: Any, place: Place, value: Any) -> Any:
    """A copy of the document with one value changed."""
    changed = copy.deepcopy(document)
    at = changed
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    return changed


def _by_form(document: Any) -> dict[str, list[str]]:
    """The texts of the document by their form: facts, ids, days, decimals, words."""
    found: dict[str, set[str]] = {}
    for _, value in leaves(document):
        if isinstance(value, str):
            found.setdefault(_form(value), set()).add(value)
    return {form: sorted(values) for form, values in found.items()}


def _form(text: str) -> str:
    for form, pattern in (
        ("fact", r"[a-z]+_[0-9a-f]{16}"),
        ("day", r"\d{4}-\d\d-\d\d"),
        ("decimal", r"\d+(\.\d+)?"),
        ("basis", r"B\d+|HEAD"),
        ("party", r"[A-Za-z]"),
        ("word", r"[a-z_]+"),
    ):
        if re.fullmatch(pattern, text):
            return form
    return "text"


def _instead(value: Any, others: dict[str, list[str]]) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
        yield value - 1
    elif value is None:
        yield "x"
    elif isinstance(value, str):
        form = _form(value)
        alike = others[form]
        yield alike[(alike.index(value) + 1) % len(alike)]
        yield f"{value}x"
        if form == "day":
            yield (date.fromisoformat(value) + timedelta(days=400)).isoformat()
        if form == "decimal":
            yield str(int(value.partition(".")[0]) + 1)
