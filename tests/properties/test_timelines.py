"""A timeline adds up: whatever happened in whatever order, its changes follow one another and end where the pro is."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from missions.kit import Story, policy, voided

from ledger.archive import EmptyArchive
from ledger.book import Book
from ledger.instants import parse_us
from ledger.pros.records import ACCESS_NAMES
from projections.timeline import tell
from projections.timeline_events import Chosen, Told
from projections.timeline_views import MissionView, ProView

from .histories import PROS, plans, send_all, shuffled

Latest = dict[tuple[Any, ...], Any]

LASTING = policy(
    "lasting",
    "2024-02-01 00:00",
    "2024-01-01 00:00",
    cancellation={"min_accepted": 2, "average": "0.05", "maximum": "0.10"},
    late_cancellation={"count": 100},
    rating={"window": 4, "min_ratings": 2},
    warnings={"max": 1, "cooldown_days": 1, "expiry_days": 3650},
)
"""Warns and removes early, and nothing ends by itself: an end without an event is in no entry of a timeline."""


def chosen(story: Story) -> Chosen:
    """The whole log; what does not concern a pro or a mission is left out by its view."""
    voids = {story.archive.known["app/fr", each.subject].position: each for each in story.entries if _is_void(each)}
    published = {each.position for each in story.entries if each.type == "policy.published"}
    return Chosen([Told(each, 0) for each in story.entries], voids, published)


def _is_void(entry: Any) -> bool:
    return bool(entry.type == "ledger.event_voided")


OF_A_MISSION = (
    *("state", "holder", "starts_at", "minutes", "checked_in_at", "gross", "commission", "vat"),
    *("anomaly", "set_aside"),
)
MOVES_WITH_TIME = ("late_cancellations",)
"""Counted in the days up to an instant, so it falls without an event."""


def added_up(entries: list[dict[str, Any]], *, but: tuple[str, ...] = ()) -> Latest:
    """The last value of everything that changed; each change begins where the one before it ended."""
    latest: Latest = {}
    for entry in entries:
        for change in (each for each in entry["changes"] if each["what"] not in but):
            mission = entry["mission"] if change["what"] in OF_A_MISSION else None
            key = (change["what"], change["city"], change["pro"], change["about"], mission)
            if key in latest:
                assert change["before"] == latest[key], (entry["position"], change)
            assert change["before"] != change["after"]
            latest[key] = change["after"]
    return latest


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Missions told in any order under a policy that warns early, and one event of them voided."""
    missions = draw(plans(most=6))
    documents = draw(shuffled(missions))
    story = send_all(Story(LASTING), documents)
    if draw(st.booleans()):
        story.when(voided(draw(st.sampled_from(documents)), "2027-01-01 09:00"))
    return story


@given(stories())
@settings(max_examples=100, deadline=None)
def test_a_pros_timeline_ends_at_its_standing(story: Story) -> None:
    for pro in PROS:
        told = tell(ProView(pro, Book(EmptyArchive())), chosen(story))
        latest = added_up(
            told, but=(*OF_A_MISSION, *MOVES_WITH_TIME)
        )  # a mission may have been another pro's meanwhile
        for city in ("lyon", "geneve"):
            accepted, cancelled, missed = story.rate(pro, city)
            rated, stars = story.rating(pro, city, window=4)
            for what, value in (
                ("accepted", accepted),
                ("cancelled", cancelled),
                ("no_shows", missed),
                ("rated", rated),
                ("stars", stars),
            ):
                assert latest.get((what, city, None, None, None), 0) == value, (pro, city, what)
        access = latest.get(("access", None, None, None, None), "active")
        assert access == ACCESS_NAMES[story.pro(pro).access_at(parse_us("2027-06-01T00:00:00Z"))]
        findings = [each.position for each in story.entries if each.by_engine and each.subject == pro]
        assert [each["position"] for each in told if each["type"].startswith("pro.")] == findings


@given(stories())
@settings(max_examples=100, deadline=None)
def test_a_missions_timeline_ends_at_its_state(story: Story) -> None:
    for mission in {each.mission for each in story.entries if each.mission}:
        of_mission = [each for each in chosen(story).events if each.entry.mission == mission]
        everything = chosen(story)
        told = tell(MissionView(mission, Book(EmptyArchive())), Chosen(of_mission, everything.voids, set()))
        latest = added_up(told)
        history = story.history(mission)
        anomalies = {key[3]: code for key, code in latest.items() if key[0] == "anomaly" and code is not None}
        assert anomalies == dict(history.mission.anomalies)
        for pro, contribution in history.contributions.items():
            counted = latest["counts", history.mission.city, pro, None, None]
            assert ("no_show" in counted) == (contribution.adverse == 2)
            cancelled = any(each.startswith("cancelled") or each == "series_ended" for each in counted)
            assert cancelled == (contribution.adverse == 1)
        gross = latest.get(("gross", None, story.holder(mission), None, mission))
        line = story.line(mission)
        assert (gross is None) == (line is None)
