"""What the project's files must not name: package registries, and places on somebody's machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
REGISTRIES = tuple(
    word.replace("~", "")  # so that this file does not name them either
    for word in (
        "py~pi.org",
        "python~hosted",
        "repo1.~maven",
        "repo.~maven",
        "maven~.org",
        "ana~conda.org",
        "npm~js.",
        "crates~.io",
        "index-~url",
        "find-~links",
    )
)
PLACES = re.compile(r"(?<![\w.-])/(?:work|root|Users|opt/wheels)/[\w.]|(?<![\w.-])/home/(?!guanlian\b)\w")


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        check=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only a checkout knows its files")
def test_no_file_names_a_registry_or_a_machine():
    """Where packages come from is the reader's setting; paths are relative or the user's own."""
    wrong = []
    for name in tracked():
        text = (ROOT / name).read_bytes().decode("utf-8", errors="ignore")
        wrong += [f"{name}: {word}" for word in REGISTRIES if word in text]
        wrong += [f"{name}: {found[0]}" for found in PLACES.finditer(text)]

    assert [] == wrong


@pytest.mark.parametrize("text", [f"see /{place}/x" for place in ("work", "root", "home", "Users")])
def test_a_place_is_seen(text):
    """The pattern finds what it is to find."""
    assert PLACES.search(text)


@pytest.mark.parametrize("text", ["/home/guanlian/data", "docs/work/x", "network/root", "a/opt/b"])
def test_no_place_is_seen_where_there_is_none(text):
    """Our container's home and parts of other words are no one's machine."""
    assert not PLACES.search(text)
