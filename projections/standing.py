"""The projection `standing`: each pro's figures by city, access, and what every mission contributed to them."""

from __future__ import annotations

from ledger.book import Book
from ledger.entries import Entry
from ledger.events.catalogue import TYPES
from ledger.instants import NEVER
from ledger.missions.history import MissionHistory
from ledger.missions.mission import Contribution
from ledger.policies.parameters import WINDOW_ALL
from ledger.pros.pro import ACTIVE, Pro
from projections.statements import Row, Writes
from projections.touched import Handler, Touched, ignore

NAME = "standing"
VERSION = 1


def _mission(touched: Touched, entry: Entry) -> None:
    if entry.pros or entry.type != "mission.requested":  # a mere request concerns no pro yet
        touched.missions[entry.subject] = None
    for pro in entry.pros:
        touched.pros[pro] = entry.position
        touched.cities[pro, entry.city] = None


def _lapsed(touched: Touched, entry: Entry) -> None:
    _mission(touched, entry)
    touched.lapsed[entry.data["pro"], entry.subject] = None


def _pro(touched: Touched, entry: Entry) -> None:
    touched.pros[entry.subject] = entry.position


def _decision(touched: Touched, entry: Entry) -> None:
    touched.pros[entry.subject] = entry.position
    touched.proposals[entry.subject] = None


def _voided(touched: Touched, entry: Entry) -> None:
    for pro in entry.pros:
        touched.pros[pro] = entry.position
        touched.refolded_pros[pro] = touched.proposals[pro] = None
    if entry.mission:
        touched.missions[entry.mission] = touched.refolded_missions[entry.mission] = None
        for pro in entry.pros:
            touched.lapsed[pro, entry.mission] = None


HANDLERS: dict[str, Handler] = {
    **{name: _mission for name in TYPES if name.startswith("mission.")},
    "mission.refused": _lapsed,
    "mission.expired": _lapsed,
    **{name: _pro for name in TYPES if name.startswith("pro.")},
    "pro.suspension_proposed": _decision,
    "pro.suspended": _decision,
    "pro.suspension_dismissed": _decision,
    "pro.reinstated": _decision,
    "city.baseline_published": ignore,
    "policy.published": ignore,
    "ledger.event_voided": _voided,
    "ledger.subject_erased": ignore,
}


def save(writes: Writes, book: Book, touched: Touched) -> None:
    """Write the rows of the touched missions and pros."""
    histories = {mission: book.mission(mission) for mission in touched.missions}
    writes.merge("participation", _participations(histories, touched))
    _save_anomalies(writes, list(histories.values()))
    pros = [book.pro(pro) for pro in touched.pros]
    writes.merge("pro_standing", [_pro_row(pro) for pro in pros])
    if touched.refolded_pros:
        writes.run("delete_cities_of", pros=list(touched.refolded_pros))
    writes.merge("city_standing", _cities(pros, book, touched))
    if touched.proposals:
        writes.delete("proposal", [{"pro": pro} for pro in touched.proposals])
        writes.merge("proposal", [row for pro in touched.proposals for row in _proposals(book.pro(pro))])


def _cities(pros: list[Pro], book: Book, touched: Touched) -> list[Row]:
    """Figures as of each pro's latest event: of the cities touched, or of all where the window moves with time."""
    rows: list[Row] = []
    for pro in pros:
        register = book.chronicle.at(touched.pros[pro.id])
        for city, figures in pro.cities.items():
            terms = register.parameters(pro.latest_at, city)
            moves = terms.cancellation_window_kind != WINDOW_ALL or terms.cancellation_counts_due_only
            same = figures.shown_window == terms.rating_window and pro.id not in touched.refolded_pros
            if moves or not same or (pro.id, city) in touched.cities:
                figures.shown_window = terms.rating_window
                rate, rating = figures.rate(terms, pro.latest_at), figures.rating(terms)
                rows.append({"pro": pro.id, "city": city, **rate._asdict(), **rating._asdict()})
    return rows


def _participations(histories: dict[str, MissionHistory], touched: Touched) -> list[Row]:
    rows: list[Row] = []
    for history in histories.values():
        for pro, contribution in history.contributions.items():
            row = contribution._asdict()
            row["pro"] = pro
            rows.append(row)
    for pro, mission in touched.lapsed:
        history = histories[mission]
        if pro not in history.contributions:
            rows.append({"pro": pro, **_NOTHING._replace(mission=mission, city=history.mission.city)._asdict()})
    return rows


_NOTHING = Contribution(NEVER, "", 0, 0, "", NEVER, 0, 0, NEVER, 0, 0, 0, NEVER)


def _save_anomalies(writes: Writes, histories: list[MissionHistory]) -> None:
    """Only missions that have, or had, an anomaly: almost none."""
    flagged = [history for history in histories if history.flagged]
    writes.delete("anomaly", [{"mission": history.id} for history in flagged])
    rows: list[Row] = []
    for history in flagged:
        mission = history.mission
        pro = mission.stints[-1].pro if mission.stints else ""
        rows += [
            {"mission": mission.id, "position": position, "pro": pro, "code": code}
            for position, code in mission.anomalies
        ]
    writes.merge("anomaly", rows)


def _pro_row(pro: Pro) -> Row:
    """Access as the decisions leave it; whether a restriction has ended is for the reader's clock to say."""
    strictest = max(pro.decisions, key=lambda each: (each.level, each.until == NEVER, each.until), default=None)
    return {
        "pro": pro.id,
        "access": strictest.level if strictest else ACTIVE,
        "until": strictest.until if strictest else NEVER,
        "no_shows": pro.no_shows().no_shows,
        "latest_at": pro.latest_at,
    }


def _proposals(pro: Pro) -> list[Row]:
    return [
        {
            "position": each.position,
            "event": each.id,
            "pro": pro.id,
            "rule": each.data["rule"],
            "kind": each.data["kind"],
        }
        for each in pro.proposals
    ]
