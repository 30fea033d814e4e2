"""Policy files before they are checked: strict YAML, inheritance, values laid over."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from discovery.errors import PolicyInvalid, UnknownPolicy
from discovery.policies.cited import INHERITED

RULES: Final = Path(__file__).parent / "rules"
_LISTS_BY: Final = ("code", "id")  # list items are addressed by these keys
_OWN: Final = ("slug", "title", "source", "valid_from", "valid_to", "notes", "inherits", "overrides")


@lru_cache(maxsize=1)
def shipped() -> tuple[str, ...]:
    """The slugs of all shipped files, sorted."""
    return tuple(sorted(path.stem for path in RULES.glob("*.yaml")))


def path_of(name: str | Path) -> Path:
    """The file of a slug, or the file itself; UnknownPolicy with the nearest names."""
    path = Path(name)
    if path.suffix in {".yaml", ".yml"}:
        if not path.is_file():
            raise UnknownPolicy(f"There is no policy file {path}.", remedy="Check the path.")
        return path
    if str(name) not in shipped():
        near = difflib.get_close_matches(str(name), shipped(), n=3, cutoff=0.3)
        hint = f"Did you mean {', '.join(near)}?" if near else f"Known: {', '.join(shipped())}."
        raise UnknownPolicy(f"There is no policy {name!r}.", remedy=hint, policy=str(name))
    return RULES / f"{name}.yaml"


class _Strict(yaml.CSafeLoader):
    """YAML in which a key stands once: the second of two would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                mark = key.start_mark
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} stands twice", mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def read(path: Path) -> dict[str, Any]:
    """The file's own mapping; PolicyInvalid where it is none."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Strict)  # noqa: S506  a SafeLoader
    except (OSError, UnicodeDecodeError, ValueError, RecursionError, yaml.YAMLError) as error:
        where = f"{path}: not readable as YAML: {error}"
        raise PolicyInvalid(where, remedy="Mend the file.", file=str(path)) from error
    if not isinstance(data, dict):
        raise PolicyInvalid(
            f"{path}: a policy is a mapping of keys.", remedy="Start from a shipped policy.", file=str(path)
        )
    return data


def whole(path: Path, below: tuple[Path, ...] = ()) -> dict[str, Any]:
    """The file laid over what it inherits, its `overrides` over both.

    What comes from another policy cites it (`cbrc-2010 §3(1)`); the ancestor's title, dates and notes
    stay behind.
    """
    if path.resolve() in below:
        chain = " -> ".join(step.stem for step in (*below, path))
        raise PolicyInvalid(
            f"{path}: inherits: in a circle: {chain}.", remedy="Cut one `inherits`.", file=str(path)
        )
    data = read(path)
    base = data.get("inherits")
    if base is not None:
        parent = _parent(path, base)
        inherited = whole(parent, (*below, path.resolve()))
        slug = str(inherited.get("slug", parent.stem))
        inherited = {key: value for key, value in inherited.items() if key not in _OWN}
        data = laid_over(_cited(inherited, slug), data)
    for key, value in _overrides(data, path).items():
        override(data, str(key), value, path, "overrides")
    return data


def _parent(path: Path, base: object) -> Path:
    sibling = path.parent / f"{base}.yaml"
    if sibling.is_file() and (sibling.resolve() != path.resolve() or str(base) not in shipped()):
        return sibling
    try:
        return path_of(str(base))
    except UnknownPolicy as error:
        raise PolicyInvalid(
            f"{path}: inherits: {error.detail}", remedy=error.remedy, file=str(path)
        ) from error


def _cited(data: Any, slug: str) -> Any:
    """The same with every article naming the policy it stands in."""
    if isinstance(data, dict):
        return {
            key: f"{slug}{INHERITED}{value}"
            if _is_article(str(key)) and isinstance(value, str) and INHERITED not in value
            else _cited(value, slug)
            for key, value in data.items()
        }
    return [_cited(item, slug) for item in data] if isinstance(data, list) else data


def _is_article(key: str) -> bool:
    """Does an article stand under that key? A rule may cite a second one (`mode_article`)."""
    return key in {"article", "members_sum"} or key.endswith("_article")


def laid_over(base: Any, top: Any) -> Any:
    """Mappings merge by key; lists and plain values are replaced, an empty key takes a mapping away."""
    if isinstance(base, dict) and isinstance(top, dict):
        return {
            key: laid_over(base.get(key), top[key]) if key in top else base[key] for key in {**base, **top}
        }
    return base if top is None and base is not None and not isinstance(base, dict) else top


def _overrides(data: dict[str, Any], path: Path) -> Mapping[str, object]:
    found = data.pop("overrides", None) or {}
    if not isinstance(found, dict):
        raise PolicyInvalid(
            f"{path}: overrides: a mapping of dotted keys to values.",
            remedy='Write for example {control.share.threshold: "40"}.',
            file=str(path),
        )
    return found


def override(data: dict[str, Any], key: str, value: object, path: Path, by: str = "--set") -> None:
    """Lay one value over the data, in place; the key is the path with dots."""
    parts = key.split(".")
    if parts[0] in {"kin", "major_investor", "key_managers"}:
        parts.insert(0, "persons")
    if parts[:2] == ["control", "share"]:
        parts[:2] = ["control", "bases", "B1"]
    place: Any = data
    for part in parts[:-1]:
        place = _step(place, part, f"{path}: {by} {key}")
    if isinstance(place, list):
        raise PolicyInvalid(f"{path}: {by} {key}: name a value inside the list item.", remedy="Add its key.")
    if not isinstance(place, dict):
        raise PolicyInvalid(
            f"{path}: {by} {key}: {parts[-1]!r} lies inside a plain value.", remedy="Check the key."
        )
    place[parts[-1]] = value


def _step(place: Any, part: str, where: str) -> Any:
    if isinstance(place, list):
        for item in place:
            if isinstance(item, dict) and any(str(item.get(by)) == part for by in _LISTS_BY):
                return item
        names = [
            str(item.get(by)) for item in place if isinstance(item, dict) for by in _LISTS_BY if by in item
        ]
        raise PolicyInvalid(f"{where}: no item {part!r}.", remedy=f"Items: {', '.join(names)}.")
    if not isinstance(place, dict):
        raise PolicyInvalid(f"{where}: {part!r} lies inside a plain value.", remedy="Check the key.")
    if place.get(part) is None:
        place[part] = {}
    return place[part]
