"""Loading a mapping: from YAML text to checked models; complaints name file, key and what is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import jmespath
import yaml
from jmespath.exceptions import JMESPathError
from pydantic import ValidationError

from discovery.errors import BadInput
from discovery.exchange.mapping import Block, Condition, Mapping, Value
from discovery.facts.schema import FILES

SHIPPED: Final = Path(__file__).parent / "mappings"


def shipped_mappings() -> list[str]:
    """The names of the mappings that come with the program."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def load_mapping(mapping: Path | str) -> Mapping:
    """The checked mapping: a YAML file, or the name of one that is shipped. BadInput names file and key."""
    path = SHIPPED / f"{mapping}.yaml" if str(mapping) in shipped_mappings() else Path(mapping)
    data = _read_yaml(path)
    try:
        read = Mapping.model_validate(data)
    except ValidationError as error:
        raise BadInput(
            f"{path.name}: {_first_complaint(error)}",
            remedy="Correct the mapping; docs/import.md lists every key.",
            file=str(path),
            problems=[_complaint(part) for part in error.errors()],
        ) from None
    for number, block in enumerate(read.files, start=1):
        place = f"{path.name}, file {number}"
        for records in block.records:
            _check_path(records, place)
        _check_names(block, frozenset(), block.format, place)
    return read


class _Text(yaml.BaseLoader):
    """Every scalar is text (so 007, no and 99991231 stay as written); a key given twice is an error."""


def _no_key_twice(loader: _Text, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    twice = sorted({str(key) for key in keys if keys.count(key) > 1})
    if twice:
        raise yaml.constructor.ConstructorError(
            None, None, f"key given twice: {', '.join(twice)}", node.start_mark
        )
    return yaml.BaseLoader.construct_mapping(loader, node, deep=True)


_Text.add_constructor("tag:yaml.org,2002:map", _no_key_twice)


def _read_yaml(path: Path) -> object:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"The mapping {path} cannot be read: {error}.",
            remedy=f"Give a YAML file, or one of: {', '.join(shipped_mappings())}.",
            file=str(path),
        ) from None
    try:
        data: object = yaml.load(text, Loader=_Text)  # noqa: S506  builds nothing but text, lists and maps
    except yaml.YAMLError as error:
        raise BadInput(
            f"{path.name} is no YAML: {error}", remedy="Correct the file.", file=str(path)
        ) from None
    if not isinstance(data, dict):
        raise BadInput(f"{path.name} is no mapping.", remedy="Start it with `mapping: 1`.", file=str(path))
    return data


def _complaint(error: Any) -> dict[str, str]:
    key = ".".join(str(part) for part in error["loc"])
    value = error["input"] if isinstance(error["input"], str) else ""
    reason = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        reason = "this key is not known here"
    elif error["type"] == "missing":
        reason = "is needed"
    return {"key": key, "value": value, "reason": reason}


def _first_complaint(error: ValidationError) -> str:
    errors = [_complaint(part) for part in error.errors()]
    first = errors[0]
    value = f" {first['value']!r}" if first["value"] else ""
    more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{first['key'] or 'the file'}:{value} {first['reason']}{more}"


def _check_names(block: Block, outer: frozenset[str], form: str | None, place: str) -> None:
    """Every `$name` is given above its use, and every path of a JSON source is JMESPath."""
    known = outer | frozenset({block.split.name} if block.split else ())
    paths = [block.each] if block.each else []
    _check_conditions(block.where, known, f"{place}, where")
    for name, value in block.values.items():
        paths += _used(value, known, f"{place}, values.{name}")
        known |= frozenset({name})
    for name, party in block.parties.items():
        parts = [*party.columns.items(), *([("id", party.id)] if party.id else [])]
        for column, value in parts:
            paths += _used(value, known, f"{place}, parties.{name}.{column}")
        if party.of is not None and party.of.removeprefix("$") not in known:
            raise _unknown_name(party.of, known, f"{place}, parties.{name}.of")
        known |= frozenset({name})
    for number, fact in enumerate(block.facts, start=1):
        _check_conditions(fact.where, known, f"{place}, facts.{number}.where")
        for column, value in (*fact.columns.items(), *block.common.items()):
            paths += _used(value, known, f"{place}, facts.{number}.{FILES[fact.stem].fact}.{column}")
    if form in {"json", "jsonl"}:
        for path in paths:
            _check_path(path, place)
    for number, inner in enumerate(block.blocks, start=1):
        _check_names(inner, known, form, f"{place}, blocks.{number}")


def _check_conditions(conditions: tuple[Condition, ...], known: frozenset[str], place: str) -> None:
    for condition in conditions:
        for name in condition.fields:
            if name.startswith("$") and name[1:] not in known:
                raise _unknown_name(name, known, place)


def _used(value: Value, known: frozenset[str], place: str) -> list[str]:
    names = [source for source in value.sources if source.startswith("$")]
    for name in names:
        if name[1:] not in known:
            raise _unknown_name(name, known, place)
    return [source.lstrip("^") for source in value.sources if source not in names and source not in known]


def _unknown_name(name: str, known: frozenset[str], place: str) -> BadInput:
    allowed = ", ".join(f"${one}" for one in sorted(known)) or "none yet"
    return BadInput(
        f"{place}: {name} is not a name of a value or party given above it.",
        remedy=f"Names known there: {allowed}.",
    )


def _check_path(path: str, place: str) -> None:
    try:
        jmespath.compile(path)
    except JMESPathError as error:
        raise BadInput(
            f"{place}: {path!r} is no JMESPath: {str(error).splitlines()[0]}",
            remedy="Put odd field names in double quotes, like '\"IS-x\"'.",
        ) from None
