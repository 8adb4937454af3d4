"""Events that arrive late are placed at their time: anomalies arise and heal, contradictions leave no trace."""

from __future__ import annotations

import pytest

from .kit import RECORDED, Document, Story, accepted, both, cancelled, completed, event, modified, no_show, rated
from .kit import requested as asked

CHECKED_IN = event("mission.checked_in", "m-1", "2026-03-10 09:00")
ABSENT = event("mission.client_absent", "m-1", "2026-03-10 09:20")
SECOND = both("m-2", pros=("p-2",))
REJECTED = event("mission.no_show_rejected", "m-1", "2026-03-11 09:00", by="ines")


@pytest.mark.parametrize(
    ("early", "anomaly", "missing"),
    [
        (completed(), "completed_without_acceptance", accepted()),
        (cancelled(), "cancelled_without_acceptance", accepted()),
        (no_show(), "no_show_without_acceptance", accepted()),
        (ABSENT, "client_absent_without_acceptance", accepted()),
        (CHECKED_IN, "checked_in_without_acceptance", accepted()),
        (event("mission.delayed", "m-1", "2026-03-10 08:30", minutes=5), "delayed_without_acceptance", accepted()),
        (
            event("mission.damage_declared", "m-1", "2026-03-10 11:00", description="a vase"),
            "damage_without_acceptance",
            accepted(),
        ),
        (modified(time="2026-03-10 12:00"), "duration_modified_without_completion", completed()),
        (
            event("mission.damage_document_added", "m-1", "2026-03-10 13:00", kind="invoice", reference="f-1"),
            "document_without_damage",
            event("mission.damage_declared", "m-1", "2026-03-10 12:00", description="a vase"),
        ),
    ],
    ids=lambda each: each["type"] if isinstance(each, dict) else each,
)
def test_an_anomaly_arises_and_heals(early: Document, anomaly: str, missing: Document) -> None:
    known = [asked()] if missing["type"] == "mission.accepted" else [asked(), accepted()]
    story = Story(*SECOND, *known, early)
    assert anomaly in story.anomalies()
    in_order = Story(*SECOND, *known, missing, early)

    story.given(missing)

    assert story.anomalies() == []
    for pro in ("p-1", "p-2"):
        assert (story.rate(pro), story.late(pro)) == (in_order.rate(pro), in_order.late(pro))
    assert story.line() == in_order.line()
    assert story.line("m-2") is None


def test_a_rescheduling_by_the_pro_without_an_acceptance_is_an_anomaly_too() -> None:
    """Contract, section 2: « any other missing earlier step is tolerated and flagged as an anomaly »."""
    moved = event("mission.rescheduled", "m-1", "2026-03-05 09:00", by="pro", starts_at="2026-03-12T09:00:00Z")
    story = Story(*SECOND, asked(), moved)
    assert len(story.anomalies()) == 1

    story.given(accepted())
    assert story.anomalies() == []


def test_a_completion_after_a_handover_whose_acceptance_is_missing_is_tolerated() -> None:
    """The second pro's phone was offline: a completion without an acceptance, as in the contract's own example."""
    story = Story(*SECOND, asked(), accepted(), cancelled("m-1", "2026-03-05 09:00"))

    outcome = story.when(completed())
    assert outcome.code == RECORDED, outcome.message
    assert story.anomalies() == ["completed_without_acceptance"]

    story.given(accepted("m-1", "p-2", "2026-03-06 09:00"))
    assert story.anomalies() == []
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 1, 0), (2, 0, 0))


def test_a_changed_duration_heals_when_the_completion_reported_later_names_its_end() -> None:
    """The change is « allowed from the session's end »: 11:00, although the pro reported the end at 20:00."""
    story = Story(*SECOND, asked(), accepted(), modified(time="2026-03-10 12:00", minutes=150))

    story.given(completed("m-1", "2026-03-10 20:00", ended_at="2026-03-10T11:00:00Z"))

    assert story.anomalies() == []


def test_a_rating_needs_the_acceptance_first() -> None:
    story = Story(*SECOND, asked(), completed())

    assert story.when(rated()).code == "not_eligible"
    story.given(accepted(), rated())
    assert (story.rating("p-1"), story.rating("p-2")) == ((1, 5), (0, 0))


@pytest.mark.parametrize(
    ("known", "late"),
    [
        ([accepted("m-1", "p-2", "2026-03-03 09:00")], accepted("m-1", "p-1", "2026-03-02 09:00")),
        ([accepted(), completed()], cancelled("m-1", "2026-03-05 09:00", by="client")),
        ([accepted(), completed()], cancelled("m-1", "2026-03-05 09:00")),
        ([accepted(), completed(time="2026-03-10 20:00")], completed(time="2026-03-10 11:00")),
        ([accepted(), completed()], ABSENT),
        ([accepted(), ABSENT], completed(time="2026-03-10 09:10")),
        ([accepted(), completed()], no_show()),
        ([accepted(), cancelled("m-1", "2026-03-05 09:00")], cancelled("m-1", "2026-03-04 09:00", by="client")),
        ([accepted(), CHECKED_IN], cancelled("m-1", "2026-03-05 09:00")),
    ],
    ids=lambda each: each["type"] if isinstance(each, dict) else "+".join(one["type"][8:] for one in each),
)
def test_a_contradiction_placed_late_is_refused_and_leaves_no_trace(known: list[Document], late: Document) -> None:
    story = Story(*SECOND, asked(), *known)
    before = story.trace()

    outcome = story.when(late)

    assert outcome.code in ("invalid_transition", "already_completed")
    assert story.trace() == before
    assert story.rate("p-2")[0] >= 1


