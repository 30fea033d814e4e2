"""Reading a source in batches of rows: CSV line by line, JSON Lines likewise, a JSON file at once.

JSON numbers are read as integers or exact decimals, never as floats.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, TextIO

import jmespath
from jmespath.exceptions import JMESPathError

from discovery.errors import BadInput
from discovery.exchange.convert import write_decimal
from discovery.exchange.mapping import FileBlock
from discovery.facts.findings import Problem

BATCH: Final = 20_000
FORMATS: Final = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}

_LONGEST_EXPONENT: Final = 1_000
NO_TEXT: Final = "\0"  # begins what stands for a value that is no text; NUL itself occurs in no source
NOT_ONE_VALUE: Final = f"{NO_TEXT}a list or object where one value is wanted"
HALF_CHARACTER: Final = f"{NO_TEXT}half a character, which is no text"


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch: `cells` gives a column (or JMESPath) of all rows as text, `numbers` their lines or places."""

    numbers: list[int]
    cells: Callable[[str], list[str]]
    records: list[Any]
    problems: list[Problem]


def read_batches(path: Path, block: FileBlock, *, encoding: str | None, columns: set[str]) -> Iterator[Rows]:
    """The file's rows in batches. BadInput where the file as a whole cannot be read.

    `columns` are those the mapping reads: a CSV without one of them is refused before any row.
    """
    form = block.format or FORMATS.get(path.suffix.lower())
    if form is None:
        raise BadInput(
            f"{path.name}: the ending does not tell its format.",
            remedy="Write `format: csv`, `json` or `jsonl` in the mapping.",
            file=str(path),
        )
    reader = {"csv": _csv_batches, "json": _json_batches, "jsonl": _jsonl_batches}[form]
    try:
        with path.open(encoding=encoding or block.encoding, newline="" if form == "csv" else None) as text:
            yield from reader(path, block, text, columns)
    except (UnicodeDecodeError, LookupError) as error:
        raise BadInput(
            f"{path.name} is not written in {encoding or block.encoding}: {error}.",
            remedy="Give its encoding: `--encoding gb18030`, or `encoding:` in the mapping.",
            file=str(path),
        ) from None
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror}.", remedy="Give a file.", file=str(path)
        ) from None


def _csv_batches(path: Path, block: FileBlock, text: TextIO, columns: set[str]) -> Iterator[Rows]:
    reader = csv.reader(_no_nul(path, text), delimiter=block.delimiter, strict=True)
    try:
        header = [name.strip("\ufeff \t\r\n") for name in next(reader, [])]
        _check_header(path, header, columns)
        while True:
            numbers: list[int] = []
            rows: list[list[str]] = []
            problems: list[Problem] = []
            start, read = reader.line_num + 1, 0
            for row in islice(reader, BATCH):
                read += 1
                if len(row) == len(header):
                    numbers.append(start)
                    rows.append(row)
                elif row:
                    problems.append(_wrong_width(path, start, len(row), len(header)))
                start = reader.line_num + 1
            if not read:
                return
            yield _csv_rows(header, numbers, rows, problems)
    except csv.Error as error:
        raise BadInput(
            f"{path.name}, line {reader.line_num}: {error}.",
            remedy="Correct the quotes there, or give the right `delimiter` in the mapping.",
            file=str(path),
        ) from None


def _no_nul(path: Path, lines: TextIO) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if "\0" in line:
            raise BadInput(
                f"{path.name}, line {number}: a NUL byte.",
                remedy="Export the file again as text; UTF-16 needs `encoding: utf-16`.",
                file=str(path),
            )
        yield line


def _check_header(path: Path, header: list[str], columns: set[str]) -> None:
    if not any(header):
        raise BadInput(
            f"{path.name} is empty.", remedy="Its first line must name the columns.", file=str(path)
        )
    twice = sorted({name for name in columns if header.count(name) > 1})
    if twice:
        raise BadInput(
            f"{path.name}: column {twice[0]!r} stands twice.", remedy="Rename one of them.", file=str(path)
        )
    unknown = sorted(columns - set(header))
    if unknown:
        raise BadInput(
            f"{path.name} has no column {', '.join(map(repr, unknown))}.",
            remedy=f"Its columns are: {', '.join(header)}. Correct the mapping.",
            file=str(path),
        )


