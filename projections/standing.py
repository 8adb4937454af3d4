"""The projection `standing`: each pro's figures by city, access, and what every mission contributed to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from ledger.book import Book
from ledger.entries import Entry
from ledger.events.catalogue import TYPES
from ledger.instants import NEVER
from ledger.missions.history import MissionHistory
from ledger.missions.mission import RATED_FIELDS, Contribution
from ledger.policies.parameters import WINDOW_ALL
from ledger.pros.pro import Pro
from ledger.pros.records import ACTIVE
from ledger.rules.figures import RateFigures, RatingFigures
from projections.statements import Columns, Row, Writes, array
from projections.touched import Handler, Touched, ignore

NAME = "standing"
VERSION = 2

PARTICIPATION: Columns = ("pro", *Contribution._fields)
RATED: Columns = PARTICIPATION[: RATED_FIELDS + 1]
PRO_STANDING: Columns = ("pro", "access", "until", "limits", "no_shows", "accounts", "latest_at")
HEARD: Columns = ("pro", "latest_at")
CITY_STANDING: Columns = ("pro", "city", *RateFigures._fields, *RatingFigures._fields, "late_cancellations")


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
    for pro in entry.pros:
        touched.pros[pro] = entry.position


def _decision(touched: Touched, entry: Entry) -> None:
    for pro in entry.pros:
        touched.pros[pro] = entry.position
        touched.proposals[pro] = None


def _refigured(touched: Touched, entry: Entry) -> None:
    """What counts may have changed in every city: unavailability excuses, accounts join."""
    for pro in entry.pros:
        touched.pros[pro] = entry.position
        touched.refolded_pros[pro] = touched.proposals[pro] = None


def _voided(touched: Touched, entry: Entry) -> None:
    _refigured(touched, entry)
    if entry.mission:
        touched.missions[entry.mission] = touched.refolded_missions[entry.mission] = None
        for pro in entry.pros:
            touched.lapsed[pro, entry.mission] = None


HANDLERS: dict[str, Handler] = {
    **{name: _mission for name in TYPES if name.startswith("mission.")},
    "mission.refused": _lapsed,
    "mission.expired": _lapsed,
    **{name: _pro for name in TYPES if name.startswith("pro.")},
    "pro.unavailable": _refigured,
    "pro.accounts_linked": _refigured,
    "pro.document_verified": _decision,
    "pro.conduct_dismissed": _decision,
    "pro.suspension_proposed": _decision,
    "pro.suspended": _decision,
    "pro.suspension_dismissed": _decision,
    "pro.reinstated": _decision,
    "billing.period_closed": ignore,
    "billing.adjusted": ignore,
    "invoice.issued": ignore,
    "city.baseline_published": ignore,
    "policy.published": ignore,
    "ledger.event_voided": _voided,
    "ledger.subject_erased": ignore,
}


def save(writes: Writes, book: Book, touched: Touched) -> None:
    """Write the rows of the touched missions and pros."""
    histories = {mission: book.mission(mission) for mission in touched.missions}
    _save_participations(writes, histories, touched)
    _save_anomalies(writes, list(histories.values()))
    _save_pros(writes, book, touched)
    if touched.refolded_pros:
        writes.run("delete_cities_of", pros=list(touched.refolded_pros))
    writes.merge_columns("city_standing", CITY_STANDING, _cities(book, touched))
    if touched.proposals:
        writes.delete("proposal", [{"pro": pro} for pro in touched.proposals])
        writes.merge("proposal", [row for pro in touched.proposals for row in _proposals(pro, book.stream_of(pro))])


def _cities(book: Book, touched: Touched) -> list[tuple[Any, ...]]:
    """Figures as of each person's latest event: of the cities touched, or of all where the window moves with time."""
    rows: list[tuple[Any, ...]] = []
    for account, position in touched.pros.items():
        pro, register = book.pro(account), book.chronicle.at(position)
        now = pro.latest_at
        anew = account in touched.refolded_pros or len(pro.accounts) > 1
        for city, figures in pro.cities.items():
            terms = register.parameters(now, city)
            late = figures.late_figures(terms, now, pro.reinstated_at).late if figures.adverse else 0
            moves = terms.cancellation_window_kind != WINDOW_ALL or terms.cancellation_counts_due_only
            if moves or anew or (account, city) in touched.cities or figures.shown[:2] != (terms.rating_window, late):
                shown = (terms.rating_window, late, figures.rate(terms, now), figures.rating(terms))
                if anew or shown != figures.shown:
                    figures.shown = shown
                    rows.append((account, city, *shown[2], *shown[3], late))
    return rows


