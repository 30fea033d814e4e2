"""Where a package's bytes are: a folder, a .zip, or one .jsonl. Nothing is ever unpacked to disk."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, cast

from discovery.errors import BadInput
from discovery.facts.problems import ProblemLog
from discovery.facts.schema import FILES
from discovery.facts.values import nearest

MAX_UNPACKED: Final = 16 * 2**30  # bytes of one archive
MAX_RATIO: Final = 200  # unpacked to packed, above which a large member is taken for a bomb
MAX_MEMBERS: Final = 1_000
_LARGE: Final = 64 * 2**20
UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Entry:
    """One file of the package: its stem (None for a .jsonl), its name as the user knows it, its bytes."""

    stem: str | None
    name: str
    size: int
    open: Callable[[], BinaryIO]


@contextmanager
def entries(path: Path, log: ProblemLog) -> Iterator[list[Entry]]:
    """The package's files, in the order of the schema; unknown ones go to the log.

    Raises BadInput where there is no package at all.
    """
    if not path.exists():
        raise BadInput(f"There is no {path}.", remedy="Name a folder, a .zip or a .jsonl.", file=str(path))
    if path.is_dir():
        yield _ordered(_folder(path, log), path, log)
    elif path.suffix.lower() == ".jsonl":
        yield [Entry(None, path.name, path.stat().st_size, lambda: path.open("rb"))]
    elif path.suffix.lower() == ".zip":
        with _opened(path) as archive:
            yield _ordered(_members(archive, log), path, log)
    else:
        raise BadInput(
            f"{path.name} is neither a folder nor a .zip nor a .jsonl.",
            remedy="Put the CSV files into a folder and name the folder.",
            file=str(path),
        )


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise BadInput(
            f"{path.name} cannot be opened as a zip archive: {error}.",
            remedy="Copy or download it again; it may have been cut short.",
            file=str(path),
        ) from error


def _ordered(found: list[Entry], path: Path, log: ProblemLog) -> list[Entry]:
    if not found and log.frame().is_empty():
        raise BadInput(
            f"{path.name} holds no file of a facts package.",
            remedy=f"It needs at least one of {', '.join(f'{stem}.csv' for stem in FILES)}.",
            file=str(path),
        )
    order = list(FILES)
    return sorted(found, key=lambda entry: order.index(entry.stem or ""))


def _folder(path: Path, log: ProblemLog) -> list[Entry]:
    files = (file for file in sorted(path.iterdir()) if file.suffix.lower() == ".csv")
    return [
        Entry(file.stem, file.name, file.stat().st_size, lambda file=file: file.open("rb"))  # type: ignore[misc]  # bound
        for file in files
        if file.is_file() and _known(file.name, log)
    ]


def _known(name: str, log: ProblemLog) -> bool:
    stem = name.removesuffix(".csv")
    if stem in FILES and stem != name:
        return True
    log.add("unknown_file", name, detail=nearest(stem.lower(), tuple(FILES)))
    return False


def _members(archive: zipfile.ZipFile, log: ProblemLog) -> list[Entry]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    _refuse_bombs(archive, infos)
    found: dict[str, Entry] = {}
    for info in infos:
        name = PurePosixPath(info.filename.replace("\\", "/"))
        if name.suffix.lower() != ".csv" or "__MACOSX" in name.parts:
            continue
        if reason := _unsafe(info, name):
            log.add("archive_member", str(name)[:200], detail=reason)
        elif name.stem in found:
            log.add("duplicate_file", name.name)
        elif _known(name.name, log):
            found[name.stem] = _member(archive, info, name)
    return list(found.values())


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: PurePosixPath) -> Entry:
    return Entry(name.stem, name.name, info.file_size, lambda: cast(BinaryIO, archive.open(info)))


def _unsafe(info: zipfile.ZipInfo, name: PurePosixPath) -> str | None:
    """Why a member's name or kind is not one that an honest package has."""
    if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
        return "its path leads out of the archive"
    if len(name.parts) > 2:
        return "it lies deeper than one folder"
    if info.flag_bits & 1:
        return "it is encrypted"
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "it is not a regular file"
    return None


def _refuse_bombs(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    """BadInput for an archive that would unpack to far more than it is.

    The sizes are the declared ones: reading a member never yields more.
    """
    total = sum(info.file_size for info in infos)
    swollen = any(i.file_size > _LARGE and i.file_size > MAX_RATIO * max(i.compress_size, 1) for i in infos)
    name = Path(archive.filename or "the archive").name
    if len(infos) > MAX_MEMBERS or total > MAX_UNPACKED or swollen:
        raise BadInput(
            f"{name} would unpack to {total:,} bytes in {len(infos):,} files, which is refused.",
            remedy="Unpack it yourself and name the folder if you trust it.",
        )
