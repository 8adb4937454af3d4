"""A real PostgreSQL for every test: one embedded server for the session, a fresh migrated database for each test."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from ledger.store import embedded
from ledger.store.database import Database
from ledger.store.schema import migrate

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """The folder of the session's embedded server, stopped and removed at the end."""
    # Not pytest's own folder: that one is closed to the user the server runs as when the tests run as root.
    folder = Path(tempfile.mkdtemp(prefix="mission-ledger-tests-"))
    try:
        embedded.start(folder)
        yield folder
    finally:
        embedded.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _template(server_folder: Path) -> str:
    """The URL of a migrated database that every test's database is copied from."""
    url = embedded.start(server_folder)
    # Making a database waits for the disk several times, and there is one for every test. What survives a killed
    # process does so without that; only a machine that loses its power would notice.
    _administer(url, "ALTER SYSTEM SET fsync = off")
    _administer(url, "SELECT pg_reload_conf()")
    _administer(url, "CREATE DATABASE migrated")
    migrate(Database(url=_renamed(url, "migrated")))
    return url


@pytest.fixture
def new_database(_template: str) -> Iterator[Callable[..., Database]]:
    """Makes databases for one test: migrated ones, or with `empty=True` empty ones; dropped at its end."""
    made: list[str] = []

    def make(*, empty: bool = False) -> Database:
        name = f"test_{next(_numbers)}"
        template = "template1" if empty else "migrated"
        _administer(_template, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        made.append(name)
        return Database(url=_renamed(_template, name))

    yield make
    for name in made:
        _administer(_template, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(new_database: Callable[..., Database]) -> Database:
    """A fresh migrated database."""
    return new_database()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of its own for a test that starts a server; the server in it is stopped at the end."""
    place = Path(tempfile.mkdtemp(prefix="mission-ledger-test-"))
    try:
        yield place
    finally:
        embedded.stop(place)
        shutil.rmtree(place, ignore_errors=True)


def _renamed(url: str, name: str) -> str:
    return url.replace("/mission_ledger?", f"/{name}?")


def _administer(url: str, command: str) -> None:
    with psycopg.connect(_renamed(url, "postgres"), autocommit=True) as connection:
        connection.execute(command.encode())
