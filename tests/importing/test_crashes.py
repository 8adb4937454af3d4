"""Whatever dies under an import – it, its server, its disk, its reader –, running it again ends as if nothing had."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ledger.errors import Conflict, DatabaseUnusable, Misused
from ledger.store import embedded
from ledger.store.database import Database, connect
from ledger.store.log import lock
from projections import import_runs, reading_ahead, side_process
from tests.importing.histories import history, requested, written
from tests.importing.ledgers import finished, imported, position, rejected, said, start_import

MISSIONS = 700  # about 3,000 events
BATCH_LINES = 40


@pytest.fixture(scope="module")
def documents() -> list[dict[str, Any]]:
    return history(MISSIONS)


_known: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []


@pytest.fixture
def undisturbed(
    new_database: Callable[..., Database], tmp_path: Path, documents: list[dict[str, Any]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a ledger says, and what was refused, after an import that nothing disturbed; made once."""
    if not _known:
        database = new_database()
        file = written(tmp_path / "undisturbed.ndjson", documents)
        assert imported(database, file).refused > 100
        _known.append((said(database), rejected(file)))
    return _known[0]


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Until the condition holds or the process has ended."""
    until = time.monotonic() + 60
    while process.poll() is None and not condition():
        assert time.monotonic() < until
        time.sleep(0.001)


@pytest.mark.parametrize("seed", [1, 2])
def test_an_import_killed_at_any_moment_and_run_again_ends_like_an_undisturbed_one(
    database: Database,
    tmp_path: Path,
    documents: list[dict[str, Any]],
    undisturbed: tuple[dict[str, Any], list[dict[str, Any]]],
    seed: int,
) -> None:
    file = written(tmp_path / "killed.ndjson", documents)
    chance, kills, stored = Random(seed), 0, 0
    for part in range(5):
        strike = part * len(documents) // 6 + chance.randrange(len(documents) // 6)
        process = start_import(database, file, batch_lines=BATCH_LINES)
        wait_for(lambda strike=strike: position(database) > strike, process)  # type: ignore[misc]
        time.sleep(chance.random() * 0.05)
        process.kill()
        process.communicate()
        kills += process.returncode == -signal.SIGKILL
        assert position(database) >= stored
        stored = position(database)
        assert [each["id"] for each in said(database)["events"]] == [
            each["id"] for each in undisturbed[0]["events"][:stored]
        ]
    assert kills >= 3, "the import was too fast to be killed in the middle"
    summary = finished(start_import(database, file, batch_lines=BATCH_LINES))
    assert summary["resumed_at"] > 0
    assert said(database) == undisturbed[0]
    assert rejected(file) == undisturbed[1]


def test_a_file_that_changed_behind_a_killed_import_is_read_from_its_beginning(
    database: Database, tmp_path: Path, documents: list[dict[str, Any]]
) -> None:
    file = written(tmp_path / "killed.ndjson", documents)
    process = start_import(database, file, batch_lines=BATCH_LINES)
    wait_for(lambda: position(database) > 300, process)
    process.kill()
    process.communicate()
    written(file, [b"not an event", requested("m-new"), *documents])
    summary = imported(database, file)
    assert summary.resumed_at == 0
    assert summary.lines == len(documents) + 2
    assert rejected(file)[0]["line"] == 1
    assert "m-new-requested" in {each["id"] for each in said(database)["events"]}


def test_the_server_killed_under_an_import_is_one_error_and_a_rerun_completes(
    folder: Path,
    tmp_path: Path,
    documents: list[dict[str, Any]],
    undisturbed: tuple[dict[str, Any], list[dict[str, Any]]],
) -> None:
    database = Database(url=embedded.start(folder))
    imported(folder, written(tmp_path / "empty.ndjson", []))  # it migrates
    file = written(tmp_path / "killed.ndjson", documents)
    process = start_import(folder, file, batch_lines=BATCH_LINES)
    wait_for(lambda: position(database) > 800, process)
    os.killpg(int((folder / "pgdata" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    said_so = finished(process)
    assert (said_so["code"], said_so["exit"]) == ("database_unusable", DatabaseUnusable.exit_code)
    assert "\n" not in said_so["message"]
    assert finished(start_import(folder, file, batch_lines=BATCH_LINES))["resumed_at"] >= 600
    assert said(folder) == undisturbed[0]
    assert rejected(file) == undisturbed[1]


@pytest.fixture
def small_disk() -> Iterator[Callable[[int], Path]]:
    """Mounts disks of some megabytes; the server on one is stopped, and the disk taken away, at the end."""
    mounted: list[Path] = []

    def mount(megabytes: int) -> Path:
        place = Path(tempfile.mkdtemp(prefix="mission-ledger-disk-"))
        order = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(place)]
        done = subprocess.run(order, check=False, capture_output=True)
        if done.returncode != 0:
            place.rmdir()
            pytest.skip(f"mounting a small disk needs the right to mount: {done.stderr.decode().strip()}")
        mounted.append(place)
        return place

    if sys.platform != "linux":
        pytest.skip("mounting a small disk is done the way of Linux")
    yield mount
    for place in mounted:
        embedded.stop(place / "ledger")
        subprocess.run(["umount", "--lazy", str(place)], check=True)
        shutil.rmtree(place, ignore_errors=True)


def fill(disk: Path, *, leaving_bytes: int = 0) -> Path:
    """A file that takes what is free on the disk."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        rest = shutil.disk_usage(disk).free - leaving_bytes
        while rest > 0:
            rest -= file.write(bytes(min(rest, 1 << 20)))
    return ballast


