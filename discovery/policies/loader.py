"""Reads policy files: inheritance, overrides, and messages that name file, key and allowed values."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from discovery.errors import PolicyInvalid, UnknownPolicy
from discovery.policies.model import Policy

RULES: Final = Path(__file__).parent / "rules"
_LISTS_BY: Final = ("code", "id")  # list items are addressed by these keys


def policy_slugs() -> list[str]:
    """The shipped policies, sorted."""
    return sorted(path.stem for path in RULES.glob("*.yaml"))


def load_policy(name: str | Path, overrides: Mapping[str, object] | None = None) -> Policy:
    """A policy by slug or by file, with `overrides` like {"kin.deem": "affinity"} laid over it.

    A key is the path in the file with dots; an item of a list is named by its `code` or `id`
    (`control.bases.B1.threshold`), and a leading `persons.` may be left out.
    Raises UnknownPolicy (with the nearest names) or PolicyInvalid.
    """
    path = _path(name)
    data = _inherited(path, ())
    for key, value in (overrides or {}).items():
        _override(data, key, value, path)
    return _validated(data, path)


def _path(name: str | Path) -> Path:
    path = Path(name)
    if path.suffix in {".yaml", ".yml"}:
        if not path.is_file():
            raise UnknownPolicy(f"There is no policy file {path}.", remedy="Check the path.")
        return path
    shipped = RULES / f"{name}.yaml"
    if str(name) not in policy_slugs():
        near = difflib.get_close_matches(str(name), policy_slugs(), n=3, cutoff=0.3)
        hint = f"Did you mean {', '.join(near)}?" if near else f"Known: {', '.join(policy_slugs())}."
        raise UnknownPolicy(f"There is no policy {name!r}.", remedy=hint, policy=str(name))
    return shipped


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PolicyInvalid(f"{path}: not readable as YAML: {error}", remedy="Mend the file.") from error
    if not isinstance(data, dict):
        raise PolicyInvalid(f"{path}: a policy is a mapping of keys.", remedy="Start from a shipped policy.")
    return data


def _inherited(path: Path, below: tuple[Path, ...]) -> dict[str, Any]:
    """The file's own data laid over what it inherits."""
    if path in below:
        chain = " -> ".join(step.stem for step in (*below, path))
        raise PolicyInvalid(f"{path}: inherits in a circle: {chain}.", remedy="Cut one `inherits`.")
    data = _read(path)
    base = data.get("inherits")
    if base is None:
        return data
    sibling = path.parent / f"{base}.yaml"
    parent = sibling if sibling.is_file() else _path(str(base))
    merged = _laid_over(_inherited(parent, (*below, path)), data)
    return merged if isinstance(merged, dict) else data


def _laid_over(base: object, top: object) -> object:
    """Mappings merge by key; lists and plain values are replaced."""
    if isinstance(base, dict) and isinstance(top, dict):
        return {
            key: _laid_over(base.get(key), top[key]) if key in top else base[key] for key in {**base, **top}
        }
    return base if top is None and base is not None and not isinstance(base, dict) else top


def _override(data: dict[str, Any], key: str, value: object, path: Path) -> None:
    parts = key.split(".")
    if parts[0] in {"kin", "major_investor", "key_managers"}:
        parts.insert(0, "persons")
    if parts[:2] == ["control", "share"]:
        parts[:2] = ["control", "bases", "B1"]
    place: Any = data
    for part in parts[:-1]:
        place = _step(place, part, key, path, create=True)
    if isinstance(place, list):
        raise PolicyInvalid(f"{path}: --set {key}: name a value inside the list item.", remedy="Add its key.")
    place[parts[-1]] = value


def _step(place: Any, part: str, key: str, path: Path, *, create: bool) -> Any:
    if isinstance(place, list):
        for item in place:
            if isinstance(item, dict) and any(str(item.get(by)) == part for by in _LISTS_BY):
                return item
        names = [
            str(item.get(by)) for item in place if isinstance(item, dict) for by in _LISTS_BY if by in item
        ]
        raise PolicyInvalid(f"{path}: --set {key}: no item {part!r}.", remedy=f"Items: {', '.join(names)}.")
    if not isinstance(place, dict):
        raise PolicyInvalid(
            f"{path}: --set {key}: {part!r} lies inside a plain value.", remedy="Check the key."
        )
    if place.get(part) is None and create:
        place[part] = {}
    return place[part]


def _validated(data: dict[str, Any], path: Path) -> Policy:
    try:
        return Policy.model_validate(data)
    except ValidationError as error:
        lines = [_sentence(detail) for detail in error.errors()]
        raise PolicyInvalid(
            f"{path}: " + "; ".join(lines),
            remedy="`guanlian policy show cbrc-2010` shows a whole policy with its keys.",
            file=str(path),
        ) from error


def _sentence(detail: Any) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    message = str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        allowed = ", ".join(_keys_at(detail["loc"][:-1]))
        message = f"unknown key; allowed: {allowed}" if allowed else "unknown key"
    if detail["type"] == "missing":
        message = "missing"
    return f"{key}: {message}"


def _keys_at(location: tuple[Any, ...]) -> list[str]:
    """The keys a policy may have at that place."""
    model: Any = Policy
    for part in location:
        if isinstance(part, int):
            continue
        found = getattr(model, "model_fields", {}).get(part)
        if found is None:
            return []
        model = _model_of(found.annotation)
    return sorted(getattr(model, "model_fields", {}))


def _model_of(annotation: Any) -> Any:
    for inner in (annotation, *getattr(annotation, "__args__", ())):
        if hasattr(inner, "model_fields"):
            return inner
    return annotation
