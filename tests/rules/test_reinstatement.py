"""A reinstatement: access is back and ladders start anew; what happened stays what happened."""

from __future__ import annotations

from missions.kit import Story, event, no_show, policy, voided

from .career import agreed, by_desk, called_off, day, dropped, given_stars, missed

HUMAN = policy("2", "2025-02-01 00:00", "2025-01-01 00:00", decision="human")
BACK = ("pro.reinstated", "p-1")


def test_every_decision_in_force_ends_at_once() -> None:
    kinds = ("restriction", "suspension", "exclusion")
    decisions = [
        by_desk("pro.suspended", pro, day(n), kind=kind) for pro in ("p-1", "p-2") for n, kind in enumerate(kinds)
    ]
    story = Story(*decisions, by_desk(*BACK, day(5)))

    assert (story.access("p-1"), story.pro("p-1").decisions) == ("active", [])
    assert story.access("p-2") == "excluded"


def test_open_proposals_are_answered_by_it() -> None:
    story = Story(HUMAN, *missed("p-1", 1), *missed("p-1", 2), *missed("p-2", 1), *missed("p-2", 2))
    assert (len(story.pro("p-1").proposals), len(story.pro("p-2").proposals)) == (1, 1)

    story.given(by_desk(*BACK, "2026-03-11 09:00"))

    assert (story.pro("p-1").proposals, len(story.pro("p-2").proposals)) == ([], 1)


def test_ladders_start_anew_and_the_warnings_stay_on_record() -> None:
    story = Story(*agreed("p-1", 20), *agreed("p-2", 20), called_off("p-1", 0, day(0)), called_off("p-2", 0, day(0)))
    story.given(by_desk("pro.suspended", "p-1", day(1), kind="suspension"), by_desk(*BACK, day(2)))

    at = story.entries[-1].at
    assert story.pro("p-1").ladder_at("cancellation.rate", at).unexpired == 0
    assert story.pro("p-2").ladder_at("cancellation.rate", at).unexpired == 1
    assert len(story.pro("p-1").warnings) == 1
    assert story.when(called_off("p-1", 1, day(3))).found == [
        ("warned", "p-1", "cancellation.rate")
    ]  # no cooldown left
    assert story.when(called_off("p-2", 1, day(3))).found == []


def test_late_cancellations_start_anew_but_stay_in_the_rate() -> None:
    story = Story(*(each for pro in ("p-1", "p-2") for n in range(2) for each in dropped(pro, n, n)))
    story.given(by_desk("pro.suspended", "p-1", day(2), kind="suspension"), by_desk(*BACK, day(2.5)))

    third = {pro: dropped(pro, 2, 3) for pro in ("p-1", "p-2")}
    assert story.given(*third["p-1"][:2]).when(third["p-1"][2]).found == []
    assert story.given(*third["p-2"][:2]).when(third["p-2"][2]).found[-1] == ("suspended", "p-2", "cancellation.late")
    assert story.rate("p-1") == story.rate("p-2") == (3, 3, 0)


def test_no_shows_stay() -> None:
    story = Story(*missed("p-1", 1), *missed("p-1", 2), *missed("p-2", 1), by_desk(*BACK, "2026-03-11 09:00"))
    assert (story.access("p-1"), story.pro("p-1").no_shows().no_shows) == ("active", 2)

    third = missed("p-1", 3, "2026-03-12 09:30")
    assert story.given(*third[:2]).when(third[2]).found[-1] == ("suspended", "p-1", "no_show")
    assert story.access("p-2") == "active"


def test_rates_ratings_and_negative_reviews_stay() -> None:
    story = Story(*agreed("p-1", 3), *agreed("p-2", 3), called_off("p-1", 0, day(0)), *given_stars("p-1", [1, 1, 5]))
    figures = (story.rate("p-1"), story.rating("p-1"))
    story.given(by_desk("pro.suspended", "p-1", day(9), kind="suspension"), by_desk(*BACK, day(10)))

    assert (story.rate("p-1"), story.rating("p-1")) == figures == ((6, 1, 0), (3, 7))
    *before, last = given_stars("p-1", [1], first=9, at=11)
    assert story.given(*before).when(last).found[-1] == ("suspended", "p-1", "rating.negative")
    assert story.findings("p-2") == []


def test_an_open_report_and_an_expired_document_stay() -> None:
    """Access is back because a person said so; the report can still be ruled on and the document is still missing."""
    report = event("pro.conduct_reported", "p-1", day(1), id="r", ground="violence", by="a client")
    expired = event("pro.document_expired", "p-1", day(1), kind="photo")
    story = Story(report, expired, report | {"subject": "p-2", "id": "other"}, by_desk(*BACK, day(2)))
    assert (story.access("p-1"), story.access("p-2")) == ("active", "suspended")
    assert (list(story.pro("p-1").expired), list(story.pro("p-1").reports)) == (["photo"], [("app/fr", "r")])

    assert story.when(by_desk("pro.conduct_confirmed", "p-1", day(3), report="r")).found == [
        ("suspended", "p-1", "conduct.violence")
    ]
    assert (story.access("p-1"), story.access("p-2")) == ("excluded", "suspended")


def test_unavailability_stays() -> None:
    away = event("pro.unavailable", "p-1", day(-40), starts_at=day(499), ends_at=day(502))
    story = Story(away, *agreed("p-1", 2), *agreed("p-2", 2), *missed("p-1", 1), *missed("p-1", 2))
    story.given(by_desk(*BACK, "2026-03-12 09:00"), called_off("p-1", 0, day(70)), called_off("p-2", 0, day(70)))

    assert (story.rate("p-1"), story.rate("p-2")) == ((4, 0, 2), (2, 1, 0))


def test_its_void_brings_back_what_was() -> None:
    back = by_desk(*BACK, "2026-03-12 09:00")
    story = Story(*missed("p-1", 1), *missed("p-1", 2), *missed("p-2", 1), back, voided(back))

    assert (story.access("p-1"), story.access("p-2")) == ("excluded", "active")
    assert story.pro("p-1").ladder_at("no_show", story.entries[-1].at).unexpired == 1


def test_nothing_to_reinstate() -> None:
    story = Story(*missed("p-1", 1), *missed("p-2", 1)[:2])

    assert story.when(by_desk(*BACK, "2026-03-12 09:00")).code == "invalid_transition"
    story.given(no_show("missed-p-2-1"))
    assert story.when(by_desk("pro.reinstated", "p-2", "2026-03-12 09:00", reason="")).code == "no_statement"
