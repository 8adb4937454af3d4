"""Generated histories: whole missions of several pros in two cities, each valid when told in order of time.

Every event has an instant of its own, so that the order of time is one order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from missions.kit import Document, Story, accepted, cancelled, completed, event, modified, no_show, rated, requested

from ledger.billing import Line
from ledger.instants import NEVER, parse_us, to_us
from ledger.missions.mission import Contribution
from ledger.policies.document import from_document
from ledger.policies.merging import merged
from ledger.policies.parameters import Parameters, parameters
from ledger.policies.shipped import preset

PROS = ("p-1", "p-2", "p-3")
CITIES = {"lyon": ("Europe/Paris", "EUR"), "geneve": ("Europe/Zurich", "CHF")}
EPOCH = datetime(2025, 1, 1, 9, 0, tzinfo=UTC)


def _terms(**sections: object) -> Parameters:
    return parameters(from_document(merged(preset("mila-2018-06").document(), sections), origin="a test"), "")


WINDOWS = {
    f"{window['kind']} {denominator}": _terms(
        cancellation={"window": window, "denominator": denominator}, negative_reviews={"window": 4, "max_stars": 3}
    )
    for window in ({"kind": "all"}, {"kind": "days", "days": 60}, {"kind": "last_accepted", "n": 3})
    for denominator in ("accepted", "accepted_and_due")
}
"""Every way to count the cancellation rate."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One mission: who, where, when, and what becomes of it. `number` makes its ids and its seconds unique."""

    number: int
    pro: str
    other: str
    city: str
    kind: str
    day: int
    stars: int
    minutes: int
    amount: int

    @property
    def mission(self) -> str:
        return f"m-{self.number}"

    def at(self, days: float, minutes: float = 0) -> str:
        """An instant that many days and minutes from the mission's start."""
        moment = EPOCH + timedelta(days=self.day + 20 + days, minutes=minutes, seconds=self.number)
        return moment.isoformat().replace("+00:00", "Z")

    @property
    def events(self) -> list[Document]:
        """The mission's events in order of time."""
        timezone, currency = CITIES[self.city]
        asked = requested(
            self.mission,
            self.at(-9),
            city=self.city,
            timezone=timezone,
            starts_at=self.at(0),
            service="cleaning" if self.number % 2 else "repair",
            client=f"client-{self.number % 3}",
            **({"series": self.series} if self.series else {}),
            price={"amount": f"{self.amount // 100}.{self.amount % 100:02d}", "currency": currency, "per": "hour"},
        )
        return [asked, accepted(self.mission, self.pro, self.at(-8)), *KINDS[self.kind](self)]

    @property
    def series(self) -> str:
        """The recurring order it belongs to, if any."""
        return f"s-{self.pro}-{self.number % 2}" if self.kind.startswith("series") else ""

    @property
    def handed_over(self) -> bool:
        return self.kind in ("handed over", "missed and taken")

    @property
    def adverse(self) -> tuple[int, int]:
        """(cancelled, no-shows) that the first pro must have above the line because of it."""
        return ADVERSE.get(self.kind, (0, 0))


def _done(plan: Plan) -> list[Document]:
    return [
        completed(plan.mission, plan.at(0, 140), plan.minutes, ended_at=plan.at(0, 120)),
        rated(plan.mission, plan.stars, plan.at(1)),
    ]


def _check_in(plan: Plan, verified: bool = True) -> Document:
    return event("mission.checked_in", plan.mission, plan.at(0, 1), verified=verified)


def _ruling(plan: Plan, word: str) -> Document:
    return event(f"mission.no_show_{word}", plan.mission, plan.at(1, 5), by="ines")


def _moved(plan: Plan, by: str, to: float) -> Document:
    return event("mission.rescheduled", plan.mission, plan.at(-0.5), by=by, starts_at=plan.at(to))


