"""Which database, and connections to it. Every way it can fail becomes one line under `DatabaseUnusable`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import conninfo, errors

from ledger.errors import Conflict, DatabaseUnusable, LedgerError
from ledger.store import embedded

VARIABLE = "MISSION_LEDGER_DATABASE"
OLDEST_SERVER = 15
CONNECT_SECONDS = 10
SCHEMES = ("postgresql://", "postgres://")

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Database:
    """A PostgreSQL database: a server's URL, and the folder when the server is the embedded one."""

    url: str = field(repr=False)  # it may hold a password
    folder: Path | None = None
    made: bool = field(default=False, compare=False)  # the folder held no ledger until now

    @property
    def embedded(self) -> bool:
        """Whether the server is the embedded one, which this program owns and migrates by itself."""
        return self.folder is not None

    @property
    def label(self) -> str:
        """How messages name it: the folder, or host, port and database; never a password."""
        if self.folder is not None:
            return str(self.folder)
        parts = conninfo.conninfo_to_dict(self.url)
        host = parts.get("host") or parts.get("hostaddr") or "localhost"
        return f"{host}:{parts.get('port') or 5432}/{parts.get('dbname') or parts.get('user') or ''}"


def resolve(database: str | None) -> Database:
    """The database named by the argument, else by MISSION_LEDGER_DATABASE, else the embedded one of this user.

    A `postgresql://…` URL is a server; anything else is the folder of an embedded server, which is started.
    Raises DatabaseUnusable.
    """
    named = database or os.environ.get(VARIABLE) or _default_folder()
    if not named.startswith(SCHEMES):
        if "://" in named:
            scheme = named.split("://", 1)[0]
            raise DatabaseUnusable(
                "database_unusable",
                f"{scheme}://… is not a PostgreSQL URL; give postgresql://… or a folder to --database",
            )
        folder = Path(named).expanduser()
        made = not embedded.there(folder)
        return Database(url=embedded.start(folder), folder=folder, made=made)
    try:
        ports = str(conninfo.conninfo_to_dict(named).get("port") or 5432).split(",")
        if not all(port.isdigit() for port in ports):
            raise psycopg.ProgrammingError("port")
    except psycopg.Error:
        # libpq quotes the part it could not read, which may be the password: its words are not passed on.
        raise DatabaseUnusable(
            "database_unusable",
            "the database URL cannot be read; write postgresql://user:password@host:port/database, "
            "with special characters as %XX",
        ) from None
    return Database(url=named)


def _default_folder() -> str:
    import platformdirs  # noqa: PLC0415  only when no database was named

    return platformdirs.user_data_dir("mission-ledger", appauthor=False)


def connect(database: Database, *, autocommit: bool = False) -> Connection:
    """A connection in UTC at READ COMMITTED, called `mission-ledger` on the server.

    Raises DatabaseUnusable: unreachable, refused, not PostgreSQL, too old.
    """
    with translated(database):
        given = conninfo.conninfo_to_dict(database.url)
        # As start-up options the settings survive a rollback, which SET would not.
        options = f"{given.get('options') or ''} -c TimeZone=UTC".strip()
        connection = psycopg.connect(
            database.url,
            autocommit=autocommit,
            options=options,
            fallback_application_name="mission-ledger",
            connect_timeout=int(given.get("connect_timeout") or CONNECT_SECONDS),
        )
    # The log's lock protects only a reader whose statements each see what was committed before them.
    connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
    version = connection.info.server_version // 10000
    if version < OLDEST_SERVER:
        connection.close()
        raise DatabaseUnusable(
            "database_unusable",
            f"{database.label} runs PostgreSQL {version}, at least {OLDEST_SERVER} is needed; upgrade the server",
        )
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        connection.close()
        raise DatabaseUnusable(
            "database_unusable", f"{database.label} stores text as {encoding}; create the database with ENCODING 'UTF8'"
        )
    return connection


@contextmanager
def translated(database: Database | None = None) -> Iterator[None]:
    """Inside it, what makes the database unusable is raised as DatabaseUnusable, a lost race as Conflict.

    Other psycopg errors (a unique violation, a mistake in SQL) pass unchanged.
    """
    try:
        yield
    except psycopg.Error as error:
        known = _translation(error, database)
        if known is None:
            raise
        raise known from error


def _translation(error: psycopg.Error, database: Database | None) -> LedgerError | None:
    where = f"the database {database.label}" if database is not None else "the database"
    reason = _one_line(error, database)
    match error:
        case errors.SerializationFailure() | errors.DeadlockDetected() | errors.LockNotAvailable():
            return Conflict("concurrent_change", f"{where}: {reason}; another writer was faster, try again")
        case errors.UndefinedTable() | errors.InvalidSchemaName():
            return DatabaseUnusable("schema_missing", f"{where}: {reason}; run mission-ledger migrate")
        case _:
            advice = _advice(error, reason)
            if advice is None:
                return None
            return DatabaseUnusable("database_unusable", f"{where} cannot be used: {reason}; {advice}")


_ADVICE: tuple[tuple[tuple[type[psycopg.Error], ...], str], ...] = (
    ((errors.DiskFull,), "free some space on the server's disk"),
    ((errors.InsufficientPrivilege,), "grant this user the role mission_ledger_writer, or connect as the owner"),
    ((errors.ReadOnlySqlTransaction,), "it is read-only: connect to the primary server"),
    ((errors.TooManyConnections,), "close other connections, or raise max_connections"),
    (
        (errors.AdminShutdown, errors.CrashShutdown, errors.CannotConnectNow),
        "the server is stopping or starting: try again",
    ),
    ((errors.DataCorrupted, errors.IndexCorrupted), "the server's files are damaged: restore a backup"),
)


def _advice(error: psycopg.Error, reason: str) -> str | None:
    """What to do about an error that makes the database unusable; None for any other error."""
    for kinds, advice in _ADVICE:
        if isinstance(error, kinds):
            return advice
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return _connection_advice(reason)
    return None


def _connection_advice(reason: str) -> str:
    """libpq gives a failed connection no code, only words."""
    for words, advice in (
        ("password authentication failed|no password supplied", "check the user and the password"),
        ("no pg_hba.conf entry", "allow this user and host in pg_hba.conf"),
        ('database ".*" does not exist', "create the database, or name another with --database"),
        ('role ".*" does not exist', "check the user in the database URL"),
        (
            "invalid response|expected authentication request|unsupported frontend",
            "what answers there is not PostgreSQL: check host and port",
        ),
        ("Connection refused|No such file", "check that the server runs, and host and port in --database"),
        ("timeout", "check host and port, and that what answers there is PostgreSQL"),
        ("could not translate host|Name or service not known|resolve host", "check the host in the database URL"),
    ):
        if re.search(words, reason):
            return advice
    return "check the server and --database, then try again"


def _one_line(error: psycopg.Error, database: Database | None) -> str:
    """The server's first message on one line, without the password of the URL."""
    text = error.diag.message_primary or str(error) or type(error).__name__
    # A failed connection is reported once per address; the last attempt stands for them.
    text = re.sub(r"^.*?Multiple connection attempts failed\. All failures were:", "", text, flags=re.S)
    line = " ".join(part.strip(" -\t") for part in text.splitlines() if part.strip())
    password = conninfo.conninfo_to_dict(database.url).get("password") if database is not None else None
    if password:
        line = line.replace(str(password), "***")
    return line
