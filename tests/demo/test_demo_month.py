"""The month as a whole: how big it is, that it is always the same, and what of it lands."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import orjson
import pytest

from commands.demo import people
from commands.demo.month import (
    EXPECTED_DUPLICATES,
    EXPECTED_REFUSALS,
    EXPLAINED,
    STORIES,
    WRITTEN,
    events,
)
from ledger.events.catalogue import TYPES
from ledger.instants import parse_us

from .playing import Played


def digest() -> str:
    return hashlib.sha256(b"\n".join(orjson.dumps(each) for each in events())).hexdigest()


def test_a_few_hundred_events_all_in_the_first_quarter_of_2026() -> None:
    month = list(events())
    assert 350 <= len(month) <= 600
    assert {each["time"][:7] for each in month} == {"2026-01", "2026-02", "2026-03"}


def test_the_same_documents_every_time_whatever_the_machine_says() -> None:
    script = "from tests.demo.test_demo_month import digest; print(digest())"
    elsewhere = os.environ | {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=elsewhere, cwd=root
    )
    assert done.stdout.strip() == digest()


def test_callers_may_change_what_they_got() -> None:
    before = digest()
    for each in events():
        each["data"].clear()
    assert digest() == before


def test_each_id_once_but_for_what_is_sent_again() -> None:
    sent = Counter((each["source"], each["id"]) for each in events())
    again = {event_id for (_, event_id), times in sent.items() if times > 1}
    assert again == {*EXPECTED_DUPLICATES, "m-paris-0502.completed"}


def test_each_mission_is_requested_once() -> None:
    requested = Counter(each["subject"] for each in events() if each["type"] == "mission.requested")
    assert set(requested.values()) == {1}


def test_exactly_the_expected_refusals(played: Played) -> None:
    assert sorted(played.refused) == sorted(EXPECTED_REFUSALS.items())


def test_exactly_the_expected_duplicates(played: Played) -> None:
    assert tuple(played.duplicates) == EXPECTED_DUPLICATES


def test_all_else_lands_once_and_positions_have_no_gaps(played: Played) -> None:
    facts = [each for each in played.entries if not each.by_engine]
    assert len(facts) == len(list(events())) - len(EXPECTED_REFUSALS) - len(EXPECTED_DUPLICATES)
    assert [each.position for each in played.entries] == list(range(1, len(played.entries) + 1))


def test_some_events_arrive_late(played: Played) -> None:
    latest, late = 0, []
    for each in events():
        at = parse_us(each["time"])
        if at < latest and each["id"] not in (*EXPECTED_DUPLICATES, *EXPECTED_REFUSALS):
            late.append(each["id"])
        latest = max(latest, at)
    assert late == ["m-paris-0503.accepted", "m-paris-0504.completed", "m-lyon-0311.cancelled-2"]


def test_every_anomaly_heals(played: Played) -> None:
    missions = {each["subject"] for each in events() if each["type"].startswith("mission.")}
    assert {mission: played.anomalies(mission) for mission in missions if played.anomalies(mission)} == {}


def test_three_cities_two_currencies_three_services_two_zones() -> None:
    asked = [each["data"] for each in events() if each["type"] == "mission.requested"]
    assert {(each["city"], each["price"]["currency"], each["timezone"]) for each in asked} == {
        ("paris", "EUR", "Europe/Paris"),
        ("lyon", "EUR", "Europe/Paris"),
        ("geneve", "CHF", "Europe/Zurich"),
    }
    assert {each["service"] for each in asked} == {"hairdressing", "cleaning", "wifi_repair"}


def test_every_kind_of_mission_event_occurs() -> None:
    never = {name for name in TYPES if name.startswith("mission.")} - {each["type"] for each in events()}
    assert never == {"mission.no_show_confirmed"}


def test_personal_texts_hold_what_breaks_tables() -> None:
    text = " ".join(str(each["data"]) for each in events()).replace("\\u202e", "\u202e")
    for odd in ("=CMD()", "🐈", "é", "\u202e"):
        assert odd in text


def test_every_mailbox_is_reserved() -> None:
    emails = [each["data"]["email"] for each in events() if each["type"] == "pro.registered"]
    assert len(emails) == len(people.PROS)
    assert all(each.endswith("@example.org") for each in emails)


def test_personal_texts_are_sealed_in_the_log(played: Played) -> None:
    stored = b"".join(each.state for each in played.entries)
    for text in ("Exemple", "example.org", "=CMD()", "Un vase (imaginaire)", "rue des Exemples"):
        assert text.encode() not in stored


@pytest.mark.parametrize("story", WRITTEN, ids=lambda story: story.__name__)
def test_every_story_says_what_it_shows(story: object) -> None:
    assert len(story.__doc__ or "") > 60


def test_the_stories_name_every_pro_and_no_other(played: Played) -> None:
    assert set(STORIES) == set(people.PROS)
    holders = {each["data"]["pro"] for each in events() if each["type"] == "mission.accepted"}
    assert holders == set(STORIES)
    assert played.access(EXPLAINED) == "suspended"
