"""The timeline of a pro or a mission: every event in the order it was recorded, and what it changed, before → after.

The events are placed one by one in a book in memory, with the policies, baselines and voids known at that moment, so
that what is shown is what the ledger saw then. Nothing is ruled on anew: what the engine found is recorded too, and is
placed like any other event.
"""

from __future__ import annotations

from typing import Any

from ledger.archive import EmptyArchive
from ledger.book import Book
from ledger.entries import Entry
from ledger.errors import IntegrityBroken, LedgerError, Misused, Refused
from ledger.events.catalogue import stream_of
from ledger.instants import to_text
from ledger.missions.facts import BY_CLIENT, NO_SHOW, RATED, Fact
from ledger.recording import Recording
from ledger.store.database import Connection
from projections import timeline_events
from projections.known import accounts_of, check_mission, is_mission, is_pro
from projections.set_aside import never_counted
from projections.summaries import summary
from projections.timeline_events import Chosen, Told
from projections.timeline_views import MissionView, ProView, View, mission_of

PRO, MISSION = "pro", "mission"


def timeline(connection: Connection, subject: str, kind: str | None, position: int, *, order: str) -> dict[str, Any]:
    """`{"subject", "kind", "position", "entries": [..]}` up to a position; `kind` is `pro`, `mission`, or None: look.

    `order`: `recorded`, by position, or `occurred`, by time. What each event changed is that of the recorded order.

    Refuses `unknown_pro`, `unknown_mission`; Misused: `ambiguous_subject`, when the name is that of both.
    """
    kind = _kind(connection, subject, kind)
    view: View
    if kind == PRO:
        chosen = timeline_events.of_pro(connection, subject, position)
        view = ProView(subject, Book(EmptyArchive()))
    else:
        chosen = timeline_events.of_mission(connection, subject, position)
        view = MissionView(subject, Book(EmptyArchive()))
    entries = tell(view, chosen)
    if order == "occurred":
        at = {each.entry.position: each.entry.at for each in chosen.events}
        entries.sort(key=lambda each: (at[each["position"]], each["position"]))
    return {"subject": subject, "kind": kind, "position": position, "entries": entries}


def _kind(connection: Connection, subject: str, kind: str | None) -> str:
    if kind == PRO:
        accounts_of(connection, subject)
    elif kind == MISSION:
        check_mission(connection, subject)
    if kind is not None:
        return kind
    pro, mission = is_pro(connection, subject), is_mission(connection, subject)
    if pro and mission:
        raise Misused("ambiguous_subject", f"{subject} is a pro and a mission; say which with --pro or --mission")
    if not pro and not mission:
        text = f"no event mentions {subject}, neither as a pro nor as a mission; standing lists every pro"
        raise Refused("unknown_pro", text, subject=subject)
    return PRO if pro else MISSION


def tell(view: View, chosen: Chosen) -> list[dict[str, Any]]:
    """Place the chosen events one by one, and tell of each that the view shows what it changed."""
    placing = Recording(view.book, clock_us=0, judging=False)
    latest: dict[str, int] = {}  # stream → the latest time of what was recorded so far
    told: list[dict[str, Any]] = []
    for each in chosen.events:
        entry = each.entry
        if entry.position in chosen.unseen:
            _place(placing, entry)
            continue
        view.before(entry)
        if view.places(entry):
            _place(placing, entry)
        shown = view.after(entry)
        late = False
        if not entry.by_engine:  # what the engine found takes the time of its cause
            about = _stream(entry, view.book)
            late = entry.at < latest.get(about, entry.at)
            latest[about] = max(entry.at, latest.get(about, entry.at))
        if shown is not None:
            told.append(_entry(each, shown, view, chosen, late))
    return told


def _stream(entry: Entry, book: Book) -> str:
    """The mission or pro an event is about; of a void, that of the event it voids."""
    mission = mission_of(entry, book)
    if mission is not None:
        return f"mission/{mission}"  # also of an adjustment of its bill
    if entry.type != "ledger.event_voided":
        return entry.stream
    target = book.locate(entry.data["source"], entry.subject)
    return stream_of(target.type, target.subject) if target is not None else entry.stream


def _place(placing: Recording, entry: Entry) -> None:
    try:
        placing.place(entry)
    except LedgerError as error:
        what = f"#{entry.position} would be refused today ({error.message}); run mission-ledger verify"
        raise IntegrityBroken("integrity_broken", what) from error
    placing.book.recent[entry.source, entry.id] = entry  # where a later void finds it


def _entry(told: Told, changes: list[dict[str, Any]], view: View, chosen: Chosen, late: bool) -> dict[str, Any]:
    entry, data = told.entry, told.entry.data
    void = chosen.voids.get(entry.position)
    about = entry.type.partition(".")[0]
    return {
        "position": entry.position,
        "event": entry.id,
        "source": entry.source,
        "type": entry.type,
        "mission": entry.subject if about == "mission" else entry.mission or None,
        "pro": entry.subject if about == "pro" else view.pro_of(entry),
        "time": to_text(entry.at),
        "recorded": to_text(told.recorded),
        "late": late,
        "voided": void is not None,
        "void": {"position": void.position, "by": void.data["by"], "reason": void.data["reason"]} if void else None,
        "summary": _voiding(entry, view.book) if about == "ledger" else summary(entry.type, data),
        "reason": _reason(entry, changes, view) if about == "mission" else None,
        "figures": data["figures"] if entry.by_engine and "figures" in data else None,
        "changes": changes,
        "cause": entry.doc.get("causationid"),
    }


def _reason(entry: Entry, changes: list[dict[str, Any]], view: View) -> str | None:
    """Why an event of a mission counts for nothing, where its kind or a report before it says so."""
    fact = Fact(entry.type, entry.at, entry.position, entry.data)
    if fact.kind == RATED and fact.by != BY_CLIENT:
        return "rating_of_the_client_never_counts"
    if fact.kind == NO_SHOW and not changes:
        return "second_report_of_one_no_show"
    return never_counted(fact) or view.excuse(entry, fact)


def _voiding(entry: Entry, book: Book) -> str:
    data = entry.data
    if entry.type != "ledger.event_voided":
        return f"personal data erased by {data['by']}: {data['reason']}"
    target = book.locate(data["source"], entry.subject)
    what = f"#{target.position} ({target.type})" if target is not None else entry.subject
    return f"declared {what} wrong, by {data['by']}: {data['reason']}"
