"""Naming a database, and one line for every way of not reaching it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from ledger.errors import Conflict, DatabaseUnusable
from ledger.store.database import Database, connect, resolve, translated


def refusal(url: str) -> str:
    with pytest.raises(DatabaseUnusable) as caught:
        connect(resolve(url))
    assert caught.value.code == "database_unusable"
    assert "\n" not in caught.value.message
    assert "s3cret" not in caught.value.message
    return caught.value.message


@pytest.fixture
def answering_with(request: pytest.FixtureRequest) -> Iterator[int]:
    """The port of something that is not PostgreSQL and answers every connection with the given bytes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(1024)
                if request.param is not None:
                    connection.sendall(request.param)
                else:
                    connection.recv(1024)

    Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


def test_a_url_is_a_server_and_anything_else_a_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not resolve("postgres://user@host/name").embedded
    monkeypatch.setenv("MISSION_LEDGER_DATABASE", "postgresql://user:s3cret@host:6543/name")
    named = resolve(None)
    assert named.label == "host:6543/name"
    assert "s3cret" not in repr(named)
    local = resolve(str(folder))
    assert local.embedded
    assert local.folder == folder
    monkeypatch.setenv("MISSION_LEDGER_DATABASE", str(folder))
    assert resolve(None) == local


def test_without_any_name_the_users_data_folder_serves(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MISSION_LEDGER_DATABASE", raising=False)
    monkeypatch.setattr("platformdirs.user_data_dir", lambda name, **_: str(folder / name))
    database = resolve(None)
    assert database.folder == folder / "mission-ledger"
    from ledger.store import embedded

    embedded.stop(database.folder)


@pytest.mark.parametrize(
    "url", ["mysql://root@localhost/x", "postgresql://u:s3cret@host:notaport/x", "postgresql://u:s3c%ret@h/x"]
)
def test_a_url_that_cannot_be_read(url: str) -> None:
    assert "postgresql://" in refusal(url)


def test_nothing_listens() -> None:
    assert "check that the server runs" in refusal("postgresql://u:s3cret@127.0.0.1:1/x")
    assert "check that the server runs" in refusal("postgresql://u:s3cret@localhost:1/x")


@pytest.mark.parametrize(
    "answering_with", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9\r\n"], indirect=True
)
def test_the_port_is_taken_by_something_else(answering_with: int) -> None:
    assert "not PostgreSQL" in refusal(f"postgresql://u:s3cret@127.0.0.1:{answering_with}/x")


@pytest.mark.parametrize("answering_with", [None], indirect=True)
def test_the_port_is_taken_by_something_silent(answering_with: int) -> None:
    assert "PostgreSQL" in refusal(f"postgresql://u:s3cret@127.0.0.1:{answering_with}/x?connect_timeout=2")


def test_no_such_database_or_user(database: Database) -> None:
    name = database.url.split("?", maxsplit=1)[0].rsplit("/", 1)[1]
    assert "create the database" in refusal(database.url.replace(f"/{name}?", "/missing?"))
    assert "check the user" in refusal(database.url.replace("postgres@", "nobody-here:s3cret@"))


def test_a_wrong_password(database: Database, server_folder: Path) -> None:
    rules = server_folder / "pgdata" / "pg_hba.conf"
    before = rules.read_text()
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE guarded LOGIN PASSWORD 'right'")
        rules.write_text("local all guarded scram-sha-256\n" + before)
        try:
            connection.execute("SELECT pg_reload_conf()")
            message = ""
            for _ in range(50):  # the server reads its rules again in its own time
                connection.execute("SELECT pg_sleep(0.02)")
                try:
                    connect(Database(url=database.url.replace("postgres@", "guarded:s3cret@"))).close()
                except DatabaseUnusable:
                    break
            message = refusal(database.url.replace("postgres@", "guarded:s3cret@"))
            assert "check the user and the password" in message
        finally:
            rules.write_text(before)
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("DROP ROLE guarded")


def test_a_server_too_old(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.store.database.OLDEST_SERVER", 99)
    assert "at least 99 is needed" in refusal(database.url)


def test_a_connection_is_in_utc_by_name_and_stays_so(database: Database) -> None:
    with connect(database) as connection:
        connection.rollback()
        row = connection.execute(
            "SELECT current_setting('TimeZone'), current_setting('application_name'),"
            " current_setting('transaction_isolation')"
        ).fetchone()
    assert row == ("UTC", "mission-ledger", "read committed")


def test_a_lost_connection(database: Database) -> None:
    with connect(database, autocommit=True) as connection, connect(database, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
        for _ in range(2):  # when it is cut, and when it is used afterwards
            with pytest.raises(DatabaseUnusable) as caught, translated(database):
                connection.execute("SELECT 1")
            assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("error", "code", "advice"),
    [
        (
            psycopg.errors.DiskFull("could not extend file:\n\tNo space left on device"),
            "database_unusable",
            "free some space",
        ),
        (psycopg.errors.InsufficientPrivilege("permission denied"), "database_unusable", "mission_ledger_writer"),
        (psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT"), "database_unusable", "primary"),
        (psycopg.errors.AdminShutdown("terminating"), "database_unusable", "try again"),
        (psycopg.errors.UndefinedTable("no ledger.event"), "schema_missing", "mission-ledger migrate"),
        (psycopg.errors.DataCorrupted("bad page"), "database_unusable", "backup"),
    ],
)
def test_what_the_server_says_becomes_one_line(error: psycopg.Error, code: str, advice: str) -> None:
    with pytest.raises(DatabaseUnusable, match=advice) as caught, translated():
        raise error
    assert caught.value.code == code
    assert "\n" not in caught.value.message
    assert caught.value.exit_code == 5


def test_a_lost_race_is_a_conflict() -> None:
    with pytest.raises(Conflict), translated():
        raise psycopg.errors.DeadlockDetected("deadlock")


def test_other_mistakes_are_not_hidden(database: Database) -> None:
    with connect(database) as connection, pytest.raises(psycopg.errors.SyntaxError), translated():
        connection.execute("SELEKT 1")
