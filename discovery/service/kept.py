"""The index of candidates in a file, so that a start need not read every name again.

The file is a zip of Arrow tables under `GUANLIAN_HOME/index`, one for each store or folder, for its owner
alone, and appears whole or not at all. It is there once somebody made it. Whoever takes it up brings it up to
the present records by what differs, so an old one never answers otherwise than a new one; one made by other
rules, or broken, is made anew.
"""

from __future__ import annotations

import io
import logging
import os
import secrets
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import orjson
import polars as pl

from discovery.errors import StoreError
from discovery.facts.facts import Facts
from discovery.graph.home import SECRET_MODE, home
from discovery.names.keeping import rules
from discovery.service.candidates import MANY, Candidates
from discovery.service.records import records_of
from discovery.service.sources import Progress, Reading, read
from discovery.service.stored import StoreEmpty, opened_store
from discovery.service.versions import StoreSource, fingerprint, folder_name

FORMAT: Final = 1
ABOUT: Final = "about.json"
log = logging.getLogger("guanlian.index")


@dataclass(frozen=True)
class Origin:
    """Which store or folder facts are of, as a name for a file, and their version there."""

    name: str
    version: str

    @property
    def file(self) -> Path:
        return home() / "index" / f"{self.name}.zip"


def candidates(facts: Facts, origin: Origin, progress: Progress | None = None) -> Candidates:
    """The index of the facts' records: from the file, if one is kept, else made without keeping it.

    A file made by other rules, a broken one and one of which a tenth has changed are written anew.
    """
    if progress is not None:
        progress("candidates", 0, 0)
    records = records_of(facts)
    if not origin.file.exists():
        return Candidates(*records, progress)
    known = taken_up(origin)
    found = Candidates(*records, progress) if known is None else known.renewed(*records)
    if known is None or found.read * MANY > len(found):
        try:
            write(found, origin)
        except StoreError as error:
            log.warning("%s", error.detail)
    return found


def given(path: Path | None, progress: Progress | None = None) -> tuple[Facts, Origin]:
    """The facts of a package, or of the store where there is no path, and what an index of them goes by."""
    if path is not None:
        path = path.expanduser()
        facts = read(path, Reading(may_keep_good=False), progress).facts
        return facts, Origin(folder_name(path), fingerprint(path))
    with opened_store(progress) as graph:
        source = StoreSource(graph)
        if progress is not None:
            progress("snapshot", 0, 0)
        version, facts = source.read()
        return facts, Origin(source.name(), version)


def indexed(path: Path | None, progress: Progress | None = None) -> dict[str, Any]:
    """`rebuild` for a package, or for the store where there is no path; StoreEmpty if that holds nothing."""
    facts, origin = given(path, progress)
    if path is None and facts["parties"].is_empty():
        raise StoreEmpty("The store holds no facts.", remedy="Load some first: guanlian load PATH.")
    return rebuild(facts, origin, progress)


def rebuild(facts: Facts, origin: Origin, progress: Progress | None = None) -> dict[str, Any]:
    """Make the index of all records anew and keep it; what was made, where, and in how many seconds."""
    start = perf_counter()
    made = Candidates(*records_of(facts), progress)
    if progress is not None:
        progress("index", 0, 0)
    write(made, origin)
    return {
        **_about(made, origin),
        "file": str(origin.file),
        "bytes": origin.file.stat().st_size,
        "seconds": round(perf_counter() - start, 2),
    }


def taken_up(origin: Origin) -> Candidates | None:
    """The index in the file as it was kept; None where it is of other rules or cannot be read."""
    try:
        with zipfile.ZipFile(origin.file) as archive:
            about = orjson.loads(archive.read(ABOUT))
            if (about["format"], about["rules"]) != (FORMAT, rules()):
                log.info("the index of candidates is of other rules and is made anew")
                return None
            names = [name for name in archive.namelist() if name != ABOUT]
            return Candidates.of_tables({name: pl.read_ipc(archive.read(name)) for name in names})
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, pl.exceptions.PolarsError) as error:
        log.warning("the index of candidates cannot be read (%s) and is made anew", type(error).__name__)
        return None


def write(made: Candidates, origin: Origin) -> None:
    """Keep the index; StoreError, and no file or the one before, if that cannot be."""
    try:
        _written(made.tables(), _about(made, origin), origin.file)
    except OSError as error:
        raise StoreError(
            f"The index cannot be kept in {origin.file}: {error.strerror or error}.",
            remedy="Make room there, or set GUANLIAN_HOME to a folder you may write to.",
        ) from error


def _about(made: Candidates, origin: Origin) -> dict[str, Any]:
    tag = {"origin": origin.name, "version": origin.version, "format": FORMAT, "rules": rules()}
    return {**tag, "records": len(made)}


def _written(tables: Mapping[str, pl.DataFrame], about: dict[str, Any], file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET_MODE)
        with os.fdopen(descriptor, "wb") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
                archive.writestr(ABOUT, orjson.dumps(about))
                for name, table in tables.items():
                    with archive.open(name, "w", force_zip64=True) as member:
                        member.write(_bytes(table))
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _bytes(table: pl.DataFrame) -> memoryview:
    """As Arrow; in memory first, so that a full disk is told as one."""
    buffer = io.BytesIO()
    table.write_ipc(buffer)
    return buffer.getbuffer()
