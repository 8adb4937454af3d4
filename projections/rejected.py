"""The file of refused lines: what was refused, with code and message, ready to be mended and imported again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import orjson

from ledger.errors import LedgerError, Misused

Refusal = tuple[int, bytes, LedgerError]
"""(line number, the line, why)"""


class RejectedFile:
    """`<file>.rejected.ndjson`: made with the first refused line, and only ever as long as what was committed."""

    def __init__(self, path: Path, kept_bytes: int) -> None:
        self.path = path
        self.bytes = kept_bytes
        if path.exists():
            if kept_bytes:
                self._guarded(lambda: os.truncate(path, kept_bytes))
            else:
                # Of an earlier run over the same file; somebody may be mending it.
                self._guarded(lambda: path.replace(path.with_name(f"{path.name}.bak")))

    def append(self, refusals: list[Refusal]) -> None:
        """Write refused lines through to the disk."""
        if not refusals:
            return
        text = b"".join(_rejected(*refusal) + b"\n" for refusal in refusals)

        def write() -> None:
            with self.path.open("r+b" if self.path.exists() else "w+b") as file:
                file.seek(self.bytes)
                file.truncate()
                file.write(text)
                file.flush()
                os.fsync(file.fileno())

        self._guarded(write)
        self.bytes += len(text)

    def take_back(self, kept_bytes: int) -> None:
        """Forget what was appended since the file had that length: it was not committed."""
        if self.bytes > kept_bytes:
            self._guarded(lambda: os.truncate(self.path, kept_bytes))
            self.bytes = kept_bytes

    def _guarded(self, action: Any) -> None:
        try:
            action()
        except OSError as error:
            raise Misused(
                "unwritable_file", f"refused lines cannot be written to {self.path}: {error.strerror}; import elsewhere"
            ) from error


def _rejected(number: int, line: bytes, error: LedgerError) -> bytes:
    entry: dict[str, Any] = {"line": number, "code": error.code, "message": error.message}
    line = unwrapped(line)  # refused once more it is wrapped once, not twice
    try:
        entry["event"] = orjson.loads(line)
    except ValueError:
        entry["raw"] = line[:2000].decode("utf-8", errors="replace")
    return orjson.dumps(entry)


def unwrapped(line: bytes) -> bytes:
    """The event of a line of such a file, or the line that was none; any other line as it is."""
    if line.startswith(b'{"line":'):
        try:
            entry = orjson.loads(line)
        except ValueError:
            return line
        if isinstance(entry, dict) and entry.keys() >= {"line", "code", "message"}:
            if "event" in entry:
                return orjson.dumps(entry["event"])
            raw = entry.get("raw")
            if isinstance(raw, str):
                return raw.encode()
    return line
