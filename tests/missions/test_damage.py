"""Damage files: which declaration makes one, which documents are in it, when it is late, and that it never counts."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from ledger.instants import parse_us
from projections.damage import file_of

from .kit import Document, Story, accepted, both, cancelled, completed, event, policy, requested, voided

BOTH = ["sworn_statement", "no_other_insurance"]


def declared(mission: str = "m-1", time: str = "2026-03-10 12:00", **data: Any) -> Document:
    return event("mission.damage_declared", mission, time, **{"description": "a vase", **data})


def document(kind: str, mission: str = "m-1", time: str = "2026-03-11 09:00") -> Document:
    named = f"{mission}/{kind}/{time}".replace(" ", "-")
    return event("mission.damage_document_added", mission, time, id=named, kind=kind, reference="f-1")


def file(story: Story, mission: str = "m-1") -> dict[str, Any]:
    found = file_of(story.history(mission).mission, story.book.chronicle)
    assert found is not None
    return found


def test_one_of_two_documents_is_missing() -> None:
    """Domain: « Damage: one of two documents missing → file incomplete, list missing »."""
    story = Story(*both(), completed("m-1"), completed("m-2"), declared("m-1"), declared("m-2"))
    assert file(story)["missing"] == BOTH

    story.given(document("sworn_statement"), document("invoice"), document("sworn_statement", time="2026-03-12 09:00"))
    assert file(story)["missing"] == ["no_other_insurance"]
    assert file(story)["present"] == ["sworn_statement", "invoice"]
    assert file(story, "m-2")["missing"] == BOTH
    assert (file(story)["pro"], file(story, "m-2")["pro"]) == ("p-1", "p-2")

    story.given(document("no_other_insurance"))
    assert file(story)["missing"] == []


@pytest.mark.parametrize(
    ("time", "late"),
    [
        ("2026-03-10T11:30:00Z", False),
        ("2026-03-13T12:00:00Z", False),  # exactly three days after the session's end at 12:00
        ("2026-03-13T12:00:00.000001Z", True),
    ],
)
def test_a_late_declaration_is_marked_and_not_refused(time: str, late: bool) -> None:
    story = Story(*both(), completed("m-1", "2026-03-10 12:00"), completed("m-2", "2026-03-13 12:00"))
    story.given(declared("m-1", time), declared("m-2", "2026-03-14 09:00"))
    assert file(story)["late"] is late
    assert file(story)["ended"] is True
    assert file(story)["due_at"] == parse_us("2026-03-13T12:00:00Z")
    assert file(story, "m-2")["late"] is False


def test_three_days_are_elapsed_hours_also_over_the_change_of_time() -> None:
    """In Paris 29 March 2026 has 23 hours: the same time of day three days later is only 71 hours after."""
    moved = {"starts_at": "2026-03-27T12:00:00+01:00"}
    story = Story(requested("m-1", **moved), accepted("m-1"), completed("m-1", "2026-03-27T14:00:00+01:00"))
    story.given(*both("m-2", pros=("p-2",)), declared("m-1", "2026-03-30T15:00:00+02:00"))
    assert file(story)["late"] is False
    story.given(voided(declared("m-1", "2026-03-30T15:00:00+02:00")), declared("m-1", "2026-03-30T15:00:01+02:00"))
    assert file(story)["late"] is True


def test_without_a_completion_the_planned_end_serves_until_it_is_known() -> None:
    """Planned is 10 March 09:00, two hours; moved to the 11th, and it took until 18:00."""
    late = declared("m-1", "2026-03-13 11:30")
    story = Story(*both(), late, declared("m-2", "2026-03-10 11:30"))
    assert (file(story)["late"], file(story)["ended"]) == (True, False)

    story.given(event("mission.rescheduled", "m-1", "2026-03-09 09:00", by="client", starts_at="2026-03-11T09:00:00Z"))
    assert (file(story)["late"], file(story)["ended"]) == (False, False)
    story.given(completed("m-1", "2026-03-11 18:00"))
    assert file(story)["ended_at"] == parse_us("2026-03-11T18:00:00Z")
    assert file(story, "m-2")["ended"] is False


def test_documents_count_in_any_order_of_arrival_and_time() -> None:
    events = [declared(), document("sworn_statement", time="2026-03-10 11:30"), document("no_other_insurance")]
    for order in permutations(events):
        story = Story(*both(), completed(), declared("m-2"), *order)
        assert sorted(file(story)["present"]) == sorted(BOTH)
        assert story.anomalies() == []
        assert file(story, "m-2")["present"] == []


def test_a_document_without_a_declaration_makes_no_file_and_is_an_anomaly_until_there_is_one() -> None:
    story = Story(*both(), completed(), document("sworn_statement"), declared("m-2"))
    assert file_of(story.history().mission, story.book.chronicle) is None
    assert story.anomalies() == ["document_without_damage"]
    story.given(declared("m-1", "2026-03-12 09:00"))
    assert story.anomalies() == []
    assert file(story)["present"] == ["sworn_statement"]


def test_the_first_declaration_makes_the_file_and_a_void_takes_it_away() -> None:
    first = declared(time="2026-03-10 12:00", estimate={"amount": "120.00", "currency": "EUR"}, client_informed=True)
    second = declared(time="2026-03-12 12:00", client_informed=False)
    story = Story(*both(), completed(), completed("m-2"), second, first, declared("m-2"))
    of_first = file(story)
    assert (of_first["declarations"], of_first["declared_at"]) == (2, parse_us("2026-03-10T12:00:00Z"))
    assert (of_first["estimate"], of_first["currency"], of_first["client_informed"]) == (12_000, "EUR", True)

    story.given(voided(first))
    of_second = file(story)
    assert (of_second["declarations"], of_second["client_informed"]) == (1, False)
    assert (of_second["estimate"], of_second["currency"]) == (None, None)

    story.given(voided(second))
    assert file_of(story.history().mission, story.book.chronicle) is None
    assert file(story, "m-2")["client_informed"] is None


def test_the_policy_in_force_at_the_declaration_says_what_is_needed() -> None:
    stricter = policy(
        "2026-04",
        "2026-03-11 00:00",
        damage={"documents": ["invoice"], "declare_within_days": 0},
        city={"geneve": {"damage": {"documents": []}}},
    )
    story = Story(stricter, *both(), completed("m-1"), completed("m-2"))
    story.given(requested("m-3", city="geneve"), accepted("m-3", "p-1"))
    story.given(declared("m-1", "2026-03-10 23:59"), declared("m-2", "2026-03-11 00:00"))
    story.given(declared("m-3", "2026-03-11 00:00"))
    assert (file(story)["required"], file(story)["late"]) == (BOTH, False)
    assert (file(story, "m-2")["required"], file(story, "m-2")["late"]) == (["invoice"], True)
    assert file(story, "m-3")["missing"] == []


def test_the_file_is_of_the_pro_who_held_the_mission_then() -> None:
    story = Story(*both(), declared(time="2026-03-10 09:30"))
    story.given(cancelled("m-1", "2026-03-10 10:00"), accepted("m-1", "p-2", "2026-03-10 10:05"), declared("m-2"))
    assert file(story)["pro"] == "p-1"
    assert file(story, "m-2")["pro"] == "p-2"


def test_a_declaration_before_the_acceptance_is_known_finds_its_pro_later() -> None:
    story = Story(requested(), declared(), *both("m-2", pros=("p-2",)), declared("m-2"))
    assert file(story)["pro"] == ""
    story.given(accepted())
    assert file(story)["pro"] == "p-1"
    assert story.anomalies() == []


def test_a_damage_changes_no_figure_and_no_bill() -> None:
    story = Story(*both(), completed("m-1"), completed("m-2"))
    before = [(story.rate(pro), story.rating(pro), story.late(pro), story.access(pro)) for pro in ("p-1", "p-2")]
    lines = [story.line("m-1"), story.line("m-2")]
    outcome = story.when(declared(estimate={"amount": "900.00", "currency": "EUR"}))
    story.given(document("sworn_statement"))
    assert outcome.findings == []
    after = [(story.rate(pro), story.rating(pro), story.late(pro), story.access(pro)) for pro in ("p-1", "p-2")]
    assert after == before
    assert [story.line("m-1"), story.line("m-2")] == lines