def test_a_refusal_placed_late_names_the_event_it_contradicts() -> None:
    story = Story(*SECOND, asked(), accepted(), completed())

    assert "#5" in story.when(cancelled("m-1", "2026-03-05 09:00")).message


@pytest.mark.parametrize(("by", "rate"), [("pro", (1, 1, 0)), ("client", (1, 0, 0)), ("platform", (1, 0, 0))])
def test_a_timely_cancellation_after_a_recorded_no_show(by: str, rate: tuple[int, int, int]) -> None:
    """Contract, section 2: it is stored, the no-show is set aside, what was found before stays recorded."""
    story = Story(*SECOND, asked(), accepted(), no_show())
    assert story.rate("p-1") == (1, 0, 1)

    outcome = story.when(cancelled("m-1", "2026-03-05 09:00", by=by))

    assert (outcome.code, outcome.found) == (RECORDED, [])
    assert (story.rate("p-1"), story.rate("p-2")) == (rate, (1, 0, 0))
    assert story.set_aside() == [no_show()["id"]]
    assert story.findings("p-1") == [("warned", "no_show", "2026-03-10T09:30:00Z")]


def test_a_completion_from_before_the_reported_absence_sets_the_report_aside() -> None:
    story = Story(*SECOND, asked(), accepted(), no_show(time="2026-03-10 12:00"))

    story.given(completed(time="2026-03-10 11:00"))

    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))
    assert story.set_aside() == [no_show(time="2026-03-10 12:00")["id"]]
    assert story.line() is not None


def test_a_completion_from_after_a_counted_no_show_contradicts_it() -> None:
    story = Story(*SECOND, asked(), accepted(), no_show(time="2026-03-10 09:30"))
    before = story.trace()

    assert story.when(completed()).code == "invalid_transition"
    assert story.trace() == before
    story.given(REJECTED, completed(time="2026-03-11 11:00"))  # once a person rejects it, it may be completed
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))


@pytest.mark.parametrize("presence", [CHECKED_IN, ABSENT], ids=["check-in", "client absent"])
def test_presence_that_arrives_late_makes_a_counted_no_show_disputed(presence: Document) -> None:
    story = Story(*SECOND, asked(), accepted(), no_show())
    assert story.rate("p-1") == (1, 0, 1)

    story.given(presence)

    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))
    assert story.anomalies() == ["no_show_disputed"]


def test_a_rescheduling_that_arrives_late_moves_the_start_of_what_came_after() -> None:
    story = Story(*SECOND, asked(), accepted(), cancelled("m-1", "2026-03-10 09:10"))
    assert story.rate("p-1") == (1, 0, 1)  # after the start: a no-show

    story.given(event("mission.rescheduled", "m-1", "2026-03-04 09:00", by="client", starts_at="2026-03-20T09:00:00Z"))

    assert (story.rate("p-1"), story.late("p-1")) == ((1, 1, 0), [])
    assert story.rate("p-2") == (1, 0, 0)


def test_the_missing_half_of_a_handover_arrives_last() -> None:
    story = Story(*SECOND, asked(), accepted("m-1", "p-2", "2026-03-06 09:00"), cancelled("m-1", "2026-03-05 09:00"))
    assert story.anomalies() == ["cancelled_without_acceptance"]

    story.given(accepted("m-1", "p-1", "2026-03-02 09:00"))

    assert (story.anomalies(), story.holder()) == ([], "p-2")
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 1, 0), (2, 0, 0))


def test_events_of_one_instant_keep_the_order_of_arrival() -> None:
    story = Story(*SECOND, asked(time="2026-03-01 08:00"), accepted(time="2026-03-01 08:00"))

    story.given(cancelled("m-1", "2026-03-01 08:00"), accepted("m-1", "p-2", "2026-03-01 08:00"))

    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 1, 0), (2, 0, 0))


@pytest.mark.parametrize("lapse", ["mission.refused", "mission.expired"])
def test_a_lapsed_proposal_never_keeps_an_acceptance_out(lapse: str) -> None:
    """The timer of a proposal runs out while the phone that accepted it is offline: never counted."""
    late = accepted("m-1", "p-1", "2026-03-02 09:00")
    story = Story(*SECOND, asked(), event(lapse, "m-1", "2026-03-02 10:00", pro="p-1"))

    outcome = story.when(late)

    assert outcome.code == RECORDED, outcome.message
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))
