"""What `postmaster.pid` says about an embedded server, without importing anything that is slow to import."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

DATABASE = "mission_ledger"
OWNER = "postgres"


class Postmaster(NamedTuple):
    """One reading of `postmaster.pid`; `host` is a socket folder, or an address where there are no unix sockets."""

    pid: int
    data_folder: str
    port: int
    host: str
    status: str

    @property
    def url(self) -> str:
        """The URL of the ledger's database. The port is spelled out, or libpq would take it from PGPORT."""
        return f"postgresql://{OWNER}@/{DATABASE}?host={quote(self.host, safe='')}&port={self.port}"

    def accepts(self) -> bool:
        """Whether something listens where the server says it does."""
        unix = self.host.startswith("/")
        family = socket.AF_UNIX if unix else socket.AF_INET
        address: str | tuple[str, int] = f"{self.host}/.s.PGSQL.{self.port}" if unix else (self.host, self.port)
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(2)
            try:
                probe.connect(address)
            except OSError:
                return False
        return True


def reading(pgdata: Path) -> Postmaster | None:
    """The server `postmaster.pid` names, or None when there is no such file or it is still being written.

    Raises OSError (PermissionError) when the file is there and may not be read.
    """
    try:
        lines = [line.strip() for line in (pgdata / "postmaster.pid").read_text(errors="replace").splitlines()]
    except (FileNotFoundError, NotADirectoryError):
        return None
    if len(lines) < 8 or not lines[0].isdigit() or not lines[3].isdigit():
        return None
    host = str(pgdata) if lines[4] == "." else lines[4] or lines[5]
    return Postmaster(int(lines[0]), lines[1], int(lines[3]), host, lines[7])


def ready(pgdata: Path) -> Postmaster | None:
    """The server of this very folder, if it is ready and listening.

    The folder in the file must be this one: in a copy of a running cluster the file names the original's server.
    """
    server = reading(pgdata)
    if server is None or server.status != "ready" or server.data_folder != str(pgdata) or not server.accepts():
        return None
    return server