KINDS: dict[str, Callable[[Plan], list[Document]]] = {
    "accepted": lambda plan: [],
    "done": _done,
    "not rated": lambda plan: _done(plan)[:1],
    "rated before reported": lambda plan: [
        rated(plan.mission, plan.stars, plan.at(0, 130)),
        completed(plan.mission, plan.at(0, 300), plan.minutes, ended_at=plan.at(0, 120)),
    ],
    "changed": lambda plan: [*_done(plan)[:1], modified(plan.mission, plan.at(0, 200), plan.minutes + 15)],
    "cancelled": lambda plan: [cancelled(plan.mission, plan.at(-3))],
    "cancelled late": lambda plan: [cancelled(plan.mission, plan.at(-0.3))],
    "series ended": lambda plan: [cancelled(plan.mission, plan.at(-3), reason="series_ended")],
    "series ended late": lambda plan: [cancelled(plan.mission, plan.at(-0.2), reason="series_ended")],
    "series, ill": lambda plan: [cancelled(plan.mission, plan.at(-2), reason="ill")],
    "series, missed": lambda plan: [cancelled(plan.mission, plan.at(0, 3), reason="series_ended")],
    "excused": lambda plan: [cancelled(plan.mission, plan.at(-3), excused=True)],
    "by client": lambda plan: [cancelled(plan.mission, plan.at(-2), by="client")],
    "by client after start": lambda plan: [
        cancelled(plan.mission, plan.at(0, 10), by="client"),
        rated(plan.mission, plan.stars, plan.at(1)),
    ],
    "by platform": lambda plan: [cancelled(plan.mission, plan.at(-2), by="platform")],
    "given up after start": lambda plan: [cancelled(plan.mission, plan.at(0, 5))],
    "missed": lambda plan: [no_show(plan.mission, plan.at(0, 40))],
    "missed, two reports": lambda plan: [
        no_show(plan.mission, plan.at(0, 40)),
        no_show(plan.mission, plan.at(0, 50), by="platform"),
    ],
    "disputed": lambda plan: [_check_in(plan), no_show(plan.mission, plan.at(0, 40))],
    "disputed, confirmed": lambda plan: [
        _check_in(plan),
        no_show(plan.mission, plan.at(0, 40)),
        _ruling(plan, "confirmed"),
    ],
    "disputed, rejected": lambda plan: [
        _check_in(plan),
        no_show(plan.mission, plan.at(0, 40)),
        _ruling(plan, "rejected"),
    ],
    "unverified": lambda plan: [_check_in(plan, verified=False), no_show(plan.mission, plan.at(0, 40))],
    "client absent": lambda plan: [event("mission.client_absent", plan.mission, plan.at(0, 25))],
    "moved by client": lambda plan: [_moved(plan, "client", 2), *_done(plan)],
    "moved, cancelled": lambda plan: [_moved(plan, "pro", 5), cancelled(plan.mission, plan.at(1))],
    "damage": lambda plan: [
        *_done(plan),
        event("mission.damage_document_added", plan.mission, plan.at(1, 7), kind="invoice", reference="f-1"),
    ],
    "handed over": lambda plan: [
        cancelled(plan.mission, plan.at(-4)),
        accepted(plan.mission, plan.other, plan.at(-3)),
        *_done(plan),
    ],
    "missed and taken": lambda plan: [
        no_show(plan.mission, plan.at(0, 30)),
        accepted(plan.mission, plan.other, plan.at(0, 45)),
        *_done(plan),
    ],
}
ADVERSE = {
    **dict.fromkeys(("cancelled", "cancelled late", "moved, cancelled", "handed over", "series, ill"), (1, 0)),
    **dict.fromkeys(("given up after start", "missed", "missed, two reports", "unverified", "series, missed"), (0, 1)),
    **dict.fromkeys(("disputed, confirmed", "missed and taken"), (0, 1)),
}
LATE = ("cancelled late", "moved, cancelled", "series ended late")
SERIES_ENDED = ("series ended", "series ended late")


@st.composite
def plans(draw: st.DrawFn, least: int = 1, most: int = 8) -> list[Plan]:
    """Missions of three pros in two cities."""
    made = []
    for number in range(draw(st.integers(least, most))):
        pro = draw(st.sampled_from(PROS))
        made.append(
            Plan(
                number=number,
                pro=pro,
                other=draw(st.sampled_from([each for each in PROS if each != pro])),
                city=draw(st.sampled_from(sorted(CITIES))),
                kind=draw(st.sampled_from(sorted(KINDS))),
                day=draw(st.integers(0, 300)),
                stars=draw(st.integers(1, 5)),
                minutes=draw(st.integers(1, 600)),
                amount=draw(st.integers(0, 20_000)),
            )
        )
    return made


def in_time(missions: list[Plan], others: list[Document] | None = None) -> list[Document]:
    """All events of these missions, and others, in the order they happened."""
    told = [*(each for plan in missions for each in plan.events), *(others or [])]
    return sorted(told, key=lambda each: parse_us(str(each["time"])))


def _moment(day: int, number: int) -> str:
    """An instant on a day that no event of a mission has (those are less than half a minute after the full minute)."""
    moment = EPOCH + timedelta(days=day, minutes=number, seconds=40)
    return moment.isoformat().replace("+00:00", "Z")


