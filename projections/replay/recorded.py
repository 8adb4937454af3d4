"""What is recorded of some pros: the engine's events, the access their streams lead to, and their billing lines."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping
from fractions import Fraction

from ledger.archive import EmptyArchive, ProRecord
from ledger.billing import Line
from ledger.book import Book, pro_event
from ledger.entries import Entry
from ledger.instants import NEVER
from ledger.store.database import Connection, translated
from projections.replay.consequences import Consequences, found, lines_by_mission
from projections.replay.streams import Material
from projections.statements import sql


class _OwnStreams(EmptyArchive):
    """The pros' own streams: all that access follows from."""

    def __init__(self, own: Collection[Entry]) -> None:
        self._records: dict[str, ProRecord] = {}
        for entry in own:
            record = self._records.setdefault(entry.subject, ProRecord([], [], NEVER))
            record.events.append(pro_event(entry))

    def pros(self, ids: Collection[str]) -> Mapping[str, ProRecord]:
        return {pro: self._records[pro] for pro in ids if pro in self._records}


def recorded(material: Material, voided: Mapping[int, int], lines: Mapping[str, Line], *, at: int) -> Consequences:
    """What is recorded within the material's bounds. `voided`: as in a book; `lines`: as recorded; access at `at`."""
    book = Book(_OwnStreams(material.own))
    book.voided = dict(voided)
    for entry in material.own:
        if entry.type == "pro.accounts_linked" and entry.position not in book.voided:
            book.links.add(pro_event(entry))
    positions = [each.position for each in material.facts]
    findings = []
    for entry in material.findings:
        # The engine's events stand right behind the fact that triggered them.
        index = bisect_left(positions, entry.position) - 1
        cause = material.facts[index] if index >= 0 and material.facts[index].id == entry.doc["causationid"] else None
        findings.append(found(entry, cause, recorded=True))
    access = {pro: book.pro(pro).access_at(at) for pro in material.pros}
    return Consequences(findings=findings, access=access, lines=dict(lines))


def stored_lines(connection: Connection, pros: Collection[str]) -> dict[str, Line]:
    """The lines of the projection `billing` that belong to these pros."""
    with translated():
        rows = connection.execute(sql("lines_of_pros"), {"pros": list(pros)}).fetchall()
    lines = (Line._make(row) for row in rows)
    return lines_by_mission(line._replace(rate=Fraction(line.rate)) for line in lines)
