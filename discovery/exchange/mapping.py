"""The mapping: a YAML file that says which facts the rows of a source state. It holds no code.

    mapping ── files ── block ─┬─ where, values     which rows count; values with a name
                               ├─ parties           who the row speaks of: an id and a row of parties.csv
                               ├─ facts             rows of the other files of the package
                               └─ blocks            the same again for nested lists or for some rows

`docs/import.md` explains each key with examples.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Dictionary
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from discovery.facts.schema import COMMON, FILES

FACT_FILES: Final = {file.fact: file.stem for file in FILES.values() if file.stem != "parties"}
PARTY_COLUMNS: Final = tuple(
    column.name for column in FILES["parties"].columns if column.name not in {"id", "source"}
)
COMMON_COLUMNS: Final = tuple(column.name for column in COMMON if column.name != "source")
FunctionName = Literal[
    "fraction", "party_kind", "organisation_kind", "name_key", "organisation_id", "safe_id", "upper", "lower"
]


def _regular(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from None
    return pattern


def _number(text: str) -> str:
    try:
        Decimal(text)
    except InvalidOperation:
        raise ValueError("is no number") from None
    return text


def _without_groups(pattern: str) -> str:
    if re.compile(_regular(pattern)).groups:
        raise ValueError("may have no group; write (?:...) for (...)")
    return pattern


def _fits(pattern: str, template: str) -> None:
    """ValueError where the template names a group that the pattern does not have."""
    try:
        re.compile(f"{pattern}|").sub(template, "")
    except (re.error, IndexError) as error:
        raise ValueError(f"{template!r} does not fit the pattern {pattern!r}: {error}") from None


Pattern = Annotated[str, AfterValidator(_regular)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Replace(_Part):
    """Text that matches `pattern` is replaced by `with` (`\\1` = the first group)."""

    pattern: Pattern
    by: str = Field("", alias="with")

    @model_validator(mode="after")
    def _sound(self) -> Replace:
        _fits(self.pattern, self.by)
        return self


class Match(_Part):
    """A value in which `pattern` is found becomes `to` (`\\1` = the first group)."""

    pattern: Pattern
    to: str

    @model_validator(mode="after")
    def _sound(self) -> Match:
        _fits(self.pattern, self.to)
        return self


class Value(_Part):
    """Where a value comes from and what is done to it, in the order of the fields."""

    origin: tuple[str, ...] = Field((), alias="from")
    constant: str | None = Field(None, alias="value")
    text: str | None = None
    replace: tuple[Replace, ...] = ()
    map: dict[str, str] = {}
    match: tuple[Match, ...] = ()
    otherwise: Literal["error", "keep", "empty"] | None = None
    function: FunctionName | None = Field(None, alias="as")
    decimal: str = "."
    thousands: str = ""
    round: bool = False
    formats: tuple[str, ...] = ()
    shift_days: int = Field(0, ge=-366, le=366)
    open: frozenset[str] = frozenset()
    default: str = ""
    required: bool = False

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        """`Column`, `$name`, `=constant` and `text with {placeholders}`."""
        if isinstance(data, str):
            if data.startswith("="):
                return {"value": data[1:]}
            return {"text": data} if "{" in data and "}" in data else {"from": [data]}
        if isinstance(data, dict) and isinstance(data.get("from"), str):
            return {**data, "from": [data["from"]]}
        return data

    @model_validator(mode="after")
    def _one_origin(self) -> Value:
        given = [bool(self.origin), self.constant is not None, self.text is not None]
        if sum(given) != 1:
            raise ValueError("exactly one of `from`, `value`, `text` is needed")
        if self.otherwise and not (self.map or self.match):
            raise ValueError("`otherwise` only means something beside `map` or `match`")
        return self

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns, paths and `$names` it reads."""
        return self.origin if self.text is None else tuple(PLACEHOLDER.findall(self.text))


PLACEHOLDER: Final = re.compile(r"\{([^{}]+)\}")


TESTS: Final = "in, not_in, matches, not_matches, empty, above, same_as, not_same_as"


class Condition(_Part):
    """What a row must show to count; exactly one test. `because` names the reason in the report."""

    field: str
    among: frozenset[str] | None = Field(None, alias="in")
    not_in: frozenset[str] | None = None
    matches: Pattern | None = None
    not_matches: Pattern | None = None
    empty: bool | None = None
    above: Annotated[str, AfterValidator(_number)] | None = None
    same_as: str | None = None
    not_same_as: str | None = None
    because: str = ""

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        if len(self.tests) != 1:
            raise ValueError(f"exactly one test is needed, of: {TESTS}")
        return self

    @property
    def tests(self) -> list[str]:
        names = ("among", "not_in", "matches", "not_matches", "empty", "above", "same_as", "not_same_as")
        return [name for name in names if getattr(self, name) is not None]

    @property
    def fields(self) -> list[str]:
        """The columns, paths and `$names` it reads."""
        return [name for name in (self.field, self.same_as, self.not_same_as) if name is not None]

    @property
    def reason(self) -> str:
        if self.because:
            return self.because
        test = self.tests[0]
        value = getattr(self, test)
        shown = ", ".join(sorted(value)) if isinstance(value, frozenset) else value
        return f"{self.field} fails: {'in' if test == 'among' else test} {shown}"


