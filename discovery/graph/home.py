"""The folder a machine keeps for Guanlian: the local store, keys and caches (`GUANLIAN_HOME`)."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from discovery.errors import StoreError

SECRET_MODE = 0o600


def home() -> Path:
    """`GUANLIAN_HOME`, else the user's data folder of this machine. Made on first use, for its owner only."""
    named = os.environ.get("GUANLIAN_HOME")
    folder = Path(named).expanduser() if named else user_data_path("guanlian", appauthor=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {folder} cannot be used: {error.strerror}.",
            remedy="Set GUANLIAN_HOME to a folder you may write to.",
        ) from error
    return folder


def cache() -> Path:
    """Where fetched jars lie: `GUANLIAN_CACHE`, else `GUANLIAN_HOME/cache`, else the user's cache folder."""
    named = os.environ.get("GUANLIAN_CACHE")
    if named:
        folder = Path(named).expanduser()
    elif os.environ.get("GUANLIAN_HOME"):
        folder = home() / "cache"
    else:
        folder = user_cache_path("guanlian", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner may read; it is never there half written or with a wider mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET_MODE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def secret_once(path: Path, *, length: int = 32) -> str:
    """The secret in that file; made at random when the file is not there yet.

    Of several processes that ask at once, all get the one that was there first.
    """
    with contextlib.suppress(FileNotFoundError):
        return path.read_text(encoding="utf-8").strip()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    write_secret(draft, secrets.token_hex(length))
    try:
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink(missing_ok=True)
    return path.read_text(encoding="utf-8").strip()
