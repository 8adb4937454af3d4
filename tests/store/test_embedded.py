"""The embedded server: shared, restarted after a crash, and one clear line whenever it cannot run."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import psycopg
import pytest

from ledger.errors import DatabaseUnusable
from ledger.store import embedded

START = (
    "import sys, psycopg\n"
    "from pathlib import Path\n"
    "from ledger.store import embedded\n"
    "url = embedded.start(Path(sys.argv[1]))\n"
    "print(psycopg.connect(url).execute('SELECT 1').fetchone())\n"
)


def one_line(folder: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """The message with which `folder` is refused; nothing else may have been printed."""
    with pytest.raises(DatabaseUnusable) as caught:
        embedded.start(folder)
    message = caught.value.message
    assert caught.value.code == "database_unusable"
    assert "\n" not in message
    assert capfd.readouterr() == ("", "")
    return message


def answers(folder: Path) -> bool:
    with psycopg.connect(embedded.start(folder)) as connection:
        return connection.execute("SELECT current_database()").fetchone() == ("mission_ledger",)


def pid(folder: Path) -> int:
    return int((folder / "pgdata" / "postmaster.pid").read_text().split()[0])


def test_starting_again_finds_the_same_server(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    deep = folder / "made" / "with parents"
    assert not embedded.running(deep)
    url = embedded.start(deep)
    try:
        server = pid(deep)
        assert embedded.running(deep)
        assert embedded.start(deep) == url
        assert pid(deep) == server
        with psycopg.connect(url) as connection:
            settings = dict(
                connection.execute(
                    "SELECT name, setting FROM pg_settings WHERE name IN ('max_wal_size', 'jit', 'TimeZone', 'fsync',"
                    " 'synchronous_commit', 'lc_messages', 'listen_addresses', 'data_checksums', 'server_encoding')"
                ).fetchall()
            )
        assert settings == {
            "max_wal_size": "2048",
            "jit": "off",
            "TimeZone": "UTC",
            "fsync": "on",
            "synchronous_commit": "on",
            "lc_messages": "C",
            "listen_addresses": "",
            "data_checksums": "on",
            "server_encoding": "UTF8",
        }
    finally:
        embedded.stop(deep)
    assert not embedded.running(deep)
    embedded.stop(deep)  # nothing to stop is no error
    assert capfd.readouterr() == ("", "")


def test_the_server_outlives_the_process_and_six_may_start_at_once(folder: Path) -> None:
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", START, str(folder / "x")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]
    said = [starter.communicate(timeout=60) for starter in starters]
    assert said == [("(1,)\n", "")] * 6
    assert embedded.running(folder / "x")
    embedded.stop(folder / "x")


@pytest.mark.parametrize("how", ["postmaster only", "whole group"])
def test_a_killed_server_is_started_again(folder: Path, how: str) -> None:
    with psycopg.connect(embedded.start(folder)):
        server = pid(folder)
        if how == "whole group":
            os.killpg(server, signal.SIGKILL)
        else:
            os.kill(server, signal.SIGKILL)
        while embedded.running(folder):  # the signal takes its moment
            time.sleep(0.01)
        assert answers(folder)
    assert pid(folder) != server


def test_a_stale_pid_file_that_names_another_process(folder: Path) -> None:
    embedded.start(folder)
    left = (folder / "pgdata" / "postmaster.pid").read_text()
    embedded.stop(folder)
    innocent = subprocess.Popen(["sleep", "60"])
    try:
        lines = left.splitlines(keepends=True)
        (folder / "pgdata" / "postmaster.pid").write_text("".join([f"{innocent.pid}\n", *lines[1:]]))
        assert not embedded.running(folder)
        assert answers(folder)
        assert innocent.poll() is None
    finally:
        innocent.kill()
        innocent.wait()


def test_a_copy_of_a_running_folder_is_not_taken_for_the_original(folder: Path) -> None:
    embedded.start(folder / "a")
    subprocess.run(["cp", "-a", folder / "a", folder / "b"], check=False, capture_output=True)
    try:
        assert not embedded.running(folder / "b")
        assert answers(folder / "b")
        assert pid(folder / "a") != pid(folder / "b")
    finally:
        embedded.stop(folder / "a")
        embedded.stop(folder / "b")


def test_a_deleted_folder_is_made_anew(folder: Path) -> None:
    embedded.start(folder)
    old = pid(folder)
    shutil.rmtree(folder / "pgdata")
    assert answers(folder)
    assert pid(folder) != old
    # Dead; whether its number is free at once is for the machine's first process, which may collect it later.
    assert not psutil.pid_exists(old) or psutil.Process(old).status() == psutil.STATUS_ZOMBIE


def test_a_vanished_socket_is_made_again(folder: Path) -> None:
    embedded.start(folder)
    (folder / "pgdata" / ".s.PGSQL.5432").unlink()
    assert not embedded.running(folder)
    assert answers(folder)


def test_a_path_too_long_or_too_odd_for_a_socket(folder: Path) -> None:
    for name in ("long" * 30, 'it\'s, a "folder" $HOME é %20'):
        place = folder / name
        try:
            assert answers(place)
            assert embedded.running(place)
        finally:
            embedded.stop(place)


def test_the_callers_environment_does_not_steer_the_server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("PGPORT", "1"), ("PGDATA", "/nowhere"), ("LC_ALL", "xx_YY"), ("TZ", "Asia/Tokyo")):
        monkeypatch.setenv(name, value)
    assert answers(folder)


def test_a_file_in_the_way(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "file").write_text("x")
    assert "choose" in one_line(folder / "file", capfd)
    assert "choose" in one_line(folder / "file" / "below", capfd)
    (folder / "other").mkdir()
    (folder / "other" / "pgdata").write_text("x")
    assert "choose" in one_line(folder / "other", capfd)


def test_a_folder_that_cannot_be_made(capfd: pytest.CaptureFixture[str]) -> None:
    assert "/proc/no-such-folder" in one_line(Path("/proc/no-such-folder"), capfd)


def test_a_folder_of_another_major_version(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    embedded.start(folder)
    embedded.stop(folder)
    (folder / "pgdata" / "PG_VERSION").write_text("16\n")
    message = one_line(folder, capfd)
    assert "PostgreSQL 16" in message
    assert "PostgreSQL 18" in message
    assert "dump" in message


def test_a_folder_of_something_else(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "pgdata").mkdir()
    (folder / "pgdata" / "notes.txt").write_text("mine")
    assert "not a PostgreSQL database" in one_line(folder, capfd)
    assert (folder / "pgdata" / "notes.txt").read_text() == "mine"


def test_a_damaged_cluster(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    embedded.start(folder)
    embedded.stop(folder)
    control = folder / "pgdata" / "global" / "pg_control"
    control.write_bytes(b"\0" * control.stat().st_size)
    message = one_line(folder, capfd)
    assert str(folder) in message
    assert "server.log" in message


@pytest.fixture
def mounted(folder: Path) -> Iterator[Path]:
    """A small file system of its own, 16 MB."""
    if os.geteuid() != 0:
        pytest.skip("mounting needs root")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("mounting is not allowed here")
    yield folder
    embedded.stop(folder)
    subprocess.run(["umount", "-l", folder], check=True)


def test_no_space_for_a_new_cluster(mounted: Path, capfd: pytest.CaptureFixture[str]) -> None:
    message = one_line(mounted, capfd)
    assert "No space left on device" in message
    assert "free some space" in message
    assert not (mounted / "pgdata").exists()


def test_a_read_only_folder(mounted: Path, capfd: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["mount", "-o", "remount,ro", mounted], check=True)
    try:
        message = one_line(mounted, capfd)
        assert "Read-only file system" in message
        assert "writable" in message
    finally:
        subprocess.run(["mount", "-o", "remount,rw", mounted], check=True)


def _as_nobody(place: Path, said: Connection) -> None:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    os.environ["HOME"] = "/nonexistent"
    try:
        folder = place / "own"
        said.send((answers(folder), (folder / "pgdata").stat().st_uid))
        embedded.stop(folder)
    except BaseException as error:
        said.send(repr(error))


def test_as_an_ordinary_user() -> None:
    if os.geteuid() != 0:
        pytest.skip("the other tests run as an ordinary user already")
    import ledger.store.cluster  # noqa: F401  loaded before the switch: this Python may be closed to other users

    place = Path(tempfile.mkdtemp(prefix="mission-ledger-nobody-"))
    place.chmod(0o777)
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    nobody = context.Process(target=_as_nobody, args=(place, theirs))
    nobody.start()
    nobody.join(60)
    assert answers(place / "own")  # root starts what belongs to somebody else as its owner
    assert embedded.running(place / "own")
    embedded.stop(place / "own")
    shutil.rmtree(place, ignore_errors=True)
    assert ours.poll(1)
    assert ours.recv() == (True, 65534)


def test_the_quick_path_is_quick(folder: Path) -> None:
    embedded.start(folder)
    began = time.perf_counter()
    for _ in range(20):
        embedded.start(folder)
    assert (time.perf_counter() - began) / 20 < 0.02
