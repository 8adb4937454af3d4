"""Every event of a mission in and out of its place: what follows what, and what contradicts it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .kit import (
    RECORDED,
    Document,
    Story,
    accepted,
    both,
    cancelled,
    completed,
    event,
    modified,
    no_show,
    rated,
    requested,
)

At = Callable[[str], Document]


def _absent(time: str) -> Document:
    return event("mission.client_absent", "m-1", time)


def _rescheduled(time: str) -> Document:
    return event("mission.rescheduled", "m-1", time, by="client", starts_at="2026-03-12T09:00:00Z")


STEPS: dict[str, At] = {
    "requested": lambda time: requested("m-1", time),
    "refused": lambda time: event("mission.refused", "m-1", time, pro="p-9"),
    "expired": lambda time: event("mission.expired", "m-1", time, pro="p-9", reason="no_answer"),
    "accepted": lambda time: accepted("m-1", "p-9", time),
    "rescheduled": _rescheduled,
    "cancelled by pro": lambda time: cancelled("m-1", time),
    "cancelled by client": lambda time: cancelled("m-1", time, by="client"),
    "cancelled by platform": lambda time: cancelled("m-1", time, by="platform"),
    "delayed": lambda time: event("mission.delayed", "m-1", time, minutes=10),
    "checked in": lambda time: event("mission.checked_in", "m-1", time),
    "client absent": _absent,
    "no-show": lambda time: no_show("m-1", time),
    "completed": lambda time: completed("m-1", time),
    "modified": lambda time: modified("m-1", time),
    "rated": lambda time: rated("m-1", 5, time),
    "rated by pro": lambda time: rated("m-1", 5, time, by="pro"),
    "damage": lambda time: event("mission.damage_declared", "m-1", time, description="a vase"),
    "document": lambda time: event(
        "mission.damage_document_added", "m-1", time, kind="sworn_statement", reference="file-1"
    ),
    "confirmed": lambda time: event("mission.no_show_confirmed", "m-1", time, by="ines"),
    "rejected": lambda time: event("mission.no_show_rejected", "m-1", time, by="ines"),
}
OVER = "invalid_transition"
DONE = "already_completed"
ANYTIME = {"refused", "expired", "damage", "document", "confirmed", "rejected"}

# What the mission has been through → what each step at 2026-03-10 12:00 is answered, RECORDED where not named.
REFUSED: dict[str, dict[str, str]] = {
    "open": {"requested": OVER, "rated": "not_eligible", "rated by pro": "not_eligible"},
    "held": {"requested": OVER, "accepted": OVER},
    "completed": {
        "requested": OVER,
        **dict.fromkeys(("accepted", "rescheduled", "delayed", "checked in", "client absent"), DONE),
        **dict.fromkeys(("no-show", "completed"), DONE),
        **{name: DONE for name in STEPS if name.startswith("cancelled")},
    },
    "cancelled": {
        "rated": "not_eligible",
        "rated by pro": "not_eligible",
        **{name: OVER for name in STEPS if name not in ANYTIME and not name.startswith("rated")},
    },
    "absent": {
        "rated": "not_eligible",
        "rated by pro": "not_eligible",
        **{name: OVER for name in STEPS if name not in ANYTIME and not name.startswith("rated") and name != "no-show"},
    },
}
PAST: dict[str, list[Document]] = {
    "open": [requested()],
    "held": [requested(), accepted()],
    "completed": [requested(), accepted(), completed()],
    "cancelled": [requested(), accepted(), cancelled(time="2026-03-09 09:00", by="client")],
    "absent": [requested(), accepted(), _absent("2026-03-10 09:20")],
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("past", PAST)
def test_step_after(past: str, step: str) -> None:
    story = Story(*both("m-2", pros=("p-2",)), *PAST[past])
    before, other = story.trace(), story.rate("p-2")

    outcome = story.when(STEPS[step]("2026-03-10 12:00"))

    assert outcome.code == REFUSED[past].get(step, RECORDED)
    if outcome.code != RECORDED:
        assert story.trace() == before
    assert story.rate("p-2") == other == (1, 0, 0)


@pytest.mark.parametrize("step", [name for name in STEPS if name != "requested"])
def test_nothing_happens_to_an_unknown_mission(step: str) -> None:
    story = Story(*both("m-2", pros=("p-2",)))
    before = story.trace()

    assert story.when(STEPS[step]("2026-03-10 12:00")).code == "unknown_mission"
    assert story.trace() == before


@pytest.mark.parametrize("step", [name for name in STEPS if name != "requested"])
def test_nothing_happens_before_the_request(step: str) -> None:
    story = Story(*both())
    before = story.trace()

    outcome = story.when(STEPS[step]("2026-03-01 07:59"))

    assert outcome.code == "before_origin"
    assert outcome.message == "this happened before mission m-1 was requested (2026-03-01T08:00:00Z)"
    assert story.trace() == before


@pytest.mark.parametrize(
    "document",
    [
        event("mission.delayed", "m-1", "2026-03-10 08:00", minutes=10, pro="p-2"),
        event("mission.checked_in", "m-1", "2026-03-10 08:55", pro="p-2"),
        event("mission.client_absent", "m-1", "2026-03-10 09:20", pro="p-2"),
        completed(pro="p-2"),
        cancelled(pro="p-2"),
        event("mission.rescheduled", "m-1", "2026-03-05 08:00", by="pro", starts_at="2026-03-12T09:00:00Z", pro="p-2"),
        event("mission.damage_declared", "m-1", "2026-03-10 11:00", description="a vase", pro="p-2"),
    ],
    ids=lambda document: document["type"],
)
def test_another_pro_cannot_act(document: Document) -> None:
    """Contract, section 4: `not_assigned` (another pro acts)."""
    story = Story(*both())
    before = story.trace()

    assert story.when(document).code == "not_assigned"
    assert story.trace() == before


def test_another_pro_cannot_change_the_duration() -> None:
    story = Story(*both(), completed())

    assert story.when(modified(pro="p-2")).code == "not_assigned"
    assert story.when(modified(pro="p-1")).code == RECORDED


def test_only_one_pro_holds_a_mission() -> None:
    story = Story(*both())

    refused = story.when(accepted("m-1", "p-2", "2026-03-01 10:00"))

    assert (refused.code, story.rate("p-1"), story.rate("p-2")) == ("invalid_transition", (1, 0, 0), (1, 0, 0))
    assert "p-1" in refused.message


def test_the_holder_cannot_refuse_any_more_but_others_can() -> None:
    story = Story(*both())

    assert story.when(event("mission.refused", "m-1", "2026-03-02 09:00", pro="p-1")).code == "invalid_transition"
    assert story.when(event("mission.expired", "m-1", "2026-03-02 09:00", pro="p-1")).code == "invalid_transition"
    assert story.when(event("mission.refused", "m-1", "2026-03-02 09:00", pro="p-2")).code == RECORDED
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))


def test_nobody_is_absent_before_the_start() -> None:
    story = Story(*both())

    assert story.when(no_show(time="2026-03-10 08:59")).code == "invalid_transition"
    assert story.when(no_show(time="2026-03-10 09:00")).code == RECORDED
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 1), (1, 0, 0))


def test_a_session_does_not_end_after_its_own_report() -> None:
    story = Story(*both())

    late = completed(time="2026-03-10 11:00", ended_at="2026-03-10T11:00:01Z")
    assert story.when(late).code == "invalid_transition"
    assert story.when(completed(time="2026-03-10 11:00", ended_at="2026-03-10T11:00:00Z")).code == RECORDED
