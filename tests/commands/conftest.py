"""Commands run in this process over a ledger that answers from documents, or as the real script on a real server."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from asking import NOW, ROOT, AnsweringLedger, Ask, Said
from telling import Telling

from commands.main import run
from commands.session import Session
from ledger.instants import parse_us
from projections.live import open_ledger


@pytest.fixture
def answering() -> AnsweringLedger:
    """The ledger that `ask` opens."""
    return AnsweringLedger()


@pytest.fixture
def ask(answering: AnsweringLedger, capfdbinary: pytest.CaptureFixture[bytes]) -> Ask:
    """Runs a command in this process on the answering ledger."""

    @contextmanager
    def opened(database: str | None) -> Iterator[Any]:
        yield answering

    def asked(*arguments: str) -> Said:
        capfdbinary.readouterr()
        code = run(arguments, Session(opener=opened, clock=lambda: NOW))
        sys.stdout.flush()
        said = capfdbinary.readouterr()
        return Said(code, said.out.decode(), said.err.decode())

    return asked


@pytest.fixture
def telling(new_database: Callable[..., Any], ask: Ask, answering: AnsweringLedger) -> Iterator[Telling]:
    """A fresh ledger, of which `why` tells."""
    now = "2027-06-01T00:00:00Z"
    with open_ledger(new_database().url, clock=lambda: parse_us(now)) as ledger:
        yield Telling(ledger, ask, answering, now)


@pytest.fixture
def script(
    new_database: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> Ask:
    """Runs commands in this process on a fresh database of the session's embedded server.

    Everything is real but the process: starting one takes longer than most commands do. `test_script.py` starts it.
    """
    url = new_database().url
    monkeypatch.chdir(tmp_path)

    def called(*arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> Said:
        capfdbinary.readouterr()
        with monkeypatch.context() as patched:
            for name, value in {"MISSION_LEDGER_DATABASE": url, **(env or {})}.items():
                patched.setenv(name, value)
            patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            code = run(arguments)
        sys.stdout.flush()
        said = capfdbinary.readouterr()
        return Said(code, said.out.decode(), said.err.decode())

    return called


@pytest.fixture
def process(new_database: Callable[..., Any], tmp_path: Path) -> Ask:
    """Runs the real script, as its own process, on a fresh database of the session's embedded server."""
    url = new_database().url

    def called(*arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> Said:
        done = subprocess.run(
            [sys.executable, "-c", "from commands.main import main; main()", *arguments],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "MISSION_LEDGER_DATABASE": url, **(env or {})},
            check=False,
            timeout=120,
        )
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    return called
