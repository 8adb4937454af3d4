"""What the tests of the commands share: a ledger that answers from documents, and what a command said.

This folder is no package: its name is that of the package under test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from ledger.errors import LedgerError
from projections.live import Outcome

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)


@dataclass
class AnsweringLedger:
    """Answers every question with what the test put in; keeps what it was given to record."""

    answers: dict[str, Any] = field(default_factory=dict)
    recorded: list[dict[str, Any]] = field(default_factory=list)
    error: LedgerError | None = None

    def record(self, documents: list[dict[str, Any]], *, live: bool = True) -> list[Outcome]:
        assert live
        self.recorded += documents
        status = "refused" if self.error else "recorded"
        event = None if self.error else {**documents[0], "sequence": 41, "recordedtime": "2026-04-01T12:00:00Z"}
        return [
            Outcome(
                status=status,
                position=41,
                event=event,
                findings=self.answers.get("findings", []),
                error=self.error,
            )
        ]

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *args, **kwargs: self.answers[name]


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return orjson.loads(self.out)

    @property
    def error(self) -> Any:
        return orjson.loads(self.err)["error"]


Ask = Callable[..., Said]
