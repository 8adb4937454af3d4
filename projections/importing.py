"""Importing a history: read, validate, rule and write, batch by batch, while the batch before is being committed.

Safe to rerun after any crash: what was recorded is found by its id, and a run that was cut off goes on behind its last
commit, so that a refused line is not judged a second time by what came after it. The end state is that of an
undisturbed run.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from ledger.store import database as store
from ledger.store.database import Connection, translated
from ledger.store.log import Cursor
from projections import catalogue, import_runs
from projections.bulk.lines import Lines
from projections.collecting import collected_seldom
from projections.import_batches import Batch, Wire, batches
from projections.import_ruling import Ruling, about_lines
from projections.import_runs import ImportSummary
from projections.input_lines import STDIN, opened
from projections.live import LiveLedger
from projections.reading_ahead import read_ahead
from projections.rejected import Refusal, RejectedFile
from projections.statements import search_path
from projections.writing import RuleAgain, Ruled, rule_locked
from projections.writing_behind import Committing, save_run, wait_for_stragglers

BATCH_LINES = 6_000
ANALYSED_FROM = 5_000
"""So many new events, and a fifth of the log, make what the server knows of its tables old."""


def import_file(
    ledger: LiveLedger, path: str, *, live: bool, format: str | None, progress: Callable[[int], None]
) -> ImportSummary:
    """Import one file (`-`: standard input). `format` is `ndjson` or `csv`; None guesses by the name."""
    name = str(Path(path).resolve()) if path != STDIN else STDIN
    as_csv = format == "csv" or (format is None and ".csv" in Path(path).suffixes)
    with opened(path) as stream, closing(store.connect(ledger.database, autocommit=True)) as writer:
        import_runs.claim_file(writer, name)
        if path != STDIN:
            wait_for_stragglers(writer, name)
        source = import_runs.documents(stream, as_csv=as_csv)
        kept = import_runs.interrupted(writer, name)
        if kept is not None and not import_runs.same_beginning(path, kept, as_csv=as_csv):
            kept = None
        rejected = RejectedFile(_rejected_path(path), kept["rejected_bytes"] if kept else 0)
        ruling = Ruling(ledger, live=live, lines=about_lines(path) if path != STDIN else 0)
        run = _Run(ledger, writer, name, rejected, ruling, kept=kept, progress=progress)
        return run.whole(batches(source, size=BATCH_LINES, skip=kept["lines"] if kept else 0))


def _rejected_path(path: str) -> Path:
    return Path("stdin.rejected.ndjson" if path == STDIN else f"{path}.rejected.ndjson")


def _refusals(batch: Batch, ruled: Ruled) -> list[Refusal]:
    return [
        (batch.numbers[place], _said(batch.raw[place], batch.wires[place]), error) for place, error in ruled.refused
    ]


def _said(raw: bytes, wire: Wire) -> bytes:
    return wire if isinstance(wire, bytes) else raw


class _Run:
    """One import: rules on a batch while the one before is committed on another connection."""

    def __init__(
        self,
        ledger: LiveLedger,
        writer: Connection,
        name: str,
        rejected: RejectedFile,
        ruling: Ruling,
        *,
        kept: dict[str, Any] | None,
        progress: Callable[[int], None],
    ) -> None:
        self.ledger = ledger
        self.name = name
        self.rejected = rejected
        self.ruling = ruling
        self.progress = progress
        self.summary = ImportSummary()
        self.codes: Counter[str] = Counter()
        self.wrote = kept is not None  # whether this input has a row to be marked finished
        if kept is not None:
            self.summary.resumed_at = self.summary.lines = kept["lines"]
            self.summary.duplicates = kept["recorded"] + kept["duplicates"]
            self.summary.refused = kept["refused"]
        self.writer = writer
        self.committing = Committing(writer, ledger.database, name if name != STDIN else None)

    @collected_seldom()
    def whole(self, batches: Iterator[Batch]) -> ImportSummary:
        """Import every batch."""
        started = time.perf_counter()
        # A thread that waited for a pipe or the server gets its turn after 1 ms of another's work, not after 5.
        interval = sys.getswitchinterval()
        sys.setswitchinterval(0.001)
        try:
            search_path(self.writer)
            with closing(self.committing), ThreadPoolExecutor(1) as pool:
                self._pipeline(batches, pool)
            self._finish()
        finally:
            sys.setswitchinterval(interval)
        summary = self.summary
        summary.position = self.ledger.position()
        if summary.recorded >= max(ANALYSED_FROM, summary.position // 5):
            self._analyse()
        summary.seconds = time.perf_counter() - started
        summary.refused_by_code = dict(sorted(self.codes.items()))
        summary.rejected_path = str(self.rejected.path) if self.rejected.bytes else None
        return summary

    def _pipeline(self, batches: Iterator[Batch], pool: ThreadPoolExecutor) -> None:
        under_way: tuple[Batch, Lines, Ruled, Future[None]] | None = None
        for batch, lines in read_ahead(batches, with_numbers=self.ruling.by_columns):
            ruled = self.ruling.rule(lines)
            held = under_way is None or self._settled(*under_way)
            under_way = None
            if ruled is None or not held:
                self._rule_locked(batch, lines)
                continue
            under_way = (batch, lines, ruled, pool.submit(self._commit, batch, ruled))
            if self.ruling.full and self._settled(*under_way):
                under_way = None
                self.ruling.renew()
        if under_way is not None:
            self._settled(*under_way)

    def _settled(self, batch: Batch, lines: Lines, ruled: Ruled, future: Future[None]) -> bool:
        """Wait for a commit; False when its ruling did not hold and the batch was ruled on again."""
        try:
            future.result()
        except RuleAgain:
            self._rule_locked(batch, lines)
            return False
        self._count(batch, ruled)
        return True

    def _rule_locked(self, batch: Batch, lines: Lines) -> None:
        """Rule on a batch and write it while nobody else can, with a book read anew and everything looked up."""

        def ruling(position: int) -> Ruled:
            return self.ruling.rule_anew(lines)

        ruled, _ = rule_locked(self.writer, ruling, extra=partial(self._extra, batch))
        self._count(batch, ruled)

    def _commit(self, batch: Batch, ruled: Ruled) -> None:
        refusals = _refusals(batch, ruled)
        if not ruled.writes.statements and not refusals:
            return
        kept_bytes = self.rejected.bytes
        self.rejected.append(refusals)
        try:
            self.committing.commit(ruled, self._run_row(batch, ruled))
        except BaseException:
            self.rejected.take_back(kept_bytes)
            raise

    def _extra(self, batch: Batch, ruled: Ruled) -> Callable[[Cursor], None] | None:
        """What is kept in the commit of a batch: its refused lines, and how far this input has come."""
        refusals = _refusals(batch, ruled)
        if not ruled.writes.statements and not refusals:
            return None

        def keep(cursor: Cursor) -> None:
            self.rejected.append(refusals)
            save_run(cursor, self._run_row(batch, ruled))

        return keep

    def _run_row(self, batch: Batch, ruled: Ruled) -> dict[str, Any] | None:
        """How far this input has come with a batch; nothing is kept of standard input."""
        if self.name == STDIN:
            return None
        self.wrote = True
        done, counts = self.summary, ruled.counts
        return self._row(
            lines=batch.numbers[-1],
            digest=batch.digest,
            recorded=done.recorded + counts["recorded"],
            duplicates=done.duplicates + counts["duplicate"],
            refused=done.refused + counts["refused"],
            finished=False,
        )

    def _row(self, **row: Any) -> dict[str, Any]:
        return {"name": self.name, "rejected_bytes": self.rejected.bytes, **row}

    def _finish(self) -> None:
        if not self.wrote or self.name == STDIN:
            return
        done = self.summary
        row = self._row(
            lines=done.lines,
            digest=b"",
            recorded=done.recorded,
            duplicates=done.duplicates,
            refused=done.refused,
            finished=True,
        )
        with translated(), self.writer.cursor() as cursor:
            save_run(cursor, row)

    def _analyse(self) -> None:
        """Tell the server what the tables hold now. It would find out by itself within minutes; until then it would

        answer questions about one pro by reading whole tables. Who may not do so leaves it to the server.
        """
        tables = [table for projection in catalogue.PROJECTIONS for table in projection.tables]
        with translated():
            self.writer.execute(f"ANALYZE ledger.event, {', '.join(tables)}".encode())

    def _count(self, batch: Batch, ruled: Ruled) -> None:
        """Add a committed batch to the summary; the archive sees its events from now on."""
        summary, counts = self.summary, ruled.counts
        self.ruling.settled(ruled)
        summary.recorded += counts["recorded"]
        summary.findings += len(ruled.rows) - counts["recorded"]
        summary.duplicates += counts["duplicate"]
        summary.refused += counts["refused"]
        self.codes.update(error.code for _, error in ruled.refused)
        summary.lines = batch.numbers[-1]
        self.progress(summary.lines)
