"""The jars of the local Neo4j: a lock file names each with its checksum; fetching brings exactly those."""

from __future__ import annotations

import csv
import hashlib
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import astuple, dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Final

from discovery.errors import StoreError

LTS: Final = "5.26"
NEWEST: Final = "2026"
LINES: Final = (LTS, NEWEST)
THREADS: Final = 8
SPARE_BYTES: Final = 500_000_000  # room for an empty database and its logs

REMEDY: Final = (
    "Behind a proxy or on an inner network name your mirror in jgo's settings (section [repositories], key "
    "central), or bring the jars from another machine with `guanlian store fetch --to DIR` there and "
    "`--from DIR` here, or use a Neo4j of your own (NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD), or "
    "docker-compose.yml."
)

Progress = Callable[[int, int], None]  # bytes so far, bytes in all


@dataclass(frozen=True, slots=True, order=True)
class Jar:
    """One line of a lock file. `classifier` is empty, or tells platform jars of one artifact apart."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str
    bytes: int

    @property
    def name(self) -> str:
        tail = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{tail}.jar"


def read_lock(line: str = LTS) -> tuple[Jar, ...]:
    """The jars of one line of Neo4j, as the project's lock file names them."""
    text = (files("discovery.graph") / f"neo4j-{line}.lock.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Jar(**(row | {"bytes": int(row["bytes"])})) for row in rows)  # type: ignore[arg-type]  # text but bytes


def write_lock(path: Path, jars: Iterable[Jar]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(field.name for field in fields(Jar))
        writer.writerows(astuple(jar) for jar in sorted(jars))


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def whole(path: Path, jar: Jar) -> bool:
    """The file is there and is that jar, by size and checksum."""
    return path.is_file() and path.stat().st_size == jar.bytes and sha256_of(path) == jar.sha256


def missing(folder: Path, jars: Iterable[Jar], *, thorough: bool = False) -> list[Jar]:
    """Jars that the folder lacks: by size, or by checksum where `thorough`.

    A jar is moved into its place only after its checksum was right, so that a start looks at sizes alone.
    """

    def there(jar: Jar) -> bool:
        path = folder / jar.name
        return whole(path, jar) if thorough else path.is_file() and path.stat().st_size == jar.bytes

    return [jar for jar in jars if not there(jar)]


def require_space(folder: Path, needed: int) -> None:
    """Refuse before anything is written when the disk cannot hold what comes."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StoreError(
            f"{folder} has {free // 1_000_000} MB free; {needed // 1_000_000} MB are needed.",
            remedy="Free some space, or set GUANLIAN_HOME to a folder on another disk.",
        )


def fetch(folder: Path, jars: tuple[Jar, ...], *, progress: Progress | None = None) -> int:
    """Fetch the jars the folder lacks, eight at a time; how many were fetched.

    Each is checked against its sha256 and only then moved into its place, so a break loses at most the jars
    under way and the next call goes on from there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lacking = missing(folder, jars, thorough=True)
    total = sum(jar.bytes for jar in jars)
    done = total - sum(jar.bytes for jar in lacking)
    if not lacking:
        return 0
    require_space(folder, total - done + SPARE_BYTES)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder) as staging:
        context = maven(Path(staging))
        pool = ThreadPoolExecutor(THREADS, thread_name_prefix="fetch")
        try:
            for jobs in as_completed([pool.submit(_fetch_one, context, jar, folder) for jar in lacking]):
                done += jobs.result()
                if progress:
                    progress(done, total)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return len(lacking)


def bring(source: Path, folder: Path, jars: tuple[Jar, ...], *, progress: Progress | None = None) -> int:
    """Copy the jars the folder lacks from a folder that `fetch` filled on another machine."""
    folder.mkdir(parents=True, exist_ok=True)
    lacking = missing(folder, jars, thorough=True)
    absent = missing(source, lacking, thorough=True)
    if absent:
        raise StoreError(
            f"{source} lacks {len(absent)} of {len(jars)} jars, or they differ from the lock file; "
            f"the first is {absent[0].name}.",
            remedy="Fill it on a machine with a network by the same Guanlian: guanlian store fetch --to DIR.",
        )
    total = sum(jar.bytes for jar in jars)
    done = total - sum(jar.bytes for jar in lacking)
    require_space(folder, total - done + SPARE_BYTES)
    for jar in lacking:
        draft = folder / f".{jar.name}.part"
        shutil.copyfile(source / jar.name, draft)
        draft.replace(folder / jar.name)
        done += jar.bytes
        if progress:
            progress(done, total)
    return len(lacking)


def maven(cache: Path) -> object:
    """jgo's own idea of the repository, with the mirrors its settings name; its files go into `cache`."""
    from jgo.config import GlobalSettings  # noqa: PLC0415  only fetching needs it, and it is slow to import
    from jgo.maven import MavenContext  # noqa: PLC0415  as above
    from jgo.maven._core import DEFAULT_REMOTE_REPOS  # noqa: PLC0415  as above

    logging.getLogger("jgo").setLevel(logging.ERROR)
    mirrors = GlobalSettings.load().repositories
    return MavenContext(repo_cache=cache, remote_repos=DEFAULT_REMOTE_REPOS | mirrors, timeout=60)


def _fetch_one(context: object, jar: Jar, folder: Path) -> int:
    artifact = (
        context.project(jar.group, jar.artifact)  # type: ignore[attr-defined]  # untyped package
        .at_version(jar.version)
        .artifact(jar.classifier, "jar")
    )
    try:
        path = Path(artifact.resolve())
    except (OSError, RuntimeError) as error:  # requests' errors are OSErrors
        raise StoreError(f"{jar.name} could not be fetched.", remedy=REMEDY, jar=jar.name) from error
    if not whole(path, jar):
        raise StoreError(
            f"{jar.name} came with another checksum than the lock file's.",
            remedy="Ask whoever runs your mirror; nothing of it was kept. " + REMEDY,
            jar=jar.name,
        )
    path.replace(folder / jar.name)
    return jar.bytes
