"""Unavailability: a cancellation of a mission requested inside a span the pro had declared before is excused.

The mission starts on 10 March 2026, 09:00 UTC, for two hours; it is requested on 1 March, 08:00.
"""

from __future__ import annotations

import pytest
from missions.kit import (
    Document,
    Story,
    accepted,
    cancelled,
    completed,
    event,
    no_show,
    policy,
    rated,
    requested,
    voided,
)

from .career import agreed, called_off, day, dropped, name

BEFORE, AFTER = "2026-02-28 08:00", "2026-03-02 08:00"
WHOLE_DAY = ("2026-03-10T00:00:00Z", "2026-03-11T00:00:00Z")


def away(pro: str = "p-1", at: str = BEFORE, span: tuple[str, str] = WHOLE_DAY) -> Document:
    name = f"away-{pro}-{at}".replace(" ", "-")
    return event("pro.unavailable", pro, at, id=name, starts_at=span[0], ends_at=span[1])


def held() -> list[Document]:
    """The same slot for both pros; p-1 is away and p-2 is not."""
    return [requested("m-1"), accepted("m-1", "p-1"), requested("m-2"), accepted("m-2", "p-2")]


def both_cancel(time: str = "2026-03-10 07:00") -> list[Document]:
    return [cancelled("m-1", time), cancelled("m-2", time)]


def test_declared_before_the_request_it_excuses() -> None:
    story = Story(away(), *held(), *both_cancel())

    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 1, 0))
    assert (story.late("p-1"), story.late("p-2")) == ([], ["m-2"])


@pytest.mark.parametrize(
    ("declared", "rate"),
    [
        (BEFORE, (1, 0, 0)),
        ("2026-03-01T07:59:59.999999Z", (1, 0, 0)),
        ("2026-03-01T08:00:00Z", (1, 1, 0)),  # with the request: not before it
        (AFTER, (1, 1, 0)),
    ],
)
def test_declared_after_the_request_it_counts(declared: str, rate: tuple[int, int, int]) -> None:
    story = Story(*held()[:1], away(at=declared), *held()[1:], *both_cancel())

    assert (story.rate("p-1"), story.rate("p-2")) == (rate, (1, 1, 0))


@pytest.mark.parametrize(
    ("span", "rate"),
    [
        (("2026-03-10T08:00:00Z", "2026-03-10T09:00:00Z"), (1, 1, 0)),  # ends as the mission starts
        (("2026-03-10T08:00:00Z", "2026-03-10T09:00:00.000001Z"), (1, 0, 0)),
        (("2026-03-10T11:00:00Z", "2026-03-10T12:00:00Z"), (1, 1, 0)),  # starts as the mission ends
        (("2026-03-10T10:59:59.999999Z", "2026-03-10T12:00:00Z"), (1, 0, 0)),
        (("2026-03-10T09:30:00Z", "2026-03-10T10:00:00Z"), (1, 0, 0)),  # in the middle of it
        (("2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z"), (1, 1, 0)),  # the day before
    ],
)
def test_any_overlap_with_the_slot_asked_for(span: tuple[str, str], rate: tuple[int, int, int]) -> None:
    story = Story(away(span=span), *held(), *both_cancel())

    assert (story.rate("p-1"), story.rate("p-2")) == (rate, (1, 1, 0))


def test_the_slot_is_the_one_asked_for_not_the_one_it_was_moved_to() -> None:
    """Who could have said no to the request, and moved the mission into the absence, is not excused."""
    away_later = away(span=("2026-03-20T00:00:00Z", "2026-03-21T00:00:00Z"))
    moved = event("mission.rescheduled", "m-1", "2026-03-04 09:00", by="pro", starts_at="2026-03-20T09:00:00Z")
    story = Story(away_later, *held(), moved, *both_cancel())
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 1, 0), (1, 1, 0))

    out_of_it = Story(away(), *held(), moved, *both_cancel())
    assert out_of_it.rate("p-1") == (1, 0, 0)


def test_cancelled_after_the_start_it_is_no_no_show() -> None:
    story = Story(away(), *held())

    assert story.when(cancelled("m-1", "2026-03-10 09:30")).found == []
    assert story.when(cancelled("m-2", "2026-03-10 09:30")).found == [("warned", "p-2", "no_show")]
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 1))


def test_not_coming_without_a_word_is_not_excused() -> None:
    """Only a cancellation is: who accepted and said nothing missed the appointment."""
    story = Story(away(), *held())

    assert story.when(no_show("m-1")).found == [("warned", "p-1", "no_show")]
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 1), (1, 0, 0))


def test_one_that_arrives_late_with_an_earlier_time_excuses_afterwards() -> None:
    story = Story(*held(), *both_cancel())
    assert (story.rate("p-1"), story.late("p-1")) == ((1, 1, 0), ["m-1"])

    story.given(away())

    assert (story.rate("p-1"), story.late("p-1")) == ((1, 0, 0), [])
    assert (story.rate("p-2"), story.late("p-2")) == ((1, 1, 0), ["m-2"])


