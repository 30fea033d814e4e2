"""One service over the package of the documented examples, for all tests that only ask."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from serving import served

from api.described import FACTS
from discovery.service.versions import FolderSource


@pytest.fixture(scope="session")
def sample() -> Iterator[httpx.Client]:
    """A client of the service over the examples' facts."""
    with served(FolderSource(FACTS)) as client:
        yield client
