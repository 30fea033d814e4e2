"""How the store can fail, and the one place where the driver's errors become ours.

StoreError
├── StoreUnavailable    nobody answers at that address
├── StoreRefused        the user or password is wrong, or may not do this
├── QuestionTooLong     cut by the time or memory limit
├── QueryMisused        no such query file, or other parameters than it declares
├── LoadFailed          a load stopped; nothing of it counts
└── QuestionFailed      anything else the server refused
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    AuthError,
    ClientError,
    DriverError,
    Forbidden,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from discovery.errors import StoreError


class StoreUnavailable(StoreError):
    """Nobody answers at the store's address."""


class StoreRefused(StoreError):
    """The store does not accept this user or password, or not for this."""


class QuestionTooLong(StoreError):
    """The store cut the question at its limit of time or memory."""


class QueryMisused(StoreError):
    """There is no such query file, or it takes other parameters."""


class LoadFailed(StoreError):
    """A load stopped before it was complete; nothing of it counts."""


class QuestionFailed(StoreError):
    """The store refused the question."""


LIMITS = ("TransactionTimedOut", "MemoryPoolOutOfMemory", "TransactionOutOfMemory", "TerminatedByDatabase")


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn the driver's errors into ours; `name` is the query file that was asked."""
    try:
        yield
    except (AuthError, Forbidden) as error:
        raise StoreRefused(
            "Neo4j refuses this user.", remedy="Check NEO4J_USER and NEO4J_PASSWORD.", query=name
        ) from error
    except (ServiceUnavailable, SessionExpired) as error:
        raise StoreUnavailable(
            "Neo4j does not answer.",
            remedy="Check NEO4J_URI, or start the local store: guanlian store start.",
            query=name,
        ) from error
    except (ClientError, TransientError) as error:
        if any(limit in (error.code or "") for limit in LIMITS):
            raise QuestionTooLong(
                f"{name} was cut at the store's limit of time or memory.",
                remedy="Ask about fewer parties or fewer steps, or raise the limit.",
                query=name,
            ) from error
        raise QuestionFailed(f"Neo4j refused {name} ({error.code}).", query=name) from error
    except (DriverError, Neo4jError, OSError) as error:
        raise QuestionFailed(f"{name} failed ({type(error).__name__}).", query=name) from error
    except BufferError as error:
        if isinstance(error.__context__, KeyboardInterrupt):  # it tripped while tidying up
            raise KeyboardInterrupt from error
        raise
