"""Given / when / then: events in wire form, recorded in memory as an import does it, and what came of them.

`given(…)` must all be recorded; `when(…)` gives an outcome: `recorded`, or the code of the refusal.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.archive import EmptyArchive, Located
from ledger.billing import Line, line_of
from ledger.book import Book
from ledger.entries import Entry
from ledger.errors import Refused
from ledger.events.reading import read_document
from ledger.instants import parse_us, to_text
from ledger.missions.history import MissionHistory
from ledger.missions.mission import Contribution
from ledger.policies.merging import merged
from ledger.policies.shipped import preset
from ledger.pros.pro import Pro
from ledger.pros.records import ACCESS_NAMES
from ledger.recording import Recording

Document = dict[str, Any]
NOW = "2027-06-01T00:00:00Z"
RECORDED = "recorded"


def instant(text: str) -> str:
    """`2026-03-02 09:00` is UTC; anything longer is taken as it is."""
    return f"{text.replace(' ', 'T')}:00Z" if len(text) == 16 else text


def event(type: str, subject: str, time: str, *, id: str = "", source: str = "app/fr", **data: Any) -> Document:
    """A CloudEvents document; without an `id` of its own, one made of what it says."""
    time = instant(time)
    marks = [str(data[name]) for name in ("pro", "by", "stars", "duration_minutes", "reported_by") if name in data]
    name = id or "/".join([type, subject, time, *marks]).replace(" ", "-")
    return {
        "specversion": "1.0",
        "id": name,
        "source": source,
        "type": type,
        "subject": subject,
        "time": time,
        "data": data,
    }


def requested(mission: str = "m-1", time: str = "2026-03-01 08:00", **changed: Any) -> Document:
    """A repair in Lyon on 10 March 2026, 09:00 UTC, two hours at 30 EUR – unless said otherwise."""
    data: dict[str, Any] = {
        "client": f"client-of-{mission}",
        "city": "lyon",
        "service": "repair",
        "starts_at": "2026-03-10 09:00",
        "timezone": "Europe/Paris",
        "duration_minutes": 120,
        "price": {"amount": "30.00", "currency": "EUR", "per": "hour"},
        **changed,
    }
    data["starts_at"] = instant(data["starts_at"])
    return event("mission.requested", mission, time, **data)


def accepted(mission: str = "m-1", pro: str = "p-1", time: str = "2026-03-01 09:00", **named: Any) -> Document:
    return event("mission.accepted", mission, time, pro=pro, **named)


def cancelled(mission: str = "m-1", time: str = "2026-03-05 09:00", by: str = "pro", **data: Any) -> Document:
    return event("mission.cancelled", mission, time, by=by, **data)


def no_show(mission: str = "m-1", time: str = "2026-03-10 09:30", by: str = "client", **named: Any) -> Document:
    return event("mission.no_show", mission, time, reported_by=by, **named)


def completed(mission: str = "m-1", time: str = "2026-03-10 11:00", minutes: int = 120, **data: Any) -> Document:
    return event("mission.completed", mission, time, duration_minutes=minutes, **data)


def rated(mission: str = "m-1", stars: int = 5, time: str = "2026-03-10 18:00", by: str = "client") -> Document:
    return event("mission.rated", mission, time, by=by, stars=stars)


def modified(mission: str = "m-1", time: str = "2026-03-10 12:00", minutes: int = 150, **data: Any) -> Document:
    data.setdefault("reason", "longer" if minutes > 120 else "shorter")
    return event("mission.duration_modified", mission, time, duration_minutes=minutes, **data)


def voided(target: Document, time: str = "2026-06-01 09:00") -> Document:
    data = {"source": target["source"], "by": "ines", "reason": "recorded in error"}
    return {**event("ledger.event_voided", target["id"], time, id=f"void/{target['id']}", source="desk"), "data": data}


def policy(version: str, effective_from: str, time: str = "2026-01-01 00:00", **sections: Any) -> Document:
    """`mila@2018-06` with some values changed, published with the notice the law asks for (or forced)."""
    document = merged(preset("mila-2018-06").document(), sections)
    document |= {"id": "test", "version": version, "effective_from": instant(effective_from)}
    published = event(
        "policy.published",
        "test",
        time,
        version=version,
        effective_from=instant(effective_from),
        forced=True,
        document=document,
    )
    return published | {"id": f"policy-{version}"}


def baseline(city: str, time: str, average: str, maximum: str, minimum: str = "4.20") -> Document:
    return event(
        "city.baseline_published",
        city,
        time,
        average_cancellation_rate=average,
        maximum_cancellation_rate=maximum,
        minimum_rating=minimum,
        pros=12,
    )


class Outcome(NamedTuple):
    """What became of one event: `recorded` or the refusal's code, and the events the engine wrote because of it."""

    code: str
    message: str
    findings: list[Entry]

    @property
    def found(self) -> list[tuple[str, str, str]]:
        """(type, pro, rule) of the engine's events."""
        return [(each.type.partition(".")[2], each.subject, each.data["rule"]) for each in self.findings]


def _refused(refusal: Refused) -> Outcome:
    assert refusal.message
    assert "\n" not in refusal.message
    return Outcome(refusal.code, refusal.message, [])