def _wrong_width(path: Path, number: int, found: int, wanted: int) -> Problem:
    return Problem(
        file=path.name,
        row=number,
        field=None,
        value=None,
        reason=f"{found} cells where the header has {wanted}",
        remedy="Put text that contains the delimiter in double quotes.",
    )


def _csv_rows(header: list[str], numbers: list[int], rows: list[list[str]], problems: list[Problem]) -> Rows:
    place = {name: index for index, name in enumerate(header)}

    def cells(name: str) -> list[str]:
        return [" ".join(cell.split()) for cell in map(itemgetter(place[name]), rows)]

    return Rows(numbers, cells, rows, problems)


def _json_batches(path: Path, block: FileBlock, text: TextIO, columns: set[str]) -> Iterator[Rows]:
    records = _records(path, block, _parse(path, text.read(), 1))
    if not isinstance(records, list):
        raise BadInput(
            f"{path.name}: `records: {' or '.join(block.records)}` finds no list.",
            remedy="Give the JMESPath of the list of records.",
            file=str(path),
        )
    for start in range(0, len(records), BATCH):
        part = records[start : start + BATCH]
        yield json_rows(list(range(start + 1, start + 1 + len(part))), part)


def _records(path: Path, block: FileBlock, whole: Any) -> Any:
    """What the first of the paths finds that finds anything; one object is a list of one."""
    for each in block.records:
        found = search(each, whole, f"{path.name}, records")
        if found is not None:
            return [found] if isinstance(found, dict) else found
    return None


def _jsonl_batches(path: Path, block: FileBlock, text: TextIO, columns: set[str]) -> Iterator[Rows]:
    lines = ((number, line) for number, line in enumerate(text, start=1) if line.strip())
    while part := list(islice(lines, BATCH)):
        numbers: list[int] = []
        records: list[Any] = []
        for number, line in part:
            found = _records(path, block, _parse(path, line, number))
            for record in found if isinstance(found, list) else []:
                numbers.append(number)
                records.append(record)
        yield json_rows(numbers, records)


def _parse(path: Path, text: str, line: int) -> Any:
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = f"line {line + error.lineno - 1}, column {error.colno}"
        raise BadInput(
            f"{path.name}, {where}: {error.msg}.", remedy="Give whole, valid JSON.", file=str(path)
        ) from None
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise BadInput(
            f"{path.name}, line {line}: {error}.", remedy="Give whole, valid JSON.", file=str(path)
        ) from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def json_rows(numbers: list[int], records: list[Any]) -> Rows:
    """A batch over JSON records; a column is a JMESPath into each."""

    def cells(path: str) -> list[str]:
        return [as_text(value) for value in map(_getter(path), records)]

    return Rows(numbers, cells, records, [])


def search(path: str, value: Any, place: str = "") -> Any:
    """What the JMESPath finds."""
    try:
        return _compiled(path).search(value)
    except JMESPathError as error:
        raise BadInput(
            f"{place or path}: {str(error).splitlines()[0]}", remedy="Correct the JMESPath in the mapping."
        ) from None


@lru_cache(maxsize=1000)
def _compiled(path: str) -> Any:
    return jmespath.compile(path)


def _getter(path: str) -> Callable[[Any], Any]:
    if path.isidentifier():
        return lambda record: record.get(path) if isinstance(record, dict) else None
    return lambda record: search(path, record)


def _is_whole(text: str) -> bool:
    """False for a lone surrogate, which JSON can write and no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def as_text(value: Any) -> str:
    """JSON value as text: numbers plainly and exactly, lists of plain values with `;` between."""
    if isinstance(value, str):
        return " ".join(value.replace(NO_TEXT, " ").split()) if _is_whole(value) else HALF_CHARACTER
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        number = Decimal(value)
        return write_decimal(number) if abs(number.adjusted()) < _LONGEST_EXPONENT else str(number)
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return ";".join(text.replace(";", ",") for item in value if (text := as_text(item)))
    return NOT_ONE_VALUE
