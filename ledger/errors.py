"""What can go wrong, as values with a code.

Every error that a person may see is one of these. `code` is stable and programs rely on it; the message is one line
that says what, where and what to do; `exit_code` is what the command line returns (contract, section 4).
"""

from __future__ import annotations

from typing import Any


class LedgerError(Exception):
    """Something the ledger refuses or cannot do."""

    exit_code = 1

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details

    def document(self) -> dict[str, Any]:
        """`{"code", "message", …}`: the shape `--json` prints under `error`."""
        return {"code": self.code, "message": self.message, **self.details}


class Refused(LedgerError):
    """A rule of the ledger refuses this event or question; nothing was written."""

    exit_code = 1


class Misused(LedgerError):
    """The command was called in a way that cannot be carried out."""

    exit_code = 2


class Conflict(LedgerError):
    """Another content under a known id, or another writer was faster."""

    exit_code = 3


class IntegrityBroken(LedgerError):
    """`verify` found that something stored is not what it must be."""

    exit_code = 4


class DatabaseUnusable(LedgerError):
    """The database cannot be reached, opened, migrated or written."""

    exit_code = 5