def _save_participations(writes: Writes, histories: dict[str, MissionHistory], touched: Touched) -> None:
    """What changed since it was last written; most events of a mission change nothing for its pros."""
    new: list[tuple[Any, ...]] = []
    rated: list[tuple[Any, ...]] = []
    others: list[tuple[Any, ...]] = []
    for history in histories.values():
        now, shown = history.contributions, history.shown
        if now is shown:
            continue
        for pro, contribution in now.items():
            before = shown.get(pro)
            if before is None:
                (others if history.archived else new).append((pro, *contribution))
            elif before[RATED_FIELDS:] != contribution[RATED_FIELDS:]:
                others.append((pro, *contribution))
            elif before != contribution:
                rated.append((pro, *contribution[:RATED_FIELDS]))
        if not shown.keys() <= now.keys():
            history.archived = True
        history.shown = now
    for pro, mission in touched.lapsed:
        history = histories[mission]
        if pro not in history.contributions:
            history.archived = True
            others.append((pro, *_NOTHING._replace(mission=mission, city=history.mission.city)))
    writes.insert("participation", PARTICIPATION, new)
    writes.run_columns("rate_participation", RATED, rated)
    writes.merge_columns("participation", PARTICIPATION, others)


_NOTHING = Contribution(NEVER, "", 0, 0, "", "", NEVER, 0, 0, NEVER, 0, 0, 0, NEVER, "", NEVER, NEVER, NEVER, 0)


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


def _save_pros(writes: Writes, book: Book, touched: Touched) -> None:
    """Every pro that was heard of."""
    pros = [(account, book.pro(account)) for account in touched.pros]
    save_standings(writes, [(account, pro, pro.no_shows().no_shows) for account, pro in pros])


def save_standings(writes: Writes, pros: Iterable[tuple[str, Pro, int]]) -> None:
    """Write (account, pro, its no-shows) of some; of most of them nothing but when they were heard of changed."""
    heard: list[tuple[Any, ...]] = []
    others: list[tuple[Any, ...]] = []
    for account, pro, no_shows in pros:
        *standing, latest_at = row = _pro_row(account, pro, no_shows)
        if pro.shown.get(account) == standing:
            heard.append((account, latest_at))
        else:
            pro.shown[account] = standing
            others.append(row)
    writes.run_columns("hear_pro_standing", HEARD, heard)
    writes.merge_columns("pro_standing", PRO_STANDING, others)


def _pro_row(account: str, pro: Pro, no_shows: int) -> tuple[Any, ...]:
    """Access as the decisions leave it; whether a restriction has ended is for the reader's clock to say."""
    if not pro.decisions and len(pro.accounts) == 1:  # nearly always
        return account, ACTIVE, NEVER, "[]", no_shows, None, pro.latest[account]
    strictest = max(pro.decisions, key=lambda each: (each.level, each.until == NEVER, each.until), default=None)
    limits = [[each.level, each.until] for each in pro.decisions] if len(pro.decisions) > 1 else None
    return (
        account,
        strictest.level if strictest else ACTIVE,
        strictest.until if strictest else NEVER,
        orjson.dumps(limits).decode() if limits else "[]",
        no_shows,
        array(pro.accounts) if len(pro.accounts) > 1 else None,
        pro.latest[account],
    )


def _proposals(account: str, pro: Pro) -> list[Row]:
    return [
        {
            "position": each.position,
            "event": each.id,
            "pro": account,
            "rule": each.data["rule"],
            "kind": each.data["kind"],
        }
        for each in pro.proposals
        if each.account == account
    ]