def test_its_void_takes_the_excuse_back() -> None:
    story = Story(away(), away("p-2"), *held(), *both_cancel(), voided(away()))

    assert (story.rate("p-1"), story.late("p-1")) == ((1, 1, 0), ["m-1"])
    assert (story.rate("p-2"), story.late("p-2")) == ((1, 0, 0), [])


def test_its_void_accuses_nobody_until_something_adverse_happens() -> None:
    """A rule is asked when something adverse happens; `replay` tells what a void would have brought about."""
    span = (day(499), day(502))
    story = Story(away(at=day(-40), span=span), *agreed("p-1", 20), *agreed("p-2", 20))
    story.given(called_off("p-1", 0, day(0)), called_off("p-1", 1, day(20)))

    assert story.when(voided(away(at=day(-40), span=span))).found == []
    assert (story.rate("p-1"), story.rate("p-2")) == ((20, 2, 0), (20, 0, 0))

    warning = story.when(called_off("p-1", 2, "2026-06-02T09:00:00Z")).findings[0]
    assert (warning.data["rule"], warning.data["figures"]["rate"]) == ("cancellation.rate", "3/20")
    assert story.findings("p-2") == []


def test_one_of_two_that_excuse_may_go() -> None:
    other = away(at="2026-02-27 08:00")
    story = Story(away(), other, away("p-2"), *held(), *both_cancel(), voided(away()))

    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))
    story.given(voided(other))
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 1, 0), (1, 0, 0))


def test_an_excused_one_finds_nothing() -> None:
    """Twenty missions, one cancelled of two: what is excused is above no line and triggers no rule."""
    span = (day(499), day(502))
    story = Story(away(at=day(-40), span=span), *agreed("p-1", 20), *agreed("p-2", 20))

    assert story.when(called_off("p-1", 0, day(0))).found == []
    assert story.when(called_off("p-2", 0, day(0))).found == [("warned", "p-2", "cancellation.rate")]
    assert (story.rate("p-1"), story.rate("p-2")) == ((20, 0, 0), (20, 1, 0))


def test_an_excused_one_is_no_late_cancellation() -> None:
    span = (day(2), day(3))
    story = Story(away(at=day(-40), span=span), away("p-2", at=day(-40), span=(day(50), day(51))))
    for pro in ("p-1", "p-2"):
        for number in (0, 1):
            story.given(*dropped(pro, number, number))

    third = [dropped(pro, 2, 2) for pro in ("p-1", "p-2")]
    assert story.given(*third[0][:2]).when(third[0][2]).found == []
    assert story.given(*third[1][:2]).when(third[1][2]).found[-1] == ("suspended", "p-2", "cancellation.late")


def test_what_was_found_before_it_was_known_stays_recorded() -> None:
    story = Story(*agreed("p-1", 20), *agreed("p-2", 20), called_off("p-1", 0, day(0)))
    assert [each[0] for each in story.findings("p-1")] == ["warned"]

    story.given(away(at=day(-40), span=(day(499), day(502))))

    assert story.rate("p-1") == (20, 0, 0)
    assert [each[0] for each in story.findings("p-1")] == ["warned"]
    assert story.findings("p-2") == []


def test_the_client_who_rates_after_an_excused_cancellation() -> None:
    """Taken again by the same pro and done: the excuse stays, and the rating counts once it is known."""
    story = Story(away(), *held(), cancelled("m-1", "2026-03-05 09:00"), accepted("m-1", "p-1", "2026-03-06 09:00"))
    story.given(completed("m-1"), rated("m-1", 4))

    assert (story.rate("p-1"), story.rating("p-1"), story.rating("p-2")) == ((1, 0, 0), (1, 4), (0, 0))
    story.given(voided(away()))
    assert (story.rate("p-1"), story.rating("p-1")) == ((1, 1, 0), (1, 4))
    story.given(away(at="2026-02-20 08:00"), voided(rated("m-1", 4)))
    assert (story.rate("p-1"), story.rating("p-1")) == ((1, 0, 0), (0, 0))


def test_in_a_window_of_the_rate_too() -> None:
    terms = policy(
        "2",
        "2025-02-01 00:00",
        "2025-01-01 00:00",
        cancellation={"window": {"kind": "last_accepted", "n": 20}, "denominator": "accepted_and_due"},
    )
    story = Story(terms, *agreed("p-1", 20), *agreed("p-2", 20), called_off("p-1", 0, day(0)))
    story.given(away(at=day(-40), span=(day(499), day(502))))

    figures = story.pro("p-1").cities["lyon"]
    at = story.entries[-1].at
    assert figures.rate(story.book.chronicle.latest.parameters(at, "lyon"), at).cancelled == 0
    assert name("p-1", 0) in story.pro("p-1").excused
    assert story.pro("p-2").excused == {}


def test_a_span_ends_after_it_starts() -> None:
    story = Story(*held())

    outcome = story.when(away(span=("2026-03-11T00:00:00Z", "2026-03-10T00:00:00Z")))

    assert outcome.code == "invalid_event"
    assert story.when(away("p-2", span=("2026-03-11T00:00:00Z", "2026-03-11T00:00:00Z"))).code == "invalid_event"