class Ids(EmptyArchive):
    """An archive that knows where events stand, which is all that a void or a proof asks."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Located] = {}

    def locate(self, source: str, event_id: str) -> Located | None:
        return self.known.get((source, event_id))

    def positions_of(self, event_id: str) -> list[int]:
        return [each.position for (_, name), each in self.known.items() if name == event_id]

    def at(self, position: int) -> Located | None:
        return next((each for each in self.known.values() if each.position == position), None)


class Story:
    """A ledger in memory, and what it says after some events."""

    def __init__(self, *documents: Document, clock: str = NOW, live: bool = False) -> None:
        self.archive = Ids()
        self.book = Book(self.archive)
        self.entries: list[Entry] = []
        self.clock = clock
        self.live = live
        self.given(*documents)

    def given(self, *documents: Document) -> Story:
        """Events that must be recorded."""
        for document in documents:
            outcome = self.when(document)
            assert outcome.code == RECORDED, f"{document['id']}: {outcome.code}: {outcome.message}"
        return self

    def when(self, document: Document) -> Outcome:
        """One event, recorded or refused."""
        recording = Recording(self.book, clock_us=parse_us(self.clock), live=self.live)
        try:
            entries = recording.record(read_document(document))
        except Refused as refusal:
            return _refused(refusal)
        for each in entries:
            self.archive.known[each.source, each.id] = Located(each.position, each.type, each.subject, each.digest)
        self.entries += entries
        return Outcome(RECORDED, "", entries[1:])

    # -- then ---------------------------------------------------------------------------------------------------

    def history(self, mission: str = "m-1") -> MissionHistory:
        return self.book.mission(mission)

    def pro(self, pro: str = "p-1") -> Pro:
        return self.book.pro(pro)

    def access(self, pro: str = "p-1", at: str = NOW) -> str:
        return ACCESS_NAMES[self.pro(pro).access_at(parse_us(instant(at)))]

    def rate(self, pro: str = "p-1", city: str = "lyon") -> tuple[int, int, int]:
        """(accepted, cancelled, no-shows); zeros where the pro has nothing in the city."""
        figures = self.pro(pro).cities.get(city)
        return (figures.accepted, figures.cancelled, figures.no_shows) if figures else (0, 0, 0)

    def late(self, pro: str = "p-1", city: str = "lyon") -> list[str]:
        figures = self.pro(pro).cities.get(city)
        return sorted(each.mission for each in figures.adverse.values() if each.late) if figures else []

    def rating(self, pro: str = "p-1", city: str = "lyon", window: int = 50) -> tuple[int, int]:
        """(rated, stars) of the rating window."""
        figures = self.pro(pro).cities.get(city)
        recent: list[Contribution] = figures.rated[-window:] if figures else []
        return len(recent), sum(each.stars for each in recent)

    def anomalies(self, mission: str = "m-1") -> list[str]:
        return [anomaly for _, anomaly in self.history(mission).mission.anomalies]

    def set_aside(self, mission: str = "m-1") -> list[str]:
        """Ids of the recorded events that do not count."""
        positions = {position for position, _ in self.history(mission).mission.set_aside}
        return [each.id for each in self.entries if each.position in positions]

    def holder(self, mission: str = "m-1") -> str:
        holder = self.history(mission).mission.holder
        return holder.pro if holder else ""

    def line(self, mission: str = "m-1") -> Line | None:
        return line_of(self.history(mission).mission, self.book.chronicle.latest)

    def amounts(self, mission: str = "m-1") -> tuple[int, int, int]:
        """(gross, commission, VAT) in minor units."""
        line = self.line(mission)
        assert line is not None
        return line.gross, line.commission, line.vat

    def closes_at(self, mission: str = "m-1") -> str:
        line = self.line(mission)
        assert line is not None
        return to_text(line.closes_at)

    def findings(self, pro: str = "p-1") -> list[tuple[str, str, str]]:
        """(type, rule, time) of everything the engine wrote about a pro."""
        of_pro = [each for each in self.entries if each.by_engine and each.subject == pro]
        return [(each.type.partition(".")[2], each.data["rule"], to_text(each.at)) for each in of_pro]

    def ids(self, positions: list[int]) -> list[str]:
        return [self.entries[position - 1].id for position in positions]

    def trace(self) -> tuple[object, ...]:
        """Everything a refused event must leave as it was."""
        missions = self.book._missions.values()
        pros = self.book._pros.values()
        return (
            self.book.position,
            len(self.entries),
            dict(self.book.fresh_keys),
            {
                each.id: (each.version, dict(each.contributions), list(each.mission.anomalies), each.mission.state)
                for each in missions
                if each.version
            },
            {each.id: (dict(each.versions), each.access_at(parse_us(self.clock))) for each in pros if each.known},
        )


def both(*missions: str, pros: tuple[str, ...] = ("p-1", "p-2")) -> list[Document]:
    """Each mission requested, and accepted by the pro of the same place in the list."""
    documents: list[Document] = []
    for mission, pro in zip(missions or ("m-1", "m-2"), pros, strict=False):
        documents += [requested(mission), accepted(mission, pro)]
    return documents
