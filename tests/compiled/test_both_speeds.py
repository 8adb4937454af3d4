"""Plain Python and the compiled code give the same findings, evidence, access and lines, on generated histories."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from missions.kit import Document, Story, event, modified, policy, rated
from properties.histories import Plan, about_pros, in_time, inserted, plans, send_all, shuffled
from properties.test_neutrality import EAGER
from properties.test_replay import busy
from replay.test_replay_properties import STRICT

from ledger.policies.document import from_document

from .telling import both, comparable

WINDOWS: list[dict[str, Any]] = [
    {"denominator": denominator, "window": window, "min_accepted": 1, "average": "0.01", "maximum": "0.02"}
    for denominator in ("accepted", "accepted_and_due")
    for window in ({"kind": "all"}, {"kind": "days", "days": 40}, {"kind": "last_accepted", "n": 3})
]
TERMS = {
    "rating": {"window": 3, "min_ratings": 1, "minimum": "3.50", "approach_margin": "1.00"},
    "negative_reviews": {"max_stars": 3, "count": 2, "window": 4},
    "late_cancellation": {"threshold_hours": 30, "count": 1, "window_days": 90, "restrict_hours": 48},
    "warnings": {"max": 1, "cooldown_days": 1, "expiry_days": 120},
    "due_process": {"grace_days": 20},
}


def _same(story: Story, **assumed: Any) -> set[str]:
    plain, compiled, odd = both(story, **assumed)
    assert comparable(compiled, odd) == comparable(plain, odd)
    return odd


@pytest.mark.parametrize("cancellation", WINDOWS, ids=lambda each: f"{each['window']['kind']}-{each['denominator']}")
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_under_every_window_and_denominator(cancellation: dict[str, Any], data: st.DataObject) -> None:
    missions = data.draw(plans(most=10))
    decision = data.draw(st.sampled_from(["automatic", "human"]))
    terms = policy(
        "eager", "2024-02-01 00:00", "2024-01-01 00:00", decision=decision, cancellation=cancellation, **TERMS
    )
    documents = in_time(missions) if data.draw(st.booleans()) else data.draw(shuffled(missions))

    story = send_all(Story(terms), documents)

    assert _same(story) == set()


@given(plans(most=8), st.data())
@settings(max_examples=150, deadline=None)
def test_with_documents_unavailability_reports_and_links(missions: list[Plan], data: st.DataObject) -> None:
    documents = data.draw(inserted(in_time(missions), data.draw(about_pros(missions, most=4))))
    story = Story(EAGER)
    for each in documents:
        story.when(each)

    _same(story)


@given(plans(most=6), st.data())
@settings(max_examples=100, deadline=None)
def test_documents_and_unavailability_alone_need_no_plain_python(missions: list[Plan], data: st.DataObject) -> None:
    kinds = ("pro.document_expired", "pro.document_verified", "pro.unavailable")
    about = [each for each in data.draw(about_pros(missions, most=8)) if each["type"] in kinds]
    story = Story(EAGER)
    for each in data.draw(inserted(in_time(missions), about)):
        story.when(each)

    assert _same(story) == set()


@given(busy(most=6), st.data())
@settings(max_examples=200, deadline=None)
def test_with_everything_and_every_assumption(documents: list[Document], data: st.DataObject) -> None:
    """Policies, baselines, decisions, voids, refusals, late arrivals; bounds, orders, policies, events taken away."""
    story = Story()
    taken = [each for each in documents if story.when(each).code == "recorded"]
    missing = [each for each in taken if each["type"] not in ("policy.published", "ledger.event_voided")]
    assumed: dict[str, Any] = {
        "without": data.draw(st.lists(st.sampled_from(missing), max_size=3, unique_by=id)) if missing else [],
        "by_time": data.draw(st.booleans()),
        "policy": data.draw(st.sampled_from([None, from_document(STRICT["data"]["document"])])),
        "until": data.draw(st.sampled_from([2**40, max(1, len(story.entries) // 2)])),
        "as_of": data.draw(st.sampled_from([None, "2025-08-01T00:00:00Z"])),
    }

    _same(story, **assumed)


@given(plans(most=8))
@settings(max_examples=60, deadline=None)
def test_a_policy_and_a_baseline_in_the_middle(missions: list[Plan]) -> None:
    strict = policy("strict", "2025-06-01 00:00", "2025-05-01 00:00", cancellation=WINDOWS[0], **TERMS)
    limits = {"average_cancellation_rate": "0.10", "maximum_cancellation_rate": "0.20", "minimum_rating": "4.9"}
    city = event("city.baseline_published", "lyon", "2025-04-01 00:00", **limits, pros=12)
    story = Story()
    for each in in_time(missions, [strict, city]):
        story.when(each)

    assert _same(story) == set()


@given(plans(most=6), st.data())
@settings(max_examples=60, deadline=None)
def test_sessions_that_were_changed_in_time_and_too_late(missions: list[Plan], data: st.DataObject) -> None:
    changes = [
        modified(each.mission, each.at(0, data.draw(st.integers(100, 5000))), data.draw(st.integers(1, 900)))
        for each in missions
    ]
    stars = [rated(each.mission, data.draw(st.integers(1, 5)), each.at(1.5), by="pro") for each in missions]
    story = Story(EAGER)
    for each in in_time(missions, [*changes, *stars]):
        story.when(each)

    assert _same(story) == set()
