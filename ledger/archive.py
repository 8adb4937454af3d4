"""Where a book reads what it does not hold: an archive, what is kept beside the book, and what is on its way there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple, Protocol

from ledger.entries import Entry
from ledger.instants import NEVER
from ledger.missions.history import MissionHistory
from ledger.missions.mission import Contribution
from ledger.pros.pro import Pro
from ledger.pros.records import ProEvent


class ProRecord(NamedTuple):
    """What an archive knows of an account: its stream in order, its contributions, and the time of its latest event."""

    events: list[ProEvent]
    contributions: list[Contribution]
    latest_at: int


NOBODY = ProRecord([], [], NEVER)
"""An account that nothing is known of."""


class Located(NamedTuple):
    """Where a recorded event stands, and the digest of what was stored."""

    position: int
    type: str
    subject: str
    digest: bytes


class Archive(Protocol):
    """Where a book reads what it does not hold. Unknown ids are left out of the answers."""

    def missions(self, ids: Collection[str]) -> Mapping[str, list[Entry]]:
        """The streams of missions."""
        ...

    def adjustments(self, ids: Collection[str]) -> Mapping[str, list[Entry]]:
        """The adjustments of missions' bills, in order of position."""
        ...

    def pros(self, ids: Collection[str]) -> Mapping[str, ProRecord]:
        """What is known of pros."""
        ...

    def versions(self, streams: Collection[str]) -> Mapping[str, int]:
        """The last version of streams."""
        ...

    def locate(self, source: str, event_id: str) -> Located | None:
        """Where an event stands."""
        ...

    def positions_of(self, event_id: str) -> Collection[int]:
        """Where the events of an id stand, whatever their source."""
        ...

    def at(self, position: int) -> Located | None:
        """What stands at a position."""
        ...

    def found_since(self, position: int) -> Collection[str]:
        """The pros about whom the engine found something after a position."""
        ...

    def keys(self, persons: Collection[str]) -> Mapping[str, bytes | None]:
        """The keys of persons; None where the person was erased."""
        ...


class Beside(Protocol):
    """Missions of a book, and the figures of pros, that are kept in another form until somebody asks for them."""

    def take(self, mission_id: str) -> MissionHistory | None:
        """The history of a mission, which is the book's from now on; None when it is not kept here."""
        ...

    def ids_kept(self) -> list[str]:
        """The missions that are kept here."""
        ...

    def give_figures(self, pro: Pro) -> None:
        """Give a pro its figures, which are kept here no longer."""
        ...

    def let_go(self, accounts: Collection[str]) -> None:
        """Keep the figures of these pros no longer: the book forgot them, or made them anew."""
        ...


class UnderWay(Protocol):
    """Events that are recorded but not yet seen by the archive, named all at once: a large part of a batch."""

    def get(self, name: tuple[str, str]) -> Located | None:
        """Where the event of (source, id) stands."""
        ...

    def positions_of(self, event_id: str) -> Iterable[int]:
        """Where the events of an id stand."""
        ...

    def at(self, position: int) -> Located | None:
        """What stands at a position."""
        ...


class EmptyArchive:
    """The archive of a ledger with nothing in it."""

    def missions(self, ids: Collection[str]) -> Mapping[str, list[Entry]]:
        return {}

    def adjustments(self, ids: Collection[str]) -> Mapping[str, list[Entry]]:
        return {}

    def pros(self, ids: Collection[str]) -> Mapping[str, ProRecord]:
        return {}

    def versions(self, streams: Collection[str]) -> Mapping[str, int]:
        return {}

    def locate(self, source: str, event_id: str) -> Located | None:
        return None

    def positions_of(self, event_id: str) -> Collection[int]:
        return ()

    def at(self, position: int) -> Located | None:
        return None

    def found_since(self, position: int) -> Collection[str]:
        return ()

    def keys(self, persons: Collection[str]) -> Mapping[str, bytes | None]:
        return {}
