"""Recording: what a commit takes in, rules on and writes.

Each method imports what it needs: a process asks one thing, and importing everything takes longer than an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ledger.errors import Conflict, LedgerError
from ledger.instants import to_text, to_us
from projections.archive import PostgresArchive, fresh_book, growing_book
from projections.columns import upkeep
from projections.known import last_position
from projections.live.opened import Opened

if TYPE_CHECKING:
    from ledger.book import Book
    from ledger.events.incoming import Incoming
    from ledger.settings import Settings
    from projections.writing import Ruled


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one event, as a program reads it: wire documents with `sequence` and `recordedtime`."""

    status: str
    position: int | None
    event: dict[str, Any] | None
    findings: list[dict[str, Any]]
    error: LedgerError | None


class Recording(Opened):
    """What changes the ledger. A refusal leaves nothing behind."""

    _book: Book | None = None
    """The log up to this ledger's last commit: while nobody else writes, nothing of it is read again."""

    def record(self, documents: Sequence[dict[str, Any]], *, live: bool = True) -> list[Outcome]:
        """Record wire documents in one commit. Refusals come as outcomes; the rest is recorded all the same."""
        from projections.writing import rule, rule_locked

        batch = [_read(each) for each in documents]
        book: Book | None = None

        def ruling(position: int) -> Ruled:
            nonlocal book
            book, self._book = self._book_at(position), None  # until it is committed
            return rule(book, batch, clock_us=self.clock(), live=live)

        ruled, recorded = rule_locked(self.connection, ruling)
        if book is not None:
            book.recent.clear()
            self._book = book
        entries = [entry for outcome in ruled.outcomes for entry in outcome.entries]
        if entries:
            upkeep.pack_now_and_then(self.connection, ruled.tail, entries[-1].position)
        return self._outcomes(ruled, recorded)

    def _book_at(self, position: int) -> Book:
        """A book of the log, which ends at a position; it stands still, as nobody else may write."""
        if self._book is not None and self._book.position == position:
            return self._book
        return growing_book(self.connection, position, earlier=self._book)

    def close_period(self, document: dict[str, Any], *, leave_open: bool) -> Outcome:
        """Close a month: freeze its lines, and record the `billing.period_closed` of this envelope.

        Refuses `no_statement`, `invalid_transition`, `lines_open`, `idempotency_conflict`; then nothing is written.
        """
        from projections import closing

        def made(book: Book) -> dict[str, Any]:
            return closing.closed(self.connection, book.position + 1, document, leave_open=leave_open)

        return self._commanded(made, repeatable=False)

    def adjust(self, document: dict[str, Any]) -> Outcome:
        """Record the `billing.adjusted` of this envelope; a refund without currency is in that of the mission.

        Refuses as `ledger.adjusting` does, `unknown_mission` and `no_statement`. The same again is a duplicate.
        """
        from projections import mission_bill

        return self._commanded(lambda book: mission_bill.adjusted(book, document), repeatable=True)

    def issue_invoices(
        self,
        period: str,
        *,
        pro: str | None,
        by: str | None,
        settings: Settings,
        progress: Callable[[int, int], None],
    ) -> dict[str, Any]:
        """Issue what a closed period bears and no document holds yet."""
        from projections import invoice_issuing

        before = last_position(self.connection)
        answer = invoice_issuing.issue(
            self.connection, period, pro=pro, by=by, settings=settings, clock=self.clock, progress=progress
        )
        upkeep.pack_now_and_then(self.connection, before, last_position(self.connection))
        return answer

    def _commanded(self, make: Callable[[Book], dict[str, Any]], *, repeatable: bool) -> Outcome:
        """Record one event of a command, alone in its commit. Raises the refusal; then nothing is written.

        `make` gives its document, under the log's lock with every projection up to date. Where it also writes what
        belongs to the event, the event is not `repeatable`: a second one under its id is refused.
        """
        from ledger.events.reading import read_document
        from projections.writing import rule, rule_locked

        def ruling(position: int) -> Ruled:
            book = fresh_book(self.connection, position)
            batch = [read_document(make(book))]
            ruled = rule(book, batch, clock_us=self.clock(), live=True, commanded=True)
            (outcome,) = ruled.outcomes
            if outcome.error is not None:
                raise outcome.error
            if outcome.status == "duplicate" and not repeatable:
                raise Conflict("idempotency_conflict", f"{batch[0].id} is recorded already at #{outcome.position}")
            return ruled

        ruled, recorded = rule_locked(self.connection, ruling)
        return self._outcomes(ruled, recorded)[0]

    def _outcomes(self, ruled: Ruled, recorded: datetime | None) -> list[Outcome]:
        from projections.event_reading import Unsealer

        stamp = to_text(to_us(recorded)) if recorded else ""
        unsealed = Unsealer(PostgresArchive(self.connection))
        return [
            Outcome(
                status=each.status,
                position=each.position,
                event=unsealed.wire(each.entries[0], stamp) if each.entries else None,
                findings=[unsealed.wire(entry, stamp) for entry in each.entries[1:]],
                error=each.error,
            )
            for each in ruled.outcomes
        ]


def _read(document: dict[str, Any]) -> Incoming | LedgerError:
    from ledger.events.reading import read_document

    try:
        return read_document(document)
    except LedgerError as error:
        return error
