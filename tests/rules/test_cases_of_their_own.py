"""Hard cases that belong to no other file: see `test_hard_cases.py`, which lists them all."""

from __future__ import annotations

import pytest
from missions.kit import (
    RECORDED,
    Document,
    Story,
    accepted,
    both,
    cancelled,
    completed,
    event,
    policy,
    rated,
    requested,
    voided,
)

from .career import agreed, called_off, day, given_stars

# -- ingestion and ordering -------------------------------------------------------------------------------------------


def test_a_double_tap_is_one_cancellation() -> None:
    story = Story(*both(), cancelled("m-1", "2026-03-05T09:00:00Z"))

    assert story.when(cancelled("m-1", "2026-03-05T09:00:03Z")).code == "invalid_transition"
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 1, 0), (1, 0, 0))


# -- life cycle -------------------------------------------------------------------------------------------------------


def declined(pro: str, number: int, at: float) -> list[Document]:
    """A proposal that the pro refused, one that nobody answered, one that another pro took."""
    kinds = (("refused", {}), ("expired", {"reason": "no_answer"}), ("expired", {"reason": "taken_by_other"}))
    told: list[Document] = []
    for index, (kind, data) in enumerate(kinds):
        mission = f"o-{number}-{index}"
        asked = requested(mission, day(at, seconds=number), starts_at=day(500))
        told += [asked, event(f"mission.{kind}", mission, day(at, seconds=number + 1), pro=pro, **data)]
    return told


def test_a_thousand_refusals_are_no_evidence() -> None:
    """Of two pros with the same missions the one who declined a thousand proposals is judged like the other."""
    story = Story(*agreed("p-1", 20), *agreed("p-2", 20))
    ids = {each["id"] for number in range(350) for each in declined("p-1", number, -2)}
    for number in range(350):
        story.given(*declined("p-1", number, -2))

    (declining,) = story.when(called_off("p-1", 0, day(0))).findings
    (other,) = story.when(called_off("p-2", 0, day(0))).findings

    assert {**declining.data, "evidence": ()} == {**other.data, "evidence": ()}
    assert len(declining.data["evidence"]) == len(other.data["evidence"]) == 21
    assert not ids & set(story.ids(declining.data["evidence"]))
    assert story.rate("p-1") == story.rate("p-2") == (20, 1, 0)


def test_a_cancellation_that_was_the_pros_after_all() -> None:
    """The pro had asked the client to cancel: a void and the true event put it right."""
    clients = cancelled("m-1", "2026-03-05 09:00", by="client")
    story = Story(*both(), clients)
    assert story.rate("p-1") == (1, 0, 0)

    story.given(voided(clients, "2026-03-06 09:00"), cancelled("m-1", "2026-03-05 09:00"))

    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 1, 0), (1, 0, 0))


def test_cancelled_and_done_off_the_platform() -> None:
    story = Story(*both(), cancelled("m-1", "2026-03-05 09:00"))
    report = event("pro.conduct_reported", "p-1", "2026-03-12 09:00", id="r-1", ground="off_platform", by="desk")
    ruling = event("pro.conduct_confirmed", "p-1", "2026-03-13 09:00", report="r-1", by="ines", reason="receipt seen")
    story.given(report | {"data": {**report["data"], "mission": "m-1"}})

    assert story.when(ruling).found == [("warned", "p-1", "conduct.off_platform")]
    assert (story.rate("p-1"), story.rate("p-2"), story.line("m-1")) == ((1, 1, 0), (1, 0, 0), None)


def test_where_the_policy_says_so_cleaning_waits_too() -> None:
    """The charter lets a check-in stand for the wait, a sister page wants 30 minutes after it: the policy says."""
    strict = {"checkin_replaces_wait": [], "wait_minutes": 30}
    swiss = policy("2", "2026-02-01 00:00", city={"geneve": {"client_absent": strict}})
    story = Story(swiss)
    for mission, pro, city in (("m-1", "p-1", "geneve"), ("m-2", "p-2", "lyon")):
        story.given(requested(mission, city=city, service="cleaning"), accepted(mission, pro))
        story.given(event("mission.checked_in", mission, "2026-03-10 09:00"))

    def absent(mission: str, time: str) -> str:
        return story.when(event("mission.client_absent", mission, time)).code

    assert absent("m-2", "2026-03-10T09:05:00Z") == RECORDED
    assert absent("m-1", "2026-03-10T09:29:59Z") == "wait_too_short"
    assert absent("m-1", "2026-03-10T09:30:00Z") == RECORDED


# -- rating -----------------------------------------------------------------------------------------------------------


def test_a_rating_is_revised_by_a_void_and_a_new_one() -> None:
    first, second = rated("m-1", 1), rated("m-1", 4, "2026-03-11 18:00")
    story = Story(*both(), completed("m-1"), first)

    assert story.when(second).code == "not_eligible"
    story.given(voided(first, "2026-03-11 17:00"), second)

    assert (story.rating("p-1"), story.rating("p-2")) == ((1, 4), (0, 0))


