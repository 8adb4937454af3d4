"""How far an import has come: its summary, and what is kept so that running it again after a cut goes on from there.

What was refused before the cut must not be judged a second time by what was recorded after it; so a rerun goes on
behind the last commit, provided that the input still begins with the same lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, islice
from typing import IO, Any

from ledger.errors import Conflict
from ledger.store.database import Connection, translated
from projections import csv_lines
from projections.claiming import claim
from projections.import_batches import Block
from projections.input_lines import STDIN, lines, opened
from projections.statements import sql

ROWS = 1_000
"""So many rows of a CSV make a block."""


@dataclass(kw_only=True)
class ImportSummary:
    """What an import did. `resumed_at`: the line an interrupted run went on from, 0 for a run from the start."""

    lines: int = 0
    recorded: int = 0
    findings: int = 0
    duplicates: int = 0
    refused: int = 0
    resumed_at: int = 0
    seconds: float = 0.0
    position: int = 0
    rejected_path: str | None = None
    refused_by_code: dict[str, int] = field(default_factory=dict)


def documents(stream: IO[bytes], *, as_csv: bool) -> Iterator[Block]:
    """The lines as they came and their wire documents, or why there is none, block by block."""
    if not as_csv:
        for block in lines(stream):
            yield block, block
        return
    rows = csv_lines.documents(chain.from_iterable(lines(stream)))
    while some := list(islice(rows, ROWS)):
        yield [raw for raw, _ in some], [wire for _, wire in some]


def claim_file(writer: Connection, name: str) -> None:
    """One process at a time imports a file: two would write over each other's refused lines. Standard input has none.

    Raises Conflict `import_running`.
    """
    if name != STDIN:
        text = f"{name} is being imported by another process; wait for it to end"
        claim(writer, "claim_import", Conflict("import_running", text), name=name)


def interrupted(writer: Connection, name: str) -> dict[str, Any] | None:
    """What an unfinished run over this input had committed. Standard input cannot be read twice, so it has none."""
    if name == STDIN:
        return None
    with translated():
        row = writer.execute(sql("import_run"), {"name": name}).fetchone()
    if row is None or row[6]:
        return None
    return dict(zip(("digest", "lines", "rejected_bytes", "recorded", "duplicates", "refused"), row, strict=False))


def same_beginning(path: str, kept: dict[str, Any], *, as_csv: bool) -> bool:
    """Whether the input still begins with the lines that the interrupted run had dealt with."""
    with opened(path) as stream:
        seen = sha256()
        known = chain.from_iterable(raw for raw, _ in documents(stream, as_csv=as_csv))
        for raw in islice(known, kept["lines"]):
            seen.update(raw + b"\n")
    return seen.digest() == bytes(kept["digest"])
