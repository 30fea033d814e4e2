"""Checks policy files: messages name file, key and what is allowed there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from discovery.errors import PolicyFormsNoGroups, PolicyInvalid
from discovery.policies.cited import Groupless
from discovery.policies.files import RULES, override, path_of, read, shipped, whole
from discovery.policies.model import Policy

_ONLY_IN_FILES: Final = ("inherits", "overrides", "purpose")
_COMPUTED: Final = frozenset({"aside"})
_REMEDY: Final = "`guanlian policy show cbrc-2010 --json` shows a whole policy with its keys."


def measure_slugs() -> list[str]:
    """All shipped measures, those that form no groups included, sorted."""
    return list(shipped())


@lru_cache(maxsize=1)
def _forming() -> tuple[str, ...]:
    return tuple(slug for slug in shipped() if "purpose" not in read(RULES / f"{slug}.yaml"))


def policy_slugs() -> list[str]:
    """The shipped policies that form groups, sorted."""
    return list(_forming())


def load_policy(name: str | Path, overrides: Mapping[str, object] | None = None) -> Policy:
    """A policy by slug or by file, with `overrides` like {"kin.deem": "affinity"} laid over it.

    A key is the path in the file with dots; an item of a list is named by its `code` or `id`
    (`control.bases.B1.threshold`), and a leading `persons.` may be left out.
    Raises UnknownPolicy (with the nearest names), PolicyInvalid, or PolicyFormsNoGroups with the reason.
    """
    found = load_measures(name, overrides)
    if isinstance(found, Groupless):
        raise PolicyFormsNoGroups(
            f"{found.slug} forms no groups: {found.reason.en} / 不产生集团：{found.reason.zh}",
            remedy=f"Ask one of {', '.join(policy_slugs())}; `guanlian policy show {found.slug}` tells more.",
            policy=found.slug,
        )
    return found


def load_measures(name: str | Path, overrides: Mapping[str, object] | None = None) -> Policy | Groupless:
    """Any measures, also those that form no groups. Raises UnknownPolicy or PolicyInvalid."""
    path = path_of(name)
    data = whole(path)
    for key, value in (overrides or {}).items():
        override(data, key, value, path)
    return _validated(data, path)


def _validated(data: dict[str, Any], path: Path) -> Policy | Groupless:
    model = Groupless if "purpose" in data else Policy
    try:
        return model.model_validate(data)
    except ValidationError as error:
        lines = [_sentence(detail, model) for detail in error.errors()]
        raise PolicyInvalid(f"{path}: " + "; ".join(lines), remedy=_REMEDY, file=str(path)) from error


def _sentence(detail: Any, model: type[Policy | Groupless]) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    message = str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        keys = _keys_at(detail["loc"][:-1], model)
        top = len(detail["loc"]) == 1
        allowed = ", ".join(sorted({*keys, *_ONLY_IN_FILES} - _COMPUTED) if top else keys)
        message = f"unknown key; allowed: {allowed}" if allowed else "unknown key"
    if detail["type"] in {"missing", "string_too_short"}:
        message = "missing"
    if detail["type"] == "model_type":
        message = (
            f"{detail['input']!r} stands alone; its keys are {', '.join(_keys_at(detail['loc'], model))}"
        )
    if detail["type"] == "string_type":
        message = f"{detail['input']!r} is no text; put it in quotes"
    return f"{key}: {message}" if key else message


def _keys_at(location: tuple[Any, ...], model: Any) -> list[str]:
    """The keys a policy may have at that place."""
    for part in location:
        if isinstance(part, int):
            continue
        found = getattr(model, "model_fields", {}).get(part)
        if found is None:
            return []
        model = _model_of(found.annotation)
    return sorted(getattr(model, "model_fields", {}))


def _model_of(annotation: Any) -> Any:
    """The model inside `tuple[Model, ...]`, `Model | None`, or the annotation itself."""
    for inner in (annotation, *getattr(annotation, "__args__", ())):
        if hasattr(inner, "model_fields"):
            return inner
    return annotation
