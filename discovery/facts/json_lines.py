"""A .jsonl file of the package: one fact a line, `type` naming the file it belongs to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import BinaryIO, Final

import polars as pl

from discovery.facts.csv_files import NotText
from discovery.facts.problems import ProblemLog
from discovery.facts.schema import FILES
from discovery.facts.table import REJECT_COLUMNS, Table
from discovery.facts.values import nearest

BATCH: Final = 50_000  # lines typed at once
MAX_LINE: Final = 32 * 2**20
TYPE: Final = "type"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class NotPlain(Exception):
    """A value that is no text, number, flag or list of texts."""


class RowReader:
    """Sorts rows given as mappings into the tables of their files.

    `label`: what the rows' file is called in problems, by stem.
    """

    def __init__(self, label: Mapping[str, str], log: ProblemLog) -> None:
        self.tables: dict[str, Table] = {}
        self._label = label
        self._log = log
        self._batches: dict[str, list[tuple[int, dict[str, str | None], bool]]] = {}
        self._known = {stem: {c.name for c in file.columns} for stem, file in FILES.items()}

    def add(self, stem: str, line: int, row: Mapping[str, object]) -> None:
        """Take in one row of the file with that stem."""
        name, texts, spoiled = self._label[stem], {}, False
        for key, value in row.items():
            if key not in self._known[stem]:
                spoiled |= self._unknown(stem, name, line, key)
                continue
            try:
                text = plain_text(value)
            except NotPlain as error:
                self._log.add("not_text", name, line, field=key, detail=str(error))
                spoiled, text = True, None
            if text is not None and _CONTROL.search(text):
                self._log.add("control_character", name, line, field=key)
                spoiled = True
            texts[key] = text
        batch = self._batches.setdefault(stem, [])
        batch.append((line, texts, spoiled))
        if len(batch) >= BATCH:
            self._flush(stem)

    def finish(self) -> dict[str, Table]:
        """The tables of all rows given."""
        for stem in list(self._batches):
            self._flush(stem)
        return self.tables

    def _unknown(self, stem: str, name: str, line: int, key: str) -> bool:
        if key in REJECT_COLUMNS:
            return False
        like = nearest(key, tuple(self._known[stem]))
        self._log.add("unknown_column", name, line, field=key[:80], detail=like, stem=stem)
        return True

    def _flush(self, stem: str) -> None:
        batch = self._batches.pop(stem)
        table = self.tables.setdefault(stem, Table(FILES[stem], self._label[stem], self._log))
        said = {key for _, texts, _ in batch for key in texts}
        said |= {column.name for column in FILES[stem].columns if column.required}
        columns = {
            c.name: pl.Series([texts.get(c.name) for _, texts, _ in batch], dtype=pl.String)
            for c in FILES[stem].columns
            if c.name in said
        }
        lines = pl.Series([line for line, _, _ in batch], dtype=pl.Int64)
        spoiled = pl.Series([bad for _, _, bad in batch], dtype=pl.Boolean)
        table.add(pl.DataFrame(columns), lines, spoiled if spoiled.any() else None, skip_empty=False)


def plain_text(value: object) -> str | None:
    """A value as a CSV file would hold it; NotPlain for a float, which is not exact, and for nesting."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return ";".join(value)
    raise NotPlain(type(value).__name__)


def read_json_lines(stream: BinaryIO, name: str, log: ProblemLog) -> dict[str, Table]:
    """The tables of a .jsonl stream, which is UTF-8."""
    reader = RowReader(dict.fromkeys(FILES, name), log)
    empty = True
    try:
        for number, line in _lines(stream):
            if line.strip():
                empty = False
                _one_line(reader, log, name, number, line)
    except NotText as error:
        log.add("wrong_encoding", name, error.line, detail=str(error.byte))
        log.unusable.update(FILES)
        log.broken.clear()
    else:
        if empty:
            log.add("no_lines", name)
    return reader.finish()


def _one_line(reader: RowReader, log: ProblemLog, name: str, number: int, line: str) -> None:
    try:
        row = _DECODER.decode(line.strip())
    except (ValueError, RecursionError) as error:
        problem = {"code": "not_json", "detail": str(error)[:120]}
    else:
        if not isinstance(row, dict):
            problem = {"code": "not_json", "detail": type(row).__name__}
        elif isinstance(stem := row.pop(TYPE, None), str) and stem in FILES:
            reader.add(stem, number, row)
            return
        else:
            problem = {"code": "unknown_type", "field": TYPE, "value": "" if stem is None else str(stem)}
    log.add(file=name, row=number, **problem)
    log.broken[PurePath(name).stem] += line.encode() + b"\n"


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise ValueError("a key stands twice")
    return row


def _no_constant(text: str) -> object:
    raise ValueError(f"{text} is no JSON value")


# Numbers keep the text they are written in, so that a share is never a float.
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_without_repeats, parse_float=str, parse_int=str, parse_constant=_no_constant
)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; NotText where one is not UTF-8."""
    offset = 0
    for number, raw in enumerate(_raw_lines(stream), start=1):
        try:
            yield number, raw.decode()
        except UnicodeDecodeError as error:
            raise NotText(number, offset + error.start) from error
        offset += len(raw) + 1


def _raw_lines(stream: BinaryIO) -> Iterable[bytes]:
    rest = b""
    while chunk := stream.read(2**20):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > MAX_LINE:
            yield rest[:1024]
            rest = b""
    if rest:
        yield rest
