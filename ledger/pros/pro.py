"""A pro as its own stream leaves it: access, ladders, open proposals, decisions – and the figures of its missions.

Access follows from `pro.suspended` and `pro.reinstated` alone: a decision ends by a reinstatement or by its own terms
(a restriction for hours; one until the documents are verified again; one on a report that was then dismissed).
"""

from __future__ import annotations

from typing import Any

from ledger.chronicle import Chronicle
from ledger.instants import NEVER
from ledger.missions.mission import NOTHING_ADVERSE, Contribution
from ledger.pros.figures import STILL, CityFigures, Movement
from ledger.pros.records import ACTIVE, Decision, ProEvent, Report, Unavailability, Warning
from ledger.pros.stream import EVOLVE
from ledger.rules.figures import Ladder, NoShowFigures


class Pro:
    """One person: a pro, or several accounts that were linked. `cities` are the figures of its missions;

    everything else comes from `events`, the accounts' own streams in order of position.
    """

    __slots__ = (
        "accounts",
        "beside",
        "cities",
        "decisions",
        "documents",
        "events",
        "excused",
        "ladder_warnings",
        "latest",
        "proposals",
        "reinstated_at",
        "reports",
        "shown",
        "unavailable",
        "used",
        "versions",
        "voided",
        "warnings",
    )

    def __init__(self, *accounts: str) -> None:
        self.accounts = accounts
        self.cities: dict[str, CityFigures] = {}
        self.excused: dict[str, Contribution] = {}  # mission → what a declared unavailability excuses
        self.events: list[ProEvent] = []
        self.voided: set[int] = set()
        self.versions = dict.fromkeys(accounts, 0)
        self.latest = dict.fromkeys(accounts, NEVER)
        self.beside = False  # whether its figures are kept beside the book (`Book.pro` gives them back)
        self.used = 0  # the batch of the book that last used it
        self.shown: dict[str, list[Any]] = {}  # account → the standing its projection was last written with
        self._clear()

    def _clear(self) -> None:
        self.decisions: list[Decision] = []
        self.warnings: list[Warning] = []
        self.ladder_warnings: dict[str, list[Warning]] = {}
        self.proposals: list[ProEvent] = []
        self.reports: dict[tuple[str, str], Report] = {}  # (source, id) → the report
        self.documents: dict[str, ProEvent] = {}  # kind → what happened to it last
        self.unavailable: list[Unavailability] = []
        self.reinstated_at = NEVER

    @property
    def id(self) -> str:
        """The pro; of linked accounts the first."""
        return self.accounts[0]

    @property
    def latest_at(self) -> int:
        """When the person was last heard of."""
        return max(self.latest.values())

    @property
    def known(self) -> bool:
        """Whether anything was ever recorded about this pro."""
        return any(self.versions.values()) or bool(self.cities) or self.latest_at != NEVER

    # -- the stream ---------------------------------------------------------------------------------------------

    def restore(self, events: list[ProEvent], voided: set[int], chronicle: Chronicle) -> None:
        """Set the pro to events read from its stream, in order of position."""
        self.events, self.voided = events, voided
        for event in events:
            self.versions[event.account] += 1
        self._refold(chronicle)

    def apply(self, event: ProEvent, chronicle: Chronicle) -> None:
        """Add a recorded event."""
        self.events.append(event)
        self.versions[event.account] += 1
        self.heard(event.account, event.at)
        EVOLVE[event.type](self, event, chronicle)

    def heard(self, account: str, at: int) -> None:
        """Something about one of its accounts happened."""
        if self.latest[account] < at:  # noqa: PLR1730  for every event of an import: a call less
            self.latest[account] = at

    def void(self, position: int, chronicle: Chronicle) -> None:
        """Take an event out of what counts."""
        self.voided.add(position)
        self._refold(chronicle)

    def _refold(self, chronicle: Chronicle) -> None:
        self._clear()
        for event in self.events:
            self.heard(event.account, event.at)
            if event.position not in self.voided:
                EVOLVE[event.type](self, event, chronicle)

    # -- what it says -------------------------------------------------------------------------------------------

    def decision_at(self, at: int) -> Decision | None:
        """The decision that sets access at an instant: the most severe in force, of equals the first."""
        in_force = self.in_force(at)
        return max(in_force, key=lambda each: each.level) if in_force else None

    def in_force(self, at: int) -> list[Decision]:
        """The decisions that limit access at an instant, in order of position."""
        return [each for each in self.decisions if each.until == NEVER or at < each.until]

    def access_at(self, at: int) -> int:
        """The level of access at an instant; a restriction with an end lifts by itself."""
        decision = self.decision_at(at)
        return decision.level if decision else ACTIVE

    def ladder_at(self, name: str, at: int) -> Ladder:
        """Where the pro stands on a ladder at an instant."""
        given = self.ladder_warnings.get(name)
        if not given:
            return Ladder(0, NEVER)
        unexpired = sum(each.expires_at == NEVER or at < each.expires_at for each in given)
        return Ladder(unexpired, max(each.at for each in given))

    @property
    def expired(self) -> dict[str, ProEvent]:
        """The kinds of documents that are expired now, each with its expiry."""
        return {kind: each for kind, each in self.documents.items() if each.type == "pro.document_expired"}

    def reports_named(self, name: str, source: str | None) -> list[Report]:
        """The reports of an id, in order of position: several where sources share it and none is given."""
        return [
            each
            for (of_source, of_name), each in self.reports.items()
            if of_name == name and source in (None, of_source)
        ]

    def ruled_by(self, ruling: ProEvent) -> Report | None:
        """The report that a recorded ruling is about; None once either was voided."""
        about = (each for each in self.reports.values() if each.ruling and each.ruling.position == ruling.position)
        return next(about, None)

    def no_shows(self) -> NoShowFigures:
        """Missions with a counted no-show, over all cities."""
        return NoShowFigures(sum([city.no_shows for city in self.cities.values()]))

    # -- its missions -------------------------------------------------------------------------------------------

    def take_on(self, contributions: list[Contribution]) -> None:
        """Set the figures to contributions read from the database."""
        by_city: dict[str, list[Contribution]] = {}
        for each in contributions:
            by_city.setdefault(each.city, []).append(self._excusing(each))
        for city, counted in by_city.items():
            self.cities[city] = CityFigures()
            self.cities[city].restore(counted)

    def move(self, city: str, before: Contribution | None, after: Contribution | None, window: int) -> Movement:
        """Replace what a mission contributed to this pro's figures in a city."""
        if before is not None and before.mission in self.excused:
            del self.excused[before.mission]
            before = _excused(before)
        if after is not None:
            after = self._excusing(after)
        return self._move(city, before, after, window)

    def _move(self, city: str, before: Contribution | None, after: Contribution | None, window: int) -> Movement:
        if before == after:
            return STILL
        figures = self.cities.get(city)
        if figures is None:
            figures = self.cities[city] = CityFigures()
        movement = figures.move(before, after, window)
        if not figures.accepted:
            del self.cities[city]
        return movement

    def excuse_again(self) -> None:
        """After a change of the declared unavailabilities: see which cancellations they excuse now."""
        counted = [each for figures in self.cities.values() for each in figures.adverse.values()]
        excused, self.excused = self.excused, {}
        for each in counted:
            self._move(each.city, each, self._excusing(each), 1)
        for each in excused.values():
            self._move(each.city, _excused(each), self._excusing(each), 1)

    def _excusing(self, each: Contribution) -> Contribution:
        """The contribution as it counts. Wecasa 3: « indiquer vos indisponibilités »: only fitting requests come, so

        a cancellation of a mission requested inside an unavailability declared before the request is excused.
        """
        if not each.by_cancellation or each.adverse == NOTHING_ADVERSE:
            return each
        for span in self.unavailable:
            if span.excuses(each):
                self.excused[each.mission] = each
                return _excused(each)
        return each


def _excused(each: Contribution) -> Contribution:
    return each._replace(
        adverse=NOTHING_ADVERSE,
        adverse_at=NEVER,
        adverse_position=0,
        confirmed_position=0,
        late=0,
        series="",
        requested_at=NEVER,
        slot_at=NEVER,
        slot_end=NEVER,
        by_cancellation=0,
    )
