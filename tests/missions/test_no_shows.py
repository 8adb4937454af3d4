"""No-shows: counted at once, disputed, confirmed, rejected – and never twice for one mission."""

from __future__ import annotations

import pytest

from .kit import RECORDED, Document, Story, accepted, both, cancelled, completed, event, no_show, policy

CHECKED_IN = event("mission.checked_in", "m-1", "2026-03-10 09:00")
UNVERIFIED = event("mission.checked_in", "m-1", "2026-03-10 09:00", verified=False)
ABSENT = event("mission.client_absent", "m-1", "2026-03-10 09:20")
WARNED = [("warned", "p-1", "no_show")]


def confirmed(time: str = "2026-03-11 09:00", mission: str = "m-1") -> Document:
    return event("mission.no_show_confirmed", mission, time, by="ines")


def rejected(time: str = "2026-03-11 09:00", mission: str = "m-1") -> Document:
    return event("mission.no_show_rejected", mission, time, by="ines")


@pytest.mark.parametrize("by", ["client", "platform"])
def test_counts_at_once(by: str) -> None:
    story = Story(*both())

    assert story.when(no_show(by=by)).found == WARNED
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 1), (1, 0, 0))
    assert story.anomalies() == []


def test_two_reports_of_one_absence_are_one_no_show() -> None:
    story = Story(*both(), no_show())

    second = story.when(no_show(time="2026-03-10 10:00", by="platform"))

    assert (second.code, second.found) == (RECORDED, [])
    assert (story.rate("p-1"), story.access("p-1")) == ((1, 0, 1), "active")
    assert (story.rate("p-2"), story.access("p-2")) == ((1, 0, 0), "active")


def test_the_same_reporter_does_not_report_twice() -> None:
    story = Story(*both(), no_show())

    assert story.when(no_show(time="2026-03-10 10:00")).code == "invalid_transition"


def test_a_report_after_the_pros_own_late_cancellation_is_the_same_no_show() -> None:
    story = Story(*both(), cancelled("m-1", "2026-03-10 09:05"))

    assert story.when(no_show(time="2026-03-10 09:30")).found == []
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 1), (1, 0, 0))


@pytest.mark.parametrize("presence", [CHECKED_IN, ABSENT], ids=["check-in", "client absent"])
def test_evidence_of_presence_makes_it_disputed(presence: Document) -> None:
    story = Story(*both(), presence)

    outcome = story.when(no_show())

    assert (outcome.code, outcome.found) == (RECORDED, [])
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))
    assert story.anomalies() == ["no_show_disputed"]


def test_an_unverified_check_in_disputes_nothing() -> None:
    story = Story(*both(), UNVERIFIED)

    assert story.when(no_show()).found == WARNED
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 1), (1, 0, 0))


def test_presence_after_the_report_disputes_nothing() -> None:
    """Contract: « … a verified check-in or a client-absent declaration *before it* »."""
    story = Story(*both(), no_show())

    assert story.when(event("mission.checked_in", "m-1", "2026-03-10 09:40")).code == "invalid_transition"
    assert story.rate("p-1") == (1, 0, 1)


@pytest.mark.parametrize("presence", [CHECKED_IN, ABSENT], ids=["check-in", "client absent"])
def test_a_disputed_no_show_counts_once_confirmed(presence: Document) -> None:
    story = Story(*both(), presence, no_show())

    assert story.when(confirmed()).found == WARNED
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 1), (1, 0, 0))
    assert story.anomalies() == []


def test_a_disputed_no_show_that_is_rejected_never_counts() -> None:
    story = Story(*both(), CHECKED_IN, no_show())

    assert story.when(rejected()).found == []
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))
    assert (story.anomalies(), story.holder()) == ([], "p-1")


def test_a_counted_no_show_can_be_rejected_and_the_pro_is_back() -> None:
    story = Story(*both(), no_show(), rejected())

    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))
    assert story.holder() == "p-1"
    assert story.findings("p-1") == [("warned", "no_show", "2026-03-10T09:30:00Z")]  # findings stay
    story.given(completed(time="2026-03-12 11:00"))


def test_the_policy_may_ask_for_a_confirmation_of_each() -> None:
    story = Story(policy("2", "2026-02-01 00:00", no_show={"confirmation": "required"}), *both())

    assert story.when(no_show()).found == []
    assert (story.rate("p-1"), story.anomalies()) == ((1, 0, 0), ["no_show_awaits_confirmation"])

    assert story.when(confirmed()).found == WARNED
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 1), (1, 0, 0))
    assert story.anomalies() == []


def test_a_ruling_without_a_report_waits_for_it() -> None:
    story = Story(*both(), confirmed())
    assert (story.rate("p-1"), story.anomalies()) == ((1, 0, 0), ["confirmed_without_report"])

    assert story.when(no_show()).found == WARNED  # the report arrives late
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 1), (1, 0, 0))
    assert story.anomalies() == []


def test_a_rejection_without_a_report_waits_for_it_too() -> None:
    story = Story(*both(), rejected())
    assert story.anomalies() == ["rejected_without_report"]

    assert story.when(no_show()).found == []
    assert (story.rate("p-1"), story.anomalies()) == ((1, 0, 0), [])


def test_after_a_no_show_another_pro_may_take_the_mission() -> None:
    story = Story(*both(), no_show(), accepted("m-1", "p-2", "2026-03-10 09:45"), completed(time="2026-03-10 12:00"))

    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 1), (2, 0, 0))
    line = story.line()
    assert line is not None
    assert line.pro == "p-2"


def test_a_ruling_by_the_engine_is_refused() -> None:
    story = Story(*both(), CHECKED_IN, no_show())

    outcome = story.when(event("mission.no_show_confirmed", "m-1", "2026-03-11 09:00", by="engine"))
    assert outcome.code == "human_required"
