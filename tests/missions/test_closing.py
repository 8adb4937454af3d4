"""The closing instant: until when a duration may be changed, in the mission's own zone.

Wecasa 4: « juste après la session – au plus tard le lendemain. Passé ce délai, la facturation est clôturée. »
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ledger.instants import parse_us
from ledger.missions.facts import Fact
from ledger.missions.history import MissionHistory

from .kit import RECORDED, Story, accepted, completed, modified, policy, requested

NEXT, SAME, NOON = "end_of_next_local_day", "end_of_same_local_day", "noon_next_local_day"

# Europe/Paris: 29 March 2026 has 23 hours, 25 October 25.
CLOSINGS = [
    ("2026-03-10T11:00:00Z", NEXT, "2026-03-11T23:00:00Z"),
    ("2026-03-10T11:00:00Z", SAME, "2026-03-10T23:00:00Z"),
    ("2026-03-10T11:00:00Z", NOON, "2026-03-11T11:00:00Z"),
    ("2026-03-28T20:00:00+01:00", NEXT, "2026-03-29T22:00:00Z"),
    ("2026-03-28T20:00:00+01:00", SAME, "2026-03-28T23:00:00Z"),
    ("2026-03-28T20:00:00+01:00", NOON, "2026-03-29T10:00:00Z"),
    ("2026-03-29T20:00:00+02:00", NEXT, "2026-03-30T22:00:00Z"),
    ("2026-03-29T20:00:00+02:00", SAME, "2026-03-29T22:00:00Z"),
    ("2026-03-29T01:59:59+01:00", SAME, "2026-03-29T22:00:00Z"),
    ("2026-03-29T20:00:00+02:00", NOON, "2026-03-30T10:00:00Z"),
    ("2026-10-24T20:00:00+02:00", NEXT, "2026-10-25T23:00:00Z"),
    ("2026-10-24T20:00:00+02:00", SAME, "2026-10-24T22:00:00Z"),
    ("2026-10-24T20:00:00+02:00", NOON, "2026-10-25T11:00:00Z"),
    ("2026-10-25T02:30:00+02:00", SAME, "2026-10-25T23:00:00Z"),
    ("2026-10-25T02:30:00+01:00", SAME, "2026-10-25T23:00:00Z"),
    ("2026-10-25T20:00:00+01:00", NEXT, "2026-10-26T23:00:00Z"),
    # A session over midnight: the day is the one it ended on.
    ("2026-03-11T01:30:00+01:00", NEXT, "2026-03-12T23:00:00Z"),
    ("2026-03-11T01:30:00+01:00", SAME, "2026-03-11T23:00:00Z"),
    ("2026-03-11T01:30:00+01:00", NOON, "2026-03-12T11:00:00Z"),
    # At local midnight a new day has begun.
    ("2026-03-11T00:00:00+01:00", SAME, "2026-03-11T23:00:00Z"),
    ("2026-03-10T23:59:59+01:00", SAME, "2026-03-10T23:00:00Z"),
]


def _second_before(text: str) -> str:
    return (datetime.fromisoformat(text) - timedelta(seconds=1)).isoformat()


@pytest.mark.parametrize(("ended_at", "closes", "closes_at"), CLOSINGS)
def test_closing(ended_at: str, closes: str, closes_at: str) -> None:
    story = Story(
        policy("2", "2026-02-01 00:00", billing={"closes": closes}),
        requested("m-1"),
        requested("m-2", timezone="Pacific/Honolulu"),
        accepted("m-1", "p-1"),
        accepted("m-2", "p-2"),
        completed("m-1", ended_at),
        completed("m-2", ended_at),
    )
    assert story.closes_at("m-1") == closes_at

    assert story.when(modified("m-1", _second_before(closes_at), 130)).code == RECORDED
    before = story.trace()
    refused = story.when(modified("m-1", closes_at, 140))

    assert refused.code == "billing_closed"
    assert closes_at in refused.message
    assert story.trace() == before
    assert story.history("m-1").mission.minutes == 130
    assert story.closes_at("m-2") != closes_at  # another zone, another instant
    assert story.history("m-2").mission.minutes == 120


def test_from_the_end_of_the_session_on_not_before() -> None:
    story = Story(requested(), requested("m-2"), accepted(), accepted("m-2", "p-2"), completed(), completed("m-2"))

    assert story.when(modified(time="2026-03-10T10:59:59Z")).code == "invalid_transition"
    assert story.history("m-1").mission.minutes == 120
    assert story.when(modified(time="2026-03-10T11:00:00Z", minutes=121)).code == RECORDED
    assert story.history("m-1").mission.minutes == 121
    assert story.history("m-2").mission.minutes == 120


def test_the_clock_judges_when_recording_live_and_the_events_time_when_importing() -> None:
    known = [requested(), requested("m-2"), accepted(), accepted("m-2", "p-2"), completed(), completed("m-2")]
    late = modified(time="2026-03-11 12:00")  # in time by its own time

    assert Story(*known, clock="2026-03-12T09:00:00Z").when(late).code == RECORDED
    assert Story(*known, clock="2026-03-12T09:00:00Z", live=True).when(late).code == "billing_closed"
    assert Story(*known, clock="2026-03-11T22:59:59Z", live=True).when(late).code == RECORDED
    assert Story(*known, clock="2026-03-11T23:00:00Z", live=True).when(late).code == "billing_closed"


def test_a_change_taken_live_is_still_taken_when_the_mission_is_read_again() -> None:
    """Its time may be up to five minutes ahead of the clock that took it; whoever reads it later must agree."""
    known = [requested(), requested("m-2"), accepted(), accepted("m-2", "p-2"), completed(), completed("m-2")]
    story = Story(*known, clock="2026-03-11T22:58:00Z", live=True)  # closes at 23:00
    outcome = story.when(modified(time="2026-03-11T23:01:00Z", minutes=180))
    if outcome.code != RECORDED:
        assert outcome.code == "billing_closed"  # refusing it would be as good
        return

    again = MissionHistory("m-1")
    of_mission = [each for each in story.entries if each.subject == "m-1"]
    facts = [Fact(each.type, parse_us(each.doc["time"]), each.position, each.data) for each in of_mission]
    again.restore(facts, {}, story.book.chronicle.at)
    assert again.mission.minutes == story.history("m-1").mission.minutes == 180
    assert story.history("m-2").mission.minutes == 120


def test_the_last_change_before_closing_is_billed() -> None:
    story = Story(requested(), requested("m-2"), accepted(), accepted("m-2", "p-2"), completed(), completed("m-2"))

    story.given(modified(time="2026-03-10 13:00", minutes=180), modified(time="2026-03-10 12:00", minutes=150))

    assert story.amounts("m-1")[0] == 9000
    assert story.amounts("m-2")[0] == 6000


def test_the_policy_in_force_at_the_sessions_end_says_when() -> None:
    story = Story(
        policy("2", "2026-03-11 00:00", billing={"closes": SAME}),
        *(requested(mission, starts_at="2026-03-10 09:00") for mission in ("m-1", "m-2")),
        accepted("m-1"),
        accepted("m-2", "p-2"),
        completed("m-1", "2026-03-10 23:30"),
        completed("m-2", "2026-03-11 00:30"),
    )

    assert story.closes_at("m-1") == "2026-03-12T23:00:00Z"
    assert story.closes_at("m-2") == "2026-03-11T23:00:00Z"
