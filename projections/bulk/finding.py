"""What machine code found about flat pros, written down as the events that plain Python would have written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.entries import Entry
from ledger.findings import decided, found
from ledger.recording import Recording
from ledger.rulebook import RULES
from ledger.rules.figures import REMOVE, WARN, Ladder
from projections.bulk.people import Judged
from projections.bulk.positions import Positions
from projections.compiled.records import DECIDED, DEFECTS, NO_DEFECT, WARNED
from projections.compiled.terms import Tables


class Findings:
    """The findings of a stretch by the places of the events that caused them: `places`."""

    def __init__(self, judged: Judged, first: int, positions: Positions) -> None:
        self.judged = judged
        self.places: dict[int, list[Any]] = {}
        self._positions = positions
        for row in judged.findings:
            self.places.setdefault(first + int(row["position"]) - positions.begun - 1, []).append(row)

    def write(
        self,
        place: int,
        recording: Recording,
        entries: list[Entry],
        pro: str,
        tables: Tables,
        cities: Sequence[str],
    ) -> bool:
        """Append the events about a pro to that which caused them; whether one waits for a review from the start."""
        doubtful = False
        register = recording.book.chronicle.latest
        for row in self.places[place]:
            rule, city = RULES[row["rule"]], cities[row["city"]] if row["city"] >= 0 else ""
            if row["type"] == DECIDED:
                recording.write(entries, entries[0], pro, decided(rule, entries[-1], register, city))
                continue
            values = [int(row[name]) for name in ("first", "second", "third")]
            figures = rule.figures_type(*values[: len(rule.figures_type._fields)])
            ladder = Ladder(int(row["unexpired"]), int(row["last_at"]))
            behind = self.judged.evidence[row["evidence"] : row["evidence"] + row["positions"]].tolist()
            evidence = [self._positions.recorded(each) for each in behind]
            verdict = WARN if row["type"] == WARNED else REMOVE
            defect, policy = DEFECTS[int(row["defect"])], tables.policies[row["policy"]].name
            doubtful |= row["defect"] != NO_DEFECT
            finding = found(rule, verdict, policy, figures, ladder, city, evidence, defect)
            recording.write(entries, entries[0], pro, finding)
        return doubtful