def _columns(data: Dictionary[str, Any], own: tuple[str, ...], allowed: tuple[str, ...]) -> dict[str, Any]:
    """Splits keys into the part's own and, under `columns`, those of the package."""
    kept = {key: value for key, value in data.items() if key in own}
    columns = {key: value for key, value in data.items() if key not in own}
    unknown = sorted(set(columns) - set(allowed))
    if unknown:
        raise ValueError(f"unknown {', '.join(map(repr, unknown))}; allowed: {', '.join((*own, *allowed))}")
    return {**kept, "columns": columns}


class Party(_Part):
    """Someone the row speaks of. Its id is `id`, or made from `name` (`by: name`)."""

    by: Literal["id", "name"] = "id"
    id: Value | None = None
    of: str | None = Field(None, description="The party (`$name`) at which a person is known.")
    columns: dict[str, Value] = {}

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, data: Any) -> Any:
        if isinstance(data, dict) and "columns" not in data:
            return _columns(data, ("by", "id", "of"), PARTY_COLUMNS)
        return data

    @model_validator(mode="after")
    def _has_a_key(self) -> Party:
        if self.by == "id" and self.id is None:
            raise ValueError("needs `id`, or `by: name` with a `name`")
        if self.by == "name" and ("name" not in self.columns or self.id is not None):
            raise ValueError("`by: name` needs `name` and no `id`")
        return self


class Fact(_Part):
    """A row of one file: `holding: {holder: $parent, company: $child, ...}`, perhaps for some rows only."""

    stem: str
    columns: dict[str, Value]
    where: tuple[Condition, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "stem" in data:
            return data
        kinds = [key for key in data if key != "where"]
        if len(kinds) != 1 or kinds[0] not in FACT_FILES:
            raise ValueError(f"one kind of fact is needed, of: {', '.join(FACT_FILES)} (and perhaps `where`)")
        stem = FACT_FILES[kinds[0]]
        columns = data[kinds[0]]
        if not isinstance(columns, dict):
            raise ValueError(f"`{kinds[0]}` needs its columns, like `holder: ...`")  # noqa: TRY004  pydantic's
        allowed = tuple(column.name for column in FILES[stem].columns if column.name != "source")
        return {**_columns(columns, (), allowed), "stem": stem, "where": data.get("where", ())}

    @model_validator(mode="after")
    def _has_required(self) -> Fact:
        missing = [c.name for c in FILES[self.stem].own if c.required and c.name not in self.columns]
        if missing:
            raise ValueError(f"a {FILES[self.stem].fact} needs {', '.join(missing)}")
        return self


class Split(_Part):
    """One row for each part of a cell: `{from: controller, by: "[、;]", name: controller_name}`."""

    origin: str = Field(alias="from")
    by: Annotated[str, Field(min_length=1), AfterValidator(_without_groups)]
    name: str


class Block(_Part):
    """Rows, and what each states. `each` goes down to a nested list, `split` to the parts of a cell."""

    each: str | None = None
    split: Split | None = None
    skip: str | None = Field(None, description="These rows state no fact; the reason for the report.")
    where: tuple[Condition, ...] = ()
    values: dict[str, Value] = {}
    parties: dict[str, Party] = {}
    common: dict[str, Value] = {}
    facts: tuple[Fact, ...] = ()
    blocks: tuple[Block, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Block:
        unknown = sorted(set(self.common) - set(COMMON_COLUMNS))
        if unknown:
            raise ValueError(f"`common` allows {', '.join(COMMON_COLUMNS)}, not {', '.join(unknown)}")
        if self.each and self.split:
            raise ValueError("`each` or `split`, not both; put one block inside the other")
        both = sorted(set(self.values) & set(self.parties))
        if both:
            raise ValueError(f"{', '.join(both)} names a value and a party")
        return self


class FileBlock(Block):
    """One file of the source: how it is read, which of its records count, and what they state."""

    file: str = Field("*", description="A pattern of file names, like `rr-*.json`.")
    format: Literal["csv", "json", "jsonl"] | None = None
    records: tuple[str, ...] = Field(
        ("@",), description="JMESPaths to the records (JSON); the first that finds any."
    )
    encoding: str = "utf-8-sig"
    delimiter: str = Field(",", min_length=1, max_length=1)
    missing: frozenset[str] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _one_path(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("records"), str):
            return {**data, "records": [data["records"]]}
        return data


class Mapping(_Part):
    """A whole mapping; `source` is written into every row and is part of every record key."""

    mapping: Literal["1"]
    source: str = Field(min_length=1)
    about: str = ""
    files: tuple[FileBlock, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _single_file(cls, data: Any) -> Any:
        if isinstance(data, dict) and "files" not in data:
            own = {key: data[key] for key in ("mapping", "source", "about") if key in data}
            return {**own, "files": [{key: value for key, value in data.items() if key not in own}]}
        return data
