"""The ledger as commands use it: one connection, recording and questions; every answer is the contract's JSON.

Each question imports what answers it: a process asks one, and importing everything takes longer than an answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ledger.errors import Conflict, LedgerError, Misused, Refused
from ledger.events.catalogue import type_of
from ledger.instants import parse_us, to_text, to_us
from ledger.store import database as store
from ledger.store.database import Connection, Database, translated
from ledger.store.schema import ready
from projections.archive import PostgresArchive, fresh_book
from projections.columns import upkeep
from projections.known import last_position
from projections.replay import speeds
from projections.statements import search_path, sql
from projections.versions import outdated

if TYPE_CHECKING:
    from ledger.book import Book
    from ledger.events.reading import Incoming
    from ledger.policies.document import Policy
    from ledger.policies.register import Register
    from ledger.settings import Settings
    from projections.export_reading import Months
    from projections.exports.fec import Piece
    from projections.filling import Shown
    from projections.replay.extent import Known
    from projections.writing import Ruled


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one event, as a program reads it: wire documents with `sequence` and `recordedtime`."""

    status: str
    position: int | None
    event: dict[str, Any] | None
    findings: list[dict[str, Any]]
    error: LedgerError | None


class LiveLedger:
    """An open ledger. `clock` gives the recording clock in microseconds; tests pass their own."""

    def __init__(self, database: Database, connection: Connection, clock: Callable[[], int]) -> None:
        self.database = database
        self.connection = connection
        self.clock = clock

    # -- recording ----------------------------------------------------------------------------------------------

    def record(self, documents: Sequence[dict[str, Any]], *, live: bool = True) -> list[Outcome]:
        """Record wire documents in one commit. Refusals come as outcomes; the rest is recorded all the same."""
        from projections.writing import rule, rule_locked

        batch = [_read(each) for each in documents]

        def ruling(position: int) -> Ruled:
            return rule(fresh_book(self.connection, position), batch, clock_us=self.clock(), live=live)

        ruled, recorded = rule_locked(self.connection, ruling)
        entries = [entry for outcome in ruled.outcomes for entry in outcome.entries]
        if entries:
            upkeep.pack_now_and_then(self.connection, ruled.tail, entries[-1].position)
        return self._outcomes(ruled, recorded)

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

        return invoice_issuing.issue(
            self.connection, period, pro=pro, by=by, settings=settings, clock=self.clock, progress=progress
        )

    # -- questions ----------------------------------------------------------------------------------------------

    def position(self) -> int:
        """The last position of the log, 0 when it is empty."""
        return last_position(self.connection)

    def register(self) -> Register:
        """The policies and baselines as known now."""
        return PostgresArchive(self.connection).published().latest

    def events(
        self, *, pro: str | None = None, mission: str | None = None, type: str | None = None, after: int = 0
    ) -> Iterator[dict[str, Any]]:
        """Recorded events in order of position, as wire documents."""
        from projections import event_reading

        return event_reading.events(self.connection, pro=pro, mission=mission, event_type=type, after=after)

    def standing(self, pro: str) -> dict[str, Any]:
        """One pro's standing with its anomalies."""
        from projections import reviews_reading, standing_reading

        policies = PostgresArchive(self.connection).published(cities=()).latest
        shown = standing_reading.standing(self.connection, pro, policies, now=self.clock())
        accounts = shown.get("accounts") or [pro]
        return shown | {"reviews": reviews_reading.reviews(self.connection, accounts, now=self.clock())}

    def standings(self, access_name: str | None = None) -> dict[str, Any]:
        """Every pro's standing, or of those with one access."""
        from projections import standing_reading

        return standing_reading.standings(self.connection, access_name, self.register(), now=self.clock())

    def warnings(self, pro: str | None = None) -> dict[str, Any]:
        """Every warning, or one pro's."""
        from projections import warning_reading

        return warning_reading.warnings(self.connection, pro, now=self.clock())

    def why(self, pro: str) -> dict[str, Any]:
        """The account of the access decision."""
        from projections import why

        return why.why(self.connection, pro, now=self.clock())

    def reviews(self, pro: str | None = None) -> dict[str, Any]:
        """What rests on facts that no longer stand: of all pros, or of one."""
        from projections import reviews_reading

        return reviews_reading.listed(self.connection, pro, now=self.clock())

    def complaints(self, *, pro: str | None = None, year: int | None = None, only_open: bool = False) -> dict[str, Any]:
        """The complaints, in the order they were opened."""
        from projections import complaints_reading

        return complaints_reading.complaints(self.connection, pro=pro, year=year, only_open=only_open, now=self.clock())

    def complaint_statistics(self, year: int) -> dict[str, Any]:
        """The complaints of a year in numbers."""
        from projections import complaints_reading

        return complaints_reading.statistics(self.connection, year, now=self.clock())

    def contested(self, pro: str, time: str) -> str | None:
        """The id of the decision or warning that a complaint of this time would contest; None: none is recorded."""
        from ledger.pros.complaints import contested_by
        from projections.one_pro import book_of

        known = book_of(self.connection, pro, self.position()).pro(pro)
        found = contested_by(known, parse_us(time), None)
        return found.id if found is not None and found.position not in known.voided else None

    def ends_at(self, rule: str, city: str, time: str) -> str | None:
        """When a removal under a rule that starts at this time ends by itself; None: it does not."""
        from ledger.rulebook import RULE

        lasts = RULE[rule].lasts(self.register().parameters(parse_us(time), city))
        return to_text(parse_us(time) + lasts) if lasts else None

    def billing(self, *, pro: str | None = None, period: str | None = None) -> dict[str, Any]:
        """Billing lines and totals."""
        from projections import billing_reading

        return billing_reading.billing(self.connection, pro=pro, period=period, now=self.clock())

    def mission_bill(self, mission: str) -> dict[str, Any]:
        """How the amount of a mission came about."""
        from projections import mission_bill

        return mission_bill.mission_bill(self.connection, mission, now=self.clock())

    def replay_period(
        self,
        period: str,
        *,
        policy: Policy | None = None,
        known_at: str | int | None = None,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> dict[str, Any]:
        """A closed month derived again from the facts, and what differs. `known_at` as for `replay`."""
        from projections import period_replay

        known = self._known(known_at)
        question = period_replay.Question(period=period, policy=policy, known=known)
        return period_replay.replay_period(self.connection, question, now=self.clock(), progress=progress)

    def _known(self, known_at: str | int | None) -> Known | None:
        from projections.replay import extent

        if isinstance(known_at, int):
            return extent.known_at(self.connection, known_at)
        return extent.known_by(self.connection, parse_us(known_at)) if known_at is not None else None

    def periods(self) -> dict[str, Any]:
        """Every month with lines: open or closed, and what its close froze."""
        from projections import periods

        return periods.periods(self.connection, now=self.clock())

    def replay(
        self,
        pros: Sequence[str] = (),
        *,
        known_at: str | int | None = None,
        as_of: str | None = None,
        order: str = "recorded",
        policy: Policy | None = None,
        without: Sequence[int] = (),
        speed: str = speeds.AUTOMATIC,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> dict[str, Any]:
        """Findings, access and bills derived again, and how they differ from the record.

        `known_at` is an instant (RFC 3339) or a position, `as_of` an instant; `without` are positions; `speed` is one
        of `speeds.SPEEDS`.
        """
        from projections.replay.replaying import Question, replay

        question = Question(
            pros=tuple(pros),
            known=self._known(known_at),
            as_of=parse_us(as_of) if as_of is not None else None,
            order=order,
            policy=policy,
            without=tuple(without),
            speed=speed,
        )
        if not pros:
            self._columns(speed, progress)
        return replay(self.connection, self.database, question, now=self.clock(), progress=progress)

    def simulate(
        self,
        policy: Policy,
        *,
        since: str | None = None,
        speed: str = speeds.AUTOMATIC,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> dict[str, Any]:
        """What a policy would have done to whom, in force from an instant (RFC 3339) or at any time.

        `speed` is one of `speeds.SPEEDS`.
        """
        from projections.replay.simulating import simulate

        self._columns(speed, progress)
        since_us = parse_us(since) if since is not None else None
        return simulate(self.connection, policy, since=since_us, now=self.clock(), progress=progress, speed=speed)

    def _columns(self, speed: str, progress: Callable[[int, int], None]) -> None:
        """Make the columns of a log that has none to speak of, before all of it is told by compiled code."""
        position = self.position()
        if speeds.compiles(speed, position):
            from projections.compiled import machine_code

            machine_code.prepare()
            upkeep.pack_many(self.connection, position, progress)

    def timeline(self, subject: str, kind: str | None = None, order: str = "recorded") -> dict[str, Any]:
        """Everything about a pro or a mission in order, and what each event changed."""
        from projections import timeline

        return timeline.timeline(self.connection, subject, kind, self.position(), order=order)

    def damage(self, *, pro: str | None = None, mission: str | None = None, incomplete: bool = False) -> dict[str, Any]:
        """Damage files, or only those that lack a document."""
        from projections import damage_reading

        return damage_reading.damage(self.connection, pro=pro, mission=mission, incomplete=incomplete)

    def proposals(self, pro: str | None = None) -> dict[str, Any]:
        """The proposals that wait for a person."""
        from projections import proposal_reading

        return proposal_reading.proposals(self.connection, pro, now=self.clock())

    def invoices(self, *, pro: str | None = None, period: str | None = None) -> dict[str, Any]:
        """Issued documents."""
        from projections import invoice_reading

        return invoice_reading.invoices(self.connection, pro=pro, period=period)

    def invoice(self, number: str, settings: Settings) -> dict[str, Any]:
        """One document whole."""
        from projections import invoice_reading

        return invoice_reading.invoice(self.connection, number, settings)

    def months(self) -> AbstractContextManager[Months]:
        """What was billed, month by month, in one snapshot: what exports read."""
        from projections import export_reading

        return export_reading.snapshot(self.connection, self.clock())

    def pieces(self, settings: Settings, wanted: Callable[[str], bool]) -> Iterator[Piece]:
        """Issued documents whose period is wanted, in order of issue."""
        from projections import issued_pieces

        return issued_pieces.pieces(self.connection, settings, wanted)

    def verify_invoices(self) -> dict[str, Any]:
        """Whether numbers and amounts of the documents are what they must be."""
        from projections import invoice_checks

        return invoice_checks.verify_invoices(self.connection)

    def verify(self, *, progress: Callable[[int, int], None]) -> dict[str, Any]:
        """Whether the log, the projections and the findings are what they must be."""
        from projections.verification import verify

        return verify(self.database, progress=progress)

    def status(self) -> dict[str, Any]:
        """Database, versions, positions, counts."""
        from projections import status_reading

        return status_reading.status(self.connection, self.database, self.register(), now=self.clock())

    def policies(self) -> list[dict[str, Any]]:
        """The published versions, and the preset that applies before them."""
        from projections import status_reading

        return status_reading.policies(self.register(), now=self.clock())

    def policy(self, name: str) -> Policy:
        """A policy by file, preset or `id@version`."""
        return self.register().named(name)

    def baselines(self) -> dict[str, Any]:
        """The bounds in force in every city."""
        from projections import city_baselines

        return city_baselines.baselines(self.connection, self.register(), now=self.clock())

    def baselines_of(self, city: str) -> dict[str, Any]:
        """One city's bounds, and every baseline published for it."""
        from projections import city_baselines

        return city_baselines.history(self.connection, self.register(), city, now=self.clock())

    def computed_baselines(self, cities: Sequence[str], *, at: int) -> dict[str, Any]:
        """What the figures up to an instant make of the bounds of these cities, or of all; records nothing."""
        from projections import city_baselines

        return city_baselines.computed(self.connection, self.register(), cities, at=at)

    def locate(self, event_id: str, source: str | None = None) -> tuple[str, str, int, str, str]:
        """(source, id, position, type, subject) of an event."""
        with translated():
            rows = self.connection.execute(sql("locate_id"), {"id": event_id}).fetchall()
        found = [row for row in rows if source is None or row[3] == source]
        if not found:
            of = f" of source {source}" if source else ""
            raise Refused("unknown_event", f"no event {event_id}{of} is recorded; events lists them")
        if len(found) > 1:
            sources = ", ".join(row[3] for row in found)
            raise Misused("ambiguous_event", f"{event_id} is recorded by {sources}; name one with --source")
        position, topic, stream, of_source = found[0]
        return of_source, event_id, position, type_of(topic)[0], stream.partition("/")[2]


@contextmanager
def open_ledger(
    database: str | None, *, clock: Callable[[], int] | None = None, filling: Shown | None = None
) -> Iterator[LiveLedger]:
    """Open the ledger a person named: start, migrate and fill the embedded one, check the versions of a server.

    `filling` shows how far the projections of an older ledger are filled.
    """
    resolved = store.resolve(database)
    connection = ready(resolved)
    try:
        search_path(connection)
        if outdated(connection):
            from projections.filling import bring_up_to_date, unseen

            bring_up_to_date(resolved, connection, filling or unseen)
        yield LiveLedger(resolved, connection, clock or system_clock)
    finally:
        connection.close()


def system_clock() -> int:
    """Now, in microseconds since 1970."""
    return time.time_ns() // 1000


def _read(document: dict[str, Any]) -> Incoming | LedgerError:
    from ledger.events.reading import read_document

    try:
        return read_document(document)
    except LedgerError as error:
        return error
