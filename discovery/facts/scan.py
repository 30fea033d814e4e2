"""The structure of CSV bytes (RFC 4180, UTF-8): which bytes are one record, and on which line it starts.

A stream is read in blocks of a few megabytes, each cut at the end of a record and looked at with array
operations, so that a reader downstream may trust it: every record has the wanted number of fields,
quotes pair up, no byte is a control character. What is otherwise is set aside with its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, NamedTuple

import numpy as np
import numpy.typing as npt

BLOCK: Final = 8 * 2**20
MAX_RECORD: Final = 32 * 2**20  # bytes; an unclosed quote is given up after so many
MAX_FLAWS: Final = 200  # lines with broken quotes in one file, each of which is scanned around

_LF, _CR, _QUOTE, _COMMA = 10, 13, 34, 44
_CONTROL: Final = np.array([byte not in (9, _LF) for byte in range(32)])

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


class Piece(NamedTuple):
    """Whole records with paired quotes; the line and the byte of the file at which they start."""

    data: bytes
    line: int
    offset: int


class Flaw(NamedTuple):
    """A line that could not be read as a record: its number, the problem's code, its bytes."""

    line: int
    code: str
    raw: bytes


def pieces(stream: BinaryIO) -> Iterator[Piece | Flaw]:
    """The stream cut at record ends; a line with broken quotes is a flaw and reading goes on after it.

    The flaw `too_many_flaws` ends the reading.
    """
    cutter = _Cutter()
    final = False
    while not final:
        chunk = stream.read(BLOCK)
        final = not chunk
        yield from cutter.feed(chunk, final=final)
        if cutter.flaws > MAX_FLAWS:
            yield Flaw(cutter.line, "too_many_flaws", b"")
            return


class _Cutter:
    """What is left over between two blocks, and where in the file it stands."""

    def __init__(self) -> None:
        self.rest = b""
        self.line = 1
        self.offset = 0
        self.flaws = 0
        self.skipping = False

    def feed(self, chunk: bytes, *, final: bool) -> Iterator[Piece | Flaw]:
        self.rest = self._skipped(chunk) if self.skipping else self.rest + chunk
        if final and self.rest and not self.rest.endswith(b"\n"):
            self.rest += b"\n"
        while self.rest and self.flaws <= MAX_FLAWS:
            full = final or len(self.rest) > MAX_RECORD
            cut, code = _good_until(self.rest, full=full)
            if cut:
                yield Piece(self._take(cut), self.line_before, self.offset_before)
            if code is None or (not full and b"\n" not in self.rest):
                return
            yield self._flaw(code)

    def _flaw(self, code: str) -> Flaw:
        self.flaws += 1
        end = self.rest.find(b"\n") + 1
        if not end:
            self.skipping, code = True, "too_long_record"
        return Flaw(self.line, code, self._take(end or len(self.rest)))

    def _take(self, size: int) -> bytes:
        taken, self.rest = self.rest[:size], self.rest[size:]
        self.line_before, self.offset_before = self.line, self.offset
        self.line += taken.count(b"\n")
        self.offset += size
        return taken

    def _skipped(self, chunk: bytes) -> bytes:
        """What follows the end of a line that was too long to be kept."""
        end = chunk.find(b"\n") + 1
        self.skipping = not end
        self.offset += end or len(chunk)
        self.line += bool(end)
        return chunk[end:] if end else b""


def _good_until(data: bytes, *, full: bool) -> tuple[int, str | None]:
    """Where the last whole good record ends, and the code of a flaw in the record that starts there.

    `full`: no more bytes will be waited for, so a quote still open is a flaw.
    """
    buffer = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(buffer == _QUOTE)
    if not quotes.size:
        cut = data.rfind(b"\n") + 1
        return cut, "too_long_record" if full and not cut else None
    newlines = np.flatnonzero(buffer == _LF)
    ends = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
    bad = _first_bad_quote(buffer, quotes)
    if bad is not None:
        ends = ends[ends < bad]
    cut = int(ends[-1]) + 1 if ends.size else 0
    if bad is not None:
        return cut, "stray_quote"
    unclosed = full and quotes.size % 2 == 1 and cut < len(data)
    return cut, "unclosed_quote" if unclosed else None


def _first_bad_quote(buffer: Bytes, quotes: Places) -> int | None:
    """The place of the first quote that neither opens, closes nor doubles as RFC 4180 has it."""
    before = np.where(quotes > 0, buffer[quotes - 1], _LF)
    after = np.where(quotes + 1 < buffer.size, buffer[np.minimum(quotes + 1, buffer.size - 1)], _LF)
    opens = np.isin(before, (_COMMA, _LF, _QUOTE))
    closes = np.isin(after, (_COMMA, _LF, _CR, _QUOTE))
    good = np.where(np.arange(quotes.size) % 2 == 0, opens, closes)
    return None if good.all() else int(quotes[np.argmin(good)])


@dataclass(frozen=True)
class Block:
    """The records of a piece that have the right shape, and what is to say of the others.

    `lines`: the line on which each good record starts. `ragged`: line and number of fields of records
    with too few or too many. `control`: line and field index (from 0) of each control character's record.
    `broken`: the bytes of all records set aside.
    """

    data: bytes
    lines: Places
    ragged: tuple[Places, Places]
    control: tuple[Places, Places]
    broken: bytes


def block(piece: Piece, width: int) -> Block:
    """Sort the records of a piece into good and bad ones; blank lines are left out."""
    data = piece.data.replace(b"\r\n", b"\n") if b"\r" in piece.data else piece.data
    buffer = np.frombuffer(data, dtype=np.uint8)
    newlines, commas = np.flatnonzero(buffer == _LF), np.flatnonzero(buffer == _COMMA)
    quotes = np.flatnonzero(buffer == _QUOTE)
    outside = np.searchsorted(quotes, newlines) % 2 == 0
    if quotes.size:
        commas = commas[np.searchsorted(quotes, commas) % 2 == 0]
    ends = newlines[outside]
    starts = np.concatenate(([0], ends[:-1] + 1))
    lines = piece.line + np.concatenate(([0], np.flatnonzero(outside)[:-1] + 1))
    first_comma = np.searchsorted(commas, starts)
    fields = np.searchsorted(commas, ends) - first_comma + 1
    blank = starts == ends
    ragged = (fields != width) & ~blank
    low = np.flatnonzero(buffer < len(_CONTROL))
    at = low[_CONTROL[buffer[low]]]
    owners = np.searchsorted(ends, at)
    bad = ragged.copy()
    bad[owners] = True
    record_bytes = ends + 1 - starts
    good = ~(bad | blank)
    return Block(
        data=data if good.all() else buffer[np.repeat(good, record_bytes)].tobytes(),
        lines=lines[good],
        ragged=(lines[ragged], fields[ragged]),
        control=_control_fields(lines[owners], np.searchsorted(commas, at) - first_comma[owners]),
        broken=buffer[np.repeat(bad, record_bytes)].tobytes() if bad.any() else b"",
    )


def _control_fields(lines: Places, fields: Places) -> tuple[Places, Places]:
    """Each line and field once."""
    if not lines.size:
        return lines, fields
    once = np.unique(np.stack([lines, fields]), axis=1)
    return once[0], once[1]
