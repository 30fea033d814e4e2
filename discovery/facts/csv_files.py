"""A CSV file of the package: its header, then its rows a block at a time."""

from __future__ import annotations

import codecs
import csv
import io
from typing import BinaryIO, Final

import polars as pl

from discovery.facts.problems import ProblemLog
from discovery.facts.scan import Block, Flaw, Piece, block, pieces
from discovery.facts.schema import File
from discovery.facts.table import REJECT_COLUMNS, Table
from discovery.facts.values import nearest

_BOM: Final = codecs.BOM_UTF8


class NotText(Exception):
    """The bytes are not text in the encoding: where that shows."""

    def __init__(self, line: int, byte: int) -> None:
        super().__init__(line, byte)
        self.line = line
        self.byte = byte


class Transcoded(io.RawIOBase):
    """A stream in another encoding, read as UTF-8."""

    def __init__(self, raw: BinaryIO, encoding: str) -> None:
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._line = 1
        self._byte = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes in UTF-8, about `size` of them; none at the end of the file."""
        while True:
            chunk = self._raw.read(size)
            pending = len(self._decoder.getstate()[0])
            try:
                text = self._decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                before = error.object[: error.start].count(b"\n")
                raise NotText(self._line + before, self._byte - pending + error.start) from error
            self._line += text.count("\n")
            self._byte += len(chunk)
            if text or not chunk:
                return text.encode()


def utf8_stream(raw: BinaryIO, encoding: str) -> BinaryIO:
    """The file as UTF-8 without a byte order mark; a mark of UTF-8 wins over the encoding named."""
    stream = io.BufferedReader(raw) if isinstance(raw, io.RawIOBase) else raw
    head = stream.read(len(_BOM))
    rest = _Prefixed(b"" if head == _BOM else head, stream)
    if head == _BOM or codecs.lookup(encoding).name in ("utf-8", "ascii"):
        return rest  # type: ignore[return-value]  # only read() is asked of it
    return Transcoded(rest, encoding)  # type: ignore[arg-type, return-value]  # as above


class _Prefixed:
    """A stream whose first bytes were already taken."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        head, self._head = self._head, b""
        return head or self._stream.read(size)


class CsvReader:
    """Reads one CSV file into its table; what is wrong goes to the log."""

    def __init__(self, file: File, name: str, log: ProblemLog) -> None:
        self.table = Table(file, name, log)
        self._file = file
        self._name = name
        self._log = log
        self._columns: list[str] | None = None

    def read(self, stream: BinaryIO) -> Table:
        """All rows of the stream, which is UTF-8."""
        try:
            for part in pieces(stream):
                if isinstance(part, Flaw):
                    self._flaw(part)
                elif not self._piece(part):
                    break
            else:
                self._end()
        except NotText as error:
            self._not_text(error.line, error.byte)
        return self.table

    def _end(self) -> None:
        if self._columns is None and self._file.stem not in self._log.unusable:
            self._unusable("empty_file", None, None)

    def _unusable(
        self, code: str, row: int | None, field: str | None = None, *, detail: str | None = None
    ) -> None:
        self._log.add(code, self._name, row, field=field, detail=detail)
        self._log.unusable.add(self._file.stem)

    def _not_text(self, line: int, byte: int) -> None:
        self._unusable("wrong_encoding", line, detail=str(byte))

    def _flaw(self, flaw: Flaw) -> None:
        if flaw.code == "too_many_flaws" or self._columns is None:
            self._unusable(flaw.code, flaw.line, None)
        else:
            self._log.add(flaw.code, self._name, flaw.line)
            self._log.broken[self._file.stem] += flaw.raw

    def _piece(self, piece: Piece) -> bool:
        """Take in a piece; False if no more of the file is to be read."""
        try:
            piece.data.decode()
        except UnicodeDecodeError as error:
            line = piece.line + piece.data.count(b"\n", 0, error.start)
            self._not_text(line, piece.offset + error.start)
            return False
        if self._columns is None:
            rest = self._take_header(piece)
            if self._columns is None:
                return self._file.stem not in self._log.unusable
            piece = rest
        if piece.data:
            self._rows(block(piece, len(self._columns)))
        return True

    def _take_header(self, piece: Piece) -> Piece:
        """Read the first record that is not blank as the header; the rest of the piece."""
        lines = io.StringIO(piece.data.decode(), newline="")
        reader = csv.reader(iter(lines.readline, ""))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                self._header([cell.strip() for cell in cells], piece.line + reader.line_num - 1)
                break
        rest = lines.read().encode()
        used = len(piece.data) - len(rest)
        return Piece(rest, piece.line + piece.data.count(b"\n", 0, used), piece.offset + used)

    def _header(self, names: list[str], line: int) -> None:
        known = tuple(column.name for column in self._file.columns)
        self._columns = names
        for place, name in enumerate(names):
            if name in names[:place]:
                self._unusable("duplicate_column", line, name)
            elif name not in known and name not in REJECT_COLUMNS:
                like = nearest(name, known)
                self._unusable("unknown_column", line, name[:80], detail=like)
        for column in self._file.columns:
            if column.required and column.name not in names:
                self._unusable("missing_column", line, column.name)

    def _rows(self, rows: Block) -> None:
        columns = self._columns or []
        lines, counts = rows.ragged
        said = pl.Series(counts.astype(str), dtype=pl.String)
        self._log.add_rows("ragged_row", self._name, pl.Series(lines), value=said, detail=str(len(columns)))
        lines, places = rows.control
        fields = [columns[place] if place < len(columns) else None for place in places]
        self._log.add_rows(
            "control_character", self._name, pl.Series(lines), field=pl.Series(fields, dtype=pl.String)
        )
        if rows.broken:
            self._log.broken[self._file.stem] += rows.broken
        if rows.lines.size:
            self.table.add(_cells(rows.data, rows.lines.size, columns), pl.Series(rows.lines))


def _cells(data: bytes, height: int, columns: list[str]) -> pl.DataFrame:
    """The well-formed records as text, a column each; of columns of one name the first."""
    quote = '"' if b'"' in data else None
    names = [f"{place}" for place in range(len(columns))]
    frame = pl.read_csv(
        data,
        has_header=False,
        quote_char=quote,
        schema=dict.fromkeys(names, pl.String()),
        raise_if_empty=False,
    )
    if frame.height != height:
        records = list(csv.reader(io.StringIO(data.decode(), newline="")))
        frame = pl.DataFrame(records, schema=dict.fromkeys(names, pl.String()), orient="row")
    first = {name: place for place, name in reversed(list(enumerate(columns)))}
    return frame.select(pl.col(str(place)).alias(name) for name, place in first.items())
