"""Importing any CSV or JSON by a mapping."""

from __future__ import annotations

from pathlib import Path

from discovery.exchange import importing
from discovery.exchange.importing import ImportReport
from discovery.service.sources import Progress, staged


def import_file(
    file: Path,
    mapping: str,
    out: Path,
    *,
    source: str | None = None,
    encoding: str | None = None,
    keep_good: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """A facts package in `out` from a file or folder; `mapping` is a file or the name of a shipped one.

    BadInput names file, row, field and remedy, and nothing is written.
    """
    tell = staged(progress, "import")
    return importing.import_file(
        file,
        Path(mapping) if mapping.endswith((".yaml", ".yml")) else mapping,
        out,
        keep_good=keep_good,
        overwrite=overwrite,
        encoding=encoding,
        source_name=source,
        progress=None if tell is None else lambda rows: tell(rows, 0),
    )
