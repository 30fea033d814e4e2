"""Write the lock file of one line of Neo4j: `python -m discovery.graph.lock 5.26` (for a new version).

Resolving the coordinates from POMs takes minutes, so it is done here once for everybody.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from discovery.graph import jars

COORDINATES: Final = {
    jars.LTS: ("org.neo4j:neo4j:5.26.30", "org.neo4j.client:neo4j-browser:5.24.0"),
    jars.NEWEST: ("org.neo4j:neo4j:2026.08.1", "org.neo4j.client:neo4j-browser:5.24.0"),
}
RUNTIME_SCOPES: Final = ("compile", "runtime", None)


def resolve(coordinates: tuple[str, ...], cache: Path) -> list[jars.Jar]:
    """Every jar that these need to run, fetched once to learn its checksum."""
    context: Any = jars.maven(cache)
    wanted = [context.create_dependency(text) for text in coordinates]
    inputs, transitive = context.resolver.resolve(wanted)
    needed = [dep.artifact for dep in [*inputs, *transitive] if dep.scope in RUNTIME_SCOPES]
    return sorted({_locked(artifact) for artifact in needed if artifact.packaging == "jar"})


def _locked(artifact: Any) -> jars.Jar:
    path = Path(artifact.resolve())
    return jars.Jar(
        artifact.groupId,
        artifact.artifactId,
        artifact.version,
        artifact.classifier,
        jars.sha256_of(path),
        path.stat().st_size,
    )


def main(lines: list[str]) -> None:
    for line in lines:
        with tempfile.TemporaryDirectory() as cache:
            found = resolve(COORDINATES[line], Path(cache))
        jars.write_lock(Path(__file__).with_name(f"neo4j-{line}.lock.csv"), found)
        sys.stdout.write(f"{line}: {len(found)} jars, {sum(jar.bytes for jar in found) // 1_000_000} MB\n")


if __name__ == "__main__":
    main(sys.argv[1:] or list(jars.LINES))
