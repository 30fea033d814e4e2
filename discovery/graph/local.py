"""The local Neo4j: one server a folder, fetched once, a child on loopback, found again after a crash."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psutil
from filelock import FileLock, Timeout
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from discovery.errors import StoreError
from discovery.graph import jars, server_files
from discovery.graph.home import cache, home, secret_once, write_secret
from discovery.graph.server_files import Size

USER: Final = "neo4j"
START_SECONDS: Final = 180
STOP_SECONDS: Final = 90
DATABASE: Final = "neo4j"
STORE_BYTES: Final = 300_000_000
PORT_TAKEN: Final = ("already in use", "Failed to bind")
_CHILDREN: Final[dict[int, subprocess.Popen[bytes]]] = {}  # servers this process started; they may outlive it


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: where it is asked, where Neo4j Browser is, and the process that it is."""

    uri: str
    browser: str
    pid: int
    started: (
        float  # the process's creation time, so that another process with the same pid is not taken for it
    )
    line: str


class LocalServer:
    """The store's server in `folder`: fetch, start or attach, stop, status, reset.

    The child has a session of its own and outlives us; whoever starts next attaches to it. A file lock
    lets one process at a time start or stop it, so one folder never has two servers.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        line: str = jars.LTS,
        size: Size | None = None,
        jar_folder: Path | None = None,
    ) -> None:
        self.folder = (folder or home() / "store").resolve()
        self.line = line
        self.size = size or Size.of_machine()
        self.jar_folder = jar_folder or cache() / f"neo4j-{line}"
        self._record = self.folder / "server.json"
        self._importing = self.folder / "importing"

    @property
    def password(self) -> str:
        return secret_once(self.folder / "password")

    def fetch(self, *, progress: jars.Progress | None = None, source: Path | None = None) -> int:
        """Bring the jars: from the repository, or from a folder filled elsewhere; how many came."""
        self.jar_folder.mkdir(parents=True, exist_ok=True)
        wanted = jars.read_lock(self.line)
        with FileLock(self.jar_folder / ".fetching"):
            if source is not None:
                return jars.bring(source, self.jar_folder, wanted, progress=progress)
            return jars.fetch(self.jar_folder, wanted, progress=progress)

    def status(self) -> Server | None:
        """The server that runs in this folder now, whoever started it; None when there is none."""
        try:
            known = Server(**json.loads(self._record.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return known if _alive(known) else None

    def start(self, *, progress: jars.Progress | None = None) -> Server:
        """Start the server, or attach to the one that runs; returns when its first query is answered."""
        with self._alone():
            running = self.status() or self._stray()
            if running is None:
                return self._launch_and_wait(progress)
            if running.line != self.line:
                raise StoreError(
                    f"The store in {self.folder} is run by Neo4j {running.line}, not {self.line}.",
                    remedy="Stop it first: guanlian store stop.",
                )
            try:
                self._wait(running)
            except StoreError:
                if self.status() is not None:
                    raise
                return self._launch_and_wait(progress)  # it was about to end when it was found
            return running

    def stop(self) -> bool:
        """End the server cleanly; False when none was running."""
        with self._alone():
            running = self.status() or self._stray()
            if running is not None:
                self._end(running)
            self._record.unlink(missing_ok=True)
            return running is not None

    def reset(self) -> None:
        """Stop the server and delete its data and password. What it held is gone."""
        self.stop()
        with self._alone():
            for name in ("data", "logs", "run", "conf", "password", "server.json", "importing", "import"):
                path = self.folder / name
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)

    def admin(self, *arguments: str) -> None:
        """Run Neo4j's admin tool on this folder; the server must be down for all but the password."""
        command = server_files.admin_command(self.jar_folder, *arguments, line=self.line, heap=self.size.heap)
        done = subprocess.run(  # noqa: S603  our own Java with our own arguments
            command,
            env=server_files.clean_environment(self.folder),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise StoreError(
                f"Neo4j's admin tool failed ({' '.join(arguments[:2])}): {_tail(done.stderr or done.stdout)}",
                remedy=f"See {self.folder / 'logs'}.",
            )

    @contextmanager
    def down(self) -> Iterator[None]:
        """Work on the stopped server's files; afterwards it runs again.

        A break in the middle leaves the mark `importing`, by which the next start empties the half-written
        database: this is only ever done to a store that was empty.
        """
        with self._alone():
            running = self.status() or self._stray()
            if running is not None:
                self._end(running)
            write_secret(self._importing, "")
            yield
            self._importing.unlink()
        self.start()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / "server.lock", timeout=START_SECONDS * 2):
                yield
        except Timeout as error:
            raise StoreError(
                f"Another process has been starting or stopping the store in {self.folder} for long.",
                remedy="See `guanlian store status`; end the other process if it hangs.",
            ) from error

    def _launch_and_wait(self, progress: jars.Progress | None) -> Server:
        """Start anew; where somebody took a port in the meantime, with other ports."""
        for last in (False, False, True):
            server = self._launch(progress)
            try:
                self._wait(server)
            except StoreError:
                if last or self.status() is not None or not self._port_was_taken():
                    raise
            else:
                return server
        raise AssertionError  # the last round returns or raises

    def _launch(self, progress: jars.Progress | None) -> Server:
        if jars.missing(self.jar_folder, jars.read_lock(self.line)):
            self.fetch(progress=progress)
        jars.require_space(self.folder, STORE_BYTES)
        if self._importing.exists():
            self._end_import()
            for part in ("databases", "transactions"):
                shutil.rmtree(self.folder / "data" / part / DATABASE, ignore_errors=True)
            self._importing.unlink()
        bolt, http = server_files.free_ports(2)
        conf = server_files.settings(bolt=bolt, http=http, size=self.size, line=self.line)
        write_secret(self.folder / "conf" / "neo4j.conf", conf)
        for name in ("logs", "run", "data", "import", "plugins", "lib"):
            (self.folder / name).mkdir(exist_ok=True)
        if not (self.folder / "data" / "dbms").exists() and not (self.folder / "data" / "databases").exists():
            self.admin("dbms", "set-initial-password", self.password)
        with (self.folder / "logs" / "console.log").open("wb") as log:
            child = subprocess.Popen(  # noqa: S603  our own Java with our own arguments
                server_files.server_command(self.folder, self.jar_folder, line=self.line, size=self.size),
                env=server_files.clean_environment(self.folder),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _CHILDREN[child.pid] = child
        return self._remember(psutil.Process(child.pid), bolt, http)

    def _remember(self, process: psutil.Process, bolt: int, http: int) -> Server:
        server = Server(
            f"bolt://127.0.0.1:{bolt}",
            f"http://127.0.0.1:{http}/browser/",
            process.pid,
            process.create_time(),
            self.line,
        )
        write_secret(self._record, json.dumps(asdict(server)))
        return server

    def _end_import(self) -> None:
        """End a bulk import whose starter was killed: it would go on writing the files of this folder."""
        for process in psutil.process_iter(["cmdline"]):
            words = process.info["cmdline"] or []
            if server_files.ADMIN in words and any(str(self.folder / "import") in word for word in words):
                process.kill()
                process.wait(STOP_SECONDS)
        shutil.rmtree(self.folder / "import", ignore_errors=True)

    def _stray(self) -> Server | None:
        """A server of this folder that nobody noted down, because its starter was killed in between."""
        mark = f"--home-dir={self.folder}"
        for process in psutil.process_iter(["cmdline"]):
            words = process.info["cmdline"] or []
            if mark in words:  # a zombie has no command line
                text = (self.folder / "conf" / "neo4j.conf").read_text(encoding="utf-8")
                conf = dict(row.split("=", 1) for row in text.splitlines())
                bolt, http = (
                    conf[f"server.{name}.listen_address"].split(":")[1] for name in ("bolt", "http")
                )
                return self._remember(process, int(bolt), int(http))
        return None

    def _wait(self, server: Server) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers(server):
            if self.status() is None:
                raise StoreError(
                    f"Neo4j ended while it was starting: {_tail(self._log_text())}",
                    remedy=f"See {self.folder / 'logs'}.",
                )
            if time.monotonic() > deadline:
                raise StoreError(
                    f"Neo4j did not answer within {START_SECONDS} s.",
                    remedy=f"See {self.folder / 'logs'}; `guanlian store stop` ends it.",
                )
            time.sleep(0.2)

    def _answers(self, server: Server) -> bool:
        try:
            with GraphDatabase.driver(
                server.uri, auth=(USER, self.password), connection_timeout=5, max_transaction_retry_time=0
            ) as driver:
                driver.execute_query("RETURN 1", database_=DATABASE)
        except AuthError as error:
            raise StoreError(
                f"The store in {self.folder} refuses the password kept beside it.",
                remedy=f"Write the password you gave Neo4j into {self.folder / 'password'} (mode 600).",
            ) from error
        except (DriverError, Neo4jError, OSError):
            return False
        return True

    def _end(self, server: Server) -> None:
        try:
            process = _CHILDREN.get(server.pid) or psutil.Process(server.pid)
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except (psutil.TimeoutExpired, subprocess.TimeoutExpired):
                process.kill()
                process.wait(STOP_SECONDS)
        except psutil.NoSuchProcess:
            pass
        _CHILDREN.pop(server.pid, None)

    def _port_was_taken(self) -> bool:
        return any(words in self._log_text() for words in PORT_TAKEN)

    def _log_text(self) -> str:
        try:
            return (self.folder / "logs" / "console.log").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""


def _alive(server: Server) -> bool:
    """The process is there, is the one noted down, and has not just ended unmourned by us, its parent."""
    child = _CHILDREN.get(server.pid)
    if child is not None and child.poll() is not None:
        return False
    try:
        process = psutil.Process(server.pid)
        return process.status() != psutil.STATUS_ZOMBIE and abs(process.create_time() - server.started) < 1
    except psutil.Error:
        return False


def _tail(text: str) -> str:
    rows = [row for row in text.splitlines() if row.strip()]
    return " / ".join(rows[-4:])[-600:] or "no output"
