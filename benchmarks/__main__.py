"""`python -m benchmarks`: measure, print a table, keep the figures as JSON."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import Row
from benchmarks.sizes import SIZES
from benchmarks.table import HEAD, line

PARTS: Final = {
    "kernel": "kernel", "groups": "groups", "load": "loading", "store": "storing", "http": "asking",
    "changes": "differing", "policies": "policies",
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts asked for; 1 if an aim was missed."""
    asked = _parser().parse_args(arguments)
    parts = list(PARTS) if not asked.part or "all" in asked.part else list(dict.fromkeys(asked.part))
    rows: list[Row] = []
    about = _machine() | {"size": asked.size, "parts": parts}
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="guanlian-benchmarks-") as temporary:
        work = asked.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        for part in parts:
            for row in importlib.import_module(f"benchmarks.{PARTS[part]}").run(SIZES[asked.size], work):
                rows.append({"part": part, **row, "load": os.getloadavg()[0]})
                print(line(rows[-1]), flush=True)
                if asked.out:
                    asked.out.write_text(json.dumps({**about, "rows": rows}, indent=1), encoding="utf-8")
    missed = [row for row in rows if row.get("met") is False]
    print(f"\n{len(rows)} rows, {len(missed)} aims missed; {about['processors']} processors, "
          f"load {about['load'][0]:.1f} at the start and {os.getloadavg()[0]:.1f} at the end")  # fmt: skip
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Guanlian.")
    parser.add_argument("--part", action="append", choices=[*PARTS, "all"], help="may be repeated")
    parser.add_argument("--size", choices=list(SIZES), default="small")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the figures as JSON")
    parser.add_argument("--work", type=Path, metavar="FOLDER", help="where graphs and packages are kept")
    return parser


def _machine() -> dict[str, Any]:
    return {
        "started": time.strftime("%Y-%m-%d %H:%M:%S %z"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "load": os.getloadavg(),
    }


if __name__ == "__main__":
    sys.exit(main())
