"""What a mission and a pro look like at one moment of a timeline, as values that can be compared.

A state is a mapping from a key – what, and for which city, pro or event – to a JSON value; the change between two
states is what a timeline shows. Names are those of `standing --json` and `billing --json` where these have one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ledger.billing import line_of
from ledger.book import Book
from ledger.instants import NEVER, to_text
from ledger.missions.history import MissionHistory
from ledger.missions.mission import NOTHING_ADVERSE, PRO_CANCELLED, STATE_NAMES, Contribution
from ledger.money import to_amount
from ledger.pros.complaints import complaints
from ledger.pros.figures import CityFigures
from ledger.pros.pro import Pro
from ledger.pros.records import ACCESS_NAMES, ACTIVE
from ledger.rules.figures import RateFigures, RatingFigures
from projections.damage import file_of


class Key(NamedTuple):
    """What a value is; `about` is the position of the event that an anomaly or a setting aside is about."""

    what: str
    city: str | None = None
    pro: str | None = None
    about: int | None = None


State = Mapping[Key, Any]


def changes(before: State, after: State) -> list[dict[str, Any]]:
    """`[{"what", "city", "pro", "about", "before", "after"}]`, in the order of the states; None: there is no value."""
    return [
        {**key._asdict(), "before": before.get(key), "after": after.get(key)}
        for key in {**before, **after}
        if before.get(key) != after.get(key)
    ]


# -- a mission ----------------------------------------------------------------------------------------------------


def mission_state(history: MissionHistory, book: Book) -> State:
    """Life cycle, what counts for whom, the billing line, the damage file, anomalies, what is set aside."""
    mission = history.mission
    if not history.known:
        return {}
    state: dict[Key, Any] = {
        Key("state"): STATE_NAMES[mission.state],
        Key("holder"): mission.holder.pro if mission.holder else None,
        Key("starts_at"): to_text(mission.starts_at),
        Key("minutes"): mission.minutes,
        Key("checked_in_at"): to_text(mission.checked_in_at) if mission.checked_in_at != NEVER else None,
    }
    for pro, contribution in history.contributions.items():
        excused = mission.id in book.pro(pro).excused
        state[Key("counts", mission.city, pro)] = _counted(contribution, excused=excused)
    line = line_of(mission, book.chronicle.latest)
    if line is not None:
        for name, minor in (("gross", line.gross), ("commission", line.commission), ("vat", line.vat)):
            amount = {"amount": to_amount(minor, line.currency), "currency": line.currency}
            state[Key(name, pro=line.pro)] = amount
        state[Key("closes_at", pro=line.pro)] = to_text(line.closes_at)
    file = file_of(mission, book.chronicle)
    if file is not None:
        state[Key("damage_file", pro=file["pro"] or None)] = {"late": file["late"], "missing": file["missing"]}
    for position, code in mission.anomalies:
        state[Key("anomaly", about=position)] = code
    for position, code in mission.set_aside:
        state[Key("set_aside", about=position)] = code
    return state


def _counted(contribution: Contribution, *, excused: bool) -> list[str]:
    """What a mission adds to a pro's figures: `["accepted", "cancelled_late"]`, `["accepted", "rated_5"]`."""
    counted = ["accepted"]
    if contribution.adverse != NOTHING_ADVERSE and excused:
        counted.append("excused")
    elif contribution.series:
        counted.append("series_ended")
    elif contribution.adverse == PRO_CANCELLED:
        counted.append("cancelled_late" if contribution.late else "cancelled")
    elif contribution.adverse != NOTHING_ADVERSE:
        counted.append("no_show")
    if contribution.stars:
        counted.append(f"rated_{contribution.stars}")
    return counted


# -- a pro --------------------------------------------------------------------------------------------------------


class CityCounts(NamedTuple):
    """The figures of a pro in one city as they are counted; `late` are the late cancellations in their window."""

    rate: RateFigures
    rating: RatingFigures
    late: int


class Counts(NamedTuple):
    """The figures of a pro in some cities, and its no-shows in all; cheap to make and to compare."""

    cities: dict[str, CityCounts]
    no_shows: int


def counts(pro: Pro, cities: Iterable[str], book: Book, at: int) -> Counts:
    """A pro's figures in these cities at an instant, by the policies and baselines known by now."""
    found = {}
    for city in cities:
        terms = book.chronicle.latest.parameters(at, city)
        figures = pro.cities.get(city) or CityFigures()
        late = figures.late_figures(terms, at, pro.reinstated_at).late if figures.adverse else 0
        found[city] = CityCounts(figures.rate(terms, at), figures.rating(terms), late)
    return Counts(found, pro.no_shows().no_shows)


def figures_changed(before: Counts, after: Counts) -> list[dict[str, Any]]:
    """The changes between two counts, in the names of `standing --json`."""
    return changes(_figures(before), _figures(after)) if before != after else []


def _figures(counted: Counts) -> State:
    state: dict[Key, Any] = {}
    for city, (rate, rating, late) in counted.cities.items():
        shown = rate.shown()
        state[Key("accepted", city)] = rate.accepted
        state[Key("cancelled", city)] = rate.cancelled
        state[Key("no_shows", city)] = rate.no_shows
        state[Key("cancellation_rate", city)] = shown["rate"] if rate.accepted else None
        state[Key("cancellation_percent", city)] = shown["percent"]
        state[Key("rated", city)] = rating.rated
        state[Key("stars", city)] = rating.stars
        state[Key("rating", city)] = rating.shown()["mean"]
        state[Key("late_cancellations", city)] = late
    state[Key("no_shows")] = counted.no_shows
    return state


def own_state(pro: Pro, at: int) -> State:
    """Access, ladders, proposals, decisions and complaints of a pro at an instant."""
    decision = pro.decision_at(at)
    state: dict[Key, Any] = {
        Key("access"): ACCESS_NAMES[decision.level if decision else ACTIVE],
        Key("until"): to_text(decision.until) if decision and decision.until != NEVER else None,
    }
    for ladder in pro.ladder_warnings:
        unexpired = pro.ladder_at(ladder, at).unexpired
        if unexpired:  # of a ladder all of whose warnings expired there is nothing to tell, as of one without any
            state[Key(f"warnings.{ladder}")] = unexpired
    state[Key("proposals")] = [f"{each.data['kind']} under {each.data['rule']}" for each in pro.proposals]
    in_force = [each.event.data for each in pro.in_force(at)]
    state[Key("decisions")] = [f"{each['kind']} by {each.get('by')}" for each in in_force]
    reports = [(each.ground, each.ruling is None, each.confirmed) for each in pro.reports.values()]
    state[Key("reports_open")] = [ground for ground, waits, _ in reports if waits]
    state[Key("reports_confirmed")] = [ground for ground, _, confirmed in reports if confirmed]
    state[Key("documents_expired")] = sorted(pro.expired)
    state[Key("unavailabilities")] = len(pro.unavailable)
    state[Key("accounts")] = list(pro.accounts)
    state[Key("complaints_open")] = sum(each.decided is None for each in complaints(pro))
    return state