@st.composite
def about_pros(draw: st.DrawFn, missions: list[Plan], most: int = 6) -> list[Document]:
    """What is recorded about the pros themselves: unavailabilities, documents, reports, linked accounts."""
    made = []
    for number in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from(["unavailable", "unavailable", "document", "reported", "linked"]))
        pro, day = draw(st.sampled_from(PROS)), draw(st.integers(0, 320))
        data: dict[str, object] = {"accounts": draw(st.lists(st.sampled_from(PROS), min_size=1, max_size=2)), "by": "x"}
        name = "pro.accounts_linked"
        if kind == "unavailable":
            plan = draw(st.sampled_from(missions))
            name, day = "pro.unavailable", plan.day + 20 + draw(st.integers(-15, 2))
            first = draw(st.integers(-2, 1))
            data = {"starts_at": plan.at(first), "ends_at": plan.at(first + draw(st.integers(1, 2)))}
        elif kind == "document":
            name = draw(st.sampled_from(["pro.document_expired", "pro.document_verified"]))
            data = {"kind": draw(st.sampled_from(["identity", "photo"]))}
        elif kind == "reported":
            name = "pro.conduct_reported"
            data = {"ground": draw(st.sampled_from(["violence", "disrespect"])), "by": "a client"}
        made.append(event(name, pro, _moment(day, number), id=f"about-{number}", **data))
    return made


@st.composite
def inserted(draw: st.DrawFn, documents: list[Document], others: list[Document]) -> list[Document]:
    """The documents in their order, with the others put in anywhere."""
    told = list(documents)
    for each in others:
        told.insert(draw(st.integers(0, len(told))), each)
    return told


@st.composite
def shuffled(draw: st.DrawFn, missions: list[Plan]) -> list[Document]:
    """The same events in another order of arrival: each mission's request first, a handover's steps in order."""
    order = draw(st.permutations([plan for plan in missions for _ in plan.events]))
    waiting = {
        plan.mission: plan.events if plan.handed_over else [plan.events[0], *draw(st.permutations(plan.events[1:]))]
        for plan in missions
    }
    return [waiting[plan.mission].pop(0) for plan in order]


def send_all(story: Story, documents: list[Document]) -> Story:
    """Send them, and what was refused again, as people do with a `.rejected.ndjson`, until all are recorded."""
    while documents:
        refused = [document for document in documents if story.when(document).code != "recorded"]
        assert len(refused) < len(documents), [each["id"] for each in refused]
        documents = refused
    return story


# -- figures that can be compared between two tellings ----------------------------------------------------------

Comparable = dict[str, object]


def figures(story: Story, pros: tuple[str, ...] = PROS) -> Comparable:
    """Every figure of these pros, positions replaced by the ids of the events there."""
    return {
        f"{pro} {city}": (
            story.rate(pro, city),
            [(each.ended_at, each.mission, each.stars) for each in of_city.rated],
            sorted(each.mission for each in of_city.adverse.values() if each.late),
            sorted(_named(story, each) for each in of_city.adverse.values()),
            sorted(
                (story.entries[position - 1].id, accepted, due)
                for position, accepted, due in zip(
                    of_city.due_positions, of_city.due_accepted_at, of_city.due_at, strict=True
                )
            ),
            [story.entries[position - 1].id for position in of_city.accepted_positions],
        )
        for pro in pros
        for city, of_city in sorted(story.pro(pro).cities.items())
    }


def asked(story: Story, pros: tuple[str, ...] = PROS) -> Comparable:
    """What the rules would be given about these pros at a few instants, under each kind of window and denominator."""
    return {
        f"{pro} {city} {kind} {day}": (of_city.rate(terms, at), of_city.late_figures(terms, at, NEVER), negative)
        for pro in pros
        for city, of_city in sorted(story.pro(pro).cities.items())
        for kind, terms in WINDOWS.items()
        for negative in (of_city.negative_figures(terms),)
        for day in (60, 150, 400)
        for at in (to_us(EPOCH + timedelta(days=day)),)
    }


def _named(story: Story, each: Contribution) -> tuple[object, ...]:
    positions = (each.rated_position, each.accepted_position, each.adverse_position, each.confirmed_position)
    ids = tuple(story.entries[position - 1].id if position else "" for position in positions)
    ended = "" if each.ended_at == NEVER else str(each.ended_at)
    outcome = (each.adverse, each.adverse_at, each.due_at, each.series, each.slot_at, each.by_cancellation)
    return (each.mission, ended, each.stars, each.city, each.accepted_at, *outcome, ids)


def lines(story: Story, missions: list[Plan]) -> list[Line | None]:
    return [story.line(plan.mission) for plan in missions]


def oddities(story: Story, missions: list[Plan]) -> list[tuple[list[str], list[str]]]:
    """The anomalies and the events set aside of every mission."""
    return [(sorted(story.anomalies(plan.mission)), sorted(story.set_aside(plan.mission))) for plan in missions]


def findings(story: Story) -> list[tuple[object, ...]]:
    """What the engine found, with ids in place of positions."""
    found: list[tuple[object, ...]] = []
    for each in story.entries:
        if each.by_engine:
            data = dict(each.data)
            evidence = tuple(story.ids(data.pop("evidence", [])))
            data.pop("proposal", None)
            found.append(
                (each.type, each.subject, each.at, each.doc["causationid"], sorted(map(str, data.items())), evidence)
            )
    return found
