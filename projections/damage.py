"""The projection `damage`: the file of every mission on which a damage was declared. No rule reads it.

Wecasa 7: a sworn statement and a certificate that no other insurance covers the pro; a damage declared in good faith
is no fault (domain, rows W16 to W18). The policy in force at the declaration says which documents a file needs and
until when a declaration is in time; a late one is marked, never refused.
"""

from __future__ import annotations

from ledger.book import Book
from ledger.chronicle import Chronicle
from ledger.entries import Entry
from ledger.events.catalogue import TYPES
from ledger.instants import DAY, MINUTE
from ledger.missions.mission import COMPLETED, Mission
from projections.statements import Row, Writes
from projections.touched import Handler, Touched, ignore

NAME = "damage"
VERSION = 1


def _may_change(touched: Touched, entry: Entry) -> None:
    touched.damages[entry.subject] = None


def _voided(touched: Touched, entry: Entry) -> None:
    if entry.mission:
        touched.damages[entry.mission] = touched.refolded_missions[entry.mission] = None


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(TYPES, ignore),
    "mission.damage_declared": _may_change,
    "mission.damage_document_added": _may_change,
    # They may come after the declaration, and say whose damage it is or when the session ended; a request may replace
    # one that was voided.
    "mission.requested": _may_change,
    "mission.accepted": _may_change,
    "mission.rescheduled": _may_change,
    "mission.completed": _may_change,
    "ledger.event_voided": _voided,
}


def save(writes: Writes, book: Book, touched: Touched) -> None:
    """Write the files of the touched missions that have one; only a void takes one away."""
    rows, gone = [], []
    for mission_id in touched.damages:
        mission = book.mission(mission_id).mission
        row = file_of(mission, book.chronicle) if mission.damage is not None else None  # nearly always
        if row is not None:
            rows.append(row)
        elif mission_id in touched.refolded_missions:
            gone.append({"mission": mission_id})
    writes.merge("damage", rows)
    writes.delete("damage", gone)


def file_of(mission: Mission, chronicle: Chronicle) -> Row | None:
    """The damage file of a mission as its row, or None without a declaration. Instants are microseconds.

    In time is a declaration at most `declare_within_days` times 24 hours after the session's end, or after the planned
    end while no completion is known; exactly that much is in time. The policies are those known at the declaration.
    """
    damage, request = mission.damage, mission.request
    if damage is None or request is None:
        return None
    policy = chronicle.at(damage.position).in_force(damage.at)
    terms = policy.for_city(mission.city).damage
    ended = mission.state == COMPLETED
    ended_at = mission.ended_at if ended else mission.starts_at + mission.minutes * MINUTE
    due_at = ended_at + terms.declare_within_days * DAY
    present = list(dict.fromkeys(mission.damage_documents))
    return {
        "mission": mission.id,
        "pro": damage.pro,
        "client": request.client,
        "city": mission.city,
        "position": damage.position,
        "declared_at": damage.at,
        "ended_at": ended_at,
        "ended": ended,
        "due_at": due_at,
        "late": damage.at > due_at,
        "policy": policy.name,
        "required": list(terms.documents),
        "present": present,
        "missing": [each for each in terms.documents if each not in present],
        "client_informed": damage.client_informed,
        "estimate": damage.estimate_minor if damage.currency else None,
        "currency": damage.currency or None,
        "declarations": damage.declarations,
    }
