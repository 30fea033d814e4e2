"""Files that a command writes or reads for its user."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from discovery.errors import BadInput


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A draft beside `path` that takes its place at the end; after a break nothing is left.

    BadInput if the place cannot be written.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        yield draft
        draft.replace(path)
    except OSError as error:
        raise BadInput(
            f"{path} cannot be written: {error.strerror or error}.",
            remedy="Name a file in a folder that exists and that you may write to.",
            file=str(path),
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def read_json(path: Path) -> dict[str, Any]:
    """A file that holds one JSON object; BadInput with the remedy if it does not."""
    try:
        found = orjson.loads(path.read_bytes())
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror or error}.", remedy="Check the path.", file=str(path)
        ) from error
    except orjson.JSONDecodeError as error:
        raise BadInput(
            f"{path} is no JSON: {error.msg}, line {error.lineno}.",
            remedy="Give the file that `guanlian groups PATH --json` wrote.",
            file=str(path),
            row=error.lineno,
        ) from error
    if not isinstance(found, dict):
        raise BadInput(
            f"{path} holds no JSON object.",
            remedy="Give the file that `guanlian groups PATH --json` wrote.",
            file=str(path),
        )
    return found
