"""The projection `billing`: one line for every mission that bears money, as its facts now stand.

Beside it stand the missions whose line waits for a close, and the entries that closes froze; those are written by
`closing`, not with the events of a batch.
"""

from __future__ import annotations

from typing import Any

from ledger import adjusting
from ledger.billing import Line, line_of
from ledger.book import Book
from ledger.entries import Entry
from ledger.events.catalogue import TYPES
from ledger.money import ratio_text
from projections.statements import Columns, Writes
from projections.touched import Handler, Touched, ignore

NAME = "billing"
VERSION = 3

BILLING_LINE: Columns = Line._fields
BILLING_PENDING: Columns = ("mission",)
MISSION, RATE = BILLING_LINE.index("mission"), BILLING_LINE.index("rate")


def _line_may_change(touched: Touched, entry: Entry) -> None:
    touched.lines[entry.subject] = entry.position


def _requested(touched: Touched, entry: Entry) -> None:
    """A request may be told again after the first one was voided; then the session it belongs to is known already."""
    if entry.pros:
        touched.lines[entry.subject] = entry.position


def _line_may_go(touched: Touched, entry: Entry) -> None:
    touched.lines[entry.subject] = entry.position
    touched.refolded_missions[entry.subject] = None


def _voided(touched: Touched, entry: Entry) -> None:
    if entry.mission:
        touched.lines[entry.mission] = entry.position
        touched.refolded_missions[entry.mission] = None


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(TYPES, ignore),
    "mission.requested": _requested,
    # A late acceptance or reschedule may come after the completion it belongs to.
    "mission.accepted": _line_may_change,
    "mission.rescheduled": _line_may_change,
    "mission.client_absent": _line_may_change,
    "mission.no_show_confirmed": _line_may_go,
    "mission.no_show_rejected": _line_may_change,
    "mission.completed": _line_may_change,
    "mission.duration_modified": _line_may_change,
    "billing.adjusted": _line_may_change,
    "ledger.event_voided": _voided,
}


def save(writes: Writes, book: Book, touched: Touched) -> None:
    """Write the lines of the touched missions; only a void, or a confirmed no-show, takes one away."""
    new: list[tuple[Any, ...]] = []
    rows: list[tuple[Any, ...]] = []
    gone: list[tuple[str]] = []
    for mission_id, position in touched.lines.items():
        history = book.mission(mission_id)
        # The last event that touched it says what was known, unless it was an adjustment or the void of one.
        adjusted = history.adjustments
        register = adjusting.terms(history, book.chronicle) if adjusted else book.chronicle.at(position)
        line = line_of(history.mission, register)
        if line is not None:
            known = history.archived or history.billed
            (rows if known else new).append((*line[:RATE], ratio_text(line.rate), *line[RATE + 1 :]))
            history.billed = True
        elif mission_id in touched.refolded_missions:
            gone.append((mission_id,))
    writes.insert("billing_line", BILLING_LINE, new)
    writes.merge_columns("billing_line", BILLING_LINE, rows)
    writes.delete("billing_line", [{"mission": each} for (each,) in gone])
    writes.insert("billing_pending", BILLING_PENDING, [(row[MISSION],) for row in new])
    writes.merge_columns("billing_pending", BILLING_PENDING, [*((row[MISSION],) for row in rows), *gone])
