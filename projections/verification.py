"""`verify`: everything that can be proven about a ledger, in one fold of its log.

The log: positions without gaps, each digest is that of what is stored, each column says what the document says. The
findings: what the engine wrote is what the rules derive from the facts, event by event; what older rules found is taken
as it is recorded. The bills: what closed a period says the sums and the digest that follow from the facts before it.
The invoices: numbers, totals and digests are those of the frozen entries. The projections: the tables equal those of a
fresh fold, row by row. It reads one snapshot, so it may run while others write.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from ledger.book import Book
from ledger.engine import ENGINE_REVISION
from ledger.entries import Entry, entry_of_row
from ledger.errors import LedgerError
from ledger.events.catalogue import stream_of, type_of
from ledger.instants import parse_us
from ledger.recording import Recording
from ledger.store.database import Connection, Database, connect
from ledger.store.log import StoredRow
from projections import catalogue, invoice_checks
from projections.differences import CHECKPOINT, first_difference
from projections.folding import FAR_FUTURE, FRESH, AsRecorded, Progress, fold
from projections.snapshot import snapshot
from projections.statements import sql

if TYPE_CHECKING:
    from projections.columns.proving import ColumnsProof


class _Differs(Exception):
    """The first difference; `check` names the promise it breaks."""

    def __init__(self, check: str, **difference: Any) -> None:
        super().__init__(check)
        self.check = check
        self.difference = difference


class _Earlier(NamedTuple):
    """What older revisions of the rules judged: the log up to a position, 0 for none of it."""

    until: int
    revisions: Sequence[int]

    @property
    def text(self) -> str:
        """For the detail of the check."""
        if not self.until:
            return _FINDINGS
        named = " and ".join(str(each) for each in self.revisions)
        by = f"revision{'s' if len(self.revisions) > 1 else ''} {named} of the rules"
        return f"{_FINDINGS}; findings up to #{self.until} were made by {by} and are taken as recorded"


def verify(database: Database, *, progress: Progress) -> dict[str, Any]:
    """`{"ok", "position", "events", "seconds", "checks": [{"check", "ok", "detail"}], "first_difference"}`."""
    from projections.columns.proving import ColumnsProof  # noqa: PLC0415  it imports Arrow

    started = time.perf_counter()
    failed: _Differs | None = None
    findings = _FINDINGS
    with connect(database, autocommit=True) as connection, snapshot(connection, writable=True):
        row = connection.execute(sql("last_position")).fetchone()
        assert row is not None
        position = int(row[0])
        try:
            earlier = _earlier(connection, position)
            findings = earlier.text
            columns = ColumnsProof(connection)
            proof = _Proof(earlier.until, columns)
            proof.ended(fold(connection, position, proof, progress), position)
            _check_columns(columns, position)
            _check_invoices(connection)
            _compare(connection, position)
        except _Differs as differs:
            failed = differs
    checks, passed = [], True
    texts = (("log", _LOG), ("findings", findings), ("bills", _BILLS), ("columns", _COLUMNS), ("invoices", _INVOICES))
    for name, text in (*texts, ("projections", _PROJECTIONS)):
        passed = passed and (failed is None or failed.check != name)
        detail = text if passed else ("differs" if failed and failed.check == name else "not reached")
        checks.append({"check": name, "ok": passed, "detail": detail})
    return {
        "ok": failed is None,
        "position": position,
        "events": position,
        "seconds": round(time.perf_counter() - started, 3),
        "checks": checks,
        "first_difference": {"check": failed.check, **failed.difference} if failed else None,
    }


_LOG = "positions without gaps, every digest and column matches what is stored"
_FINDINGS = "the engine's events are exactly those the rules derive from the facts"
_BILLS = "every closed period holds exactly the entries that the facts before its close lead to"
_COLUMNS = "the columns that replays read are those of the log"
_INVOICES = "numbers without gaps, every entry on one document at most, every total that of its entries"
_PROJECTIONS = "every table equals a fresh fold of the log, row by row"


def _earlier(connection: Connection, position: int) -> _Earlier:
    """What `ledger.engine` says of older revisions; it must know this program's, and nothing after the log's end."""
    begun = {int(revision): int(after) for revision, after in connection.execute(sql("engine")).fetchall()}
    if max(begun, default=0) != ENGINE_REVISION or list(begun.values()) != sorted(begun.values()):
        what = f"ledger.engine does not say since when revision {ENGINE_REVISION} of the rules judges"
        raise _Differs("findings", position=1, table="engine", what=what)
    until = begun.pop(ENGINE_REVISION)
    if until > position:
        what = f"ledger.engine says that older rules judged up to #{until}, but the log ends at #{position}"
        raise _Differs("log", position=position + 1, table="engine", what=what)
    ends = [*list(begun.values())[1:], until]
    return _Earlier(until, [each for (each, after), end in zip(begun.items(), ends, strict=True) if after < end])


class _Proof(AsRecorded):
    """Checks every row while it is folded, and holds each engine's event to the one the rules derive."""

    def __init__(self, earlier_until: int, columns: ColumnsProof) -> None:
        self.earlier_until = earlier_until
        self.columns = columns
        self.expected: list[Entry] = []
        self.recorded = 0

    def entries(self, rows: list[StoredRow], after: int) -> list[Entry]:
        """Every row is what it must be, and nothing is recorded earlier than what stands before it."""
        found = [_checked(row, number) for number, row in enumerate(rows, after + 1)]
        for row in rows:
            if row.recorded < self.recorded:
                raise _Differs("log", position=row.position, what="it is recorded earlier than the event before it")
            self.recorded = row.recorded
        self.columns.add(found)
        return found

    def place(self, book: Book, entry: Entry) -> list[Entry]:
        """Derive what follows from an entry; an engine's entry must be the one derived before."""
        if entry.position <= self.earlier_until:
            return _placed(book, entry, judging=False)
        if self.expected:
            _compare_finding(self.expected.pop(0), entry)
            return []
        if entry.by_engine:
            what = f"{entry.type} of {entry.subject} is recorded, nothing is derived"
            raise _Differs("findings", position=entry.position, what=what)
        placed = _placed(book, entry, judging=True)
        self.expected.extend(placed[1:])
        return placed

    def alone(self, connection: Connection, entry: Entry) -> None:
        """A close must say what follows from the facts before it; that of an older program is taken as recorded."""
        if entry.position <= self.earlier_until:
            try:
                super().alone(connection, entry)
            except LedgerError as error:
                raise _Differs("bills", position=entry.position, what=error.message) from error
            return
        what = catalogue.ALONE[entry.type].derive(connection, entry)
        if what is not None:
            self.differs(entry, what)

    def differs(self, entry: Entry, what: str) -> NoReturn:
        """The event and what follows from the log say different things."""
        raise _Differs("bills", position=entry.position, what=f"{entry.type} {entry.subject}: {what}")

    def ended(self, at: int, position: int) -> None:
        """The whole log was there, and so was everything that follows from it."""
        if at != position:
            raise _Differs("log", position=at + 1, what="the log has a gap here")
        if self.expected:
            missing = self.expected[0]
            raise _Differs("findings", position=missing.position, what=f"{missing.type} is missing")