@pytest.mark.parametrize(
    ("ones", "fours", "mean", "found"),
    [
        (1, 0, "4.92", []),
        (0, 20, "4.60", ["rating.approaching"]),  # 230/50: equal is fine, and close
        (0, 21, "4.58", ["rating.minimum"]),  # 229/50
    ],
)
def test_fifty_ratings_against_four_point_sixty(ones: int, fours: int, mean: str, found: list[str]) -> None:
    terms = policy("2", "2025-02-01 00:00", "2025-01-01 00:00", rating={"minimum": "4.60", "min_ratings": 50})
    low = [1] * ones + [4] * fours
    stars = [5] * (50 - len(low)) + low
    story = Story(terms, *given_stars("p-1", stars), *given_stars("p-2", [4] * 30))

    figures = story.pro("p-1").cities["lyon"].rating(story.book.chronicle.latest.parameters(0, "lyon"))
    assert (figures.rated, figures.shown()["mean"]) == (50, mean)
    assert [rule for _, rule, _ in story.findings("p-1")] == found
    assert story.findings("p-2") == []


def test_sixty_done_and_ten_rated() -> None:
    """The mean is that of the ten, and ten are too few to judge by."""
    patient = policy("patient", "2025-01-01 00:00", negative_reviews={"count": 100})
    story = Story(patient, *given_stars("p-1", [1] * 10), *given_stars("p-2", [1] * 10))
    for each in given_stars("p-1", [5] * 50, first=10, at=10):
        if each["type"] != "mission.rated":
            story.given(each)

    assert (story.rating("p-1"), story.findings("p-1")) == ((10, 10), [])
    assert story.rating("p-2") == (10, 10)


# -- standing and policy ----------------------------------------------------------------------------------------------


def test_nothing_accepted_is_no_rate() -> None:
    due = {"denominator": "accepted_and_due", "min_accepted": 1}
    terms = policy("2", "2025-02-01 00:00", "2025-01-01 00:00", cancellation=due)
    story = Story(terms, requested("m-1"), event("mission.refused", "m-1", "2026-03-01 09:00", pro="p-1"))
    assert (story.pro("p-1").known, story.pro("p-1").cities) == (True, {})

    story.given(*agreed("p-1", 1))
    before_it_is_due = story.book.chronicle.latest.parameters(story.entries[-1].at, "lyon")
    figures = story.pro("p-1").cities["lyon"].rate(before_it_is_due, story.entries[-1].at)
    assert (figures.accepted, figures.shown()["percent"], story.findings()) == (0, None, [])


def test_three_in_a_minute_are_one_warning() -> None:
    story = Story(*agreed("p-1", 20), *agreed("p-2", 20))

    found = [story.when(called_off("p-1", number, day(0, seconds=20 * number))).found for number in range(3)]

    assert found == [[("warned", "p-1", "cancellation.rate")], [], []]
    assert (story.rate("p-1"), story.findings("p-2")) == ((20, 3, 0), [])


def test_registering_again_is_no_fresh_start() -> None:
    story = Story(*agreed("p-1", 20), *agreed("p-2", 20), called_off("p-1", 0, day(0)))
    known = (story.rate("p-1"), story.findings("p-1"), len(story.pro("p-1").ladder_warnings))

    story.given(event("pro.registered", "p-1", day(30), name="Somebody New"))

    assert (story.rate("p-1"), story.findings("p-1"), len(story.pro("p-1").ladder_warnings)) == known
    assert story.findings("p-2") == []


def test_an_erasure_takes_no_complaint_away() -> None:
    complaint = event("pro.complaint_opened", "p-1", "2026-03-12 09:00", text="I was ill")
    erased = event("ledger.subject_erased", "p-1", "2026-03-13 09:00", by="ines", reason="asked for it")
    answer = event("pro.complaint_decided", "p-1", "2026-03-14 09:00", outcome="upheld", by="ines", reason="ill")
    story = Story(*both(), complaint)

    assert story.when(erased).code == RECORDED
    assert story.when(answer).code == RECORDED
    assert story.rate("p-1") == (1, 0, 0)


# -- time -------------------------------------------------------------------------------------------------------------


def test_the_zone_is_that_of_the_mission() -> None:
    """The phone writes Lisbon's offset, the server UTC: the instants are the same, and the day is Geneva's."""
    story = Story()
    for mission, pro, at in (("m-1", "p-1", "2026-03-10T22:30:00Z"), ("m-2", "p-2", "2026-03-10T23:30:00+01:00")):
        story.given(requested(mission, timezone="Europe/Zurich"), accepted(mission, pro), completed(mission, at))
    assert story.closes_at("m-1") == story.closes_at("m-2") == "2026-03-11T23:00:00Z"

    story.given(requested("m-3", timezone="Europe/Zurich"), accepted("m-3", "p-3"))
    story.given(completed("m-3", "2026-03-10T23:30:00+00:00"))  # half past midnight in Geneva: the next day has begun
    assert story.closes_at("m-3") == "2026-03-12T23:00:00Z"
