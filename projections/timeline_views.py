"""What each event of a timeline changed, seen from a mission or from a pro; and which events each of them sees."""

from __future__ import annotations

from typing import Any, Protocol

from ledger.book import Book
from ledger.entries import Entry
from ledger.events.catalogue import OF_MISSIONS
from ledger.missions.facts import CANCELLED, Fact
from projections.set_aside import EXCUSED, not_held_against
from projections.timeline_states import Counts, Key, State, changes, counts, figures_changed, mission_state, own_state

Changes = list[dict[str, Any]]

ON_A_PROS_PAGE = frozenset(
    {"state", "holder", "starts_at", "minutes", "checked_in_at", "gross", "commission", "vat"}
    | {"damage_file", "anomaly", "set_aside"}
)  # of what changes on a mission


class View(Protocol):
    """Asked before and after each event is placed in the book."""

    book: Book

    def places(self, entry: Entry) -> bool:
        """Whether the event is to be placed at all."""
        ...

    def before(self, entry: Entry) -> None:
        """Take down what the event may change."""
        ...

    def after(self, entry: Entry) -> Changes | None:
        """What it changed, or None when it is not shown."""
        ...

    def pro_of(self, entry: Entry) -> str | None:
        """The pro that an event of a mission names, or who holds the mission then."""
        ...

    def excuse(self, entry: Entry, fact: Fact) -> str | None:
        """Why a cancellation by the pro is not held against it, as far as this view can tell."""
        ...


def mission_of(entry: Entry, book: Book) -> str | None:
    """The mission whose facts or bill an event changes: its own or, for a void, that of the event it voids."""
    if entry.type.startswith(OF_MISSIONS):
        return entry.subject
    if entry.type == "ledger.event_voided":
        target = book.locate(entry.data["source"], entry.subject)
        if target is not None and target.type.startswith(OF_MISSIONS):
            return target.subject
    return None


class _Missions:
    """The missions of a timeline as they last were, so that each is looked at once an event."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._last: dict[str, State] = {}

    def changed(self, mission: str) -> Changes:
        """What changed on a mission since it was last looked at."""
        before = self._last.get(mission, {})
        self._last[mission] = after = mission_state(self._book.mission(mission), self._book)
        return changes(before, after)

    def holder(self, mission: str) -> str | None:
        """Who held it when it was last looked at."""
        held: str | None = self._last.get(mission, {}).get(Key("holder"))
        return held


class MissionView:
    """A mission: its life cycle, what counts for whom, its bill. Findings about pros are shown, with no changes."""

    def __init__(self, mission: str, book: Book) -> None:
        self.mission = mission
        self.book = book
        self._missions = _Missions(book)
        self._held: str | None = None

    def places(self, entry: Entry) -> bool:
        return not entry.by_engine

    def before(self, entry: Entry) -> None:
        self._held = self._missions.holder(self.mission)

    def after(self, entry: Entry) -> Changes | None:
        found = self._missions.changed(self.mission)
        return found if found or entry.by_engine or mission_of(entry, self.book) else None

    def pro_of(self, entry: Entry) -> str | None:
        return entry.data.get("pro") or self._held or self._missions.holder(self.mission)

    def excuse(self, entry: Entry, fact: Fact) -> str | None:
        pro = self.book.pro(self._held) if self._held else None
        excused = pro.excused.get(self.mission) if pro else None
        return EXCUSED if excused is not None and excused.adverse_position == entry.position else None


class ProView:
    """A pro: figures by city, its own state, and of its missions what concerns it."""

    def __init__(self, pro: str, book: Book) -> None:
        self.pro = pro
        self.book = book
        self._missions = _Missions(book)
        self._cities: list[str] = []
        self._counts = Counts({}, 0)
        self._own: State = {}
        self._held: str | None = None

    def places(self, entry: Entry) -> bool:
        return True

    def before(self, entry: Entry) -> None:
        mission = mission_of(entry, self.book)
        self._held = self._missions.holder(mission) if mission else None
        self._cities = self._concerned(entry, mission)
        self._counts = self._counted(entry)
        self._own = {} if entry.type.startswith("mission.") else own_state(self.book.pro(self.pro), entry.at)

    def after(self, entry: Entry) -> Changes | None:
        mission = mission_of(entry, self.book)
        found = figures_changed(self._counts, self._counted(entry))
        if not entry.type.startswith("mission."):
            found += changes(self._own, own_state(self.book.pro(self.pro), entry.at))
        if mission is None:
            return found if found or entry.subject in self._accounts() or entry.type.startswith("ledger.") else None
        of_mission = [each for each in self._missions.changed(mission) if self._shown(each)]
        return of_mission + found if found or self._concerns(entry, mission) else None

    def pro_of(self, entry: Entry) -> str | None:
        return entry.data.get("pro") or self._held or (self._missions.holder(entry.mission) if entry.mission else None)

    def excuse(self, entry: Entry, fact: Fact) -> str | None:
        if fact.kind != CANCELLED or self._held not in self._accounts():
            return None
        return not_held_against(fact, self.book.mission(entry.subject).mission, self.book.pro(self.pro))

    def _accounts(self) -> tuple[str, ...]:
        return self.book.pro(self.pro).accounts

    def _concerned(self, entry: Entry, mission: str | None) -> list[str]:
        """The cities whose figures may change: the mission's; all of them where it is not about one known mission."""
        history = self.book.mission(mission) if mission else None
        if history is not None and history.known:
            return [history.mission.city]
        if history is not None and not history.facts:
            return []  # just requested
        cities = dict.fromkeys(self.book.pro(self.pro).cities)
        if entry.type == "mission.requested":
            cities[entry.data["city"]] = None
        for account in entry.data.get("accounts") or ():
            cities |= dict.fromkeys(self.book.pro(account).cities)
        return list(cities)

    def _counted(self, entry: Entry) -> Counts:
        # Before and after at one instant: what leaves a window of days by itself is not the doing of an event.
        pro = self.book.pro(self.pro)
        return counts(pro, self._cities, self.book, max(pro.latest_at, entry.at))

    def _shown(self, change: dict[str, Any]) -> bool:
        return change["what"] in ON_A_PROS_PAGE and change["pro"] in (None, *self._accounts())

    def _concerns(self, entry: Entry, mission: str) -> bool:
        """Whether an event of a mission is about this pro: it names the pro, or no other pro and no other pro held it.

        While nobody is known to hold it, the acceptance that is still on its way may be this pro's.
        """
        named = entry.data.get("pro")
        return {named, self._held, self._missions.holder(mission)} <= {
            None,
            *self._accounts(),
        } or named in self._accounts()