def _checked(row: StoredRow, number: int) -> Entry:
    """The entry of a row whose position, digest and columns are what they must be."""
    if row.position != number:
        raise _Differs("log", position=number, what=f"position {number} is missing, {row.position} follows")
    if sha256(row.state).digest() != row.digest:
        raise _Differs("log", position=number, what="the stored event does not have its recorded digest")
    try:
        entry = entry_of_row(row)
        doc = entry.doc
        stream = stream_of(type_of(row.type)[0], doc["subject"])
        said = (doc["type"], doc["source"], doc["id"], stream, parse_us(doc["time"]))
    except (KeyError, ValueError, TypeError, LedgerError) as error:
        raise _Differs("log", position=number, what=f"the stored event cannot be read: {error}") from error
    if said != (type_of(row.type)[0], row.source, row.id, row.stream, row.occurred):
        raise _Differs("log", position=number, what="a column does not say what the stored event says")
    return entry


def _compare_finding(derived: Entry, entry: Entry) -> None:
    if (derived.type, derived.subject, derived.id, derived.digest) != (
        entry.type,
        entry.subject,
        entry.id,
        entry.digest,
    ):
        what = f"recorded is {entry.type} of {entry.subject}, derived is {derived.type} of {derived.subject}"
        raise _Differs("findings", position=entry.position, what=what)
    _check_version(entry, derived.version)


def _placed(book: Book, entry: Entry, *, judging: bool) -> list[Entry]:
    """The entry, and after it those the rules derive; its version is the one it has in its stream."""
    stored_version = entry.version
    try:
        placed = Recording(book, clock_us=FAR_FUTURE, judging=judging).place(entry)
    except LedgerError as error:
        raise _Differs("log", position=entry.position, what=f"would be refused: {error.message}") from error
    derived_version, entry.version = entry.version, stored_version
    _check_version(entry, derived_version)
    return placed


def _check_version(entry: Entry, derived: int) -> None:
    if entry.version != derived:
        raise _Differs("log", position=entry.position, what=f"version {entry.version} of {entry.stream}, not {derived}")


def _check_columns(columns: ColumnsProof, position: int) -> None:
    """What large replays read instead of the documents says what these say."""
    columns.ended(position)
    if columns.unlike is not None:
        raise _Differs("columns", position=columns.unlike.position, table="segment", what=columns.unlike.what)


def _check_invoices(connection: Connection) -> None:
    """What was issued, against the entries that the fold froze."""
    found = invoice_checks.broken(connection)
    if found is not None:
        raise _Differs("invoices", position=found.position, what=found.what)


def _compare(connection: Connection, position: int) -> None:
    """The live tables against the fresh ones; name the first row that differs."""
    row = connection.execute("SELECT max(position) FROM projection.checkpoint").fetchone()
    if row is not None and row[0] is not None and row[0] > position:
        what = f"the log ends at #{position}, but its projections were written up to #{row[0]}: its end is missing"
        raise _Differs("log", position=position + 1, table="checkpoint", what=what)
    for projection, tables in (*((each.name, each.tables) for each in catalogue.PROJECTIONS), CHECKPOINT):
        difference = first_difference(connection, projection, tables, FRESH)
        if difference is not None:
            raise _Differs("projections", **difference)