def test_a_full_disk_of_the_database_is_one_error_and_once_there_is_room_a_rerun_completes(
    small_disk: Callable[[int], Path], tmp_path: Path, documents: list[dict[str, Any]], undisturbed: tuple[Any, Any]
) -> None:
    disk = small_disk(220)
    folder = disk / "ledger"
    imported(folder, written(tmp_path / "empty.ndjson", []))
    file = written(tmp_path / "h.ndjson", documents)
    ballast = fill(disk, leaving_bytes=1 << 20)
    said_so = finished(start_import(folder, file, batch_lines=BATCH_LINES))
    assert (said_so["code"], said_so["exit"]) == ("database_unusable", DatabaseUnusable.exit_code), said_so
    assert "\n" not in said_so["message"]
    ballast.unlink()
    stored = len(said(folder)["events"])
    assert stored < len(undisturbed[0]["events"])
    assert "code" not in finished(start_import(folder, file, batch_lines=BATCH_LINES))
    assert said(folder) == undisturbed[0]
    assert rejected(file) == undisturbed[1]


def test_a_full_disk_of_the_refused_lines_is_one_error_and_once_there_is_room_a_rerun_completes(
    small_disk: Callable[[int], Path],
    database: Database,
    documents: list[dict[str, Any]],
    undisturbed: tuple[Any, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("projections.importing.BATCH_LINES", BATCH_LINES)
    disk = small_disk(2)
    file = written(disk / "h.ndjson", documents)
    ballast = fill(disk, leaving_bytes=8192)
    with pytest.raises(Misused) as caught:
        imported(database, file)
    assert caught.value.code == "unwritable_file"
    assert "\n" not in caught.value.message
    assert 0 < len(said(database)["events"]) < len(undisturbed[0]["events"])
    ballast.unlink()
    assert imported(database, file).resumed_at > 0
    assert said(database) == undisturbed[0]
    assert rejected(file) == undisturbed[1]


def test_without_its_reading_process_an_import_reads_by_itself(
    database: Database,
    tmp_path: Path,
    documents: list[dict[str, Any]],
    undisturbed: tuple[Any, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("projections.importing.BATCH_LINES", BATCH_LINES)
    killed: list[int] = []
    read = reading_ahead._Reader.read

    def struck(reader: reading_ahead._Reader, wires: list[Any], *how: Any) -> reading_ahead.Lines:
        if not killed and position(database) > 500:
            assert reader.process is not None
            os.kill(reader.process.pid, signal.SIGKILL)
            killed.append(reader.process.pid)
        return read(reader, wires, *how)

    monkeypatch.setattr("projections.reading_ahead._Reader.read", struck)
    file = written(tmp_path / "h.ndjson", documents)
    imported(database, file)
    assert len(killed) == 1
    assert said(database) == undisturbed[0]
    assert rejected(file) == undisturbed[1]


@pytest.mark.parametrize("done", [False, True], ids=["before its commit", "after its commit"])
def test_without_its_writing_process_an_import_writes_by_itself(
    database: Database,
    tmp_path: Path,
    documents: list[dict[str, Any]],
    undisturbed: tuple[Any, Any],
    monkeypatch: pytest.MonkeyPatch,
    done: bool,
) -> None:
    monkeypatch.setattr("projections.importing.BATCH_LINES", BATCH_LINES)
    killed: list[int] = []
    ask = side_process.SideProcess.ask

    def struck(process: side_process.SideProcess, message: Any) -> Any:
        strike = not killed and isinstance(message, tuple) and position(database) > 500
        answer = ask(process, message) if done or not strike else None
        if strike:
            os.kill(process.pid, signal.SIGKILL)
            killed.append(process.pid)
            raise side_process.Ended
        return answer

    monkeypatch.setattr("projections.side_process.SideProcess.ask", struck)
    file = written(tmp_path / "h.ndjson", documents)
    summary = imported(database, file)
    assert len(killed) == 1
    assert (summary.lines, summary.resumed_at) == (len(documents), 0)
    assert said(database) == undisturbed[0]
    assert rejected(file) == undisturbed[1]


@pytest.mark.parametrize("batch_lines", [BATCH_LINES, 5], ids=["of the process beside it", "of its own"])
def test_a_rerun_waits_for_the_last_commit_of_a_killed_import(
    database: Database,
    tmp_path: Path,
    documents: list[dict[str, Any]],
    undisturbed: tuple[Any, Any],
    batch_lines: int,
) -> None:
    file = written(tmp_path / "h.ndjson", documents)
    process = start_import(database, file, batch_lines=batch_lines)
    wait_for(lambda: position(database) > 500, process)
    with connect(database) as other:
        lock(other.cursor())  # a commit of the import waits for the log now
        wait_for(lambda: waiting_for_the_log(database), process)
        process.kill()
        process.wait()  # not for its output's end: the process that commits still holds that
        rerun = start_import(database, file, batch_lines=BATCH_LINES)
        time.sleep(0.5)
        assert rerun.poll() is None
        other.rollback()
    summary = finished(rerun)
    assert summary.get("resumed_at", 0) > 400, summary
    assert said(database) == undisturbed[0]
    assert rejected(file) == undisturbed[1]


def waiting_for_the_log(database: Database) -> bool:
    """Whether anybody waits for an advisory lock."""
    with connect(database, autocommit=True) as connection:
        row = connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").fetchone()
    return row is not None and row[0] > 0


def test_a_killed_import_takes_its_other_processes_with_it(
    database: Database, tmp_path: Path, documents: list[dict[str, Any]]
) -> None:
    if not Path("/proc").is_dir():
        pytest.skip("who is whose child is read from /proc")
    process = start_import(database, written(tmp_path / "h.ndjson", documents), batch_lines=BATCH_LINES)
    wait_for(lambda: position(database) > 200, process)
    children = [
        each for task in Path(f"/proc/{process.pid}/task").iterdir() for each in (task / "children").read_text().split()
    ]
    assert len(children) == 2  # one reads ahead, one commits
    process.kill()
    process.communicate()
    until = time.monotonic() + 10
    for each in children:
        while Path(f"/proc/{each}").exists() and _state(each) != "Z":
            assert time.monotonic() < until
            time.sleep(0.01)


def _state(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


def test_a_connection_cut_by_the_server_is_one_error(database: Database, tmp_path: Path, documents: Any) -> None:
    process = start_import(database, written(tmp_path / "h.ndjson", documents), batch_lines=BATCH_LINES)
    wait_for(lambda: position(database) > 300, process)
    with connect(database, autocommit=True) as connection:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
        connection.execute(f"{cut} AND datname = current_database()".encode())
    said_so = finished(process)
    assert (said_so["code"], said_so["exit"]) == ("database_unusable", DatabaseUnusable.exit_code)
    assert "\n" not in said_so["message"]
    said(database)


def test_two_imports_of_one_file_at_a_time_are_one_too_many(
    database: Database, tmp_path: Path, documents: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.claiming.CLAIM_SECONDS", 0.1)
    file, another = written(tmp_path / "h.ndjson", documents), written(tmp_path / "other.ndjson", documents[:50])
    with connect(database, autocommit=True) as other:
        import_runs.claim_file(other, str(file.resolve()))
        with pytest.raises(Conflict) as caught:
            imported(database, file)
        assert caught.value.code == "import_running"
        assert position(database) == 0
        assert imported(database, another).recorded > 0
    assert imported(database, file).lines == len(documents)
