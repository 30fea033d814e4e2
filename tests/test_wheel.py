"""The wheel is whole: installed elsewhere, without the source tree, it answers about its own sample."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network by what is installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    build += ["--no-index", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The environment's folder: the wheel in it, its dependencies lent by this one, no network used."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    paths = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(paths, check=True, capture_output=True, text=True).stdout.strip())
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps"]
    subprocess.run([*install, "--no-index", "--disable-pip-version-check", str(wheel)], check=True)
    (site / "zz_lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


def run(installed: Path, *words: str, cwd: Path) -> str:
    """What the installed command prints, started in a folder that knows nothing of the project.

    Machine code is not made: it would be made for this place alone, and a small sample needs none.
    """
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": "", "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(
        [installed / "bin" / "guanlian", *words],
        check=True,
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_the_wheel_carries_all_that_is_not_code(wheel):
    """Query files, sample, mappings, policies, locked jars, words and licence; no tests."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    data = [
        path.relative_to(ROOT).as_posix()
        for room in ("cypher", "discovery", "api")
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]

    assert [] == sorted(set(data) - names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests/", "benchmarks/")) for name in names)


def test_the_installed_command_groups_the_sample(installed, tmp_path):
    """It runs from its own files: the package that is imported lies in the environment."""
    where = "import discovery, cypher, pathlib; print(discovery.__file__); print(list(cypher.__path__)[0])"
    python = subprocess.run(
        [installed / "bin" / "python", "-c", where], check=True, cwd=tmp_path, capture_output=True, text=True
    )
    module, queries = map(Path, python.stdout.split())

    sample = module.parent / "sample" / "guanlian"
    answer = json.loads(
        run(installed, "groups", str(sample), "--as-of", "2026-06-30", "--json", cwd=tmp_path)
    )

    assert module.is_relative_to(installed)
    assert queries.is_relative_to(installed)
    (group,) = [one for one in answer["groups"] if one["controller"]["parties"] == ["huayue"]]
    assert "55" == group["evidence"]["huayue-property"]["total"]


def test_the_installed_command_says_its_version(installed, tmp_path):
    """As the wheel's own metadata have it."""
    assert "0.1.0" == run(installed, "--version", cwd=tmp_path).strip()
