"""`replay` of all pros at the second speed: compare what is recorded with a telling, and name only what differs.

Whatever is the same on both sides is compared as integers and never becomes an object. The pros that plain Python must
judge are given back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass

from ledger.billing import Line
from ledger.entries import Entry, entry_of_row
from ledger.store.database import Connection, Database
from ledger.store.log import read
from projections.collecting import collected_seldom
from projections.columns.reading import Stored
from projections.columns.stored_lines import StoredLines
from projections.compiled.deriving import Advance, Telling, Told
from projections.compiled.findings import Row, Showing, recorded_row, rows_by_pro
from projections.compiled.lines import Lines
from projections.compiled.people import concerning, engine_events, entries_at, left_out, mark_odd
from projections.replay.assumptions import Assumptions
from projections.replay.comparing import LEFT_OUT, TAKEN_AWAY, VOIDED, Comparison
from projections.replay.consequences import Consequences, LeftOut, lines_by_mission
from projections.replay.recorded import recorded
from projections.replay.streams import Accounts, Material, Shared

Lost = dict[int, tuple[Entry, str]]
OnRecord = tuple[dict[int, list[Row] | None], set[int]]
"""Pro → the rows of what is recorded about it, None where something there is no row; the positions of all."""


@dataclass(frozen=True, kw_only=True)
class Comparing:
    """One comparison of the record with a telling. `cut`: only part of the log counts, so the stored lines do not.

    `voided` and `away` are the facts that are not told, and why.
    """

    connection: Connection
    database: Database
    shared: Shared
    assumed: Assumptions
    as_known: Assumptions
    voided: frozenset[int]
    away: frozenset[int]
    cut: bool
    at: int

    @collected_seldom()
    def add_to(
        self, comparison: Comparison, people: Sequence[Accounts], progress: Advance
    ) -> tuple[list[Accounts], Lost]:
        """Add everybody who can be judged here. Returns whom plain Python must judge, and the facts not told."""
        with ExitStack() as stack:
            stored = None if self.cut else stack.enter_context(closing(StoredLines(self.connection, self.database)))
            return self._add_to(comparison, people, stored, progress)

    def _add_to(
        self, comparison: Comparison, people: Sequence[Accounts], stored: StoredLines | None, progress: Advance
    ) -> tuple[list[Accounts], Lost]:
        told = self._tell(self.assumed, progress)
        other = self._tell(self.as_known, progress) if self.cut and self.assumed != self.as_known else None
        tellings = (told,) if other is None else (told, other)
        rest = mark_odd(self.connection, self.shared, people, *tellings, others=self._told_otherwise())
        lines = Lines(told)
        on_record = self._recorded_rows(told)  # meanwhile the server goes on sending lines
        if stored is not None:
            changed = lines.differing_from_stored(stored.blocks())
        elif other is not None:
            beside = Lines(other)
            differing = lines.differing_from(beside)
            changed = dict(zip(differing, beside.lines(differing), strict=True))
        else:
            changed = {}
        refused = left_out(self.connection, told)
        lost = self._lost(refused)
        alike = self._compare(comparison, told, on_record, changed, lines, refused, lost)
        numbers = [each for each in changed if isinstance(each, int)]
        comparison.add_alike(alike, lines.sums(without=numbers))
        return rest, lost

    def _told_otherwise(self) -> list[str]:
        """The pros of whose own events some are told and not on record, or the other way: access alone may differ."""
        voids_away = {target for target, void in self.shared.facts_voided.items() if void in self.away}
        entries = entries_at(self.connection)({*self.away, *voids_away}).values()
        return [each.subject for each in entries if each.type.startswith("pro.")]

    def _tell(self, assumed: Assumptions, progress: Advance) -> Told:
        source = Stored(self.connection, self.shared.bounds.until)
        return Telling(source, self.shared, assumed, entries_at(self.connection), at=self.at).whole(progress)

    def _lost(self, refused: Sequence[LeftOut]) -> Lost:
        """The facts that were not told, and why: those about missions that concern somebody."""
        not_told = entries_at(self.connection)({*self.voided, *self.away})
        entries = [each for each in concerning(self.connection, not_told.values()) if self.shared.bounds.hold(each)]
        lost = {each.entry.position: (each.entry, LEFT_OUT) for each in refused}
        for entry in entries:
            lost[entry.position] = entry, VOIDED if entry.position in self.voided else TAKEN_AWAY
        return lost

    # -- what differs -------------------------------------------------------------------------------------------

    def _compare(
        self,
        comparison: Comparison,
        told: Told,
        on_record: OnRecord,
        changed: Mapping[int | str, Line | None],
        lines: Lines,
        refused: list[LeftOut],
        lost: Lost,
    ) -> int:
        """Add what differs; how many findings are alike on both sides."""
        there, by_engine = on_record
        found = rows_by_pro(told.findings[told.odd[told.findings["pro"]] == 0])
        differing = sorted(pro for pro in there.keys() | found.keys() if there.get(pro) != found.get(pro))
        derived_lines = lines.lines([each for each in changed if isinstance(each, int)])
        known = self._recorded(told, differing, by_engine)
        known.lines = lines_by_mission(each for each in changed.values() if each is not None)
        follows = Consequences(
            findings=Showing(told).all_of(differing, entries_at(self.connection)),
            access={pro: int(told.access[told.names["pro"].number[pro]]) for pro in known.access},
            lines=lines_by_mission(each for each in derived_lines if each is not None),
            left_out=refused,
        )
        comparison.add(known, follows, lost)
        return sum(len(rows or ()) for pro, rows in found.items() if pro not in set(differing))

    def _recorded_rows(self, told: Told) -> OnRecord:
        """Pro → the rows of what is recorded about it, None where something there is no row; the positions of all."""
        number, cities = told.names["pro"].number, told.names["city"].number
        rows: dict[int, list[Row] | None] = {}
        positions: set[int] = set()
        for entry in engine_events(self.connection, self.shared.bounds.until):
            positions.add(entry.position)
            pro = number[entry.subject]
            if told.odd[pro] or not self.shared.bounds.hold(entry):
                continue
            row, before = recorded_row(entry, cities), rows.setdefault(pro, [])
            if row is None or before is None:
                rows[pro] = None
            else:
                before.append(row)
        for of_pro in rows.values():
            if of_pro is not None:
                of_pro.sort()
        return rows, positions

    def _recorded(self, told: Told, pros: Sequence[int], by_engine: set[int]) -> Consequences:
        """What is recorded of some pros, lines apart."""
        names = told.names["pro"].list()
        chosen = {names[each] for each in pros}
        if not chosen:
            return Consequences()
        bounds = self.shared.bounds
        streams = [f"pro/{each}" for each in sorted(chosen)]
        own = [entry_of_row(row) for row in read(self.connection, streams=streams, until=bounds.until)]
        own = [each for each in own if bounds.hold(each)]
        findings = [each for each in own if each.by_engine]
        causes = set()
        for each in findings:
            position = each.position - 1
            while position in by_engine:
                position -= 1
            causes.add(position)
        facts = [each for _, each in sorted(entries_at(self.connection)(causes).items()) if bounds.hold(each)]
        material = Material(pros=frozenset(chosen), facts=facts, findings=findings, own=own)
        return recorded(material, self.shared.voids, {}, at=self.at)
